/* fake_agent.c - what both kinds of agent do with a request. */
#include "fake_agent.h"

#include <search.h>
#include <string.h>

#include "base/secret.h"
#include "base/xmem.h"
#include "fake_net.h"
#include "../unit.h"

struct agent_queued {
	STAILQ_ENTRY(agent_queued) next;
	struct agent_message m;
};

static void old_begin(struct fake_agent *a);
static void old_finish(void *arg);

void
fake_agent_init(struct fake_agent *a, struct loop *lp, const char *address)
{
	*a = (struct fake_agent){.lp = lp,
	    .work = {[REQUEST_REGISTER] = 50,
		[REQUEST_CAPTURE] = 100,
		[REQUEST_VERIFY] = 10000,
		[REQUEST_STOP] = 1200}};
	str_copy(a->address, sizeof(a->address), address);
	STAILQ_INIT(&a->devices);
	STAILQ_INIT(&a->queue);
	timer_init(&a->busy, lp, old_finish, a);
}

static int
name_cmp(const void *a, const void *b)
{
	const struct agent_device *x = a, *y = b;

	return strcmp(x->device, y->device);
}

static void
device_free(void *device)
{
	struct agent_device *d = device;

	timer_clear(&d->work);
	free(d);
}

void
fake_agent_forget(struct fake_agent *a)
{
	struct agent_queued *q;

	tdestroy(a->by_name, device_free);
	a->by_name = NULL;
	STAILQ_INIT(&a->devices);
	a->at_work = 0;
	while ((q = STAILQ_FIRST(&a->queue)) != NULL) {
		STAILQ_REMOVE_HEAD(&a->queue, next);
		free(q);
	}
	timer_clear(&a->busy);
}

void
fake_agent_restart(struct fake_agent *a)
{
	fake_agent_forget(a);
	a->silent = a->ended = false;
	a->fresh = true;
}

void
fake_agent_clear(struct fake_agent *a)
{
	fake_agent_forget(a);
	auth_peer_free(a->peer);
}

void
fake_agent_key(struct fake_agent *a, const char *key, int64_t ahead)
{
	auth_peer_free(a->peer);
	a->peer = auth_peer_new(
	    key, AUTH_ANSWER, loop_now(a->lp), loop_wall(a->lp) + ahead);
}

void
fake_agent_rule(struct fake_agent *a, enum agent_request r, int code, int times)
{
	ck_assert_uint_lt(a->n_rules, AGENT_RULES_MAX);
	a->rules[a->n_rules++] = (struct agent_rule){r, code, times};
}

static int
final_code(struct fake_agent *a, enum agent_request r)
{
	for (size_t i = 0; i < a->n_rules; i++) {
		struct agent_rule *rule = &a->rules[i];

		if (rule->request != r || rule->times == 0)
			continue;
		if (rule->times > 0)
			rule->times--;
		return rule->code;
	}
	return AGENT_OK;
}

static void
transmit(struct fake_agent *a, const struct agent_message *m, const char *info,
    const char *nonce)
{
	char text[AGENT_TEXT_MAX], sealed[AGENT_SIGNED_MAX];
	size_t len = agent_message_format_answer(text, m);
	const char *data = text;

	if (info != NULL)
		len = agent_message_add_info(text, len, info);
	if (a->peer != NULL) {
		len = auth_peer_seal(
		    a->peer, loop_now(a->lp), nonce, sealed, text, len);
		data = sealed;
	}
	fake_leave(a->from != NULL ? a->from : a->address, data, len);
}

static void
answer_more(struct fake_agent *a, const char *device, enum agent_request r,
    int code, const char *info)
{
	struct agent_message m = {.code = code, .request = r};
	char nonce[SECRET_NONCE_MAX];

	if (a->short_words)
		m.request = REQUEST_NONE;
	str_copy(m.device, sizeof(m.device), device);
	a->fresh = false;
	a->said_at = loop_now(a->lp);
	secret_nonce(nonce);
	transmit(a, &m, info, nonce);
}

