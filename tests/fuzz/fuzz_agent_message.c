/* fuzz_agent_message.c - any datagram as a request and as an answer. */
#include "fuzz.h"

#include <string.h>

#include "wire/agent_message.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct agent_message m, back;
	char buf[AGENT_MESSAGE_MAX];
	const char *why;
	size_t len;

	(void)agent_message_is_answer(data, size);
	if (agent_message_parse_request(data, size, &m, &why)) {
		len = agent_message_format_request(buf, &m);
		PROMISE(len < sizeof(buf) && !strchr(m.file, '/'));
		PROMISE(agent_message_parse_request(buf, len, &back, &why));
		PROMISE(!memcmp(&m, &back, sizeof(m)));
	}
	if (agent_message_parse_answer(data, size, &m, &why)) {
		len = agent_message_format_answer(buf, &m);
		PROMISE(len < sizeof(buf));
		PROMISE(agent_message_parse_answer(buf, len, &back, &why));
		PROMISE(!memcmp(&m, &back, sizeof(m)));
	}
	return 0;
}
