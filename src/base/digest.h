/* digest.h - SHA-256 (FIPS 180-4) of bytes as they pass.  Wraps libcrypto. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stddef.h>

struct digest;

#define DIGEST_HEX_MAX 65

struct digest *digest_new(void);
void digest_add(struct digest *d, const void *data, size_t len);
/* Lower-case hex of all bytes so far; the digest can go on.  Returns buf. */
const char *digest_hex(const struct digest *d, char buf[DIGEST_HEX_MAX]);
/* Begin again with no bytes. */
void digest_reset(struct digest *d);
void digest_free(struct digest *d);

#endif
