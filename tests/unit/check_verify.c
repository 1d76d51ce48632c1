/* check_verify.c - verify/ against loopback: all three kinds. */
#include "verify/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "local.h"
#include "snmpd_rig.h"
#include "unit.h"

#define INTERVAL 20

struct rig {
	struct loop *lp;
	struct verifier *verifier;
	struct verify_plan plan;
	struct addr to;
	int listener; /* TCP */
	int runs;
	struct verify_result *result;
	char text[512];
};

static void
rig_open(struct rig *r, const char *user)
{
	struct fail why;

	memset(r, 0, sizeof(*r));
	r->lp = unit_loop();
	r->verifier = verifier_new(r->lp, user, SNMPD_AUTH, SNMPD_PRIV, &why);
	ck_assert_ptr_nonnull(r->verifier);
	r->to = local_addr("127.0.0.1");
	r->plan.count = 10;
	r->plan.interval_ms = INTERVAL;
	r->plan.timeout_ms = 1000;
	r->plan.snmp_port = 1;
	r->listener = local_listen("127.0.0.1", 4096, &r->plan.tcp_port);
}

static void
rig_close(struct rig *r)
{
	verifier_free(r->verifier);
	free(r->result);
	close(r->listener);
	unit_loop_free(r->lp);
}

static void
on_done(void *arg, const struct verify_result *result)
{
	struct rig *r = arg;

	r->runs++;
	free(r->result);
	r->result = verify_result_copy(result);
}

static void
rig_run(struct rig *r)
{
	int before = r->runs;

	verify_start(r->verifier, &r->to, &r->plan, on_done, r);
	ck_assert_int_eq(r->runs, before);
	while (r->runs == before)
		loop_run_for(r->lp, 5);
}

static const char *
words(struct rig *r, enum verify_kind kind)
{
	struct strbuf b = STRBUF_INIT;

	verify_describe(&r->result->kind[kind], &b);
	snprintf(r->text, sizeof(r->text), "%s", strbuf_text(&b));
	strbuf_free(&b);
	return r->text;
}

/* Each can be found again in a capture: when, and by what. */
static void
traces_are_whole(enum verify_kind k, const struct verify_count *c)
{
	for (int i = 0; i < c->sent; i++) {
		const struct verify_probe *t = &c->probe[i];

		ck_assert_int_ge(t->sent_us, (i * INTERVAL - 1) * 1000);
		ck_assert_int_ge(t->took_us, 0);
		ck_assert(k != VERIFY_ICMP || t->seq == i + 1);
		ck_assert(k != VERIFY_ICMP || t->id != 0);
		ck_assert(k == VERIFY_ICMP || t->port != 0);
		ck_assert(k != VERIFY_SNMP || t->id != 0);
		ck_assert(
		    k != VERIFY_SNMP || i == 0 || t->id != c->probe[i - 1].id);
	}
}

START_TEST(all_three_kinds_are_answered_side_by_side)
{
	struct snmpd_rig d;
	int64_t start;
	struct rig r;

	if (!snmpd_rig_open(&d))
		return;
	rig_open(&r, SNMPD_USER);
	r.plan.snmp_port = d.port;
	r.plan.on[VERIFY_SNMP] = true;
	/* until snmpd is there */
	for (int i = 0; i < 50; i++) {
		rig_run(&r);
		if (verify_all_answered(r.result))
			break;
	}
	r.plan.on[VERIFY_ICMP] = r.plan.on[VERIFY_TCP] = true;
	start = clock_mono_ms();
	rig_run(&r);
	ck_assert_int_ge(clock_mono_ms() - start, 9 * INTERVAL - 1);
	ck_assert_int_lt(clock_mono_ms() - start, 9 * INTERVAL + 500);
	ck_assert(verify_all_answered(r.result));
	ck_assert_str_eq(words(&r, VERIFY_SNMP), "10 of 10 answered");
	ck_assert_str_eq(words(&r, VERIFY_TCP), "10 of 10 answered");
	if (r.result->kind[VERIFY_ICMP].impossible)
		printf("skipped: ICMP: %s\n", words(&r, VERIFY_ICMP));
	else
		ck_assert_str_eq(words(&r, VERIFY_ICMP), "10 of 10 answered");
	for (int k = 0; k < VERIFY_KINDS; k++) {
		struct verify_count *c = &r.result->kind[k];

		if (c->impossible)
			continue;
		ck_assert_int_ge(c->took_ms, 9 * INTERVAL - 1);
		traces_are_whole((enum verify_kind)k, c);
	}
	rig_close(&r);
	snmpd_rig_close(&d);
}
END_TEST

START_TEST(a_refused_connection_counts_as_answered)
{
	struct rig r;

	rig_open(&r, NULL);
	r.plan.on[VERIFY_TCP] = true;
	r.plan.tcp_port = 1;
	rig_run(&r);
	ck_assert(verify_all_answered(r.result));
	ck_assert_str_eq(
	    words(&r, VERIFY_TCP), "10 of 10 answered (connection refused)");
	ck_assert_str_eq(words(&r, VERIFY_ICMP), "off");
	rig_close(&r);
}
END_TEST

