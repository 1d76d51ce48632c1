/* check_status_socket.c - who asks the agent how it is, and never holds it up.
 *
 * What is told is made by the function here, which takes the place of
 * agent/status_source at link time; the sockets are real ones.
 */
#include "agent/status_socket.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/status_place.h"
#include "base/xmem.h"
#include "loop/timer.h"
#include "unit.h"

#define ASKERS 4
#define PART   100000

static struct world {
	struct loop *lp;
	char folder[UNIT_PATH_MAX];
	struct agent_conf conf;
	struct status_socket *socket;
	int64_t parts; /* of an answer */
	int made;      /* of all answers */
	struct timer tick;
	int ticks;
} w;

bool
status_source_next(
    const struct status_source *s, struct status_walk *walk, struct strbuf *to)
{
	ck_assert_ptr_eq(s->conf, &w.conf);
	w.made++;
	if (w.parts == 1) {
		strbuf_add(to, "all\n");
		return false;
	}
	strbuf_addf(to, "%0*d\n", PART - 1, 0);
	return ++walk->told < w.parts;
}

static struct status_socket *
socket_new(void)
{
	const struct status_source source = {.conf = &w.conf};

	return status_socket_new(w.lp, &source);
}

static void
rig_new(int64_t parts)
{
	memset(&w, 0, sizeof(w));
	unit_log_keep(LOGGING_DEBUG);
	w.lp = unit_loop_virtual(0);
	unit_folder(w.folder);
	w.conf.agent.captures = w.folder;
	w.parts = parts;
	w.socket = socket_new();
	ck_assert_ptr_nonnull(w.socket);
}

static void
rig_free(void)
{
	timer_clear(&w.tick);
	status_socket_free(w.socket);
	unit_loop_free(w.lp);
}

static int
ask(void)
{
	struct status_place place;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	ck_assert(status_place_open(&place, w.conf.agent.captures));
	ck_assert_msg(
	    connect(fd, (struct sockaddr *)&place.at, sizeof(place.at)) == 0,
	    "%s", strerror(errno));
	status_place_close(&place);
	return fd;
}

/* How many bytes come until there is an end; -1: there is none now. */
static int64_t
read_all(int fd)
{
	static char text[65536];
	int64_t all = 0;
	ssize_t n;

	for (;;) {
		n = recv(fd, text, sizeof(text), 0);
		if (n > 0)
			all += n;
		else if (n == 0)
			return all;
		else if (errno == ECONNRESET)
			return all;
		else if (loop_run_for(w.lp, 1),
		    recv(fd, text, 1, MSG_PEEK) < 0 && errno == EAGAIN)
			return -1;
	}
}

static bool
is_over(int fd)
{
	char one;

	return recv(fd, &one, 1, MSG_PEEK) == 0;
}

START_TEST(who_asks_is_told_all_and_it_ends)
{
	char text[16] = "";
	int fd;

	rig_new(1);
	fd = ask();
	loop_run_for(w.lp, 10);
	ck_assert_int_eq(recv(fd, text, sizeof(text), 0), 4);
	ck_assert_str_eq(text, "all\n");
	ck_assert(is_over(fd));
	close(fd);
	rig_free();
}
END_TEST

START_TEST(a_long_answer_comes_part_by_part)
{
	int fd;

	rig_new(100);
	fd = ask();
	loop_run_for(w.lp, 10);
	/* no more is made than the kernel takes, and one */
	ck_assert_int_lt(w.made, 20);
	ck_assert_int_eq(read_all(fd), 100 * PART);
	ck_assert_int_eq(w.made, 100);
	close(fd);
	rig_free();
}
END_TEST

static void
on_tick(void *arg)
{
	(void)arg;
	w.ticks++;
	timer_set(&w.tick, 1000);
}

START_TEST(who_does_not_read_holds_nothing_up_and_is_cut_off)
{
	int fd, other;

	rig_new(100);
	timer_init(&w.tick, w.lp, on_tick, NULL);
	timer_set(&w.tick, 1000);
	fd = ask();
	loop_run_for(w.lp, 29500);
	ck_assert_int_eq(w.ticks, 29);
	w.parts = 1;
	other = ask();
	loop_run_for(w.lp, 10);
	ck_assert_int_eq(read_all(other), 4);
	loop_run_for(w.lp, 1000);
	ck_assert_int_lt(read_all(fd), 20 * PART);
	ck_assert_ptr_nonnull(strstr(unit_logged(), "cut off"));
	close(fd);
	close(other);
	rig_free();
}
END_TEST

START_TEST(so_many_are_answered_at_once_and_the_others_wait)
{
	int fds[ASKERS], late;

	rig_new(100);
	for (int i = 0; i < ASKERS; i++) {
		fds[i] = ask();
		loop_run_for(w.lp, 10);
	}
	w.made = 0;
	late = ask();
	loop_run_for(w.lp, 1000);
	ck_assert_int_eq(w.made, 0);
	close(fds[2]);
	loop_run_for(w.lp, 10);
	ck_assert_int_gt(w.made, 0);
	ck_assert_int_eq(read_all(late), 100 * PART);
	for (int i = 0; i < ASKERS; i++)
		if (i != 2)
			close(fds[i]);
	close(late);
	rig_free();
}
END_TEST

