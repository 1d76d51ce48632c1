/* agent_auth.c - see agent_auth.h.
 *
 * A datagram is checked by signing its text anew with the time and the nonce
 * that it names: only the one spelling that we would send passes.
 */
#include "wire/agent_auth.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/str.h"

/* Names protocol and version, so that a key used elsewhere as well proves
 * nothing here. */
static const char label[] = "traffic-capture 1";
/* The year 5138: digits enough, and sums of two such times fit. */
#define TIME_MAX    INT64_C(99999999999999)
#define TIME_DIGITS 14
#define HEAD_MAX    96 /* label, direction, time, nonce: what comes first */

static const char *const directions[] = {
    [AUTH_REQUEST] = "request",
    [AUTH_ANSWER] = "answer",
};

/* "\nauth <ms> <nonce> <mac>" of the text; returns its length. */
static size_t
make_line(char line[AGENT_AUTH_LINE_MAX], const char *key,
    enum auth_direction d, const struct auth_stamp *stamp, const char *text,
    size_t len)
{
	char all[HEAD_MAX + AGENT_TEXT_MAX], hex[DIGEST_HEX_MAX];
	unsigned char mac[DIGEST_BYTES];
	int head = snprintf(all, HEAD_MAX, "%s\n%s\n%" PRId64 "\n%s\n", label,
	    directions[d], stamp->ms, stamp->nonce);

	memcpy(all + head, text, len);
	digest_hmac(key, strlen(key), all, (size_t)head + len, mac);
	digest_to_hex(mac, sizeof(mac), hex);
	return (size_t)snprintf(line, AGENT_AUTH_LINE_MAX,
	    "\nauth %" PRId64 " %s %s", stamp->ms, stamp->nonce, hex);
}

static const char auth_word[] = "auth ";

/* The newline before the last line; NULL: there is one line only. */
static const char *
last_newline(const char *text, size_t len)
{
	return len > 0 ? memrchr(text, '\n', len) : NULL;
}

bool
agent_auth_is_signed(const void *data, size_t len)
{
	const char *at = last_newline(data, len);
	size_t rest = at != NULL ? len - (size_t)(at - (const char *)data) : 0;

	return rest > strlen(auth_word) &&
	       memcmp(at + 1, auth_word, strlen(auth_word)) == 0;
}

/* Is the last line one that programs without a key send? */
static bool
is_other_line(const char *line)
{
	return strcmp(line, "want info") == 0 || str_starts(line, "info {");
}

size_t
agent_auth_sign(char buf[AGENT_SIGNED_MAX], const char *key,
    enum auth_direction d, const struct auth_stamp *stamp, const char *text,
    size_t len)
{
	assert(len < AGENT_TEXT_MAX && stamp->ms >= 0);
	memcpy(buf, text, len);
	return len + make_line(buf + len, key, d, stamp, text, len);
}

/* Copy up to the next blank; the rest after it, or NULL. */
static const char *
take_word(const char *from, char *word, size_t size)
{
	const char *blank = strchr(from, ' ');

	if (blank == NULL ||
	    !str_copy_n(word, size, from, (size_t)(blank - from)))
		return NULL;
	return blank + 1;
}

static bool
is_hex(const char *s, size_t len)
{
	return strlen(s) == len && strspn(s, "0123456789abcdef") == len;
}

/* Time and nonce of a line without its newline. */
static bool
read_line(const char *line, struct auth_stamp *stamp)
{
	char time[TIME_DIGITS + 1];
	const char *at = line + strlen(auth_word);

	if (!str_starts(line, auth_word))
		return false;
	at = take_word(at, time, sizeof(time));
	if (at == NULL || !str_to_int64(time, 0, TIME_MAX, &stamp->ms))
		return false;
	at = take_word(at, stamp->nonce, sizeof(stamp->nonce));
	return at != NULL && is_hex(stamp->nonce, AGENT_NONCE_MAX - 1) &&
	       is_hex(at, DIGEST_HEX_MAX - 1);
}

enum auth_verdict
agent_auth_check(const void *data, size_t len, const char *key,
    enum auth_direction d, struct auth_stamp *stamp, size_t *text_len)
{
	const char *text = data, *newline;
	char line[AGENT_AUTH_LINE_MAX], right[AGENT_AUTH_LINE_MAX];
	size_t n, m;

	memset(stamp, 0, sizeof(*stamp));
	*text_len = 0;
	while (len > 0 && text[len - 1] == '\0')
		len--;
	newline = last_newline(text, len);
	if (newline == NULL)
		return AUTH_UNSIGNED;
	m = (size_t)(newline - text);
	n = len - m;
	if (m >= AGENT_TEXT_MAX || n >= sizeof(line) ||
	    memchr(newline, '\0', n) != NULL)
		return AUTH_MALFORMED;
	memcpy(line, newline, n);
	line[n] = '\0';
	if (!read_line(line + 1, stamp))
		return is_other_line(line + 1) ? AUTH_UNSIGNED : AUTH_MALFORMED;
	if (make_line(right, key, d, stamp, text, m) != n ||
	    !digest_equal(line, right, n))
		return AUTH_FORGED;
	*text_len = m;
	return AUTH_RIGHT;
}
