/* world.c - see world.h. */
#include "world.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

struct world w;

struct capture *
capture_start(struct capture_env *env, const char *device,
    const struct capture_events *events, void *arg, struct fail *why)
{
	(void)env;
	ck_assert_str_eq(device, DEVICE);
	if (w.capture_refused) {
		fail_set(why, FAIL_LOCAL, "no room");
		return NULL;
	}
	ck_assert_ptr_null(w.capture);
	w.capture = xcalloc(1, sizeof(*w.capture));
	w.capture->events = events;
	w.capture->arg = arg;
	w.captures++;
	return w.capture;
}

void
capture_silent(struct capture *c, int64_t since)
{
	c->silent_since = since;
}

void
capture_stop(struct capture *c, const char *cpe_name)
{
	c->stopped = true;
	if (c->cpe_name == NULL)
		c->cpe_name = xstrdup(cpe_name);
}

void
capture_kill(struct capture *c)
{
	if (c == NULL)
		return;
	free(c->cpe_name);
	free(c);
	w.capture = NULL;
}

struct capture *
capture_resume(struct capture_env *env, const char *device,
    const struct capture_state *was, const struct capture_events *events,
    void *arg, struct fail *why)
{
	ck_assert_str_eq(was->folder, FOLDER);
	if (!w.folder_gone)
		return capture_start(env, device, events, arg, why);
	fail_set(why, FAIL_FINAL, "the folder is gone");
	return NULL;
}

void
capture_describe(const struct capture *c, struct capture_state *to)
{
	ck_assert_ptr_eq(c, w.capture);
	*to = (struct capture_state){.folder = FOLDER};
}

void
capture_own(struct capture *c, const char *owner)
{
	(void)c;
	ck_assert_str_eq(owner, "192.0.2.1");
}

void
capture_verify_began(struct capture *c)
{
	c->verifies_began++;
}

void
capture_verify_ended(struct capture *c, const struct verify_result *r)
{
	(void)r;
	c->verifies_ended++;
}

void
capture_park(struct capture *c)
{
	c->parked = true;
}

struct probing *
probing_start(const struct probing_env *env, const char *device,
    probing_done *done, void *arg)
{
	(void)env;
	ck_assert_str_eq(device, DEVICE);
	w.probing = xcalloc(1, sizeof(*w.probing));
	w.probing->done = done;
	w.probing->arg = arg;
	w.probings++;
	return w.probing;
}

void
probing_cancel(struct probing *p)
{
	if (p == w.probing)
		w.probing = NULL;
	free(p);
}

struct rule *
rule_new(
    struct loop *lp, struct ovoc *o, struct complaints *c, const char *device)
{
	(void)c;
	(void)lp;
	(void)o;
	(void)device;
	w.rule = xcalloc(1, sizeof(*w.rule));
	return w.rule;
}

void
rule_free(struct rule *r)
{
	free(r);
	w.rule = NULL;
}

void
rule_point(struct rule *r, const struct addr *by, const char *destination,
    uint16_t port, rule_done *done, void *arg)
{
	(void)by;
	(void)port;
	str_copy(w.destination, sizeof(w.destination), destination);
	r->done = done;
	r->arg = arg;
	r->removing = false;
	w.points++;
}

void
rule_delete(struct rule *r, const char *reason, rule_done *done, void *arg)
{
	str_copy(w.reason, sizeof(w.reason), reason);
	r->done = done;
	r->arg = arg;
	r->removing = true;
}

void
rule_describe(const struct rule *r, struct rule_state *to)
{
	*to = (struct rule_state){.exists = r->exists, .id = 7};
}

void
rule_restore(struct rule *r, const struct rule_state *was)
{
	r->exists = was->exists;
	w.rule_was = *was;
}

bool
rule_exists(const struct rule *r)
{
	return r->exists;
}

long long
store_free_bytes(const struct store *s)
{
	(void)s;
	return -1;
}

unsigned
store_name_aborted(struct store *s, const char *folder, const char *cpe_name,
    struct info_pieces *told, struct fail *why)
{
	(void)s;
	ck_assert_str_eq(folder, FOLDER);
	fail_clear(why);
	*told = w.pieces;
	if (w.kept != NULL && strcmp(cpe_name, w.kept) != 0) {
		fail_set(why, FAIL_LOCAL, "none is left");
		return 0;
	}
	str_copy(w.named, sizeof(w.named), cpe_name);
	return 1;
}

/* --- what the stand-ins report --- */

void
capture_began(void)
{
	w.capture->events->began(w.capture->arg);
}

