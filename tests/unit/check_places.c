/* check_places.c - limits that descriptors set. */
#include "campaign/places.h"

#include <sys/resource.h>

#include "unit.h"

static struct campaign_conf
usual(size_t n_devices)
{
	return (struct campaign_conf){
	    .limits = {.rest = 64, .sftp = 32},
	    .snmp = {.auth_password = (char *)"authentication"},
	    .verify = {.on = {true, true, true},
		.count = 10,
		.interval = 1000,
		.timeout = 1000},
	    .n_devices = n_devices,
	};
}

START_TEST(with_plenty_the_configuration_decides)
{
	struct campaign_conf conf = usual(10000);
	struct places p;

	places_share(&p, &conf, 524288);
	ck_assert_int_eq(p.rest, 64);
	ck_assert_int_eq(p.sftp, 32);
	ck_assert_int_eq(p.verify, 10000);
	ck_assert_uint_gt(p.keep, 10000);
	ck_assert(!p.few);
}
END_TEST

/* What all of it can have open at once. */
static size_t
most(const struct places *p, size_t each_verify)
{
	return p->keep + 2 * (size_t)p->sftp + each_verify * (size_t)p->verify;
}

START_TEST(all_of_it_together_fits_into_the_descriptors)
{
	struct campaign_conf conf = usual(300);
	struct places p;

	for (size_t n = 64; n < 3000; n++) {
		places_share(&p, &conf, n);
		ck_assert_uint_le(most(&p, 3), n - 30);
		ck_assert_int_le(p.rest, (int)p.keep);
	}
	places_share(&p, &conf, 256);
	ck_assert(p.few);
	ck_assert_int_ge(p.verify, 30);
}
END_TEST

START_TEST(slow_probes_take_more_each)
{
	struct campaign_conf conf = usual(300);
	struct places p;

	conf.verify.timeout = 10000;
	conf.verify.interval = 100;
	conf.verify.count = 50;
	places_share(&p, &conf, 1024);
	ck_assert_uint_le(most(&p, 51), 1024);
}
END_TEST

START_TEST(echoes_alone_need_no_descriptor)
{
	struct campaign_conf conf = usual(300);
	struct places p;

	conf.verify.on[VERIFY_SNMP] = conf.verify.on[VERIFY_TCP] = false;
	places_share(&p, &conf, 256);
	ck_assert_int_eq(p.verify, 300);
}
END_TEST

START_TEST(there_is_always_a_place)
{
	struct campaign_conf conf = usual(0);
	struct places p;

	for (size_t n = 0; n < 64; n++) {
		places_share(&p, &conf, n);
		ck_assert_int_ge(p.rest, 1);
		ck_assert_uint_ge(p.keep, 1);
		ck_assert_int_ge(p.sftp, 1);
		ck_assert_int_ge(p.verify, 1);
	}
}
END_TEST

START_TEST(the_limit_of_this_process_is_what_counts)
{
	struct rlimit r;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &r), 0);
	r.rlim_cur = 77;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &r), 0);
	ck_assert_uint_eq(places_descriptors(), 77);
}
END_TEST

UNIT_MAIN("places", with_plenty_the_configuration_decides,
    all_of_it_together_fits_into_the_descriptors, slow_probes_take_more_each,
    echoes_alone_need_no_descriptor, there_is_always_a_place,
    the_limit_of_this_process_is_what_counts)
