/* fuzz_agent_info.c - whatever an agent says beside its code; and as the second
 * line of an answer.
 */
#include "fuzz.h"

#include <string.h>

#include "wire/agent_info.h"

static void
within_bounds(const struct agent_info *i)
{
	PROMISE(i->clock >= -1 && i->free_bytes >= -1);
	PROMISE(!str_has_control(i->reason, strlen(i->reason)));
	PROMISE(!str_has_control(i->version, strlen(i->version)));
	PROMISE(!str_has_control(i->pieces.first, strlen(i->pieces.first)));
	PROMISE(i->pieces.count >= 0 && i->pieces.count <= INFO_PROBES_MAX);
	for (int k = 0; k < INFO_KINDS; k++) {
		const struct info_probes *p = &i->probe[k];

		PROMISE(p->answered >= 0 && p->answered <= p->sent);
		PROMISE(p->sent <= INFO_PROBES_MAX);
		PROMISE(!str_has_control(p->reason, strlen(p->reason)));
	}
}

/* What is understood can be told again, in one line that fits. */
static void
told_again(const struct agent_info *i)
{
	static const char line[] = "503 Service Unavailable 192.0.2.10 STOP";
	char json[AGENT_INFO_MAX], answer[AGENT_TEXT_MAX];
	struct agent_message m;
	struct agent_info back;
	const char *why, *at;
	size_t n, len = agent_info_encode(i, json);

	PROMISE(len < sizeof(json) && !str_has_control(json, len));
	memcpy(answer, line, sizeof(line));
	len = agent_message_add_info(answer, strlen(line), json);
	PROMISE(agent_message_parse_answer(answer, len, &m, &why));
	at = agent_message_info(answer, len, &n);
	PROMISE(at != NULL && n == strlen(json) && !memcmp(at, json, n));
	PROMISE(agent_info_decode(at, n, &back));
	PROMISE(back.clock == i->clock && back.pieces.told == i->pieces.told);
	PROMISE(!strcmp(back.version, i->version));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct agent_info i;

	(void)agent_info_decode((const char *)data, size, &i);
	within_bounds(&i);
	told_again(&i);
	return 0;
}
