/* agent_mail.c - datagrams to and from one agent.
 */
#include "link/agent_mail.h"

#include <errno.h>
#include <stdlib.h>

#include "base/excerpt.h"
#include "base/secret.h"

void
agent_mail_init(
    struct agent_mail *m, struct loop *lp, const struct agent_entry *agent)
{
	m->lp = lp;
	m->agent = agent;
	if (agent->key != NULL)
		m->peer = auth_peer_new(
		    agent->key, AUTH_REQUEST, loop_now(lp), loop_wall(lp));
}

void
agent_mail_clear(struct agent_mail *m)
{
	agent_place_clear(&m->place);
	auth_peer_free(m->peer);
	m->peer = NULL;
}

static void
trace_sent(const struct agent_mail *m, const char *device, const char *data,
    size_t len, int n)
{
	char *text;

	if (!log_wants(loop_log(m->lp), LOGGING_DEBUG))
		return;
	text = excerpt(NULL, data, len, EXCERPT_TRACE);
	log_about(loop_log(m->lp), LOGGING_DEBUG, device, "agent",
	    &(struct log_facts){.device = device, .agent = m->agent->address},
	    "sent to %s, transmission %d: %s", m->agent->address, n + 1, text);
	free(text);
}

int
agent_mail_send(struct agent_mail *m, const struct agent_message *what, int n,
    char nonce[AGENT_NONCE_MAX], size_t *to)
{
	char text[AGENT_MESSAGE_MAX], sealed[AGENT_SIGNED_MAX];
	static const struct addr any = {.family = AF_UNSPEC};
	size_t len = agent_message_format_request(text, what);
	const char *data = text;

	trace_sent(m, what->device, text, len, n);
	if (m->peer != NULL) {
		secret_nonce(nonce);
		len = auth_peer_seal(
		    m->peer, loop_now(m->lp), nonce, sealed, text, len);
		data = sealed;
	}
	return datagram_send(m->socket, data, len,
		   agent_place_for(&m->place, n, to), (uint16_t)m->agent->port,
		   &any)
		   ? 0
		   : errno;
}

static void
read_info(struct letter *letter, const void *data, size_t len)
{
	size_t n;
	const char *json = agent_message_info(data, len, &n);

	if (json != NULL && agent_info_decode(json, n, &letter->told))
		letter->info = &letter->told;
}

enum mail
agent_mail_open(struct agent_mail *m, uint16_t port, const void *data,
    size_t len, struct letter *letter, const char **why)
{
	enum auth_opened how = OPENED_RIGHT;
	const char *clock = "";

	letter->info = NULL;
	*why = "it is not from the port that was asked";
	if (port != m->agent->port)
		return MAIL_ELSEWHERE;
	if (m->peer != NULL)
		how = auth_peer_open(m->peer, loop_now(m->lp), data, len,
		    &letter->stamp, &len, &clock);
	*why = clock;
	if (how == OPENED_REFUSED || how == OPENED_REPLAYED)
		return MAIL_UNPROVEN;
	if (!agent_message_parse_answer(data, len, &letter->answer, why))
		return MAIL_MALFORMED;
	read_info(letter, data, len);
	*why = clock;
	return how == OPENED_CLOCK ? MAIL_CLOCK : MAIL_RIGHT;
}
