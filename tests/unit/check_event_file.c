/* check_event_file.c - records beside captures: taken, or said and left out. */
#include "compare/event_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

#define EVENT "192.0.2.10_2026-11-23T04.00.00.123456Z"
#define OTHER "192.0.2.10_2026-11-23T05.00.00.123456Z"
#define AGENTS                                                               \
	"{\"schema\":1,\"writer\":\"agent\",\"device\":\"192.0.2.10\","      \
	"\"began\":1,\"ended\":2,\"pieces\":[{\"name\":\"OVOC_device_" EVENT \
	"-0.pcap\",\"bytes\":1,\"firstUs\":1,\"lastUs\":2}]}"
#define CAMPAIGNS                                                          \
	"{\"schema\":1,\"writer\":\"campaign\",\"device\":\"192.0.2.10\"," \
	"\"file\":\"CPE_device_" EVENT ".pcap\"}"

static struct event_files files;

static void
take(const char *name, const char *text, const char *event, const char *why)
{
	char folder[UNIT_PATH_MAX], path[2 * UNIT_PATH_MAX];
	struct fail f = {.kind = FAIL_NONE};
	bool is;

	unit_folder(folder);
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (text != NULL)
		unit_write(path, text);
	is = event_file_take(&files, path, -1, event, &f);
	ck_assert_str_eq(f.text, why);
	ck_assert_int_eq(is, why[0] == '\0');
}

START_TEST(both_are_taken_in_any_order)
{
	take("CAMPAIGN_device_" EVENT ".json", CAMPAIGNS, EVENT, "");
	take("OVOC_device_" EVENT ".json", AGENTS, EVENT, "");
	ck_assert_ptr_nonnull(files.of[EVENT_AGENT]);
	ck_assert_ptr_nonnull(files.of[EVENT_CAMPAIGN]);
	event_files_free(&files);
	ck_assert_ptr_null(files.of[EVENT_AGENT]);
}
END_TEST

START_TEST(without_names_the_content_tells)
{
	take("a.json", AGENTS, "", "");
	event_files_free(&files);
	take("a.json", AGENTS, OTHER,
	    "the captures are of another event, " OTHER);
	event_files_free(&files);
}
END_TEST

START_TEST(what_is_of_something_else_is_not_believed)
{
	take("CAMPAIGN_device_" OTHER ".json", CAMPAIGNS, OTHER,
	    "it tells of " EVENT ", not of what its name says");
	take("CAMPAIGN_device_" EVENT ".json", CAMPAIGNS, OTHER,
	    "the captures are of another event, " OTHER);
	take("OVOC_device_" OTHER ".json",
	    "{\"schema\":1,\"writer\":\"agent\",\"device\":\"192.0.2.10\","
	    "\"began\":1,\"ended\":2}",
	    EVENT, "the captures are of another event, " EVENT);
	ck_assert_ptr_null(files.of[EVENT_AGENT]);
	ck_assert_ptr_null(files.of[EVENT_CAMPAIGN]);
}
END_TEST

START_TEST(what_cannot_be_read_is_not_believed)
{
	char missing[200];
	struct fail why;

	snprintf(missing, sizeof(missing), "it cannot be read: %s",
	    strerror(ENOENT));
	take("CAMPAIGN_device_" EVENT ".json", NULL, EVENT, missing);
	snprintf(missing, sizeof(missing), "it cannot be read: %s",
	    strerror(EINVAL));
	ck_assert(!event_file_take(&files, "/dev/null", -1, EVENT, &why));
	ck_assert_str_eq(why.text, missing);
	take("CAMPAIGN_device_" EVENT ".json", "{", EVENT,
	    "it is no JSON, or not whole");
	take("OVOC_device_" EVENT ".json", "{}", EVENT,
	    "it is no record of a capture's event");
}
END_TEST

START_TEST(a_second_one_is_not_believed)
{
	take("OVOC_device_" EVENT ".json", AGENTS, EVENT, "");
	take("OVOC_device_" EVENT ".json", AGENTS, EVENT,
	    "there is another one beside it");
	event_files_free(&files);
}
END_TEST

START_TEST(an_open_one_is_read_from_where_it_is)
{
	char folder[UNIT_PATH_MAX], path[2 * UNIT_PATH_MAX];
	struct fail why;
	int fd;

	unit_folder(folder);
	snprintf(path, sizeof(path), "%s/x", folder);
	unit_write(path, AGENTS);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ck_assert(event_file_take(
	    &files, "OVOC_device_" EVENT ".json", fd, EVENT, &why));
	ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
	event_files_free(&files);
}
END_TEST

UNIT_MAIN("event_file", both_are_taken_in_any_order,
    without_names_the_content_tells, what_is_of_something_else_is_not_believed,
    what_cannot_be_read_is_not_believed, a_second_one_is_not_believed,
    an_open_one_is_read_from_where_it_is)
