/* check_registration.c - whose a device is, and the rule that comes of it. */
#include "agent/registration.h"

#include "session/world.h"
#include "unit.h"

static struct reports {
	int over, removed;
	enum fail_kind kind; /* of the last one */
} told;

static void
on_over(void *arg, const struct fail *why)
{
	ck_assert_ptr_eq(arg, &told);
	told.over++;
	told.kind = why->kind;
}

static void
on_removed(void *arg, const struct fail *why)
{
	ck_assert_ptr_eq(arg, &told);
	told.removed++;
	told.kind = why->kind;
}

/* Of DEVICE, for 192.0.2.1 and port 1. */
static struct registration *
begin_world(bool manage_rules)
{
	static const struct registration_events events = {on_over, on_removed};

	told = (struct reports){.over = 0};
	rig_new(manage_rules);
	return registration_new(&w.env.registration, DEVICE, &events, &told);
}

static void
end_world(struct registration *r)
{
	registration_free(r);
	w.rule = NULL;
	rig_free();
}

static struct datagram_from
campaign(uint16_t port)
{
	struct datagram_from from = {.port = port};
	addr_parse(&from.addr, "192.0.2.1");
	return from;
}

static void
take(struct registration *r, uint16_t port)
{
	const struct datagram_from from = campaign(port);
	registration_take(r, &from);
}

START_TEST(without_rules_it_is_done_at_once)
{
	struct registration *r = begin_world(false);
	take(r, 1);
	ck_assert(!registration_holds(r));
	ck_assert(!registration_begin(r));
	ck_assert(registration_holds(r));
	ck_assert(!registration_under_way(r));
	ck_assert(!registration_remove(r, "why"));
	ck_assert_int_eq(told.over, 0);
	end_world(r);
}
END_TEST

START_TEST(it_holds_once_the_rule_points_at_the_owner)
{
	struct registration *r = begin_world(true);
	take(r, 1);
	ck_assert(registration_begin(r));
	ck_assert(registration_begin(r));
	ck_assert_uint_eq(w.points, 1);
	ck_assert_str_eq(w.destination, "192.0.2.1");
	ck_assert(registration_under_way(r));
	ck_assert(!registration_holds(r));
	rule_answered(FAIL_NONE);
	ck_assert_int_eq(told.over, 1);
	ck_assert(!registration_under_way(r));
	ck_assert(registration_holds(r));
	end_world(r);
}
END_TEST

START_TEST(the_configured_destination_comes_first)
{
	static char other[] = "198.51.100.7";
	struct registration *r = begin_world(true);
	w.conf.ovoc.alarm_destination = other;
	take(r, 1);
	registration_begin(r);
	ck_assert_str_eq(w.destination, other);
	end_world(r);
}
END_TEST

START_TEST(a_failure_leaves_it_what_it_was)
{
	struct registration *r = begin_world(true);
	take(r, 1);
	registration_begin(r);
	rule_answered(FAIL_FINAL);
	ck_assert_int_eq(told.kind, FAIL_FINAL);
	ck_assert(!registration_holds(r));
	registration_begin(r);
	rule_answered(FAIL_NONE);
	registration_begin(r);
	rule_answered(FAIL_UNREACHABLE);
	ck_assert_int_eq(told.over, 3);
	ck_assert(registration_holds(r));
	registration_lapse(r);
	ck_assert(!registration_holds(r));
	end_world(r);
}
END_TEST

START_TEST(it_is_recent_for_a_minute)
{
	struct registration *r = begin_world(false);
	take(r, 1);
	ck_assert(!registration_is_recent(r));
	registration_begin(r);
	loop_run_for(w.lp, 59000);
	ck_assert(registration_is_recent(r));
	loop_run_for(w.lp, 1000);
	ck_assert(!registration_is_recent(r));
	registration_begin(r);
	ck_assert(registration_is_recent(r));
	registration_lapse(r);
	ck_assert(!registration_is_recent(r));
	end_world(r);
}
END_TEST

START_TEST(another_owner_has_to_register_for_itself)
{
	struct registration *r = begin_world(false);
	struct datagram_from one = campaign(1), two = campaign(2);
	addr_parse(&one.local, "192.0.2.200");
	registration_take(r, &one);
	registration_begin(r);
	ck_assert(registration_is_by(r, &one));
	ck_assert(!registration_is_by(r, &two));
	/* our address that it asks is no part of who it is */
	addr_parse(&one.local, "192.0.2.201");
	registration_take(r, &one);
	ck_assert(registration_holds(r));
	struct datagram_from owner = registration_owner(r);
	ck_assert_int_eq(addr_cmp(&owner.local, &one.local), 0);
	registration_take(r, &two);
	ck_assert(registration_is_by(r, &two));
	ck_assert(!registration_holds(r));
	end_world(r);
}
END_TEST

START_TEST(a_rule_is_deleted_where_there_may_be_one)
{
	struct registration *r = begin_world(true);
	take(r, 1);
	ck_assert(!registration_remove(r, "why"));
	registration_begin(r);
	/* the request that makes it is on its way */
	ck_assert(registration_remove(r, "why"));
	ck_assert_str_eq(w.reason, "why");
	w.rule->exists = true;
	rule_answered(FAIL_UNREACHABLE);
	ck_assert_int_eq(told.removed, 1);
	ck_assert_int_eq(told.kind, FAIL_UNREACHABLE);
	ck_assert(registration_remove(r, "why"));
	rule_answered(FAIL_NONE);
	ck_assert_int_eq(told.removed, 2);
	ck_assert_int_eq(told.kind, FAIL_NONE);
	end_world(r);
}
END_TEST

START_TEST(what_is_kept_is_restored)
{
	struct registration *r = begin_world(true);
	struct registration_state was;
	struct rule_state rule;
	const struct datagram_from one = campaign(1);
	registration_take(r, &one);
	registration_begin(r);
	rule_answered(FAIL_NONE);
	was = *registration_kept(r);
	registration_rule(r, &rule);
	ck_assert(rule.exists);
	registration_free(r);
	r = registration_new(&w.env.registration, DEVICE, NULL, NULL);
	registration_restore(r, &was, &rule);
	ck_assert(registration_is_by(r, &one));
	ck_assert(registration_is_recent(r));
	ck_assert_int_eq(w.rule_was.id, 7);
	end_world(r);
}
END_TEST

UNIT_MAIN("registration", without_rules_it_is_done_at_once,
    it_holds_once_the_rule_points_at_the_owner,
    the_configured_destination_comes_first, a_failure_leaves_it_what_it_was,
    it_is_recent_for_a_minute, another_owner_has_to_register_for_itself,
    a_rule_is_deleted_where_there_may_be_one, what_is_kept_is_restored)
