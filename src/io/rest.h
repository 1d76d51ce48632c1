/* rest.h - HTTPS requests with basic authentication.  Wraps libcurl's multi.
 *
 * A peer is one server (a device, an OVOC) with one connection kept for its
 * next request and one request at a time.  libcurl never resolves names here.
 */
#ifndef IO_REST_H
#define IO_REST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/fail.h"
#include "io/tls.h"
#include "loop/loop.h"

#define REST_BODY_MAX (1024 * 1024) /* a longer answer is a stall */

struct rest;
struct rest_peer;

/* `keep` idle connections stay open for half a minute; so many are busy. */
struct rest *rest_new(struct loop *lp, size_t keep, size_t busy);
/* ... or for about so long: for tests. */
void rest_close_idle_after(struct rest *r, int64_t ms);
/* All peers are gone before; not from a `done`.  NULL is accepted. */
void rest_free(struct rest *r);

/* Username, password and ca_file outlive the peer, the rest is copied.  libcurl
 * does not wipe its copy of the password.  The process ignores SIGPIPE. */
struct rest_peer_spec {
	const char *host; /* for the URL and the certificate: name or address */
	struct addr addr; /* where to connect */
	uint16_t port;
	const char *username;
	const char *password;
	const char *ca_file; /* NULL or "": the system's store */
	struct tls_spec tls; /* but host and port */
};
struct rest_peer *rest_peer_new(
    struct rest *r, const struct rest_peer_spec *spec);
/* A request under way is forgotten.  NULL is accepted. */
void rest_peer_free(struct rest_peer *p);

struct rest_request {
	const char *method; /* GET, PUT, POST, DELETE */
	const char *path;   /* percent-encoded, with its leading slash */
	const char *script; /* sent as a form with one part: file, cli.txt */
	const char *json;   /* or: sent as application/json.  NULL: no body */
	bool session;       /* only the TLS session: nothing is sent in it */
	int connect_ms;     /* for TCP and TLS */
	int total_ms;       /* for everything */
};

struct rest_answer {
	int status;       /* HTTP status, 0: no answer; see `fail` */
	const char *body; /* NUL-terminated; valid during the callback */
	size_t len;
	bool sent;    /* the session stood: the request may have arrived */
	int64_t date; /* its Date header, wall ms; 0: it has none */
	/* Of a 401: it asks for digest authentication, and not for basic. */
	bool digest_only;
	/* FAIL_NONE with any HTTP status; FAIL_UNREACHABLE: no TCP or TLS
	 * session; FAIL_FINAL: either side refused it; FAIL_IDENTITY:
	 * certificate or pin; FAIL_TRANSIENT: cut, too slow or too long after
	 * the session stood; FAIL_LOCAL. */
	struct fail fail;
};
typedef void rest_done(void *arg, const struct rest_answer *a);

/* Send one request; the peer must be idle.  All strings are copied and wiped
 * after.  `done` runs once, from the loop, never inside this call; it may send
 * the next request or free the peer. */
void rest_send(struct rest_peer *p, const struct rest_request *q,
    rest_done *done, void *arg);
/* `done` will not run.  Harmless when idle. */
void rest_cancel(struct rest_peer *p);

#endif
