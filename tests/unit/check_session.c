/* check_session.c - what a campaign's requests do, by state.
 *
 * Captures, rules and VERIFY traffic are played by the functions here, which
 * take the place of agent/capture, agent/rule and agent/probing at link time.
 */
#include "agent/session.h"

#include <string.h>

#include "agent/rule.h"
#include "base/str.h"
#include "base/xmem.h"
#include "unit.h"

#define DEVICE "192.0.2.10"
#define FILE_Z "CPE_device_192.0.2.10_2026-11-23T04.00.00.000000Z.pcap"
#define FILE_2 "CPE_device_192.0.2.10_2026-11-23T05.00.00.000000Z.pcap"
#define FOLDER "tmp_device_192.0.2.10_2026-11-23T03.00.00.000000Z"
#define FILE_1 "CPE_device_192.0.2.10_2026-11-23T04.00.00.000000.pcap"

struct capture {
	const struct capture_events *events;
	void *arg;
	bool stopped, parked;
	char *cpe_name;
};
struct probing {
	probing_done *done;
	void *arg;
};
struct rule {
	rule_done *done;
	void *arg;
	bool exists, removing;
};

static struct world {
	struct loop *lp;
	struct agent_conf conf;
	struct session_env env;
	struct session *session;
	bool over;
	struct strbuf said; /* "code REQUEST port;" for each answer */
	struct capture *capture;
	bool capture_refused;
	struct probing *probing;
	struct rule *rule;
	char destination[ADDR_TEXT_MAX];
	unsigned points, captures, probings, changes;
	bool folder_gone, parking;
	struct rule_state rule_was;
} w;

/* --- the stand-ins --- */

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
capture_stop(struct capture *c, const char *cpe_name)
{
	if (c->stopped)
		return;
	c->stopped = true;
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
	fail_set(why, FAIL_LOCAL, "the folder is gone");
	return NULL;
}