START_TEST(who_hangs_up_is_forgotten)
{
	rig_new(100);
	for (int i = 0; i < 20; i++) {
		int fd = ask();

		if (i % 2 == 0)
			loop_run_for(w.lp, 10);
		close(fd);
		loop_run_for(w.lp, 10);
	}
	w.parts = 1;
	int fd = ask();
	loop_run_for(w.lp, 10);
	ck_assert_int_eq(read_all(fd), 4);
	close(fd);
	rig_free();
}
END_TEST

/* Nothing else of the agent may wait for that, and nothing may spin. */
START_TEST(without_a_descriptor_it_waits_a_little)
{
	struct rlimit most, none;
	int fd;

	rig_new(1);
	timer_init(&w.tick, w.lp, on_tick, NULL);
	timer_set(&w.tick, 1000);
	fd = ask();
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &most), 0);
	none = most;
	none.rlim_cur = 3;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	loop_run_for(w.lp, 10500);
	ck_assert_int_eq(w.made, 0);
	ck_assert_int_eq(w.ticks, 10);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &most), 0);
	loop_run_for(w.lp, 1100);
	ck_assert_int_eq(read_all(fd), 4);
	close(fd);
	rig_free();
}
END_TEST

static bool
stat_socket(struct stat *st)
{
	char path[UNIT_PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/" STATUS_SOCKET, w.folder);
	return lstat(path, st) == 0;
}

START_TEST(its_file_is_for_its_user_alone_and_goes_with_it)
{
	struct stat st;
	mode_t before = umask(0);

	rig_new(1);
	ck_assert(stat_socket(&st));
	ck_assert(S_ISSOCK(st.st_mode));
	ck_assert_int_eq(st.st_mode & 07777, 0600);
	status_socket_free(w.socket);
	ck_assert(!stat_socket(&st));
	w.socket = NULL;
	umask(before);
	rig_free();
}
END_TEST

START_TEST(one_that_a_killed_agent_left_is_replaced)
{
	struct status_place place;
	struct stat st;
	int old, fd;

	rig_new(1);
	status_socket_free(w.socket);
	ck_assert(status_place_open(&place, w.folder));
	old = socket(AF_UNIX, SOCK_STREAM, 0);
	ck_assert_int_eq(
	    bind(old, (struct sockaddr *)&place.at, sizeof(place.at)), 0);
	close(old);
	status_place_close(&place);
	ck_assert(stat_socket(&st));
	w.socket = socket_new();
	ck_assert_ptr_nonnull(w.socket);
	fd = ask();
	loop_run_for(w.lp, 10);
	ck_assert_int_eq(read_all(fd), 4);
	close(fd);
	rig_free();
}
END_TEST

START_TEST(what_is_no_socket_stays_and_is_told)
{
	char path[UNIT_PATH_MAX + 32];
	struct stat st;

	rig_new(1);
	status_socket_free(w.socket);
	snprintf(path, sizeof(path), "%s/" STATUS_SOCKET, w.folder);
	unit_write(path, "mine");
	w.socket = socket_new();
	ck_assert_ptr_null(w.socket);
	ck_assert_ptr_nonnull(strstr(unit_logged(), STATUS_SOCKET));
	unit_file_is(path, "mine");
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(symlink("elsewhere", path), 0);
	w.socket = socket_new();
	ck_assert_ptr_null(w.socket);
	ck_assert(stat_socket(&st));
	ck_assert(S_ISLNK(st.st_mode));
	rig_free();
}
END_TEST

/* sun_path has 108 bytes. */
START_TEST(the_name_of_the_folder_may_be_long)
{
	char *deep;
	int fd;

	rig_new(1);
	status_socket_free(w.socket);
	deep = xasprintf("%s/%0200d", w.folder, 0);
	ck_assert_int_eq(mkdir(deep, 0700), 0);
	w.conf.agent.captures = deep;
	w.socket = socket_new();
	ck_assert_msg(w.socket != NULL, "%s", unit_logged());
	fd = ask();
	loop_run_for(w.lp, 10);
	ck_assert_int_eq(read_all(fd), 4);
	close(fd);
	status_socket_free(w.socket);
	w.socket = NULL;
	ck_assert_int_eq(rmdir(deep), 0);
	free(deep);
	rig_free();
}
END_TEST

UNIT_MAIN("status_socket", who_asks_is_told_all_and_it_ends,
    a_long_answer_comes_part_by_part,
    who_does_not_read_holds_nothing_up_and_is_cut_off,
    so_many_are_answered_at_once_and_the_others_wait, who_hangs_up_is_forgotten,
    without_a_descriptor_it_waits_a_little,
    its_file_is_for_its_user_alone_and_goes_with_it,
    one_that_a_killed_agent_left_is_replaced,
    what_is_no_socket_stays_and_is_told, the_name_of_the_folder_may_be_long)
