/* identity.h - the lab's certificate authority and its server certificates.
 *
 * Keys are ECDSA P-256.  In the state folder: ca.pem (for a campaign's
 * `ca_file`), ca.key and server.key (mode 0600), tls-pin (the public key of the
 * servers as curl(1) --pinnedpubkey writes it).  They are kept for later runs.
 */
#ifndef LAB_IDENTITY_H
#define LAB_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "base/fail.h"

struct identity;

enum identity_variant {
	IDENTITY_USUAL,
	IDENTITY_OTHER_KEY, /* same authority, another key: the pin changes */
	IDENTITY_STRANGER,  /* another authority as well */
	IDENTITY_EARLY,     /* not valid yet */
	IDENTITY_OLD,       /* for a server that is old: TLS 1.0 */
	IDENTITY_VARIANTS
};

/* Load or make what is in `folder`.  NULL and FAIL_LOCAL in `why`. */
struct identity *identity_open(const char *folder, struct fail *why);
/* A certificate (PEM, the caller frees it) good for these addresses and names;
 * NULL and `why` otherwise.  `names` may hold NULLs. */
char *identity_issue(struct identity *id, enum identity_variant variant,
    const struct addr *addrs, size_t n_addrs, const char *const *names,
    size_t n_names, struct fail *why);
/* The private key that goes with it, PEM, borrowed. */
const char *identity_key(
    const struct identity *id, enum identity_variant variant);
void identity_close(struct identity *id);

#endif
