/* mailbox.c - see mailbox.h. */
#include "agent/mailbox.h"

#include <stdlib.h>

#include "agent/complaints.h"
#include "base/excerpt.h"
#include "base/secret.h"
#include "base/xmem.h"
#include "wire/auth_peer.h"

struct mailbox {
	struct loop *lp;
	const struct agent_section *conf;
	mailbox_request *request;
	void *arg;
	struct datagram *socket;
	struct auth_peer *peer; /* NULL: no key, nothing is signed */
	int64_t newest;
	struct mailbox_counts counts;
	struct complaints *complaints;
	struct excerpts *hidden; /* what no log may show */
};

/* What came. */
struct parcel {
	const void *data;
	size_t len;
	const struct datagram_from *from;
};

/* --- out --- */

static void
trace_sent(const struct mailbox *b, const struct datagram_from *to,
    const char *device, const char *data, size_t len)
{
	char *text, at[ADDR_TEXT_MAX];

	if (!log_wants(loop_log(b->lp), LOGGING_DEBUG))
		return;
	text = excerpt(b->hidden, data, len, EXCERPT_TRACE);
	log_write(loop_log(b->lp), LOGGING_DEBUG, device, "server",
	    "sent to %s: %s", addr_port_text(&to->addr, to->port, at), text);
	free(text);
}

static void
transmit(struct mailbox *b, const struct datagram_from *to,
    const struct agent_message *m, const char *info, const char *nonce)
{
	char text[AGENT_TEXT_MAX], sealed[AGENT_SIGNED_MAX];
	const char *data = text;
	size_t len = agent_message_format_answer(text, m);

	if (info != NULL)
		len = agent_message_add_info(text, len, info);
	trace_sent(b, to, m->device, text, len);
	if (b->peer != NULL) {
		len = auth_peer_seal(
		    b->peer, loop_now(b->lp), nonce, sealed, text, len);
		data = sealed;
	}
	datagram_send(b->socket, data, len, &to->addr, to->port, &to->local);
}

void
mailbox_answer(struct mailbox *b, const struct datagram_from *to,
    const struct agent_message *m, const char *info)
{
	char nonce[SECRET_NONCE_MAX];

	secret_nonce(nonce);
	transmit(b, to, m, info, nonce);
}

/* Under the nonce of the request, so that an old 408 proves nothing. */
static void
answer_clock(struct mailbox *b, const struct datagram_from *to,
    const struct agent_message *m, const struct auth_stamp *stamp)
{
	struct agent_message a = *m;

	a.code = AGENT_CLOCK;
	transmit(b, to, &a, NULL, stamp->nonce);
}

/* --- in --- */

static bool
allowed(const struct mailbox *b, const struct addr *a)
{
	for (size_t i = 0; i < b->conf->n_allow; i++) {
		if (prefix_contains(&b->conf->allow[i], a))
			return true;
	}
	return false;
}

static void
trace(const struct mailbox *b, const struct parcel *p)
{
	char *text, who[ADDR_TEXT_MAX];

	if (!log_wants(loop_log(b->lp), LOGGING_DEBUG))
		return;
	text = excerpt(b->hidden, p->data, p->len, EXCERPT_TRACE);
	log_about(loop_log(b->lp), LOGGING_DEBUG,
	    addr_port_text(&p->from->addr, p->from->port, who), "server",
	    &(struct log_facts){.from = who}, "received: %s", text);
	free(text);
}

static void
ignore(struct mailbox *b, const struct parcel *p, int64_t *count,
    enum complaint kind, const char *what, const char *why)
{
	char *text = excerpt(b->hidden, p->data, p->len, EXCERPT_REFUSED);
	char who[ADDR_TEXT_MAX];

	++*count;
	complain(b->complaints, kind, &p->from->addr, NULL, "server",
	    "datagram from %s %s: %s: %s",
	    addr_port_text(&p->from->addr, p->from->port, who), what, why,
	    text);
	free(text);
}

/* Is it signed, where it must be?  `*len` becomes the text's. */
static enum auth_opened
open_signed(struct mailbox *b, const struct parcel *p, size_t *len,
    struct auth_stamp *stamp)
{
	enum auth_opened how;
	const char *why;

	*len = p->len;
	if (b->peer == NULL)
		return OPENED_RIGHT;
	how = auth_peer_open(
	    b->peer, loop_now(b->lp), p->data, p->len, stamp, len, &why);
	/* A second later it is repeated: no news. */
	if (how != OPENED_RIGHT && how != OPENED_EARLY)
		ignore(b, p, &b->counts.unproven, COMPLAINT_PROOF, "not obeyed",
		    why);
	return how;
}