static void
answer(struct fake_agent *a, const char *device, enum agent_request r, int code)
{
	answer_more(a, device, r, code, NULL);
}

static struct agent_device *
device_of(struct fake_agent *a, const char *name)
{
	struct agent_device key, **at;

	str_copy(key.device, sizeof(key.device), name);
	at = tfind(&key, &a->by_name, name_cmp);
	return at != NULL ? *at : NULL;
}

static void
answer_finally(struct agent_device *d, enum agent_request r, int code)
{
	const char *info = d->agent->info[r];

	if (!d->wants[r] || d->agent->bare)
		info = NULL;
	else if (info == NULL)
		info = "{}";
	d->wants[r] = false;
	answer_more(d->agent, d->device, r, code, info);
}

static void
ours_finish(void *arg)
{
	struct agent_device *d = arg;
	enum agent_request r = d->doing;
	int code = final_code(d->agent, r);

	d->doing = REQUEST_NONE;
	d->agent->at_work--;
	d->agent->done[r]++;
	if (code == 0)
		return;
	d->answered[r] = code;
	answer_finally(d, r, code);
}

static struct agent_device *
device_add(struct fake_agent *a, const char *name)
{
	struct agent_device *d = xcalloc(1, sizeof(*d));

	d->agent = a;
	str_copy(d->device, sizeof(d->device), name);
	timer_init(&d->work, a->lp, ours_finish, d);
	STAILQ_INSERT_TAIL(&a->devices, d, next);
	tsearch(d, &a->by_name, name_cmp);
	return d;
}

static void
note_state(struct agent_device *d, const struct agent_message *m)
{
	struct fake_agent *a = d->agent;

	if (m->request == REQUEST_REGISTER) {
		d->registered = true;
	} else if (m->request == REQUEST_CAPTURE) {
		d->capturing = true;
	} else if (m->request == REQUEST_STOP) {
		str_copy(d->stop_file, sizeof(d->stop_file), m->file);
		d->capturing = false;
		str_copy(a->stop_file, sizeof(a->stop_file), m->file);
	}
}

/* --- ours --- */

static void
ours_received(struct fake_agent *a, const struct agent_message *m)
{
	struct agent_device *d = device_of(a, m->device);

	if (d == NULL && m->request != REQUEST_REGISTER) {
		answer(a, m->device, m->request, AGENT_NOT_FOUND);
		return;
	}
	if (d == NULL)
		d = device_add(a, m->device);
	answer(a, m->device, m->request, AGENT_TRYING);
	d->wants[m->request] = d->wants[m->request] || m->wants_info;
	if (d->doing != REQUEST_NONE)
		return; /* its answer comes */
	if (m->request == REQUEST_REGISTER && !d->capturing)
		memset(d->answered, 0, sizeof(d->answered));
	if (d->answered[m->request] == AGENT_OK ||
	    (m->request == REQUEST_STOP &&
		strcmp(m->file, d->stop_file) == 0)) {
		answer_finally(d, m->request, AGENT_OK);
		return;
	}
	note_state(d, m);
	d->doing = m->request;
	timer_set(&d->work, a->work[m->request]);
	if (++a->at_work > a->most)
		a->most = a->at_work;
}

/* --- 1.0.6 --- */

/* Our clock starts when its answer arrives. */
#define SILENCE_MS (60000 + 2 * 1000)

static void
old_end(struct fake_agent *a, bool nobody_could_know)
{
	ck_assert_msg(nobody_could_know, "%s %s ended the agent",
	    agent_request_name(a->now.request), a->now.device);
	a->ended = true;
}

/* It knows no device at all. */
static void
old_end_unknown(struct fake_agent *a, bool fresh)
{
	old_end(a, fresh && loop_now(a->lp) - a->said_at <= SILENCE_MS);
}

static int
old_register(struct fake_agent *a, struct agent_device *d, int code)
{
	if (d == NULL && (code == AGENT_OK || code == 0))
		device_add(a, a->now.device)->registered = true;
	return code;
}

