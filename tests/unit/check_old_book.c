/* check_old_book.c - what agents of 1.0.6 were left with is kept. */
#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/xmem.h"
#include "link/old_book.h"

#define AGENT "198.51.100.1"

struct shelf {
	char folder[UNIT_PATH_MAX];
	struct loop *lp;
	struct old_book *book;
	char *path;
};

static void
shelf_open(struct shelf *s)
{
	unit_folder(s->folder);
	s->lp = loop_new_virtual(NULL, 0);
	s->book = old_book_open(s->lp, s->folder);
	s->path = xstrdup(old_book_path(s->book));
}

static void
shelf_again(struct shelf *s)
{
	old_book_close(s->book);
	s->book = old_book_open(s->lp, s->folder);
}

static void
shelf_close(struct shelf *s)
{
	old_book_close(s->book);
	loop_free(s->lp);
	free(s->path);
}

static void
is(const struct shelf *s, const char *agent, const char *device,
    enum old_state state)
{
	ck_assert_int_eq(old_book_get(s->book, agent, device), state);
}

START_TEST(the_last_state_of_a_device_is_found_again)
{
	struct shelf s;

	shelf_open(&s);
	ck_assert(old_book_set(s.book, AGENT, "192.0.2.1", OLD_CAPTURING));
	ck_assert(old_book_set(s.book, AGENT, "192.0.2.2", OLD_CAPTURING));
	ck_assert(
	    old_book_set(s.book, "198.51.100.2", "192.0.2.1", OLD_BARRED));
	ck_assert(old_book_set(s.book, AGENT, "192.0.2.2", OLD_IDLE));
	shelf_again(&s);
	is(&s, AGENT, "192.0.2.1", OLD_CAPTURING);
	is(&s, AGENT, "192.0.2.2", OLD_IDLE);
	is(&s, "198.51.100.2", "192.0.2.1", OLD_BARRED);
	is(&s, "198.51.100.2", "192.0.2.3", OLD_IDLE);
	shelf_close(&s);
}
END_TEST

START_TEST(a_state_of_all_devices_of_an_agent_can_be_forgotten)
{
	struct shelf s;

	shelf_open(&s);
	old_book_set(s.book, AGENT, "192.0.2.1", OLD_CAPTURING);
	old_book_set(s.book, AGENT, "192.0.2.2", OLD_BARRED);
	old_book_set(s.book, "198.51.100.2", "192.0.2.3", OLD_CAPTURING);
	old_book_forget(s.book, AGENT, OLD_CAPTURING);
	shelf_again(&s);
	is(&s, AGENT, "192.0.2.1", OLD_IDLE);
	is(&s, AGENT, "192.0.2.2", OLD_BARRED);
	is(&s, "198.51.100.2", "192.0.2.3", OLD_CAPTURING);
	shelf_close(&s);
}
END_TEST

START_TEST(there_is_no_file_before_there_is_something_to_keep)
{
	struct shelf s;

	shelf_open(&s);
	ck_assert(old_book_set(s.book, AGENT, "192.0.2.1", OLD_IDLE));
	ck_assert_int_eq(unit_file_size(s.path), -1);
	shelf_close(&s);
}
END_TEST

START_TEST(what_is_over_is_not_kept_for_ever)
{
	struct shelf s;
	long before;

	shelf_open(&s);
	for (int i = 0; i < 100; i++) {
		old_book_set(s.book, AGENT, "192.0.2.1", OLD_CAPTURING);
		old_book_set(s.book, AGENT, "192.0.2.1", OLD_IDLE);
	}
	before = unit_file_size(s.path);
	shelf_again(&s);
	ck_assert_int_gt(before, 1000);
	ck_assert_int_eq(unit_file_size(s.path), 0);
	shelf_close(&s);
}
END_TEST

START_TEST(a_line_that_is_cut_or_strange_is_passed_over)
{
	struct shelf s;

	shelf_open(&s);
	unit_write(s.path,
	    "junk\n[]\n{\"agent\":1,\"device\":[],\"state\":\"barred\"}\n"
	    "{\"agent\":\"" AGENT "\",\"device\":\"192.0.2.1\",\"state\":"
	    "\"barred\"}\n"
	    "{\"agent\":\"" AGENT "\",\"device\":\"192.0.2.1\",\"state\":"
	    "\"dancing\"}\n"
	    "{\"agent\":\"" AGENT "\",\"device\":\"192.0.2.1\",\"state\":"
	    "\"idle\"}");
	shelf_again(&s);
	is(&s, AGENT, "192.0.2.1", OLD_BARRED);
	is(&s, AGENT, "192.0.2.2", OLD_IDLE);
	shelf_close(&s);
}
END_TEST

START_TEST(a_state_that_cannot_be_written_is_told_and_holds)
{
	struct shelf s;

	shelf_open(&s);
	ck_assert_int_eq(rmdir(s.folder), 0);
	ck_assert(!old_book_set(s.book, AGENT, "192.0.2.1", OLD_BARRED));
	is(&s, AGENT, "192.0.2.1", OLD_BARRED);
	shelf_close(&s);
}
END_TEST

UNIT_MAIN("old_book", the_last_state_of_a_device_is_found_again,
    a_state_of_all_devices_of_an_agent_can_be_forgotten,
    there_is_no_file_before_there_is_something_to_keep,
    what_is_over_is_not_kept_for_ever,
    a_line_that_is_cut_or_strange_is_passed_over,
    a_state_that_cannot_be_written_is_told_and_holds)
