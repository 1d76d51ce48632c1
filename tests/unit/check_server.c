/* check_server.c - datagrams in and out of the agent.
 *
 * Captures are played by the functions here, which take the place of
 * agent/capture at link time; the sockets are real ones on loopback.
 */
#include "agent/server.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/capture.h"
#include "agent/status_facts.h"
#include "agent/status_place.h"
#include "agent_folder.h"
#include "base/str.h"
#include "base/xmem.h"
#include "unit.h"

#define FOLDER "tmp_device_192.0.2.10_2026-11-23T03.00.00.000000Z"
#define FILE_Z "CPE_device_192.0.2.10_2026-11-23T04.00.00.000000Z.pcap"

struct capture {
	struct capture_env *env;
	const struct capture_events *events;
	void *arg;
};

static struct world {
	struct loop *lp;
	char folder[UNIT_PATH_MAX];
	struct prefix allow;
	struct agent_conf conf;
	struct server *server;
	int client;
	struct capture *capture;
	int resumed;
} w;

struct capture *
capture_start(struct capture_env *env, const char *device,
    const struct capture_events *events, void *arg, struct fail *why)
{
	(void)device;
	(void)why;
	w.capture = xcalloc(1, sizeof(*w.capture));
	*w.capture = (struct capture){env, events, arg};
	env->running++;
	env->begun++;
	return w.capture;
}

void
capture_own(struct capture *c, const char *owner)
{
	(void)c;
	(void)owner;
}

void
capture_silent(struct capture *c, int64_t since)
{
	(void)c;
	(void)since;
}

void
capture_stop(struct capture *c, const char *cpe_name)
{
	(void)c;
	(void)cpe_name;
}

void
capture_kill(struct capture *c)
{
	free(c);
}

void
capture_verify_began(struct capture *c)
{
	(void)c;
}

void
capture_verify_ended(struct capture *c, const struct verify_result *r)
{
	(void)c;
	(void)r;
}

void
capture_park(struct capture *c)
{
	(void)c;
}

struct capture *
capture_resume(struct capture_env *env, const char *device,
    const struct capture_state *was, const struct capture_events *events,
    void *arg, struct fail *why)
{
	ck_assert_str_eq(was->folder, FOLDER);
	w.resumed++;
	return capture_start(env, device, events, arg, why);
}

void
capture_describe(const struct capture *c, struct capture_state *to)
{
	(void)c;
	*to = (struct capture_state){.folder = FOLDER};
}

static void
capture_ended(void)
{
	struct capture *c = w.capture;
	struct fail none;
	fail_clear(&none);
	w.capture = NULL;
	c->env->running--;
	c->events->ended(c->arg, &none, NULL);
	free(c);
}

static int
client_new(const char *at, uint16_t server_at)
{
	struct sockaddr_storage ss;
	struct addr a;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	ck_assert_int_ge(fd, 0);
	addr_parse(&a, at);
	socklen_t len = addr_to_sockaddr(&a, 0, &ss);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&ss, len), 0);
	addr_parse(&a, "127.0.0.1");
	len = addr_to_sockaddr(&a, server_at, &ss);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&ss, len), 0);
	return fd;
}

static void
conf_fill(struct agent_conf *c)
{
	static char lo[] = "lo", program[] = "/bin/true", nothing[] = "";
	ck_assert(addr_parse(&c->agent.listen_address, "127.0.0.1"));
	ck_assert(prefix_parse(&w.allow, "127.0.0.1/32"));
	c->agent.interface = lo;
	c->agent.captures = w.folder;
	c->agent.tcpdump = program;
	c->agent.allow = &w.allow;
	c->agent.n_allow = 1;
	c->agent.idle_rule_age = 7200000;
	c->agent.max_capture = 93600000;
	c->agent.max_devices = 400;
	c->verify.count = 1;
	c->verify.interval = 1000;
	c->verify.timeout = 1000;
	c->agent.files = 2;
	c->agent.file_size = 1000000;
	c->agent.keep = 1209600000;
	c->agent.keep_size = 20000000000;
	c->agent.until_idle = true;
	c->ovoc.alarm_destination = nothing;
}