static int
old_capture(struct fake_agent *a, struct agent_device *d, int code)
{
	a->aborted += d->capturing;
	d->capturing = old_mark_capture(&d->mark, code != AGENT_UNAVAILABLE);
	return d->capturing ? code : AGENT_UNAVAILABLE;
}

static int
old_stop(struct fake_agent *a, struct agent_device *d, int code)
{
	str_copy(a->stop_file, sizeof(a->stop_file), a->now.file);
	d->capturing = false;
	return old_mark_stop(&d->mark, code != AGENT_UNAVAILABLE)
		   ? code
		   : AGENT_UNAVAILABLE;
}

static int
old_do(struct fake_agent *a)
{
	struct agent_device *d = device_of(a, a->now.device);
	int code = final_code(a, a->now.request);

	if (a->now.request == REQUEST_REGISTER)
		return old_register(a, d, code);
	if (a->now.request == REQUEST_CAPTURE)
		return old_capture(a, d, code);
	if (a->now.request == REQUEST_STOP)
		return old_stop(a, d, code);
	return code;
}

static void
old_finish(void *arg)
{
	struct fake_agent *a = arg;
	int code = old_do(a);

	a->done[a->now.request]++;
	if (code != 0)
		answer(a, a->now.device, a->now.request, code);
	if (!STAILQ_EMPTY(&a->queue))
		old_begin(a);
}

/* Take the next request out of the socket's buffer. */
static void
old_begin(struct fake_agent *a)
{
	struct agent_queued *q = STAILQ_FIRST(&a->queue);
	bool knows_none = STAILQ_EMPTY(&a->devices), fresh = a->fresh;
	struct agent_device *d;

	STAILQ_REMOVE_HEAD(&a->queue, next);
	a->now = q->m;
	free(q);
	d = device_of(a, a->now.device);
	if (d == NULL && a->now.request != REQUEST_REGISTER) {
		if (knows_none)
			old_end_unknown(a, fresh);
		answer(a, a->now.device, a->now.request, AGENT_NOT_FOUND);
		if (!a->ended && !STAILQ_EMPTY(&a->queue))
			old_begin(a);
		return;
	}
	if (a->now.request != REQUEST_REGISTER)
		answer(a, a->now.device, a->now.request, AGENT_TRYING);
	if (d != NULL && old_mark_ends(d->mark, a->now.request))
		old_end(a, false);
	else
		timer_set(&a->busy, a->work[a->now.request]);
}

static void
old_received(struct fake_agent *a, const struct agent_message *m)
{
	struct agent_queued *q = xcalloc(1, sizeof(*q)), *other;
	int n = timer_is_set(&a->busy);

	q->m = *m;
	STAILQ_INSERT_TAIL(&a->queue, q, next);
	STAILQ_FOREACH (other, &a->queue, next)
		n++;
	if (n > a->most)
		a->most = n;
	if (!timer_is_set(&a->busy))
		old_begin(a);
}

void
fake_agent_received(struct fake_agent *a, const void *data, size_t len)
{
	enum auth_opened how = OPENED_RIGHT;
	struct auth_stamp stamp;
	struct agent_message m;
	const char *why;

	if (a->peer != NULL)
		how = auth_peer_open(
		    a->peer, loop_now(a->lp), data, len, &stamp, &len, &why);
	else if (agent_auth_is_signed(data, len))
		how = OPENED_REFUSED;
	if (how == OPENED_REFUSED || how == OPENED_REPLAYED) {
		a->unproven++;
		return;
	}
	unit_must(agent_message_parse_request(data, len, &m, &why), "%s", why);
	if (how == OPENED_CLOCK) {
		a->clocked++;
		m.code = AGENT_CLOCK;
		transmit(a, &m, NULL, stamp.nonce);
		return;
	}
	if (a->silent || a->ended)
		return;
	if (a->old) {
		/* Such an agent cannot read a second line. */
		ck_assert_ptr_null(memchr(data, '\n', len));
		old_received(a, &m);
	} else
		ours_received(a, &m);
}
