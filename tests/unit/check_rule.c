/* check_rule.c - the chain of requests that keeps a forwarding rule.
 *
 * OVOC is played here: ovoc_ask() and ovoc_cancel() take the place of
 * agent/ovoc at link time.
 */
#include "agent/rule.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "base/xmem.h"
#include "unit.h"
#include "wire/peer_words.h"

#define DEVICE "192.0.2.10"

struct ovoc_call {
	rest_done *done;
	void *arg;
};

static struct world {
	struct ovoc_call call;
	char asked[200]; /* "METHOD path" of the outstanding request, or "" */
	char json[1000];
	struct loop *lp;
	struct complaints *complaints;
	struct rule *rule;
	int runs;
	struct fail why;
} w;

struct ovoc_call *
ovoc_ask(struct ovoc *o, const char *method, char *path, char *json,
    rest_done *done, void *arg)
{
	(void)o;
	ck_assert_str_eq(w.asked, "");
	/* The filters are wire/ovoc_rule's, and tested there. */
	path[strcspn(path, "?")] = '\0';
	snprintf(w.asked, sizeof(w.asked), "%s %s", method, path);
	str_copy(w.json, sizeof(w.json), json ? json : "");
	free(path);
	free(json);
	w.call.done = done;
	w.call.arg = arg;
	return &w.call;
}

void
ovoc_cancel(struct ovoc_call *c)
{
	if (c != NULL)
		w.asked[0] = '\0';
}

void
ovoc_words(
    const struct ovoc *o, const struct rest_answer *a, char *to, size_t size)
{
	(void)o;
	peer_words_body(a->body, a->len, NULL, to, size);
}

static void
ovoc_says(int status, const char *body)
{
	struct rest_answer a = {
	    .status = status, .body = body, .len = strlen(body)};
	w.asked[0] = '\0';
	w.call.done(w.call.arg, &a);
}

static void
ovoc_is_silent(enum fail_kind kind)
{
	struct rest_answer a = {.status = 0, .body = ""};
	fail_set(&a.fail, kind, "no answer");
	w.asked[0] = '\0';
	w.call.done(w.call.arg, &a);
}

static void
on_done(void *arg, const struct fail *why)
{
	(void)arg;
	w.runs++;
	w.why = *why;
}

static void
rig_new(void)
{
	memset(&w, 0, sizeof(w));
	unit_log_keep(LOGGING_NOTICE);
	w.lp = unit_loop_virtual(0);
	w.complaints = complaints_new(w.lp);
	w.rule = rule_new(w.lp, NULL, w.complaints, DEVICE);
}

static void
rig_free(void)
{
	rule_free(w.rule);
	complaints_free(w.complaints);
	unit_loop_free(w.lp);
}

/* One line since the last time, which ends so; NULL: none. */
static void
is_logged(const char *end)
{
	const char *said = unit_logged();
	size_t n = strlen(said), m = end != NULL ? strlen(end) : 0;

	if (end == NULL)
		ck_assert_str_eq(said, "");
	else
		ck_assert_msg(strchr(said, '\n') == said + n - 1 && n > m &&
				  strncmp(said + n - m - 1, end, m) == 0,
		    "%s", said);
}

static void
point_at(const char *destination, uint16_t port)
{
	struct addr by;

	ck_assert(addr_parse(&by, "198.51.100.1"));
	rule_point(w.rule, &by, destination, port, on_done, NULL);
}

static void
point(void)
{
	point_at("198.51.100.1", 20001);
}

/* A rig whose rule has number 12 in OVOC. */
static void
rig_with_rule(void)
{
	rig_new();
	point();
	ovoc_says(200, "{\"devices\":[{\"id\":7}]}");
	ovoc_says(204, "");
	ovoc_says(201, "{\"id\":12}");
	ck_assert_int_eq(w.runs, 1);
	ck_assert_int_eq(w.why.kind, FAIL_NONE);
	unit_logged();
}

START_TEST(a_missing_rule_is_made)
{
	rig_new();
	point();
	ck_assert_str_eq(w.asked, "GET /ovoc/v1/topology/devices");
	ovoc_says(200, "{\"devices\":[{\"id\":7}]}");
	ck_assert_str_eq(w.asked, "GET /ovoc/v1/alarms/fwdRules");
	ovoc_says(404, "");
	ck_assert_str_eq(w.asked, "POST /ovoc/v1/alarms/fwdRules");
	ck_assert_ptr_nonnull(strstr(w.json, "\"198.51.100.1\""));
	ck_assert_ptr_nonnull(strstr(w.json, "20001"));
	ck_assert_ptr_nonnull(strstr(w.json, "[7]"));
	ck_assert_int_eq(w.runs, 0);
	ovoc_says(201, "{\"id\":12}");
	is_logged(" notice " DEVICE " rule: made, id 12: a REGISTER wants its "
		  "alarms at 198.51.100.1 port 20001");
	ck_assert_int_eq(w.runs, 1);
	ck_assert_int_eq(w.why.kind, FAIL_NONE);
	ck_assert(rule_exists(w.rule));
	rig_free();
}
END_TEST