static void
take(struct mailbox *b, const struct agent_message *m,
    const struct datagram_from *from)
{
	char text[ADDR_TEXT_MAX];

	b->counts.requests++;
	addr_port_text(&from->addr, from->port, text);
	log_about(loop_log(b->lp), LOGGING_DEBUG, m->device, "server",
	    &(struct log_facts){.device = m->device, .from = text},
	    "%s from %s", agent_request_name(m->request), text);
	b->request(b->arg, m, from);
}

static void
on_datagram(
    void *arg, const void *data, size_t len, const struct datagram_from *from)
{
	const struct parcel p = {.data = data, .len = len, .from = from};
	struct mailbox *b = arg;
	struct agent_message m;
	struct auth_stamp stamp;
	enum auth_opened how;
	const char *why;

	trace(b, &p);
	if (!allowed(b, &from->addr)) {
		ignore(b, &p, &b->counts.refused, COMPLAINT_SENDER, "refused",
		    "add it to agent.allow if it is a campaign host");
		return;
	}
	how = open_signed(b, &p, &len, &stamp);
	if (how == OPENED_REFUSED || how == OPENED_REPLAYED ||
	    how == OPENED_EARLY)
		return;
	/* What is signed would pass for a request with a line too many. */
	if (b->peer == NULL && agent_auth_is_signed(data, len))
		ignore(b, &p, &b->counts.malformed, COMPLAINT_TEXT, "ignored",
		    "it is signed, and no agent.key_file is set here");
	else if (!agent_message_parse_request(data, len, &m, &why))
		ignore(b, &p, &b->counts.malformed, COMPLAINT_TEXT, "ignored",
		    why);
	else if (how == OPENED_CLOCK)
		answer_clock(b, from, &m, &stamp);
	else {
		if (b->peer != NULL && stamp.ms > b->newest)
			b->newest = stamp.ms;
		take(b, &m, from);
	}
}

/* --- public --- */

/* A signed message from before this start may be one that the agent before has
 * obeyed already. */
static void
open_key(struct mailbox *b)
{
	int64_t now = loop_now(b->lp);

	if (b->conf->key == NULL)
		return;
	b->peer =
	    auth_peer_new(b->conf->key, AUTH_ANSWER, now, loop_wall(b->lp));
	auth_peer_begin(b->peer, now);
}

static struct excerpts *
secrets_of(const struct agent_conf *conf)
{
	struct excerpts *e = excerpts_new();

	excerpts_hide(e, conf->agent.key);
	excerpts_hide(e, conf->ovoc.password);
	excerpts_hide(e, conf->snmp.auth_password);
	excerpts_hide(e, conf->snmp.priv_password);
	return e;
}

struct mailbox *
mailbox_new(struct loop *lp, const struct agent_conf *conf,
    mailbox_request *request, void *arg, struct fail *why)
{
	struct mailbox *b = xcalloc(1, sizeof(*b));

	b->lp = lp;
	b->conf = &conf->agent;
	b->hidden = secrets_of(conf);
	b->request = request;
	b->arg = arg;
	b->complaints = complaints_new(lp);
	open_key(b);
	b->socket = datagram_new(lp, &b->conf->listen_address,
	    (uint16_t)b->conf->listen_port, on_datagram, b, why);
	if (b->socket != NULL)
		return b;
	mailbox_free(b);
	return NULL;
}

void
mailbox_free(struct mailbox *b)
{
	if (b == NULL)
		return;
	datagram_free(b->socket);
	auth_peer_free(b->peer);
	complaints_free(b->complaints);
	excerpts_free(b->hidden);
	free(b);
}

int64_t
mailbox_newest(const struct mailbox *b)
{
	return b->newest;
}

void
mailbox_not_before(struct mailbox *b, int64_t ms)
{
	if (b->peer == NULL || ms == 0)
		return;
	b->newest = ms;
	auth_peer_not_before(b->peer, loop_now(b->lp), ms);
}

uint16_t
mailbox_port(const struct mailbox *b)
{
	return datagram_port(b->socket);
}

void
mailbox_count(const struct mailbox *b, struct mailbox_counts *to)
{
	*to = b->counts;
	to->dropped = (int64_t)datagram_dropped(b->socket);
}

void
mailbox_say_counts(const struct mailbox *b, struct strbuf *to)
{
	struct mailbox_counts n;

	mailbox_count(b, &n);
	strbuf_addf(to,
	    "%lld requests, %lld datagrams refused, %lld malformed, "
	    "%lld not authentic, %lld dropped by the kernel",
	    (long long)n.requests, (long long)n.refused, (long long)n.malformed,
	    (long long)n.unproven, (long long)n.dropped);
}