static void
rig_new(void)
{
	struct fail why;
	memset(&w, 0, sizeof(w));
	w.lp = loop_new_virtual(NULL, 0);
	unit_folder(w.folder);
	conf_fill(&w.conf);
	w.server = server_new(w.lp, &w.conf, &why);
	ck_assert_msg(w.server != NULL, "%s", why.text);
	w.client = client_new("127.0.0.1", server_port(w.server));
}

static void
rig_free(void)
{
	close(w.client);
	server_free(w.server);
	loop_free(w.lp);
}

/* Send, let the server work, and collect what came back: "answer;". */
static const char *
ask(int client, const char *data, size_t len)
{
	static char answers[500];
	size_t at = 0;
	char one[200];
	ssize_t got;
	ck_assert_int_eq(send(client, data, len, 0), (ssize_t)len);
	loop_run_for(w.lp, 10);
	answers[0] = '\0';
	while ((got = recv(client, one, sizeof(one) - 1, 0)) >= 0) {
		one[got] = '\0';
		at += (size_t)snprintf(
		    answers + at, sizeof(answers) - at, "%s;", one);
		ck_assert_uint_lt(at, sizeof(answers));
	}
	return answers;
}

static const char *
ask_text(const char *text)
{
	return ask(w.client, text, strlen(text));
}

START_TEST(devices_are_registered_and_others_unknown)
{
	rig_new();
	ck_assert_str_eq(
	    ask_text("VERIFY 192.0.2.10"), "404 Not Found 192.0.2.10 VERIFY;");
	ck_assert_str_eq(ask_text("REGISTER 192.0.2.10"),
	    "100 Trying 192.0.2.10 REGISTER;200 OK 192.0.2.10 REGISTER;");
	ck_assert_str_eq(ask_text("REGISTER branch.example.net"),
	    "100 Trying branch.example.net REGISTER;200 OK branch.example.net REGISTER;");
	ck_assert_str_eq(ask_text("CAPTURE 192.0.2.11"),
	    "404 Not Found 192.0.2.11 CAPTURE;");
	ck_assert_str_eq(
	    ask_text("CAPTURE 192.0.2.10"), "100 Trying 192.0.2.10 CAPTURE;");
	rig_free();
}
END_TEST

START_TEST(hundreds_of_devices_are_told_apart)
{
	char text[64], expected[160];
	rig_new();
	for (int i = 0; i < 300; i++) {
		/* neither in order nor in reverse */
		int n = i * 7 % 300;
		snprintf(text, sizeof(text), "REGISTER 10.0.%d.%d", n / 100,
		    n % 100);
		snprintf(expected, sizeof(expected),
		    "100 Trying %s REGISTER;200 OK %s REGISTER;", text + 9,
		    text + 9);
		ck_assert_str_eq(ask_text(text), expected);
	}
	ck_assert_str_eq(
	    ask_text("CAPTURE 10.0.2.99"), "100 Trying 10.0.2.99 CAPTURE;");
	rig_free();
}
END_TEST

START_TEST(beyond_max_devices_who_never_captured_gives_way)
{
	char text[64];
	rig_new();
	w.conf.agent.max_devices = 3;
	ask_text("REGISTER 10.0.0.1");
	ask_text("CAPTURE 10.0.0.1");
	for (int i = 2; i < 2000; i++) {
		snprintf(text, sizeof(text), "REGISTER 10.0.%d.%d", i / 250,
		    i % 250);
		ck_assert_ptr_nonnull(strstr(ask_text(text), "200 OK"));
	}
	ck_assert_str_eq(
	    ask_text("CAPTURE 10.0.0.1"), "100 Trying 10.0.0.1 CAPTURE;");
	ck_assert_str_eq(
	    ask_text("VERIFY 10.0.0.2"), "404 Not Found 10.0.0.2 VERIFY;");
	capture_ended();
	rig_free();
}
END_TEST

START_TEST(with_max_devices_at_work_another_one_is_refused)
{
	rig_new();
	w.conf.agent.max_devices = 1;
	ask_text("REGISTER 10.0.0.1");
	ask_text("CAPTURE 10.0.0.1");
	ck_assert_str_eq(ask_text("REGISTER 10.0.0.2"),
	    "100 Trying 10.0.0.2 REGISTER;"
	    "503 Service Unavailable 10.0.0.2 REGISTER;");
	const char *said = ask_text("REGISTER 10.0.0.2\nwant info");
	ck_assert_ptr_nonnull(strstr(said, "100 Trying 10.0.0.2 REGISTER;"));
	ck_assert_ptr_nonnull(strstr(
	    said, "\"reason\":\"too many devices are registered already\"};"));
	rig_free();
}
END_TEST