START_TEST(a_rule_that_is_there_is_updated)
{
	rig_new();
	point();
	ovoc_says(200, "{\"devices\":[{\"id\":7}]}");
	ovoc_says(200, "{\"fwdRules\":[{\"id\":3}]}");
	ck_assert_str_eq(w.asked, "PUT /ovoc/v1/alarms/fwdRules/3");
	ck_assert_ptr_nonnull(strstr(w.json, "\"198.51.100.1\""));
	ovoc_says(200, "{}");
	is_logged(" rule: changed, id 3: a REGISTER wants its alarms at "
		  "198.51.100.1 port 20001");
	ck_assert_int_eq(w.why.kind, FAIL_NONE);
	ck_assert(rule_exists(w.rule));
	rig_free();
}
END_TEST

/* The rule of number 12 is found there and updated. */
static void
is_updated(void)
{
	ovoc_says(200, "{\"devices\":[{\"id\":7}]}");
	ovoc_says(200, "{\"fwdRules\":[{\"id\":12}]}");
	ovoc_says(200, "{}");
}

START_TEST(one_that_points_there_already_is_not_called_changed)
{
	rig_with_rule();
	point();
	is_updated();
	is_logged(NULL);
	point_at("198.51.100.1", 20002);
	is_updated();
	is_logged(" rule: changed, id 12: a REGISTER wants its alarms at "
		  "198.51.100.1 port 20002");
	rig_free();
}
END_TEST

START_TEST(a_host_that_has_it_changed_all_the_time_is_told_of_four_times)
{
	unsigned lines = 0;

	rig_with_rule();
	for (int i = 0; i < 150; i++) {
		point_at("198.51.100.1", (uint16_t)(30000 + i));
		is_updated();
	}
	for (const char *at = unit_logged(); (at = strchr(at, '\n')); at++)
		lines++;
	ck_assert_uint_eq(lines, 4);
	loop_run_for(w.lp, 3600000);
	point();
	is_updated();
	is_logged("(and 146 more like it since the last line)");
	rig_free();
}
END_TEST

START_TEST(a_rule_that_vanished_before_its_update_is_made)
{
	rig_new();
	point();
	ovoc_says(200, "{\"devices\":[{\"id\":7}]}");
	ovoc_says(200, "{\"fwdRules\":[{\"id\":3}]}");
	ovoc_says(404, "");
	ck_assert_str_eq(w.asked, "POST /ovoc/v1/alarms/fwdRules");
	rig_free();
}
END_TEST

START_TEST(a_device_that_ovoc_does_not_manage_is_final)
{
	rig_new();
	point();
	ovoc_says(204, "");
	ck_assert_int_eq(w.why.kind, FAIL_FINAL);
	ck_assert_ptr_nonnull(strstr(w.why.text, DEVICE));
	ck_assert_str_eq(w.asked, "");
	ck_assert(!rule_exists(w.rule));
	is_logged(NULL);
	rig_free();
}
END_TEST

START_TEST(what_ovoc_answers_decides_the_kind_of_failure)
{
	static const struct {
		int status;
		const char *body;
		enum fail_kind kind;
	} cases[] = {
	    {401, "", FAIL_AUTH},
	    {403, "", FAIL_AUTH},
	    {500, "", FAIL_TRANSIENT},
	    {200, "<html>", FAIL_TRANSIENT},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		rig_new();
		point();
		ovoc_says(cases[i].status, cases[i].body);
		ck_assert_int_eq(w.runs, 1);
		ck_assert_int_eq(w.why.kind, cases[i].kind);
		ck_assert_int_eq(w.why.code, cases[i].status);
		rig_free();
	}
}
END_TEST

START_TEST(ovocs_own_words_stand_in_the_reason)
{
	rig_new();
	point();
	ovoc_says(401, "{\"message\":\"Account\\r\\nlocked\"}");
	ck_assert_str_eq(w.why.text,
	    "OVOC, look up the device: HTTP 401; check ovoc.username, its "
	    "password and that it is at least an Operator: Account locked");
	rig_free();
	rig_new();
	point();
	ovoc_says(500, "<html>Tomcat</html>");
	ck_assert_str_eq(w.why.text,
	    "OVOC, look up the device: HTTP 500: <html>Tomcat</html>");
	rig_free();
}
END_TEST

