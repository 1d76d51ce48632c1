/* check_log.c - the form of log lines, and what never gets into one. */
#include "base/log.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "unit.h"

/* A log into a pipe, and what came out. */
struct rig {
	int fds[2];
	struct log *lg;
	char text[16384];
};

static void
rig_start(struct rig *r, enum log_format format, enum log_level max)
{
	unsetenv("JOURNAL_STREAM");
	ck_assert_int_eq(pipe2(r->fds, O_NONBLOCK), 0);
	r->lg = log_new(format, max, r->fds[1]);
}

static const char *
rig_read(struct rig *r)
{
	ssize_t n = read(r->fds[0], r->text, sizeof(r->text) - 1);

	r->text[n < 0 ? 0 : n] = '\0';
	return r->text;
}

static void
rig_end(struct rig *r)
{
	log_free(r->lg);
	close(r->fds[0]);
	close(r->fds[1]);
}

START_TEST(a_text_line_has_time_level_who_and_subsystem)
{
	struct rig r;
	const char *text;

	rig_start(&r, LOG_FORMAT_TEXT, LOGGING_INFO);
	log_write(r.lg, LOGGING_WARNING, "192.0.2.10", "rest", "HTTP %d", 503);
	text = rig_read(&r);
	ck_assert_uint_eq(strspn(text, "0123456789-T:.Z"), 24);
	ck_assert_str_eq(text + 24, " warning 192.0.2.10 rest: HTTP 503\n");
	log_write(r.lg, LOGGING_NOTICE, NULL, "campaign", "begins");
	ck_assert_str_eq(rig_read(&r) + 24, " notice - campaign: begins\n");
	rig_end(&r);
}
END_TEST

START_TEST(levels_above_the_limit_are_left_out)
{
	struct rig r;

	rig_start(&r, LOG_FORMAT_TEXT, LOGGING_NOTICE);
	ck_assert(log_wants(r.lg, LOGGING_NOTICE));
	ck_assert(!log_wants(r.lg, LOGGING_INFO));
	log_write(r.lg, LOGGING_INFO, NULL, "x", "y");
	ck_assert_str_eq(rig_read(&r), "");
	rig_end(&r);
}
END_TEST

START_TEST(the_journal_gets_priorities_and_no_time)
{
	static const char *const want[] = {"<3>", "<4>", "<5>", "<6>", "<7>"};
	struct rig r;

	rig_start(&r, LOG_FORMAT_JOURNAL, LOGGING_DEBUG);
	for (int i = LOGGING_ERROR; i <= LOGGING_DEBUG; i++) {
		log_write(r.lg, (enum log_level)i, "192.0.2.10", "rest", "m");
		ck_assert_uint_eq(strncmp(rig_read(&r), want[i], 3), 0);
		ck_assert_str_eq(r.text + 3, "192.0.2.10 rest: m\n");
	}
	rig_end(&r);
}
END_TEST