START_TEST(a_device_has_one_spelling_at_a_time)
{
	rig_new();
	ask_text("REGISTER 2001:db8::1");
	ask_text("CAPTURE 2001:db8::1");
	ck_assert_str_eq(ask_text("REGISTER 2001:DB8:0::1"),
	    "100 Trying 2001:DB8:0::1 REGISTER;"
	    "503 Service Unavailable 2001:DB8:0::1 REGISTER;");
	ck_assert_str_eq(ask_text("VERIFY 2001:db8:0:0::1"),
	    "503 Service Unavailable 2001:db8:0:0::1 VERIFY;");
	ask_text("REGISTER Branch.example.net");
	/* That one is idle, and goes. */
	ck_assert_str_eq(ask_text("REGISTER branch.example.net"),
	    "100 Trying branch.example.net REGISTER;");
	ck_assert_str_eq(ask_text("REGISTER branch.example.net"),
	    "100 Trying branch.example.net REGISTER;"
	    "200 OK branch.example.net REGISTER;");
	rig_free();
}
END_TEST

START_TEST(trailing_nuls_are_ignored)
{
	rig_new();
	ck_assert_str_eq(ask(w.client, "REGISTER 192.0.2.10\0\0", 21),
	    "100 Trying 192.0.2.10 REGISTER;200 OK 192.0.2.10 REGISTER;");
	rig_free();
}
END_TEST

START_TEST(who_is_not_allowed_gets_no_answer)
{
	rig_new();
	int other = client_new("127.0.0.2", server_port(w.server));
	ck_assert_str_eq(ask(other, "REGISTER 192.0.2.10", 19), "");
	ck_assert_str_eq(ask_text("STOP 192.0.2.10 " FILE_Z),
	    "404 Not Found 192.0.2.10 STOP;");
	close(other);
	rig_free();
}
END_TEST

START_TEST(what_is_not_plain_gets_no_answer)
{
	static const char *const bad[] = {
	    "REGISTER",
	    "REGISTER $(reboot)",
	    "REGISTER 192.0.2.10; reboot",
	    "REGISTER ../../etc/passwd",
	    "REGISTER -w",
	    "REBOOT 192.0.2.10",
	    "STOP 192.0.2.10",
	    "STOP 192.0.2.10 ../CPE.pcap",
	    ("STOP 192.0.2.10 " FILE_Z "/../x"),
	    ("STOP 192.0.2.11 " FILE_Z),
	    "200 OK 192.0.2.10 REGISTER",
	};
	rig_new();
	ask_text("REGISTER 192.0.2.10");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_str_eq(ask_text(bad[i]), "");
	ck_assert_str_eq(ask(w.client, "", 0), "");
	rig_free();
}
END_TEST

/* What an address that is forged could be sent: two answers at the most, each
 * longer than its request by a code and a reason. */
START_TEST(answers_are_few_and_hardly_longer_than_their_request)
{
	static const char *const requests[] = {
	    "CAPTURE 192.0.2.10",
	    "REGISTER 192.0.2.10",
	    "REGISTER 192.0.2.10",
	    "CAPTURE 192.0.2.10",
	    "VERIFY 192.0.2.10",
	    "STOP 192.0.2.10 " FILE_Z,
	    "STOP 192.0.2.10 " FILE_Z,
	};
	rig_new();
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		const char *got = ask_text(requests[i]);
		unsigned answers = 0;
		for (; *got != '\0'; answers++) {
			size_t len = strcspn(got, ";");
			ck_assert_uint_le(
			    len, strlen(requests[i]) + strlen("503 Service "
							      "Unavailable "));
			got += len + 1;
		}
		ck_assert_uint_ge(answers, 1);
		ck_assert_uint_le(answers, 2);
	}
	/* and nothing more comes by itself */
	capture_ended();
	ask_text("STOP 192.0.2.10 " FILE_Z);
	loop_run_for(w.lp, 600000);
	ck_assert_str_eq(ask(w.client, "x", 1), "");
	rig_free();
}
END_TEST