void
capture_expelled(void)
{
	struct fail why;
	fail_set(&why, FAIL_LOCAL, "no room");
	w.capture->events->expelled(w.capture->arg, &why);
}

void
capture_ended(enum fail_kind kind)
{
	struct capture *c = w.capture;
	struct fail why;
	fail_clear(&why);
	if (kind != FAIL_NONE)
		fail_set(&why, kind, "as the test says");
	w.capture = NULL;
	c->events->ended(c->arg, &why, w.pieces.told ? &w.pieces : NULL);
	free(c->cpe_name);
	free(c);
}

void
probed(bool all)
{
	struct probing *p = w.probing;
	struct verify_result r = {
	    .kind[VERIFY_ICMP] = {
		.on = true, .sent = 10, .answered = all ? 10 : 7}};
	w.probing = NULL;
	p->done(p->arg, &r, "");
	free(p);
}

void
rule_answered(enum fail_kind kind)
{
	struct fail why;
	rule_done *done = w.rule->done;
	fail_clear(&why);
	if (kind != FAIL_NONE)
		fail_set(&why, kind, "as the test says");
	else
		w.rule->exists = !w.rule->removing;
	w.rule->done = NULL;
	done(w.rule->arg, &why);
}

/* --- the rig --- */

static void
on_answer(void *arg, const struct datagram_from *to,
    const struct agent_message *m, const char *info)
{
	(void)arg;
	ck_assert_str_eq(m->device, DEVICE);
	strbuf_addf(&w.said, "%d %s %u%s%s;", m->code,
	    agent_request_name(m->request), to->port, info != NULL ? " " : "",
	    info != NULL ? info : "");
}

static void
on_over(void *arg, struct session *s)
{
	(void)arg;
	w.over = true;
	if (w.parking)
		return;
	session_free(s);
	w.session = NULL;
}

static void
on_changed(void *arg)
{
	(void)arg;
	w.changes++;
}

void
rig_new(bool manage_rules)
{
	static char nothing[] = "";
	memset(&w, 0, sizeof(w));
	w.lp = loop_new_virtual(NULL, 0);
	w.conf.agent.idle_rule_age = 7200000;
	w.conf.agent.max_capture = 93600000;
	w.conf.ovoc.alarm_destination = nothing;
	w.env.lp = w.lp;
	w.env.conf = &w.conf;
	w.env.capture.lp = w.lp;
	w.env.capture.conf = &w.conf.agent;
	w.env.probing.lp = w.lp;
	w.env.registration.lp = w.lp;
	w.env.registration.conf = &w.conf.ovoc;
	/* Only whether it is there matters: the rule is ours to play. */
	w.env.registration.ovoc = manage_rules ? (struct ovoc *)&w : NULL;
	w.env.replies.lp = w.lp;
	w.env.replies.send = on_answer;
	w.env.over = on_over;
	w.env.changed = on_changed;
	w.session = session_new(&w.env, DEVICE);
}

void
rig_free(void)
{
	session_free(w.session);
	strbuf_free(&w.said);
	loop_free(w.lp);
}

static const char *
ask_from(const char *host, uint16_t port, enum agent_request request,
    const char *file)
{
	static char answers[2048];
	struct agent_message m = {
	    .request = request, .wants_info = w.wants_info};
	struct datagram_from from = {.port = port};
	addr_parse(&from.addr, host);
	str_copy(m.device, sizeof(m.device), DEVICE);
	str_copy(m.file, sizeof(m.file), file);
	strbuf_clear(&w.said);
	session_handle(w.session, &m, &from);
	str_copy(answers, sizeof(answers), strbuf_text(&w.said));
	strbuf_clear(&w.said);
	return answers;
}

const char *
asks(uint16_t port, enum agent_request request, const char *file)
{
	return ask_from("192.0.2.1", port, request, file);
}

const char *
host_asks(const char *host, enum agent_request request, const char *file)
{
	return ask_from(host, 1, request, file);
}

const char *
registers(void)
{
	return asks(1, REQUEST_REGISTER, "");
}

const char *
captures(void)
{
	return asks(1, REQUEST_CAPTURE, "");
}

const char *
verifies(void)
{
	return asks(1, REQUEST_VERIFY, "");
}

const char *
stops(const char *file)
{
	return asks(1, REQUEST_STOP, file);
}

/* What was answered since the last request. */
const char *
then(void)
{
	static char answers[2048];
	str_copy(answers, sizeof(answers), strbuf_text(&w.said));
	strbuf_clear(&w.said);
	return answers;
}

void
rig_capturing(void)
{
	rig_new(false);
	registers();
	captures();
	capture_began();
	then();
}
