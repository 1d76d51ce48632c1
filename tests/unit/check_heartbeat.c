/* check_heartbeat.c - light probes to a device that waits. */
#include "device/heartbeat.h"

#include <string.h>

#include "rig/bench.h"

#define BEATS "verify = { heartbeat = \"10s\"; };"

static struct {
	struct bench *b;
	struct heartbeat beats;
	int told, silent;
	bool alone;
} it;

static void
on_beat(void *arg, int silent, bool alone)
{
	ck_assert_ptr_eq(arg, &it);
	it.told++;
	it.silent = silent;
	it.alone = alone;
}

static void
make(const char *settings)
{
	memset(&it, 0, sizeof(it));
	it.b = bench_new(1, settings);
	heartbeat_init(&it.beats, &it.b->ledger, on_beat, &it);
}

static void
start(void)
{
	heartbeat_start(&it.beats, &it.b->device->addr);
}

static void
done(void)
{
	heartbeat_clear(&it.beats);
	bench_free(it.b);
}

START_TEST(it_ends_before_the_next_and_lost_ones_need_one)
{
	struct conf_rig *r;

	conf_rig_wrong_also("verify = { heartbeat = \"2s\";\n timeout = 2; };",
	    "b.conf:1: verify.heartbeat: a beat would not have its end before",
	    "more than verify.timeout, or 0");
	conf_rig_wrong_also("trigger = { heartbeat_lost = 3; };",
	    "b.conf:1: trigger.heartbeat_lost: there is no heartbeat",
	    "set verify.heartbeat");
	r = conf_rig_with(CONF_RIG_WHOLE);
	conf_rig_file(r, "b.conf",
	    "verify = { heartbeat = \"10s\"; };"
	    "trigger = { heartbeat_lost = 3; };");
	ck_assert_int_eq(conf_rig_right(r)->verify.heartbeat, 10000);
	ck_assert_int_eq(conf_rig_right(r)->trigger.heartbeat_lost, 3);
	ck_assert_ptr_nonnull(
	    strstr(strbuf_text(&r->m.warnings), "with one device"));
	conf_rig_free(r);
}
END_TEST

START_TEST(without_the_key_none_is_sent)
{
	make("");
	start();
	bench_goes_on(it.b, 3600000);
	ck_assert_int_eq(it.b->device->beats, 0);
	done();
}
END_TEST

START_TEST(one_goes_out_in_each_period_and_is_told)
{
	make(BEATS);
	start();
	bench_goes_on(it.b, 100500);
	ck_assert_int_eq(it.b->device->beats, 11);
	ck_assert_int_eq(it.told, 10);
	ck_assert_int_eq(it.silent, 0);
	it.b->device->beats_silent = true;
	bench_goes_on(it.b, 40000);
	ck_assert_int_eq(it.silent, 4);
	ck_assert(!it.alone); /* it is the only device that waits */
	it.b->device->beats_silent = false;
	bench_goes_on(it.b, 10000);
	ck_assert_int_eq(it.silent, 0);
	done();
}
END_TEST

START_TEST(the_last_hundred_are_kept_until_the_next_wait)
{
	make(BEATS);
	start();
	bench_goes_on(it.b, 1501500);
	ck_assert_int_eq(it.told, 151);
	ck_assert_uint_eq(beats_count(&it.beats.kept), BEATS_KEPT);
	for (size_t i = 1; i < BEATS_KEPT; i++) {
		const struct beat *b = beats_at(&it.beats.kept, i);

		ck_assert_int_eq(
		    b->began_us - beats_at(&it.beats.kept, i - 1)->began_us,
		    10000000);
		ck_assert_int_eq(b->probe[VERIFY_TCP].fate, VERIFY_ANSWERED);
	}
	heartbeat_stop(&it.beats);
	bench_goes_on(it.b, 60000);
	ck_assert_int_eq(it.told, 151);
	ck_assert_uint_eq(beats_count(&it.beats.kept), BEATS_KEPT);
	start();
	ck_assert_uint_eq(beats_count(&it.beats.kept), 0);
	done();
}
END_TEST

START_TEST(a_beat_waits_for_nobody_and_nobody_for_a_beat)
{
	struct ticket probes = {0};

	make(BEATS); /* the gate has one place */
	start();
	ck_assert(gate_try(it.b->tools.verify_gate, &probes));
	bench_goes_on(it.b, 30000);
	ck_assert_int_eq(it.b->device->beats, 0);
	gate_leave(&probes);
	bench_goes_on(it.b, 20000);
	ck_assert_int_eq(it.b->device->beats, 2);
	ck_assert_int_eq(it.told, 2);
	done();
}
END_TEST

START_TEST(what_this_host_could_not_send_says_nothing)
{
	make("verify = { heartbeat = \"10s\"; tcp = false; snmp = false; };");
	it.b->device->no_icmp = true;
	start();
	bench_goes_on(it.b, 60000);
	ck_assert_int_gt(it.b->device->beats, 3);
	ck_assert_int_eq(it.told, 0);
	ck_assert_uint_eq(beats_count(&it.beats.kept), 0);
	done();
}
END_TEST

START_TEST(one_under_way_is_forgotten_at_a_stop)
{
	make(BEATS);
	start();
	while (it.b->device->beats == 0)
		bench_goes_on(it.b, 10);
	heartbeat_stop(&it.beats);
	bench_goes_on(it.b, 60000);
	ck_assert_int_eq(it.told, 0);
	ck_assert_int_eq(it.b->device->beats, 1);
	done();
}
END_TEST

UNIT_MAIN("heartbeat", it_ends_before_the_next_and_lost_ones_need_one,
    without_the_key_none_is_sent, one_goes_out_in_each_period_and_is_told,
    the_last_hundred_are_kept_until_the_next_wait,
    a_beat_waits_for_nobody_and_nobody_for_a_beat,
    what_this_host_could_not_send_says_nothing,
    one_under_way_is_forgotten_at_a_stop)