void
capture_describe(const struct capture *c, struct capture_state *to)
{
	ck_assert_ptr_eq(c, w.capture);
	*to = (struct capture_state){.folder = FOLDER};
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
rule_new(struct ovoc *o, const char *device)
{
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
rule_point(struct rule *r, const char *destination, uint16_t port,
    rule_done *done, void *arg)
{
	(void)port;
	str_copy(w.destination, sizeof(w.destination), destination);
	r->done = done;
	r->arg = arg;
	r->removing = false;
	w.points++;
}

void
rule_delete(struct rule *r, rule_done *done, void *arg)
{
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

/* --- what the stand-ins report --- */

static void
capture_began(void)
{
	w.capture->events->began(w.capture->arg);
}

static void
capture_ended(enum fail_kind kind)
{
	struct capture *c = w.capture;
	struct fail why;
	fail_clear(&why);
	if (kind != FAIL_NONE)
		fail_set(&why, kind, "as the test says");
	w.capture = NULL;
	c->events->ended(c->arg, &why);
	free(c->cpe_name);
	free(c);
}

static void
probed(bool all)
{
	struct probing *p = w.probing;
	w.probing = NULL;
	p->done(p->arg, all);
	free(p);
}

static void
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
on_answer(
    void *arg, const struct datagram_from *to, const struct agent_message *m)
{
	(void)arg;
	ck_assert_str_eq(m->device, DEVICE);
	strbuf_addf(&w.said, "%d %s %u;", m->code,
	    agent_request_name(m->request), to->port);
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

static void
rig_new(bool manage_rules)
{
	static char nothing[] = "";
	memset(&w, 0, sizeof(w));
	w.lp = loop_new_virtual(NULL, 0);
	w.conf.agent.idle_rule_age = 7200000;
	w.conf.ovoc.alarm_destination = nothing;
	w.env.lp = w.lp;
	w.env.conf = &w.conf;
	/* Only whether it is there matters: the rule is ours to play. */
	w.env.ovoc = manage_rules ? (struct ovoc *)&w : NULL;
	w.env.answer = on_answer;
	w.env.over = on_over;
	w.env.changed = on_changed;
	w.session = session_new(&w.env, DEVICE);
}

static void
rig_free(void)
{
	session_free(w.session);
	strbuf_free(&w.said);
	loop_free(w.lp);
}

/* A request from 192.0.2.1 and this port; the answers it got at once. */
static const char *
asks(uint16_t port, enum agent_request request, const char *file)
{
	static char answers[256];
	struct agent_message m = {.request = request};
	struct datagram_from from = {.port = port};
	addr_parse(&from.addr, "192.0.2.1");
	str_copy(m.device, sizeof(m.device), DEVICE);
	str_copy(m.file, sizeof(m.file), file);
	strbuf_clear(&w.said);
	session_handle(w.session, &m, &from);
	str_copy(answers, sizeof(answers), strbuf_text(&w.said));
	strbuf_clear(&w.said);
	return answers;
}

static const char *
registers(void)
{
	return asks(1, REQUEST_REGISTER, "");
}

static const char *
captures(void)
{
	return asks(1, REQUEST_CAPTURE, "");
}

static const char *
verifies(void)
{
	return asks(1, REQUEST_VERIFY, "");
}

static const char *
stops(const char *file)
{
	return asks(1, REQUEST_STOP, file);
}

/* What was answered since the last request. */
static const char *
then(void)
{
	static char answers[256];
	str_copy(answers, sizeof(answers), strbuf_text(&w.said));
	strbuf_clear(&w.said);
	return answers;
}

static void
rig_capturing(void)
{
	rig_new(false);
	registers();
	captures();
	capture_began();
	then();
}

/* --- REGISTER --- */

START_TEST(registering_makes_the_rule_and_then_answers)
{
	rig_new(true);
	ck_assert_str_eq(registers(), "100 REGISTER 1;");
	ck_assert_str_eq(registers(), "100 REGISTER 1;");
	ck_assert_uint_eq(w.points, 1);
	ck_assert_str_eq(w.destination, "192.0.2.1");
	rule_answered(FAIL_NONE);
	ck_assert_str_eq(then(), "200 REGISTER 1;");
	rig_free();
}
END_TEST

START_TEST(alarms_go_to_the_configured_destination)
{
	static char other[] = "198.51.100.7";
	rig_new(true);
	w.conf.ovoc.alarm_destination = other;
	registers();
	ck_assert_str_eq(w.destination, other);
	rig_free();
}
END_TEST

START_TEST(a_repeat_within_a_minute_does_not_ask_ovoc)
{
	rig_new(true);
	registers();
	rule_answered(FAIL_NONE);
	loop_run_for(w.lp, 59000);
	ck_assert_str_eq(registers(), "100 REGISTER 1;200 REGISTER 1;");
	ck_assert_uint_eq(w.points, 1);
	loop_run_for(w.lp, 2000);
	ck_assert_str_eq(registers(), "100 REGISTER 1;");
	ck_assert_uint_eq(w.points, 2);
	rig_free();
}
END_TEST

START_TEST(a_device_unknown_to_ovoc_is_not_registered)
{
	rig_new(true);
	registers();
	rule_answered(FAIL_FINAL);
	ck_assert_str_eq(then(), "503 REGISTER 1;");
	ck_assert_str_eq(captures(), "404 CAPTURE 1;");
	registers();
	ck_assert_uint_eq(w.points, 2);
	rig_free();
}
END_TEST

START_TEST(without_rules_registering_is_answered_at_once)
{
	rig_new(false);
	ck_assert_str_eq(registers(), "100 REGISTER 1;200 REGISTER 1;");
	rig_free();
}
END_TEST

START_TEST(a_running_capture_survives_a_failed_register)
{
	rig_new(true);
	registers();
	rule_answered(FAIL_NONE);
	captures();
	capture_began();
	loop_run_for(w.lp, 61000);
	registers();
	rule_answered(FAIL_UNREACHABLE);
	then();
	ck_assert_str_eq(stops(FILE_Z), "100 STOP 1;");
	rig_free();
}
END_TEST

/* --- who may ask --- */

START_TEST(nothing_is_done_before_a_register)
{
	rig_new(false);
	ck_assert_str_eq(captures(), "404 CAPTURE 1;");
	ck_assert_str_eq(verifies(), "404 VERIFY 1;");
	ck_assert_str_eq(stops(FILE_Z), "404 STOP 1;");
	rig_free();
}
END_TEST

START_TEST(another_campaign_is_refused_while_a_capture_runs)
{
	rig_capturing();
	ck_assert_str_eq(asks(2, REQUEST_REGISTER, ""), "503 REGISTER 2;");
	ck_assert_str_eq(asks(2, REQUEST_CAPTURE, ""), "503 CAPTURE 2;");
	ck_assert_str_eq(asks(2, REQUEST_VERIFY, ""), "503 VERIFY 2;");
	ck_assert_str_eq(asks(2, REQUEST_STOP, FILE_Z), "503 STOP 2;");
	ck_assert(!w.capture->stopped);
	rig_free();
}
END_TEST

START_TEST(another_campaign_may_take_an_idle_device)
{
	rig_new(false);
	registers();
	ck_assert_str_eq(asks(2, REQUEST_CAPTURE, ""), "404 CAPTURE 2;");
	ck_assert_str_eq(
	    asks(2, REQUEST_REGISTER, ""), "100 REGISTER 2;200 REGISTER 2;");
	ck_assert_str_eq(captures(), "404 CAPTURE 1;");
	ck_assert_str_eq(asks(2, REQUEST_CAPTURE, ""), "100 CAPTURE 2;");
	rig_free();
}
END_TEST

/* --- CAPTURE --- */

START_TEST(a_capture_is_answered_once_tcpdump_captures)
{
	rig_new(false);
	registers();
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	capture_began();
	ck_assert_str_eq(then(), "200 CAPTURE 1;");
	ck_assert_str_eq(captures(), "200 CAPTURE 1;");
	ck_assert_uint_eq(w.captures, 1);
	rig_free();
}
END_TEST

START_TEST(a_capture_that_cannot_begin_is_unavailable_and_may_be_asked_again)
{
	rig_new(false);
	registers();
	captures();
	capture_ended(FAIL_LOCAL);
	ck_assert_str_eq(then(), "503 CAPTURE 1;");
	w.capture_refused = true;
	ck_assert_str_eq(captures(), "100 CAPTURE 1;503 CAPTURE 1;");
	w.capture_refused = false;
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	rig_free();
}
END_TEST

START_TEST(a_capture_after_a_verify_replaces_the_old_one)
{
	rig_capturing();
	verifies();
	probed(true);
	then();
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	ck_assert(w.capture->stopped);
	ck_assert_ptr_null(w.capture->cpe_name);
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	capture_ended(FAIL_NONE);
	ck_assert_uint_eq(w.captures, 2);
	capture_began();
	ck_assert_str_eq(then(), "200 CAPTURE 1;");
	ck_assert_str_eq(captures(), "200 CAPTURE 1;");
	rig_free();
}
END_TEST

START_TEST(a_restarted_campaign_gets_a_new_capture)
{
	rig_capturing();
	loop_run_for(w.lp, 61000);
	registers();
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	ck_assert(w.capture->stopped);
	rig_free();
}
END_TEST

START_TEST(a_late_copy_of_register_does_not_end_the_capture)
{
	rig_capturing();
	registers();
	ck_assert_str_eq(captures(), "200 CAPTURE 1;");
	ck_assert(!w.capture->stopped);
	rig_free();
}
END_TEST

/* --- VERIFY --- */

START_TEST(verify_traffic_is_sent_once_within_two_minutes)
{
	rig_capturing();
	ck_assert_str_eq(verifies(), "100 VERIFY 1;");
	ck_assert_str_eq(verifies(), "100 VERIFY 1;");
	probed(false);
	ck_assert_str_eq(then(), "430 VERIFY 1;");
	loop_run_for(w.lp, 119000);
	ck_assert_str_eq(verifies(), "430 VERIFY 1;");
	ck_assert_uint_eq(w.probings, 1);
	loop_run_for(w.lp, 2000);
	ck_assert_str_eq(verifies(), "100 VERIFY 1;");
	probed(true);
	ck_assert_str_eq(then(), "200 VERIFY 1;");
	rig_free();
}
END_TEST

START_TEST(the_next_event_has_its_own_verify)
{
	rig_capturing();
	verifies();
	probed(true);
	stops(FILE_Z);
	capture_ended(FAIL_NONE);
	registers();
	captures();
	capture_began();
	ck_assert_str_eq(verifies(), "100 VERIFY 1;");
	ck_assert_uint_eq(w.probings, 2);
	rig_free();
}
END_TEST

/* --- STOP --- */

START_TEST(a_stop_is_answered_once_the_files_are_named)
{
	rig_capturing();
	ck_assert_str_eq(stops(FILE_Z), "100 STOP 1;");
	ck_assert_str_eq(w.capture->cpe_name, FILE_Z);
	ck_assert_str_eq(stops(FILE_Z), "100 STOP 1;");
	ck_assert_str_eq(stops(FILE_2), "503 STOP 1;");
	capture_ended(FAIL_NONE);
	ck_assert_str_eq(then(), "200 STOP 1;");
	ck_assert_str_eq(stops(FILE_Z), "200 STOP 1;");
	rig_free();
}
END_TEST

START_TEST(a_stop_that_failed_fails_again)
{
	rig_capturing();
	stops(FILE_Z);
	capture_ended(FAIL_LOCAL);
	ck_assert_str_eq(then(), "503 STOP 1;");
	ck_assert_str_eq(stops(FILE_Z), "503 STOP 1;");
	rig_free();
}
END_TEST

START_TEST(a_late_copy_of_stop_does_not_end_the_next_capture)
{
	rig_capturing();
	stops(FILE_Z);
	capture_ended(FAIL_NONE);
	registers();
	captures();
	capture_began();
	then();
	ck_assert_str_eq(stops(FILE_Z), "200 STOP 1;");
	ck_assert(!w.capture->stopped);
	ck_assert_str_eq(stops(FILE_2), "100 STOP 1;");
	rig_free();
}
END_TEST

START_TEST(a_stop_without_a_capture_is_unavailable)
{
	rig_new(false);
	registers();
	ck_assert_str_eq(stops(FILE_Z), "503 STOP 1;");
	rig_free();
}
END_TEST

START_TEST(a_stop_may_overtake_the_start)
{
	rig_new(false);
	registers();
	captures();
	ck_assert_str_eq(stops(FILE_Z), "100 STOP 1;");
	capture_began();
	ck_assert_str_eq(then(), "");
	capture_ended(FAIL_LOCAL);
	ck_assert_str_eq(then(), "503 STOP 1;");
	rig_free();
}
END_TEST

START_TEST(after_a_stop_a_capture_needs_a_register)
{
	rig_capturing();
	stops(FILE_Z);
	ck_assert_str_eq(captures(), "404 CAPTURE 1;");
	capture_ended(FAIL_NONE);
	ck_assert_str_eq(captures(), "404 CAPTURE 1;");
	ck_assert_str_eq(registers(), "100 REGISTER 1;200 REGISTER 1;");
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	rig_free();
}
END_TEST

START_TEST(a_campaign_of_1_0_captures_again_without_a_register)
{
	rig_capturing();
	stops(FILE_1);
	capture_ended(FAIL_NONE);
	then();
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	ck_assert_uint_eq(w.captures, 2);
	rig_free();
}
END_TEST

/* --- the end --- */

START_TEST(an_idle_device_loses_its_rule_and_is_forgotten)
{
	rig_new(true);
	registers();
	rule_answered(FAIL_NONE);
	loop_run_for(w.lp, 7199000);
	ck_assert(!w.rule->removing);
	loop_run_for(w.lp, 2000);
	ck_assert(w.rule->removing);
	rule_answered(FAIL_NONE);
	loop_run_for(w.lp, 10);
	ck_assert(w.over);
	rig_free();
}
END_TEST

START_TEST(a_running_capture_keeps_the_rule)
{
	rig_new(true);
	registers();
	rule_answered(FAIL_NONE);
	captures();
	capture_began();
	loop_run_for(w.lp, 86400000);
	ck_assert(!w.rule->removing);
	stops(FILE_Z);
	capture_ended(FAIL_NONE);
	loop_run_for(w.lp, 7201000);
	ck_assert(w.rule->removing);
	rig_free();
}
END_TEST

START_TEST(a_rule_that_ovoc_keeps_is_deleted_later)
{
	rig_new(true);
	registers();
	rule_answered(FAIL_NONE);
	loop_run_for(w.lp, 7201000);
	rule_answered(FAIL_UNREACHABLE);
	ck_assert_ptr_null(w.rule->done);
	loop_run_for(w.lp, 301000);
	ck_assert_ptr_nonnull(w.rule->done);
	rule_answered(FAIL_NONE);
	loop_run_for(w.lp, 10);
	ck_assert(w.over);
	rig_free();
}
END_TEST

START_TEST(a_register_during_the_deletion_keeps_the_device)
{
	rig_new(true);
	registers();
	rule_answered(FAIL_NONE);
	loop_run_for(w.lp, 7201000);
	ck_assert_str_eq(registers(), "100 REGISTER 1;");
	rule_answered(FAIL_NONE);
	ck_assert_str_eq(then(), "200 REGISTER 1;");
	loop_run_for(w.lp, 1000);
	ck_assert(!w.over);
	rig_free();
}
END_TEST

START_TEST(an_end_keeps_the_capture_as_aborted_then_deletes_the_rule)
{
	rig_new(true);
	registers();
	rule_answered(FAIL_NONE);
	captures();
	capture_began();
	session_end(w.session);
	ck_assert(w.capture->stopped);
	ck_assert_ptr_null(w.capture->cpe_name);
	ck_assert(!w.rule->removing);
	capture_ended(FAIL_NONE);
	ck_assert(w.rule->removing);
	ck_assert(!w.over);
	rule_answered(FAIL_NONE);
	loop_run_for(w.lp, 10);
	ck_assert(w.over);
	rig_free();
}
END_TEST

START_TEST(an_end_lets_a_stop_finish)
{
	rig_capturing();
	stops(FILE_Z);
	session_end(w.session);
	ck_assert_str_eq(w.capture->cpe_name, FILE_Z);
	capture_ended(FAIL_NONE);
	ck_assert_str_eq(then(), "200 STOP 1;");
	loop_run_for(w.lp, 10);
	ck_assert(w.over);
	rig_free();
}
END_TEST

/* --- the agent is started again --- */

/* The agent is killed and another one takes over, `pause` ms later. */
static void
rig_restart(int64_t pause)
{
	struct device_state was;
	ck_assert(session_save(w.session, &was));
	session_free(w.session);
	w.parking = false;
	w.over = false;
	loop_run_for(w.lp, pause);
	w.session = session_restore(&w.env, &was);
}

START_TEST(a_capture_goes_on_under_its_device_and_owner)
{
	rig_capturing();
	rig_restart(5000);
	ck_assert_uint_eq(w.captures, 2);
	ck_assert_str_eq(asks(2, REQUEST_STOP, FILE_Z), "503 STOP 2;");
	capture_began();
	ck_assert_str_eq(then(), "");
	ck_assert_str_eq(captures(), "200 CAPTURE 1;");
	ck_assert_str_eq(stops(FILE_Z), "100 STOP 1;");
	ck_assert_str_eq(w.capture->cpe_name, FILE_Z);
	capture_ended(FAIL_NONE);
	ck_assert_str_eq(then(), "200 STOP 1;");
	rig_free();
}
END_TEST

START_TEST(one_that_does_not_capture_yet_answers_when_it_does)
{
	rig_capturing();
	rig_restart(5000);
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	capture_began();
	ck_assert_str_eq(then(), "200 CAPTURE 1;");
	rig_free();
}
END_TEST

START_TEST(a_verify_before_the_kill_is_remembered)
{
	rig_capturing();
	verifies();
	probed(false);
	then();
	rig_restart(60000);
	ck_assert_str_eq(verifies(), "430 VERIFY 1;");
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	ck_assert(w.capture->stopped);
	capture_ended(FAIL_NONE);
	ck_assert_uint_eq(w.captures, 3);
	rig_free();
}
END_TEST

START_TEST(a_stop_before_the_kill_is_remembered)
{
	rig_capturing();
	stops(FILE_Z);
	capture_ended(FAIL_NONE);
	then();
	rig_restart(600000);
	ck_assert_ptr_null(w.capture);
	ck_assert_str_eq(stops(FILE_Z), "200 STOP 1;");
	ck_assert_str_eq(captures(), "404 CAPTURE 1;");
	rig_free();
}
END_TEST

START_TEST(a_rule_before_the_kill_is_remembered)
{
	rig_new(true);
	registers();
	rule_answered(FAIL_NONE);
	rig_restart(1000);
	ck_assert(w.rule_was.exists);
	ck_assert_int_eq(w.rule_was.id, 7);
	registers();
	ck_assert_uint_eq(w.points, 1);
	loop_run_for(w.lp, 7201000);
	ck_assert(w.rule->removing);
	rig_free();
}
END_TEST

START_TEST(a_capture_whose_folder_is_gone_may_be_asked_for_again)
{
	rig_capturing();
	w.folder_gone = true;
	rig_restart(1000);
	ck_assert(!session_capturing(w.session));
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	rig_free();
}
END_TEST

START_TEST(every_change_that_matters_is_told)
{
	rig_new(false);
	registers();
	ck_assert_uint_eq(w.changes, 1);
	captures();
	capture_began();
	ck_assert_uint_eq(w.changes, 2);
	verifies();
	probed(true);
	ck_assert_uint_eq(w.changes, 3);
	stops(FILE_Z);
	capture_ended(FAIL_NONE);
	ck_assert_uint_eq(w.changes, 4);
	rig_free();
}
END_TEST

START_TEST(an_end_that_parks_keeps_capture_and_rule)
{
	rig_new(true);
	registers();
	rule_answered(FAIL_NONE);
	captures();
	capture_began();
	w.parking = true;
	ck_assert(session_capturing(w.session));
	session_park(w.session);
	ck_assert(w.capture->parked);
	ck_assert(!w.over);
	capture_ended(FAIL_NONE);
	loop_run_for(w.lp, 10);
	ck_assert(w.over);
	ck_assert(!w.rule->removing);
	rig_restart(1000);
	ck_assert_ptr_nonnull(w.capture);
	rig_free();
}
END_TEST

START_TEST(an_idle_device_is_parked_at_once)
{
	rig_new(false);
	registers();
	w.parking = true;
	session_park(w.session);
	loop_run_for(w.lp, 10);
	ck_assert(w.over);
	rig_restart(10);
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	rig_free();
}
END_TEST

UNIT_MAIN("session", registering_makes_the_rule_and_then_answers,
    alarms_go_to_the_configured_destination,
    a_repeat_within_a_minute_does_not_ask_ovoc,
    a_device_unknown_to_ovoc_is_not_registered,
    without_rules_registering_is_answered_at_once,
    a_running_capture_survives_a_failed_register,
    nothing_is_done_before_a_register,
    another_campaign_is_refused_while_a_capture_runs,
    another_campaign_may_take_an_idle_device,
    a_capture_is_answered_once_tcpdump_captures,
    a_capture_that_cannot_begin_is_unavailable_and_may_be_asked_again,
    a_capture_after_a_verify_replaces_the_old_one,
    a_restarted_campaign_gets_a_new_capture,
    a_late_copy_of_register_does_not_end_the_capture,
    verify_traffic_is_sent_once_within_two_minutes,
    the_next_event_has_its_own_verify,
    a_stop_is_answered_once_the_files_are_named, a_stop_that_failed_fails_again,
    a_late_copy_of_stop_does_not_end_the_next_capture,
    a_stop_without_a_capture_is_unavailable, a_stop_may_overtake_the_start,
    after_a_stop_a_capture_needs_a_register,
    a_campaign_of_1_0_captures_again_without_a_register,
    an_idle_device_loses_its_rule_and_is_forgotten,
    a_running_capture_keeps_the_rule, a_rule_that_ovoc_keeps_is_deleted_later,
    a_register_during_the_deletion_keeps_the_device,
    an_end_keeps_the_capture_as_aborted_then_deletes_the_rule,
    an_end_lets_a_stop_finish, a_capture_goes_on_under_its_device_and_owner,
    one_that_does_not_capture_yet_answers_when_it_does,
    a_verify_before_the_kill_is_remembered,
    a_stop_before_the_kill_is_remembered, a_rule_before_the_kill_is_remembered,
    a_capture_whose_folder_is_gone_may_be_asked_for_again,
    every_change_that_matters_is_told, an_end_that_parks_keeps_capture_and_rule,
    an_idle_device_is_parked_at_once)
