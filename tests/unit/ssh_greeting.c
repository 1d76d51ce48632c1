/* ssh_greeting.c - see ssh_greeting.h. */
#include "ssh_greeting.h"

#include <string.h>

static void
add_u32(struct strbuf *b, size_t v)
{
	const unsigned char four[] = {(unsigned char)(v >> 24),
	    (unsigned char)(v >> 16), (unsigned char)(v >> 8),
	    (unsigned char)v};

	strbuf_add_bytes(b, four, sizeof(four));
}

static void
add_packet(struct strbuf *b, const struct strbuf *payload)
{
	static const char padding[7];

	add_u32(b, 1 + payload->len + sizeof(padding));
	strbuf_add_bytes(b, "\7", 1);
	strbuf_add_bytes(b, payload->s, payload->len);
	strbuf_add_bytes(b, padding, sizeof(padding));
}

struct strbuf
ssh_greeting(const char *head, const char *const lists[SSH_GREETING_LISTS])
{
	struct strbuf all = STRBUF_INIT, payload = STRBUF_INIT;

	strbuf_add(&all, head);
	strbuf_add_bytes(&payload, "\2\0\0\0\0", 5);
	add_packet(&all, &payload);
	strbuf_clear(&payload);
	strbuf_add_bytes(&payload, "\24cookiecookiecook", 17);
	for (size_t i = 0; i < SSH_GREETING_LISTS; i++) {
		add_u32(&payload, strlen(lists[i]));
		strbuf_add(&payload, lists[i]);
	}
	strbuf_add_bytes(&payload, "\0\0\0\0\0", 5);
	add_packet(&all, &payload);
	strbuf_free(&payload);
	return all;
}