START_TEST(a_journal_at_the_descriptor_is_recognised)
{
	char stream[64];
	struct stat st;
	struct rig r;

	rig_start(&r, LOG_FORMAT_TEXT, LOGGING_INFO);
	log_free(r.lg);
	ck_assert_int_eq(fstat(r.fds[1], &st), 0);
	snprintf(stream, sizeof(stream), "%ju:%ju", (uintmax_t)st.st_dev,
	    (uintmax_t)st.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
	r.lg = log_new(LOG_FORMAT_TEXT, LOGGING_INFO, r.fds[1]);
	log_write(r.lg, LOGGING_INFO, NULL, "x", "y");
	ck_assert_str_eq(rig_read(&r), "<6>- x: y\n");
	log_free(r.lg);
	setenv("JOURNAL_STREAM", "1:2", 1);
	r.lg = log_new(LOG_FORMAT_TEXT, LOGGING_INFO, r.fds[1]);
	log_write(r.lg, LOGGING_INFO, NULL, "x", "y");
	ck_assert_str_eq(rig_read(&r) + 24, " info - x: y\n");
	rig_end(&r);
}
END_TEST

START_TEST(a_json_line_is_one_object)
{
	struct json *j;
	struct rig r;

	rig_start(&r, LOG_FORMAT_JSON, LOGGING_INFO);
	log_write(
	    r.lg, LOGGING_ERROR, "192.0.2.10", "sftp", "a \"b\" %s", "\xff\n");
	rig_read(&r);
	ck_assert_ptr_eq(strchr(r.text, '\n'), r.text + strlen(r.text) - 1);
	j = json_parse(r.text, strlen(r.text));
	ck_assert_uint_eq(strlen(json_get_text(j, "time", "")), 24);
	ck_assert_str_eq(json_get_text(j, "level", ""), "error");
	ck_assert_str_eq(json_get_text(j, "device", ""), "192.0.2.10");
	ck_assert_str_eq(json_get_text(j, "subsystem", ""), "sftp");
	ck_assert_str_eq(json_get_text(j, "message", ""), "a \"b\" ??");
	json_free(j);
	rig_end(&r);
}
END_TEST

/* Of an object whose texts have none of it. */
static int
count_members(const char *text)
{
	int n = 0;

	while ((text = strstr(text, "\":")) != NULL) {
		text++;
		n++;
	}
	return n;
}

START_TEST(facts_are_members_in_json)
{
	const struct log_facts facts = {.device = "192.0.2.10",
	    .agent = "192.0.2.252",
	    .from = "192.0.2.252:20001",
	    .event = 2,
	    .task = "Register",
	    .state = "arming",
	    .error = "unreachable"};
	struct json *j;
	struct rig r;

	rig_start(&r, LOG_FORMAT_JSON, LOGGING_INFO);
	log_about(r.lg, LOGGING_INFO, "branch 12", "task", &facts, "%s", "no");
	rig_read(&r);
	j = json_parse(r.text, strlen(r.text));
	ck_assert_str_eq(json_get_text(j, "device", ""), "192.0.2.10");
	ck_assert_str_eq(json_get_text(j, "agent", ""), "192.0.2.252");
	ck_assert_str_eq(json_get_text(j, "from", ""), "192.0.2.252:20001");
	ck_assert_int_eq(json_get_int(j, "event", 0), 2);
	ck_assert_str_eq(json_get_text(j, "task", ""), "Register");
	ck_assert_str_eq(json_get_text(j, "state", ""), "arming");
	ck_assert_str_eq(json_get_text(j, "error", ""), "unreachable");
	ck_assert_str_eq(json_get_text(j, "subsystem", ""), "task");
	ck_assert_str_eq(json_get_text(j, "message", ""), "no");
	ck_assert_int_eq(count_members(r.text), 11);
	json_free(j);
	rig_end(&r);
}
END_TEST

START_TEST(facts_that_are_none_are_left_out)
{
	const struct log_facts facts = {.agent = "192.0.2.252"};
	struct json *j;
	struct rig r;

	rig_start(&r, LOG_FORMAT_JSON, LOGGING_WARNING);
	log_answer_about(
	    r.lg, "192.0.2.252", "agent", &facts, "%s", "whatever the level");
	rig_read(&r);
	j = json_parse(r.text, strlen(r.text));
	ck_assert_ptr_nonnull(json_get(j, "device"));
	ck_assert_ptr_null(json_text(json_get(j, "device"), NULL));
	ck_assert_str_eq(json_get_text(j, "agent", ""), "192.0.2.252");
	ck_assert_int_eq(count_members(r.text), 6);
	json_free(j);
	log_about(r.lg, LOGGING_INFO, "d", "x", &facts, "not wanted");
	ck_assert_str_eq(rig_read(&r), "");
	log_about(NULL, LOGGING_ERROR, "d", "x", &facts, "no log");
	log_answer_about(NULL, "d", "x", &facts, "no log");
	rig_end(&r);
}
END_TEST

START_TEST(facts_change_nothing_for_people)
{
	const struct log_facts facts = {.device = "192.0.2.10", .event = 2};
	struct rig r;

	rig_start(&r, LOG_FORMAT_JOURNAL, LOGGING_INFO);
	log_about(r.lg, LOGGING_INFO, "branch 12", "task", &facts, "%s", "m");
	ck_assert_str_eq(rig_read(&r), "<6>branch 12 task: m\n");
	log_answer_about(r.lg, "branch 12", "task", &facts, "%s", "m");
	ck_assert_str_eq(rig_read(&r), "<5>branch 12 task: m\n");
	rig_end(&r);
}
END_TEST

START_TEST(a_peer_cannot_forge_lines_or_flood)
{
	static char flood[100000];
	struct rig r;

	memset(flood, 'x', sizeof(flood) - 1);
	rig_start(&r, LOG_FORMAT_JOURNAL, LOGGING_INFO);
	log_write(r.lg, LOGGING_INFO, "d", "rest", "%s",
	    "bad\n<3>d rest: forged\x1b[2J");
	ck_assert_str_eq(
	    rig_read(&r), "<6>d rest: bad?<3>d rest: forged?[2J\n");
	log_write(r.lg, LOGGING_INFO, "d", "rest", "%s", flood);
	ck_assert_uint_lt(strlen(rig_read(&r)), 4200);
	ck_assert_int_eq(r.text[strlen(r.text) - 1], '\n');
	rig_end(&r);
}
END_TEST

START_TEST(what_was_asked_for_is_written_at_any_level)
{
	struct rig r;

	rig_start(&r, LOG_FORMAT_JOURNAL, LOGGING_WARNING);
	log_write(r.lg, LOGGING_NOTICE, "d", "x", "unasked");
	log_answer(r.lg, "d", "x", "%s", "capturing");
	ck_assert_str_eq(rig_read(&r), "<5>d x: capturing\n");
	log_answer(NULL, "d", "x", "nothing");
	rig_end(&r);
}
END_TEST

START_TEST(repeats_are_debug_lines)
{
	struct log_once once = {0};
	struct rig r;

	rig_start(&r, LOG_FORMAT_JOURNAL, LOGGING_DEBUG);
	log_repeated(r.lg, &once, NULL, "x", "lost");
	ck_assert_str_eq(rig_read(&r), "<4>- x: lost\n");
	log_repeated(r.lg, &once, NULL, "x", "lost");
	ck_assert_str_eq(rig_read(&r), "<7>- x: lost\n");
	ck_assert_uint_eq(once.count, 2);
	once = (struct log_once){0};
	log_repeated(r.lg, &once, NULL, "x", "lost");
	ck_assert_str_eq(rig_read(&r), "<4>- x: lost\n");
	rig_end(&r);
}
END_TEST

START_TEST(off_a_terminal_there_is_no_status_line)
{
	struct rig r;

	rig_start(&r, LOG_FORMAT_JOURNAL, LOGGING_INFO);
	log_status_line(r.lg, "3 capturing");
	log_write(r.lg, LOGGING_INFO, NULL, "x", "y");
	log_status_line(r.lg, NULL);
	ck_assert_str_eq(rig_read(&r), "<6>- x: y\n");
	rig_end(&r);
}
END_TEST

/* A terminal hands on what was written piece by piece, and a little later. */
static void
expect_on(int master, const char *wanted)
{
	struct pollfd p = {.fd = master, .events = POLLIN};
	char out[512];
	size_t len = 0;

	while (len < strlen(wanted) && poll(&p, 1, 5000) > 0) {
		ssize_t n = read(master, out + len, sizeof(out) - 1 - len);

		ck_assert_int_gt(n, 0);
		len += (size_t)n;
	}
	out[len] = '\0';
	ck_assert_str_eq(out, wanted);
	ck_assert_int_eq(poll(&p, 1, 0), 0);
}

START_TEST(on_a_terminal_lines_push_the_status_down)
{
	struct winsize size = {.ws_row = 24, .ws_col = 12};
	int master, slave;
	struct log *lg;

	unsetenv("JOURNAL_STREAM");
	ck_assert_int_eq(openpty(&master, &slave, NULL, NULL, &size), 0);
	lg = log_new(LOG_FORMAT_JOURNAL, LOGGING_INFO, slave);
	log_status_line(lg, "3 capturing, 4 failed");
	log_write(lg, LOGGING_INFO, NULL, "x", "y");
	log_free(lg);
	/* Cut to the width; the terminal driver adds the \r. */
	expect_on(master, "\r\x1b[K3 capturing"
			  "\r\x1b[K<6>- x: y\r\n3 capturing"
			  "\r\x1b[K");
	close(master);
	close(slave);
}
END_TEST

START_TEST(no_log_takes_everything)
{
	struct log_once once = {0};

	log_write(NULL, LOGGING_ERROR, NULL, "x", "y");
	log_repeated(NULL, &once, NULL, "x", "y");
	log_status_line(NULL, "x");
	ck_assert(!log_wants(NULL, LOGGING_ERROR));
	log_free(NULL);
}
END_TEST

UNIT_MAIN("log", a_text_line_has_time_level_who_and_subsystem,
    levels_above_the_limit_are_left_out,
    the_journal_gets_priorities_and_no_time,
    a_journal_at_the_descriptor_is_recognised, a_json_line_is_one_object,
    facts_are_members_in_json, facts_that_are_none_are_left_out,
    facts_change_nothing_for_people, a_peer_cannot_forge_lines_or_flood,
    repeats_are_debug_lines, what_was_asked_for_is_written_at_any_level,
    off_a_terminal_there_is_no_status_line,
    on_a_terminal_lines_push_the_status_down, no_log_takes_everything)