START_TEST(a_silent_snmp_port_loses_all_and_the_others_go_on)
{
	struct rig r;

	rig_open(&r, SNMPD_USER);
	r.plan.on[VERIFY_TCP] = r.plan.on[VERIFY_SNMP] = true;
	r.plan.timeout_ms = 50;
	rig_run(&r);
	ck_assert(!verify_all_answered(r.result));
	ck_assert_str_eq(words(&r, VERIFY_TCP), "10 of 10 answered");
	ck_assert_str_eq(words(&r, VERIFY_SNMP),
	    "0 of 10 answered, lost all (port unreachable)");
	rig_close(&r);
}
END_TEST

START_TEST(without_a_user_snmp_is_not_possible_and_ends_at_once)
{
	int64_t start;
	struct rig r;

	rig_open(&r, NULL);
	r.plan.on[VERIFY_SNMP] = true;
	r.plan.interval_ms = 60000;
	start = clock_mono_ms();
	rig_run(&r);
	ck_assert_int_lt(clock_mono_ms() - start, 500);
	ck_assert(!verify_all_answered(r.result));
	ck_assert_str_eq(
	    words(&r, VERIFY_SNMP), "not possible: no SNMP user is configured");
	rig_close(&r);
}
END_TEST

START_TEST(the_first_echo_leaves_inside_the_start)
{
	struct verify *f;
	struct rig r;

	rig_open(&r, NULL);
	for (int k = 0; k < VERIFY_KINDS; k++)
		r.plan.on[k] = true;
	f = verify_start(r.verifier, &r.to, &r.plan, on_done, &r);
	ck_assert_int_eq(verify_so_far(f)->kind[VERIFY_ICMP].sent, 1);
	ck_assert_int_eq(verify_so_far(f)->kind[VERIFY_TCP].sent, 0);
	loop_run_for(r.lp, INTERVAL * 2);
	ck_assert_int_ge(verify_so_far(f)->kind[VERIFY_TCP].sent, 2);
	ck_assert_int_lt(verify_so_far(f)->kind[VERIFY_TCP].sent, 10);
	verify_cancel(f);
	verify_cancel(NULL);
	loop_run_for(r.lp, INTERVAL * 2);
	ck_assert_int_eq(r.runs, 0);
	rig_close(&r);
}
END_TEST

START_TEST(hundreds_at_once_are_all_told)
{
	const int n = 300;
	struct rig r;

	rig_open(&r, SNMPD_USER);
	for (int k = 0; k < VERIFY_KINDS; k++)
		r.plan.on[k] = true;
	r.plan.count = 2;
	r.plan.timeout_ms = 500;
	for (int i = 0; i < n; i++) {
		char text[32];

		snprintf(text, sizeof(text), "127.0.%d.%d", i / 250 + 1,
		    i % 250 + 1);
		r.to = local_addr(text);
		verify_start(r.verifier, &r.to, &r.plan, on_done, &r);
	}
	while (r.runs < n)
		loop_run_for(r.lp, 5);
	ck_assert_int_eq(r.runs, n);
	rig_close(&r);
}
END_TEST

START_TEST(a_burst_is_spread_over_turns_of_the_loop)
{
	struct verify *all[120];
	const int n = 120;
	int begun = 0;
	struct rig r;

	rig_open(&r, NULL);
	r.plan.on[VERIFY_TCP] = true;
	r.plan.interval_ms = 60000;
	for (int i = 0; i < n; i++)
		all[i] = verify_start(r.verifier, &r.to, &r.plan, on_done, &r);
	loop_run_for(r.lp, 0);
	for (int i = 0; i < n; i++)
		begun += verify_so_far(all[i])->kind[VERIFY_TCP].sent;
	ck_assert_int_gt(begun, 0);
	ck_assert_int_lt(begun, n);
	for (int i = 0; i < 10; i++)
		loop_run_for(r.lp, 5);
	for (int i = 0; i < n; i++) {
		ck_assert_int_eq(
		    verify_so_far(all[i])->kind[VERIFY_TCP].sent, 1);
		verify_cancel(all[i]);
	}
	rig_close(&r);
}
END_TEST

START_TEST(refused_keys_make_no_verifier)
{
	struct loop *lp = unit_loop();
	struct fail why = {0};

	ck_assert_ptr_null(verifier_new(lp, "u", "short", SNMPD_PRIV, &why));
	ck_assert_str_ne(why.text, "");
	unit_loop_free(lp);
}
END_TEST

UNIT_MAIN("verify", all_three_kinds_are_answered_side_by_side,
    a_refused_connection_counts_as_answered,
    a_silent_snmp_port_loses_all_and_the_others_go_on,
    without_a_user_snmp_is_not_possible_and_ends_at_once,
    the_first_echo_leaves_inside_the_start, hundreds_at_once_are_all_told,
    a_burst_is_spread_over_turns_of_the_loop, refused_keys_make_no_verifier)
