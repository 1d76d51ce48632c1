/* check_side_facts.c - what the files of a side add up to. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "compare/side_facts.h"

static struct side_file files[2];

static struct side_facts
facts(unsigned n, enum file_state state, enum file_state other)
{
	memset(files, 0, sizeof(files));
	files[0].name = (char *)"a.pcap";
	files[0].state = state;
	(void)snprintf(files[0].trouble, sizeof(files[0].trouble), "it is odd");
	files[1] = files[0];
	files[1].name = (char *)"b.pcap";
	files[1].state = other;
	return (struct side_facts){
	    .name = "server", .files = files, .n_files = n};
}

static void
must_be(struct side_facts *f, enum side_status status, const char *trouble)
{
	side_facts_conclude(f, false, 1 << 20);
	ck_assert_int_eq(f->status, status);
	ck_assert_str_eq(f->trouble, trouble);
}

START_TEST(records_are_what_counts)
{
	struct side_facts f = facts(2, FILE_UNREADABLE, FILE_WHOLE);

	f.packets = f.records = 1;
	must_be(&f, SIDE_READ, "");
}
END_TEST

START_TEST(files_that_cannot_be_read_are_named)
{
	struct side_facts f = facts(1, FILE_NO_CAPTURE, FILE_WHOLE);

	must_be(&f, SIDE_UNREADABLE, "a.pcap: it is odd");
	f = facts(2, FILE_NO_CAPTURE, FILE_UNREADABLE);
	must_be(&f, SIDE_UNREADABLE,
	    "none of the server's 2 captures can be read; b.pcap: it is odd");
}
END_TEST

START_TEST(nothing_to_compare_has_its_reason)
{
	struct side_facts f = facts(1, FILE_NO_PACKETS, FILE_WHOLE);

	must_be(
	    &f, SIDE_NOTHING, "there is no packet in the server's captures");
	f = facts(2, FILE_NO_CAPTURE, FILE_NO_PACKETS);
	must_be(
	    &f, SIDE_NOTHING, "there is no packet in the server's captures");
	f = facts(2, FILE_NO_PACKETS, FILE_DAMAGED);
	must_be(&f, SIDE_NOTHING, "b.pcap: it is odd");
	f = facts(1, FILE_WHOLE, FILE_WHOLE);
	f.packets = f.left = 9;
	must_be(&f, SIDE_NOTHING,
	    "the server's captures have no packet in the time that was asked "
	    "for");
	f.left = 3;
	f.no_ip = 6;
	must_be(&f, SIDE_NOTHING,
	    "none of the 9 packets in the server's captures is one that goes "
	    "over a router");
	f = facts(1, FILE_LINK_TYPE, FILE_WHOLE);
	f.packets = f.other_link = 9;
	must_be(&f, SIDE_NOTHING, "a.pcap: it is odd");
}
END_TEST

START_TEST(the_limit_of_memory_is_told)
{
	struct side_facts f = facts(1, FILE_WHOLE, FILE_WHOLE);

	f.records = 3;
	side_facts_conclude(&f, true, 512000000);
	ck_assert_int_eq(f.status, SIDE_MEMORY);
	ck_assert_str_eq(f.trouble,
	    "the server's captures are too large for a comparison with 512 MB "
	    "of memory: allow more (--memory; in a campaign compare.memory), "
	    "or give fewer of their files");
}
END_TEST

START_TEST(names_are_made_printable)
{
	struct side_facts f = facts(1, FILE_UNREADABLE, FILE_WHOLE);

	files[0].name = (char *)"\033[2Ja";
	must_be(&f, SIDE_UNREADABLE, "?[2Ja: it is odd");
}
END_TEST

UNIT_MAIN("side_facts", records_are_what_counts,
    files_that_cannot_be_read_are_named, nothing_to_compare_has_its_reason,
    the_limit_of_memory_is_told, names_are_made_printable)
