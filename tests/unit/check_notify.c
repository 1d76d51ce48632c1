/* check_notify.c - what systemd gets to hear, at a socket that plays it. */
#include "io/notify.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "unit.h"

static int
listener(void)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	char folder[UNIT_PATH_MAX];
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	unit_folder(folder);
	snprintf(at.sun_path, sizeof(at.sun_path), "%s/notify", folder);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	setenv("NOTIFY_SOCKET", at.sun_path, 1);
	return fd;
}

static void
heard(int fd, const char *text)
{
	char buf[256];
	ssize_t n = recv(fd, buf, sizeof(buf) - 1, MSG_DONTWAIT);

	ck_assert_int_ge(n, 0);
	buf[n] = '\0';
	ck_assert_str_eq(buf, text);
}

START_TEST(each_thing_is_said_in_systemds_words)
{
	int fd = listener();

	ck_assert(notify_wanted());
	notify_ready();
	heard(fd, "READY=1");
	notify_status("2 capturing; 100% of %s");
	heard(fd, "STATUS=2 capturing; 100% of %s");
	notify_alive();
	heard(fd, "WATCHDOG=1");
	notify_stopping();
	heard(fd, "STOPPING=1");
	close(fd);
}
END_TEST

START_TEST(where_nobody_listens_nothing_is_wrong)
{
	unsetenv("NOTIFY_SOCKET");
	ck_assert(!notify_wanted());
	notify_ready();
	notify_status("x");
	notify_stopping();
	setenv("NOTIFY_SOCKET", "/nonexistent/socket", 1);
	notify_status("x");
	ck_assert(notify_wanted());
}
END_TEST

START_TEST(a_sign_of_life_comes_twice_as_often_as_asked)
{
	char pid[16];

	unsetenv("WATCHDOG_USEC");
	ck_assert_int_eq(notify_alive_ms(), 0);
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("WATCHDOG_PID", pid, 1);
	setenv("WATCHDOG_USEC", "120000000", 1);
	ck_assert_int_eq(notify_alive_ms(), 60000);
	setenv("WATCHDOG_USEC", "3", 1);
	ck_assert_int_eq(notify_alive_ms(), 1);
	setenv("WATCHDOG_PID", "1", 1);
	ck_assert_int_eq(notify_alive_ms(), 0);
}
END_TEST

UNIT_MAIN("notify", each_thing_is_said_in_systemds_words,
    where_nobody_listens_nothing_is_wrong,
    a_sign_of_life_comes_twice_as_often_as_asked)
