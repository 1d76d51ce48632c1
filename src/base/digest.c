/* digest.c - SHA-256 and HMAC-SHA256 by libcrypto.
 *
 * The only file that knows OpenSSL.  SHA-256 is always there, so a failing
 * call means that memory ran out.
 */
#include "base/digest.h"

#include <assert.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>

#include "base/xmem.h"

struct digest {
	EVP_MD_CTX *ctx;
};

static EVP_MD_CTX *
new_context(void)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	if (ctx == NULL)
		xmem_exhausted();
	return ctx;
}

struct digest *
digest_new(void)
{
	struct digest *d = xcalloc(1, sizeof(*d));

	d->ctx = new_context();
	digest_reset(d);
	return d;
}

void
digest_add(struct digest *d, const void *data, size_t len)
{
	if (EVP_DigestUpdate(d->ctx, data, len) != 1)
		xmem_exhausted();
}

void
digest_of(const void *data, size_t len, unsigned char sum[DIGEST_BYTES])
{
	if (EVP_Digest(data, len, sum, NULL, EVP_sha256(), NULL) != 1)
		xmem_exhausted();
}

void
digest_to_hex(const unsigned char *bytes, size_t len, char *hex)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		*hex++ = digits[bytes[i] >> 4];
		*hex++ = digits[bytes[i] & 15];
	}
	*hex = '\0';
}

const char *
digest_hex(const struct digest *d, char buf[DIGEST_HEX_MAX])
{
	/* Of a copy: the original can go on. */
	EVP_MD_CTX *copy = new_context();
	unsigned char md[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (EVP_MD_CTX_copy_ex(copy, d->ctx) != 1 ||
	    EVP_DigestFinal_ex(copy, md, &len) != 1)
		xmem_exhausted();
	EVP_MD_CTX_free(copy);
	assert(len == DIGEST_BYTES);
	digest_to_hex(md, len, buf);
	return buf;
}

void
digest_reset(struct digest *d)
{
	if (EVP_DigestInit_ex(d->ctx, EVP_sha256(), NULL) != 1)
		xmem_exhausted();
}

void
digest_free(struct digest *d)
{
	if (d == NULL)
		return;
	EVP_MD_CTX_free(d->ctx);
	free(d);
}

void
digest_hmac(const void *key, size_t key_len, const void *data, size_t len,
    unsigned char mac[DIGEST_BYTES])
{
	unsigned n = 0;

	assert(key_len <= INT_MAX);
	if (HMAC(EVP_sha256(), key, (int)key_len, data, len, mac, &n) == NULL)
		xmem_exhausted();
	assert(n == DIGEST_BYTES);
}

bool
digest_equal(const void *a, const void *b, size_t len)
{
	return CRYPTO_memcmp(a, b, len) == 0;
}