START_TEST(an_unanswered_post_may_have_made_a_rule)
{
	rig_new();
	point();
	ovoc_says(200, "{\"devices\":[{\"id\":7}]}");
	ovoc_says(204, "");
	ovoc_is_silent(FAIL_TRANSIENT);
	ck_assert_int_eq(w.why.kind, FAIL_TRANSIENT);
	ck_assert(rule_exists(w.rule));
	rule_delete(w.rule, "idle", on_done, NULL);
	ck_assert_str_eq(w.asked, "GET /ovoc/v1/alarms/fwdRules");
	ovoc_says(200, "{\"fwdRules\":[{\"id\":12}]}");
	ck_assert_str_eq(w.asked, "DELETE /ovoc/v1/alarms/fwdRules/12");
	rig_free();
}
END_TEST

START_TEST(a_deleted_rule_is_gone)
{
	rig_with_rule();
	rule_delete(w.rule, "idle", on_done, NULL);
	ck_assert_str_eq(w.asked, "DELETE /ovoc/v1/alarms/fwdRules/12");
	ovoc_says(200, "");
	is_logged(" rule: deleted, id 12: idle");
	ck_assert_int_eq(w.runs, 2);
	ck_assert_int_eq(w.why.kind, FAIL_NONE);
	ck_assert(!rule_exists(w.rule));
	rig_free();
}
END_TEST

START_TEST(deleting_what_is_gone_is_success)
{
	rig_with_rule();
	rule_delete(w.rule, "idle", on_done, NULL);
	ovoc_says(404, "");
	is_logged(" rule: not there any more, id 12: idle");
	ck_assert_int_eq(w.why.kind, FAIL_NONE);
	ck_assert(!rule_exists(w.rule));
	rig_free();
}
END_TEST

START_TEST(a_rule_that_could_not_be_deleted_is_still_there)
{
	rig_with_rule();
	rule_delete(w.rule, "idle", on_done, NULL);
	ovoc_says(500, "{\"description\":\"database is down\"}");
	is_logged(" warning " DEVICE " rule: not deleted, id 12: OVOC, delete "
		  "the rule: HTTP 500: database is down");
	ck_assert_int_eq(w.why.kind, FAIL_TRANSIENT);
	ck_assert(rule_exists(w.rule));
	rig_free();
}
END_TEST

START_TEST(a_new_job_waits_for_the_one_under_way)
{
	rig_with_rule();
	rule_delete(w.rule, "idle", on_done, NULL);
	point();
	ck_assert_str_eq(w.asked, "DELETE /ovoc/v1/alarms/fwdRules/12");
	ovoc_says(200, "");
	ck_assert_str_eq(w.asked, "GET /ovoc/v1/topology/devices");
	ovoc_says(200, "{\"devices\":[{\"id\":7}]}");
	ovoc_says(204, "");
	ovoc_says(201, "{\"id\":13}");
	ck_assert(rule_exists(w.rule));
	rig_free();
}
END_TEST

START_TEST(a_freed_rule_waits_for_nothing)
{
	rig_new();
	point();
	rig_free();
	ck_assert_str_eq(w.asked, "");
	ck_assert_int_eq(w.runs, 0);
}
END_TEST

START_TEST(a_rule_without_a_number_is_told_too)
{
	rig_new();
	point();
	ovoc_says(200, "{\"devices\":[{\"id\":7}]}");
	ovoc_says(204, "");
	ovoc_says(201, "");
	is_logged(" rule: made, its id is not known: a REGISTER wants its "
		  "alarms at 198.51.100.1 port 20001");
	rule_delete(w.rule, "idle", on_done, NULL);
	ovoc_says(204, "");
	is_logged(" rule: not there any more, its id is not known: idle");
	rig_free();
}
END_TEST

UNIT_MAIN("rule", a_rule_without_a_number_is_told_too, a_missing_rule_is_made,
    ovocs_own_words_stand_in_the_reason, a_rule_that_is_there_is_updated,
    one_that_points_there_already_is_not_called_changed,
    a_host_that_has_it_changed_all_the_time_is_told_of_four_times,
    a_rule_that_vanished_before_its_update_is_made,
    a_device_that_ovoc_does_not_manage_is_final,
    what_ovoc_answers_decides_the_kind_of_failure,
    an_unanswered_post_may_have_made_a_rule, a_deleted_rule_is_gone,
    deleting_what_is_gone_is_success,
    a_rule_that_could_not_be_deleted_is_still_there,
    a_new_job_waits_for_the_one_under_way, a_freed_rule_waits_for_nothing)