START_TEST(until_idle_waits_for_a_capture_and_ten_quiet_minutes)
{
	rig_new();
	ask_text("REGISTER 192.0.2.10");
	loop_run_for(w.lp, 3600000);
	ck_assert(!server_ended(w.server));
	ask_text("REGISTER 192.0.2.10");
	ask_text("CAPTURE 192.0.2.10");
	loop_run_for(w.lp, 3600000);
	ck_assert(!server_ended(w.server));
	ask_text("STOP 192.0.2.10 " FILE_Z);
	capture_ended();
	loop_run_for(w.lp, 590000);
	ck_assert(!server_ended(w.server));
	loop_run_for(w.lp, 20000);
	ck_assert(server_ended(w.server));
	rig_free();
}
END_TEST

START_TEST(an_end_waits_for_the_captures)
{
	rig_new();
	ask_text("REGISTER 192.0.2.10");
	ask_text("CAPTURE 192.0.2.10");
	server_end(w.server);
	server_end(w.server);
	loop_run_for(w.lp, 100);
	ck_assert(!server_ended(w.server));
	ck_assert_str_eq(ask_text("REGISTER 192.0.2.11"), "");
	capture_ended();
	loop_run_for(w.lp, 100);
	ck_assert(server_ended(w.server));
	rig_free();
}
END_TEST

START_TEST(an_end_has_a_deadline)
{
	rig_new();
	ask_text("REGISTER 192.0.2.10");
	ask_text("CAPTURE 192.0.2.10");
	server_end(w.server);
	loop_run(w.lp);
	ck_assert(!server_ended(w.server));
	rig_free();
}
END_TEST

/* Another server takes the place of this one, which has no time to end. */
static void
rig_restart(void)
{
	struct fail why;
	close(w.client);
	server_free(w.server);
	loop_free(w.lp);
	w.lp = loop_new_virtual(NULL, 0);
	w.server = server_new(w.lp, &w.conf, &why);
	ck_assert_msg(w.server != NULL, "%s", why.text);
	w.client = client_new("127.0.0.1", server_port(w.server));
}

static bool
state_exists(void)
{
	char *path = xasprintf("%s/agent-state.json", w.folder);
	bool there = access(path, F_OK) == 0;
	free(path);
	return there;
}

START_TEST(what_a_server_knew_the_next_one_knows)
{
	rig_new();
	ask_text("REGISTER 192.0.2.10");
	ask_text("REGISTER 192.0.2.9");
	ask_text("CAPTURE 192.0.2.10");
	w.capture->events->began(w.capture->arg);
	ck_assert(state_exists());
	rig_restart();
	ck_assert_int_eq(w.resumed, 1);
	/* from another port, so from somebody else */
	ck_assert_str_eq(ask_text("STOP 192.0.2.10 " FILE_Z),
	    "503 Service Unavailable 192.0.2.10 STOP;");
	ck_assert_str_eq(ask_text("REGISTER 192.0.2.9"),
	    "100 Trying 192.0.2.9 REGISTER;200 OK 192.0.2.9 REGISTER;");
	rig_free();
}
END_TEST

START_TEST(a_device_in_two_spellings_is_gone_on_with_once)
{
	static const char state[] =
	    "{\"version\":1,\"devices\":["
	    "{\"device\":\"2001:DB8::1\",\"owner\":\"192.0.2.1\","
	    "\"port\":20001},"
	    "{\"device\":\"2001:db8::1\",\"owner\":\"192.0.2.1\","
	    "\"port\":20001}]}";
	rig_new();
	char *path = xasprintf("%s/agent-state.json", w.folder);
	FILE *f = fopen(path, "w");
	ck_assert(f != NULL && fputs(state, f) >= 0 && fclose(f) == 0);
	free(path);
	rig_restart();
	loop_run_for(w.lp, 2 * w.conf.agent.idle_rule_age);
	ck_assert_str_eq(ask_text("VERIFY 2001:DB8::1"),
	    "404 Not Found 2001:DB8::1 VERIFY;");
	ck_assert_str_eq(ask_text("VERIFY 2001:db8::1"),
	    "404 Not Found 2001:db8::1 VERIFY;");
	rig_free();
}
END_TEST

START_TEST(an_end_with_a_capture_leaves_it_for_the_next_server)
{
	rig_new();
	ask_text("REGISTER 192.0.2.10");
	ask_text("CAPTURE 192.0.2.10");
	server_end(w.server);
	capture_ended();
	loop_run_for(w.lp, 100);
	ck_assert(server_ended(w.server));
	ck_assert(state_exists());
	rig_restart();
	ck_assert_int_eq(w.resumed, 1);
	rig_free();
}
END_TEST

