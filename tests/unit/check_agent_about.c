/* check_agent_about.c - what an agent told of itself. */
#include "link/agent_about.h"

#include "base/str.h"
#include "unit.h"

static struct agent_info
told(const char *version, int64_t clock)
{
	struct agent_info i;

	agent_info_clear(&i);
	str_copy(i.version, sizeof(i.version), version);
	i.clock = clock;
	i.free_bytes = 1000;
	return i;
}

static const char *const secrets[] = {"Secret#1", "key", NULL};

START_TEST(its_version_is_news_once)
{
	struct agent_about about = {.version = ""};
	struct agent_info first = told("1.0.0", 5000);
	struct agent_info next = told("1.0.1", 7000);

	ck_assert(agent_about_learn(&about, &first, 4000, 30, secrets));
	ck_assert_int_eq(about.ahead, 1000);
	ck_assert_int_eq(about.free_bytes, 1000);
	ck_assert(!agent_about_learn(&about, &first, 5500, 30, secrets));
	ck_assert_int_eq(about.ahead, -500);
	ck_assert_int_eq(about.error, 31);
	agent_about_learn(&about, &first, 5500, 0, secrets);
	ck_assert_int_eq(about.error, 1);
	ck_assert(agent_about_learn(&about, &next, 7000, 30, secrets));
	ck_assert_str_eq(about.version, "1.0.1");
}
END_TEST

START_TEST(what_tells_of_a_device_only_changes_nothing)
{
	struct agent_about about = {.version = ""};
	struct agent_info no_clock = told("1.0.0", -1);
	struct agent_info no_version = told("", 5000);

	ck_assert(!agent_about_learn(&about, NULL, 0, 30, secrets));
	ck_assert(!agent_about_learn(&about, &no_clock, 0, 30, secrets));
	ck_assert(!agent_about_learn(&about, &no_version, 0, 30, secrets));
	ck_assert_str_eq(about.version, "");
}
END_TEST

START_TEST(secrets_in_its_version_are_masked)
{
	struct agent_about about = {.version = ""};
	struct agent_info i = told("1-Secret#1-key", 5000);

	ck_assert(agent_about_learn(&about, &i, 4000, 30, secrets));
	ck_assert_str_eq(about.version, "1-********-***");
	ck_assert(!agent_about_learn(&about, &i, 4000, 30, secrets));
	about.version[0] = '\0';
	ck_assert(agent_about_learn(&about, &i, 4000, 30, NULL));
	ck_assert_str_eq(about.version, "1-Secret#1-key");
}
END_TEST

UNIT_MAIN("agent_about", secrets_in_its_version_are_masked,
    its_version_is_news_once, what_tells_of_a_device_only_changes_nothing)
