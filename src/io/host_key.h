/* host_key.h - an SSH host key in its wire format (RFC 4253 section 6.6). */
#ifndef IO_HOST_KEY_H
#define IO_HOST_KEY_H

#include <stddef.h>

#include "base/fail.h"

/* "SHA256:<base64 without padding>", as ssh-keygen(1) prints it.  free(3). */
char *host_key_fingerprint(const void *key, size_t len);
/* The key's type ("ssh-ed25519"), which is the first string in it; "unknown"
 * for bytes that are no key.  free(3). */
char *host_key_type(const void *key, size_t len);
/* FAIL_IDENTITY in `why` unless the fingerprint is a pinned one (which may have
 * been copied with the padding of base64).  `pins` has HOST_KEY_OR between
 * them. */
#define HOST_KEY_OR " or "
void host_key_check_pins(const void *key, size_t len, const char *pins,
    const char *peer, struct fail *why);

#endif
