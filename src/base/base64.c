/* base64.c - see base64.h.
 *
 * For SSH keys and fingerprints; strict in decoding, so that a damaged line of
 * a file is found when it is read and not when a key does not match.
 */
#include "base/base64.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *
base64_encode(const void *data, size_t len)
{
	const unsigned char *in = data;
	char *text = xcalloc(len / 3 + 1, 4 + 1);
	char *out = text;

	for (; len > 0; in += 3) {
		size_t n = len < 3 ? len : 3;
		uint32_t bits = (uint32_t)in[0] << 16;

		if (n > 1)
			bits |= (uint32_t)in[1] << 8;
		if (n > 2)
			bits |= in[2];
		*out++ = alphabet[bits >> 18];
		*out++ = alphabet[bits >> 12 & 63];
		*out++ = n > 1 ? alphabet[bits >> 6 & 63] : '=';
		*out++ = n > 2 ? alphabet[bits & 63] : '=';
		len -= n;
	}
	return text;
}

static int
value_of(char c)
{
	const char *at = c != '\0' ? strchr(alphabet, c) : NULL;

	return at != NULL ? (int)(at - alphabet) : -1;
}

/* Four characters to `n` bytes; false if one is not of the alphabet. */
static bool
decode_group(const char *text, size_t n, unsigned char *out)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < 4; i++) {
		int v = i <= n ? value_of(text[i]) : 0;

		if (v < 0)
			return false;
		bits = bits << 6 | (uint32_t)v;
	}
	for (size_t i = 0; i < n; i++)
		out[i] = (unsigned char)(bits >> (16 - 8 * i));
	return true;
}

unsigned char *
base64_decode(const char *text, size_t len, size_t *out_len)
{
	size_t pad = 0;
	unsigned char *out;

	*out_len = 0;
	if (len == 0 || len % 4 != 0)
		return NULL;
	if (text[len - 1] == '=')
		pad = text[len - 2] == '=' ? 2 : 1;
	out = xcalloc(len / 4, 3);
	for (size_t i = 0; i < len; i += 4) {
		size_t n = i + 4 == len ? 3 - pad : 3;

		if (!decode_group(text + i, n, out + *out_len)) {
			free(out);
			return NULL;
		}
		*out_len += n;
	}
	return out;
}