START_TEST(an_end_without_a_capture_leaves_nothing)
{
	rig_new();
	ask_text("REGISTER 192.0.2.10");
	ck_assert(state_exists());
	server_end(w.server);
	loop_run_for(w.lp, 100);
	ck_assert(server_ended(w.server));
	rig_restart();
	ck_assert(!state_exists());
	rig_free();
}
END_TEST

START_TEST(what_is_in_the_way_is_said_before_anything_is_served)
{
	static char missing[] = "/nonexistent/tcpdump";
	char other[UNIT_PATH_MAX];
	struct agent_conf conf;
	struct fail why;
	rig_new();
	conf = w.conf;
	conf.agent.tcpdump = missing;
	ck_assert_ptr_null(server_new(w.lp, &conf, &why));
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	ck_assert_ptr_nonnull(strstr(why.text, missing));
	conf = w.conf;
	unit_folder(other);
	conf.agent.captures = other;
	conf.agent.listen_port = server_port(w.server);
	ck_assert_ptr_null(server_new(w.lp, &conf, &why));
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	rig_free();
}
END_TEST

/* --- who asks how it is --- */

static struct told {
	struct status_facts all;
	struct status_device devices[400];
	int64_t n;
	bool ended;
} told;

static void
take_line(const char *line, size_t len)
{
	enum status_line kind;
	int64_t n = -1;
	unit_must(told.n < 400, "too many");
	unit_must(status_line_read(
		      line, len, &kind, &told.all, &told.devices[told.n], &n),
	    "no line: %s", line);
	told.n += kind == STATUS_LINE_DEVICE;
	told.ended = kind == STATUS_LINE_END;
	unit_must(!told.ended || n == told.n, "%d told", (int)n);
}

static int
status_asked(void)
{
	struct status_place place;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	ck_assert(status_place_open(&place, w.folder));
	ck_assert_int_eq(
	    connect(fd, (struct sockaddr *)&place.at, sizeof(place.at)), 0);
	status_place_close(&place);
	return fd;
}

/* All that comes, while `turn` (NULL: nothing) happens between two reads. */
static void
status_told(int fd, void (*turn)(void))
{
	static char text[1000000];
	size_t len = 0;
	ssize_t got;
	told = (struct told){.n = 0};
	while ((got = recv(fd, text + len, sizeof(text) - len, 0)) != 0) {
		if (got > 0)
			len += (size_t)got;
		if (turn != NULL)
			turn();
		loop_run_for(w.lp, 1);
	}
	close(fd);
	for (char *at = text; len > 0;) {
		char *end = memchr(at, '\n', len);
		ck_assert_ptr_nonnull(end);
		take_line(at, (size_t)(end - at));
		len -= (size_t)(end - at) + 1;
		at = end + 1;
	}
	ck_assert(told.ended);
}

