/* agent_auth.h - the last line of an authenticated message.
 *
 *   <text of agent_message.h>
 *   auth <unix ms> <nonce> <hex HMAC-SHA256>
 *
 * one newline between them and none at the end; the text may itself be several
 * lines.  The MAC is taken over
 * `traffic-capture 1\n<request|answer>\n<unix ms>\n<nonce>\n<text>`.  Who the
 * agent is, is not written there: no address is the same on both sides of a
 * NAT.  It is the key, so each agent has its own (the campaign's configuration
 * is refused otherwise), and the device is in the text.  Pure functions.
 */
#ifndef WIRE_AGENT_AUTH_H
#define WIRE_AGENT_AUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"
#include "wire/agent_message.h"

/* The whole line with its newline and a NUL is shorter. */
#define AGENT_AUTH_LINE_MAX 128
#define AGENT_SIGNED_MAX    (AGENT_TEXT_MAX + AGENT_AUTH_LINE_MAX)
#define AGENT_NONCE_MAX     SECRET_NONCE_MAX

enum auth_direction { AUTH_REQUEST, AUTH_ANSWER };

struct auth_stamp {
	int64_t ms; /* since 1970 UTC, by the sender's clock */
	char nonce[AGENT_NONCE_MAX];
};

enum auth_verdict {
	AUTH_RIGHT,
	AUTH_UNSIGNED,  /* no other line at all, or one that is none */
	AUTH_MALFORMED, /* there is one, cut or not of this form */
	AUTH_FORGED     /* another key, text, time, nonce or direction */
};

/* Does it end in such a line?  Where no key is set, that is worth a word. */
bool agent_auth_is_signed(const void *data, size_t len);

/* Text (shorter than AGENT_TEXT_MAX) and signature into `buf`; returns the
 * datagram's length, always below AGENT_SIGNED_MAX.  stamp->ms is not
 * negative. */
size_t agent_auth_sign(char buf[AGENT_SIGNED_MAX], const char *key,
    enum auth_direction d, const struct auth_stamp *stamp, const char *text,
    size_t len);

/* Check a datagram (trailing NULs are ignored).  If AUTH_RIGHT, its text is
 * the first `*text_len` bytes; time and replay are the caller's matter. */
enum auth_verdict agent_auth_check(const void *data, size_t len,
    const char *key, enum auth_direction d, struct auth_stamp *stamp,
    size_t *text_len);

#endif
