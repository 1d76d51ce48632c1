/* check_os_error.c - an errno in words, and what to do about it. */
#include "base/os_error.h"

#include <errno.h>
#include <string.h>

#include "unit.h"

START_TEST(what_to_do_depends_on_what_was_tried)
{
	static const struct {
		enum os_call call;
		int error;
		const char *text;
	} rows[] = {
	    {OS_WRITE, EACCES,
		"no x: Permission denied; check owner and mode of that folder"},
	    {OS_RUN, EACCES,
		"no x: Permission denied; check that this user may run it"},
	    {OS_LISTEN, EACCES,
		"no x: Permission denied; ports below 1024 need "
		"CAP_NET_BIND_SERVICE"},
	    {OS_WRITE, ENOSPC,
		"no x: No space left on device; make room on that file "
		"system"},
	};
	struct fail why;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		os_error_set(&why, rows[i].call, rows[i].error, "no %s", "x");
		ck_assert_int_eq(why.kind, FAIL_LOCAL);
		ck_assert_str_eq(why.text, rows[i].text);
	}
}
END_TEST

START_TEST(a_limit_of_files_is_the_same_everywhere)
{
	static const enum os_call calls[] = {OS_WRITE, OS_RUN, OS_LISTEN};
	struct fail why;

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		os_error_set(&why, calls[i], EMFILE, "x");
		ck_assert_str_eq(why.text,
		    "x: Too many open files; raise the limit of open files");
	}
	ck_assert_ptr_nonnull(
	    strstr(os_error_network(ENFILE), "raise the limit of open files"));
}
END_TEST

START_TEST(where_nothing_can_be_advised_nothing_is)
{
	struct fail why;

	os_error_set(&why, OS_WRITE, EINVAL, "x");
	ck_assert_str_eq(why.text, "x: Invalid argument");
	os_error_set(&why, OS_LISTEN, EINVAL, "x");
	ck_assert_str_eq(why.text,
	    "x: Invalid argument; check listen_address and listen_port");
}
END_TEST

START_TEST(every_errno_of_a_network_has_words)
{
	ck_assert_str_eq(os_error_network(ENETUNREACH), "network unreachable");
	ck_assert_str_eq(
	    os_error_network(EPERM), "forbidden by a packet filter");
	ck_assert_str_eq(os_error_network(EPIPE), "Broken pipe");
	ck_assert_str_eq(os_error_network(-7), "unknown error");
}
END_TEST

UNIT_MAIN("os_error", what_to_do_depends_on_what_was_tried,
    a_limit_of_files_is_the_same_everywhere,
    where_nothing_can_be_advised_nothing_is, every_errno_of_a_network_has_words)