static void
last_written(const char *path, time_t second)
{
	const struct timespec times[] = {{second, 0}, {second, 0}};

	ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

START_TEST(who_asks_is_told_of_each_device)
{
	char *folder, *piece;
	rig_new();
	status_told(status_asked(), NULL);
	ck_assert_int_eq(told.n, 0);
	ck_assert_str_eq(told.all.version, VERSION);
	ask_text("REGISTER 192.0.2.10");
	ask_text("REGISTER 192.0.2.11");
	ask_text("CAPTURE 192.0.2.10");
	loop_run_for(w.lp, 5000);
	folder = xasprintf("%s/" FOLDER, w.folder);
	ck_assert_int_eq(mkdir(folder, 0700), 0);
	for (int i = 0; i < 2; i++) {
		piece = xasprintf("%s/run0.pcap%d", folder, i);
		folder_pcap(piece, 100 + i, 1);
		last_written(piece, 100 + i);
		free(piece);
	}
	piece = xasprintf("%s/kept1-run0.pcap0", folder);
	folder_pcap(piece, 50, 1);
	free(piece);
	status_told(status_asked(), NULL);
	ck_assert_int_eq(told.all.mail.requests, 3);
	ck_assert_int_eq(told.all.captures_begun, 1);
	ck_assert_int_ge(told.all.uptime, 5000);
	ck_assert_int_eq(told.all.port, server_port(w.server));
	ck_assert(!told.all.manages_rules);
	ck_assert(!told.all.ending);
	ck_assert_int_eq(told.n, 2);
	ck_assert_str_eq(told.devices[0].device, "192.0.2.10");
	ck_assert(str_starts(told.devices[0].owner, "127.0.0.1:"));
	ck_assert_int_eq(told.devices[0].state, STATUS_STARTING);
	ck_assert(told.devices[0].captures);
	ck_assert_int_eq(told.devices[0].pieces, 3);
	ck_assert_int_eq(told.devices[0].bytes, INT64_C(3) * 41);
	ck_assert_int_eq(told.devices[0].ring_from, 100000);
	ck_assert_int_eq(told.devices[1].state, STATUS_REGISTERED);
	ck_assert(!told.devices[1].captures);
	free(folder);
	capture_ended();
	rig_free();
}
END_TEST

/* Behind what was told already, and before. */
static void
come_and_go(void)
{
	static int n;
	char text[64];
	ask_text("REGISTER 10.0.0.0.example.net");
	ask_text("REGISTER 10.0.0.0.EXAMPLE.net"); /* that one goes */
	snprintf(text, sizeof(text), "REGISTER zz%d.example.net", n++ % 7);
	ask_text(text);
}

START_TEST(devices_that_come_and_go_meanwhile_are_no_harm)
{
	char text[64];
	rig_new();
	for (int i = 0; i < 300; i++) {
		snprintf(text, sizeof(text), "REGISTER 10.0.%d.%d", i / 100,
		    i % 100);
		ask_text(text);
	}
	status_told(status_asked(), come_and_go);
	ck_assert_int_ge(told.n, 300);
	for (int64_t i = 1; i < told.n; i++)
		unit_must(strcmp(told.devices[i - 1].device,
			      told.devices[i].device) < 0,
		    "%s twice, or out of order", told.devices[i].device);
	rig_free();
}
END_TEST

START_TEST(who_asks_at_its_end_is_told_that_it_ends)
{
	rig_new();
	ask_text("REGISTER 192.0.2.10");
	ask_text("CAPTURE 192.0.2.10");
	server_end(w.server);
	status_told(status_asked(), NULL);
	ck_assert(told.all.ending);
	ck_assert_int_eq(told.n, 1);
	capture_ended();
	rig_free();
}
END_TEST

START_TEST(an_agent_that_nobody_can_ask_works_all_the_same)
{
	struct fail why;
	char *path;
	rig_new();
	server_free(w.server);
	loop_free(w.lp);
	w.lp = loop_new_virtual(NULL, 0);
	path = xasprintf("%s/" STATUS_SOCKET, w.folder);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	w.server = server_new(w.lp, &w.conf, &why);
	ck_assert_ptr_nonnull(w.server);
	close(w.client);
	w.client = client_new("127.0.0.1", server_port(w.server));
	ck_assert_str_eq(ask_text("REGISTER 192.0.2.10"),
	    "100 Trying 192.0.2.10 REGISTER;200 OK 192.0.2.10 REGISTER;");
	ck_assert_int_eq(rmdir(path), 0);
	free(path);
	rig_free();
}
END_TEST

UNIT_MAIN("server", who_asks_is_told_of_each_device,
    devices_that_come_and_go_meanwhile_are_no_harm,
    who_asks_at_its_end_is_told_that_it_ends,
    an_agent_that_nobody_can_ask_works_all_the_same,
    devices_are_registered_and_others_unknown,
    hundreds_of_devices_are_told_apart,
    beyond_max_devices_who_never_captured_gives_way,
    with_max_devices_at_work_another_one_is_refused,
    a_device_has_one_spelling_at_a_time, trailing_nuls_are_ignored,
    who_is_not_allowed_gets_no_answer, what_is_not_plain_gets_no_answer,
    answers_are_few_and_hardly_longer_than_their_request,
    until_idle_waits_for_a_capture_and_ten_quiet_minutes,
    an_end_waits_for_the_captures, an_end_has_a_deadline,
    what_a_server_knew_the_next_one_knows,
    a_device_in_two_spellings_is_gone_on_with_once,
    an_end_with_a_capture_leaves_it_for_the_next_server,
    an_end_without_a_capture_leaves_nothing,
    what_is_in_the_way_is_said_before_anything_is_served)
