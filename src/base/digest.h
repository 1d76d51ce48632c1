/* digest.h - SHA-256 (FIPS 180-4) of bytes as they pass, and HMAC-SHA256 (RFC
 * 2104) of bytes that are all there.  Wraps libcrypto.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

struct digest;

#define DIGEST_HEX_MAX 65
#define DIGEST_BYTES   32

struct digest *digest_new(void);
void digest_add(struct digest *d, const void *data, size_t len);
/* Lower-case hex of all bytes so far; the digest can go on.  Returns buf. */
const char *digest_hex(const struct digest *d, char buf[DIGEST_HEX_MAX]);
/* Begin again with no bytes. */
void digest_reset(struct digest *d);
void digest_free(struct digest *d);

/* The same of bytes that are all there, as bytes. */
void digest_of(const void *data, size_t len, unsigned char sum[DIGEST_BYTES]);

/* The bytes as lower-case hex and a NUL: 2 * len + 1 characters. */
void digest_to_hex(const unsigned char *bytes, size_t len, char *hex);
/* HMAC-SHA256; a key of any length, longer than a block too. */
void digest_hmac(const void *key, size_t key_len, const void *data, size_t len,
    unsigned char mac[DIGEST_BYTES]);
/* Compare in a time that does not depend on where they differ. */
bool digest_equal(const void *a, const void *b, size_t len);

#endif
