/* fuzz_agent_auth.c - any datagram as a signed request and answer; what its own
 * bytes say, signed anew, must pass.
 */
#include "fuzz.h"

#include <string.h>

#include "wire/auth_peer.h"

#define KEY "0123456789abcdef"

/* What passes has one spelling: signing the same gives the same bytes. */
static void
passes_only_as_signed(const uint8_t *data, size_t size, enum auth_direction d)
{
	char again[AGENT_SIGNED_MAX];
	struct auth_stamp stamp;
	size_t text_len, len;

	if (agent_auth_check(data, size, KEY, d, &stamp, &text_len) !=
	    AUTH_RIGHT)
		return;
	PROMISE(text_len < AGENT_TEXT_MAX && text_len < size);
	len = agent_auth_sign(
	    again, KEY, d, &stamp, (const char *)data, text_len);
	PROMISE(len <= size && len < sizeof(again));
	PROMISE(!memcmp(again, data, len));
}

static void
a_signed_text_passes_once(const uint8_t *data, size_t size)
{
	struct auth_peer *from = auth_peer_new(KEY, AUTH_REQUEST, 0, 1000000);
	struct auth_peer *to = auth_peer_new(KEY, AUTH_ANSWER, 0, 1000000);
	char sealed[AGENT_SIGNED_MAX];
	struct auth_stamp stamp;
	const char *why;
	size_t n,
	    len = auth_peer_seal(from, 0, "00112233445566778899aabbccddeeff",
		sealed, (const char *)data, size);

	PROMISE(auth_peer_open(to, 0, sealed, len, &stamp, &n, &why) ==
		OPENED_RIGHT);
	PROMISE(n == size);
	PROMISE(auth_peer_open(to, 0, sealed, len, &stamp, &n, &why) ==
		OPENED_REPLAYED);
	auth_peer_free(from);
	auth_peer_free(to);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	(void)agent_auth_is_signed(data, size);
	passes_only_as_signed(data, size, AUTH_REQUEST);
	passes_only_as_signed(data, size, AUTH_ANSWER);
	if (size < AGENT_TEXT_MAX)
		a_signed_text_passes_once(data, size);
	return 0;
}
