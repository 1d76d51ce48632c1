/* digest.c - SHA-256 by libcrypto's EVP interface.
 *
 * The only file that knows OpenSSL.  SHA-256 is always there, so a failing
 * call means that memory ran out.
 */
#include "base/digest.h"

#include <openssl/evp.h>
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

const char *
digest_hex(const struct digest *d, char buf[DIGEST_HEX_MAX])
{
	static const char hex[] = "0123456789abcdef";
	/* Of a copy: the original can go on. */
	EVP_MD_CTX *copy = new_context();
	unsigned char md[EVP_MAX_MD_SIZE];
	unsigned len = 0, i;

	if (EVP_MD_CTX_copy_ex(copy, d->ctx) != 1 ||
	    EVP_DigestFinal_ex(copy, md, &len) != 1)
		xmem_exhausted();
	EVP_MD_CTX_free(copy);
	for (i = 0; i < len && 2 * i + 2 < DIGEST_HEX_MAX; i++) {
		buf[2 * i] = hex[md[i] >> 4];
		buf[2 * i + 1] = hex[md[i] & 15];
	}
	buf[2 * i] = '\0';
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
