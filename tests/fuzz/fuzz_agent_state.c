/* fuzz_agent_state.c - any file as what an agent kept; what is taken has one
 * spelling, also after its times went to our clock and back.
 */
#include "agent/state_clock.h"

#include <string.h>

#include "fuzz.h"

#define NOW  5000 /* shortly after a boot */
#define WALL 1764000000000

/* Encode what was decoded from `text`; false if it is no state. */
static bool
respell(const char *text, size_t size, struct strbuf *to)
{
	struct agent_state s;
	struct fail why = {.kind = FAIL_NONE};
	bool ok = agent_state_decode(text, size, &s, &why);

	PROMISE(ok == (why.kind == FAIL_NONE));
	PROMISE(ok || s.n == 0);
	agent_state_to_mono(&s, NOW, WALL);
	agent_state_to_wall(&s, NOW, WALL);
	if (ok)
		agent_state_encode(&s, to);
	agent_state_free(&s);
	return ok;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf once = STRBUF_INIT, twice = STRBUF_INIT;

	if (respell((const char *)data, size, &once)) {
		PROMISE(respell(strbuf_text(&once), once.len, &twice));
		PROMISE(!strcmp(strbuf_text(&once), strbuf_text(&twice)));
	}
	strbuf_free(&once);
	strbuf_free(&twice);
	return 0;
}
