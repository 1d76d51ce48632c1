/* host_key.c - see host_key.h.
 *
 * The bytes are a server's: the type is checked before it goes into a message
 * or a file.
 */
#include "io/host_key.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/digest.h"
#include "base/str.h"
#include "base/xmem.h"

#define TYPE_NAME_MAX 64 /* RFC 4251 section 6 */

char *
host_key_type(const void *key, size_t len)
{
	const unsigned char *b = key;
	size_t n;

	if (len < 4)
		return xstrdup("unknown");
	n = (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | b[3];
	if (n == 0 || n > TYPE_NAME_MAX || n > len - 4)
		return xstrdup("unknown");
	for (size_t i = 0; i < n; i++)
		if (!isgraph(b[4 + i]))
			return xstrdup("unknown");
	return xstrndup((const char *)b + 4, n);
}

char *
host_key_fingerprint(const void *key, size_t len)
{
	unsigned char sum[DIGEST_BYTES];
	char *text, *named;

	digest_of(key, len, sum);
	text = base64_encode(sum, sizeof(sum));
	text[strcspn(text, "=")] = '\0';
	named = xasprintf("SHA256:%s", text);
	free(text);
	return named;
}

static bool
is_among(const char *print, const char *pins)
{
	size_t n = strlen(print);

	for (const char *p = pins; p != NULL;) {
		const char *end = p + n;

		if (strncmp(p, print, n) == 0) {
			end += strspn(end, "=");
			if (*end == '\0' || str_starts(end, HOST_KEY_OR))
				return true;
		}
		p = strstr(p, HOST_KEY_OR);
		p = p == NULL ? NULL : p + strlen(HOST_KEY_OR);
	}
	return false;
}

void
host_key_check_pins(const void *key, size_t len, const char *pins,
    const char *peer, struct fail *why)
{
	char *print = host_key_fingerprint(key, len);
	char *type = host_key_type(key, len);

	if (!is_among(print, pins))
		fail_set(why, FAIL_IDENTITY,
		    "SFTP %s: host key %s (%s) is not the pinned %s; if "
		    "rightly so, change host_key",
		    peer, print, type, pins);
	free(type);
	free(print);
}
