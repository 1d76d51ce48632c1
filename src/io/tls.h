/* tls.h - whom a TLS session is made with, and why one did not come about.
 *
 * Wraps libssl, under libcurl: io/rest hands each SSL_CTX over before its
 * handshake.  The server's key is judged inside the handshake, before anything
 * is sent to it.
 */
#ifndef IO_TLS_H
#define IO_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"
#include "io/known_pins.h"

struct tls;      /* one a process */
struct tls_peer; /* one server, and how its last handshake went */

/* Below 1.2 also what devices of that age need: small keys, SHA-1, servers
 * without secure renegotiation (RFC 5746). */
enum tls_minimum { TLS_MINIMUM_1_2, TLS_MINIMUM_1_1, TLS_MINIMUM_1_0 };

struct tls_spec {
	const char *host; /* as known_pins names it */
	uint16_t port;
	enum tls_minimum minimum;
	bool insecure; /* any key will do */
	/* "sha256//<base64>": one of them stands in for the chain */
	const char *const *pins;
	size_t n_pins;
	struct known_pins *known; /* accept-new; NULL: the chain */
	bool fixed; /* OVOC's: no tls_pin and tls_minimum to be set */
};

struct tls *tls_new(void);
/* No SSL_CTX that was handed over is left. */
void tls_free(struct tls *t);

/* Everything is copied but `known`, which outlives the sessions. */
struct tls_peer *tls_peer_new(struct tls *t, const struct tls_spec *spec);
/* Sessions may be left.  NULL is accepted. */
void tls_peer_free(struct tls_peer *p);
/* Are the certificate's chain and name to be checked? */
bool tls_peer_by_chain(const struct tls_peer *p);

/* Before a request: forget how the last one went. */
void tls_peer_begin(struct tls_peer *p);
/* Before a handshake: `ssl_ctx` is the SSL_CTX * of libcurl's
 * CURLOPT_SSL_CTX_FUNCTION. */
void tls_peer_prepare(struct tls_peer *p, void *ssl_ctx);
/* After a request that failed: was it for the session, because either side
 * refused it?  Then the sentence is set, with what to do.  `stood`: the
 * handshake had come to its end; `said`: the library's error; `name`: libcurl
 * did not find the name in the certificate. */
bool tls_peer_explain(const struct tls_peer *p, bool stood, bool name,
    const char *where, const char *said, struct fail *f);

#endif
