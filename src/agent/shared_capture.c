/* shared_capture.c - see shared_capture.h. */
#include "agent/shared_capture.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/captor.h"
#include "agent/ring.h"
#include "base/str.h"
#include "base/xmem.h"
#include "loop/child.h"
#include "split/order.h"

#define PROGRAM "traffic-capture-splitter"
/* What serves one device when it has one of its own serves all of them. */
#define BUFFER_TIMES 16
#define BUFFER_MAX   (INT64_C(1) << 30)
#define ANSWERS_TURN 256

struct shared_part {
	LIST_ENTRY(shared_part) next;
	struct shared_capture *all;
	uint64_t id; /* its slot, and in the high bits who of that */
	const struct shared_events *events;
	void *arg;
	int64_t drops_before; /* -1: it does not listen */
};

struct message { /* that the socket had no room for */
	STAILQ_ENTRY(message) next;
	size_t len;
	char text[];
};

LIST_HEAD(part_list, shared_part);

struct shared_capture {
	struct loop *lp;
	const struct agent_section *conf;
	char *program;
	struct child *child;
	int orders; /* -1: there is no child */
	struct watch *watch;
	STAILQ_HEAD(, message) waiting;
	struct part_list parts;
	struct shared_part **slots; /* NULL: free */
	uint32_t n_slots, slots_room, last_serial;
	int64_t drops_told;  /* of this child's */
	char last_line[200]; /* of stderr: the reason when it dies */
};

char *
shared_capture_program(void)
{
	return child_program(PROGRAM, LIBEXECDIR "/" PROGRAM);
}

/* --- orders --- */

static void
wait_for_room(struct shared_capture *s)
{
	watch_set(
	    s->watch, STAILQ_EMPTY(&s->waiting) ? POLLIN : POLLIN | POLLOUT);
}

/* False: it has to wait.  What cannot be sent at all is as good as sent: the
 * child is gone, and its end will tell. */
static bool
send_now(struct shared_capture *s, const char *text, size_t len)
{
	return send(s->orders, text, len, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0 ||
	       (errno != EAGAIN && errno != ENOBUFS && errno != EINTR);
}

static void
send_order(struct shared_capture *s, const struct order *o)
{
	char text[ORDER_MAX];
	size_t len = order_format(text, o);
	struct message *m;

	if (s->child == NULL ||
	    (STAILQ_EMPTY(&s->waiting) && send_now(s, text, len)))
		return;
	m = xcalloc(1, sizeof(*m) + len);
	m->len = len;
	memcpy(m->text, text, len);
	STAILQ_INSERT_TAIL(&s->waiting, m, next);
	wait_for_room(s);
}

static void
send_waiting(struct shared_capture *s)
{
	struct message *m;

	while ((m = STAILQ_FIRST(&s->waiting)) != NULL &&
	       send_now(s, m->text, m->len)) {
		STAILQ_REMOVE_HEAD(&s->waiting, next);
		free(m);
	}
	wait_for_room(s);
}

static void
forget_waiting(struct shared_capture *s)
{
	struct message *m;

	while ((m = STAILQ_FIRST(&s->waiting)) != NULL) {
		STAILQ_REMOVE_HEAD(&s->waiting, next);
		free(m);
	}
}

/* --- parts --- */

static uint32_t
free_slot(struct shared_capture *s)
{
	for (uint32_t i = 0; i < s->n_slots; i++)
		if (s->slots[i] == NULL)
			return i;
	s->slots = xgrow(
	    s->slots, s->n_slots, &s->slots_room, sizeof(struct shared_part *));
	return s->n_slots++;
}

static struct shared_part *
part_new(struct shared_capture *s)
{
	struct shared_part *p = xcalloc(1, sizeof(*p));
	uint32_t slot = free_slot(s);

	p->all = s;
	/* Positive for who reads it as a signed number. */
	p->id = (uint64_t)(++s->last_serial & INT32_MAX) << 32 | slot;
	p->drops_before = -1;
	s->slots[slot] = p;
	LIST_INSERT_HEAD(&s->parts, p, next);
	return p;
}

/* NULL: it was dropped meanwhile, or there never was one. */
static struct shared_part *
part_find(const struct shared_capture *s, uint64_t id)
{
	uint32_t slot = (uint32_t)id;

	if (slot >= s->n_slots || s->slots[slot] == NULL ||
	    s->slots[slot]->id != id)
		return NULL;
	return s->slots[slot];
}

static void
part_free(struct shared_part *p)
{
	LIST_REMOVE(p, next);
	p->all->slots[(uint32_t)p->id] = NULL;
	free(p);
}

static struct shared_drops
drops_of(struct shared_part *p, int64_t drops)
{
	struct shared_drops d = {.all = -1};

	if (drops < 0 || p->drops_before < 0)
		return d;
	d.all = drops > p->drops_before ? drops - p->drops_before : 0;
	if (drops > p->all->drops_told) {
		d.news = drops - p->all->drops_told;
		p->all->drops_told = drops;
	}
	return d;
}

static void
part_ended(struct shared_part *p, const struct fail *why, int64_t drops)
{
	const struct shared_events *events = p->events;
	struct shared_drops d = drops_of(p, drops);
	void *arg = p->arg;

	part_free(p);
	events->ended(arg, why, &d);
}

/* Its end follows. */
static void
kill_child(struct shared_capture *s, const char *why)
{
	(void)str_copy(s->last_line, sizeof(s->last_line), why);
	child_signal(s->child, SIGKILL);
}

/* --- answers --- */

static void
take(struct shared_capture *s, const struct order *o)
{
	struct shared_part *p = part_find(s, o->id);
	struct fail why;

	if (p == NULL)
		return;
	fail_clear(&why);
	switch (o->kind) {
	case ORDER_LISTENING:
		if (p->drops_before >= 0)
			return;
		p->drops_before = o->drops;
		p->events->listening(p->arg);
		return;
	case ORDER_FAILED:
		fail_set(&why, FAIL_LOCAL, "%s", o->text);
		part_ended(p, &why, o->drops);
		return;
	case ORDER_ENDED:
		part_ended(p, &why, o->drops);
		return;
	case ORDER_ADD:
	case ORDER_END:
	case ORDER_KIND_COUNT:
		return;
	}
}

static void
on_answers(void *arg, short ready)
{
	struct shared_capture *s = arg;
	char text[ORDER_MAX];
	struct order o;

	if (ready & POLLOUT)
		send_waiting(s);
	for (int i = 0; i < ANSWERS_TURN && s->orders >= 0; i++) {
		ssize_t n =
		    recv(s->orders, text, sizeof(text) - 1, MSG_DONTWAIT);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0) { /* its end will tell why */
			watch_set(s->watch, 0);
			return;
		}
		text[n] = '\0';
		if (order_parse(&o, text)) {
			take(s, &o);
			continue;
		}
		kill_child(s, "its answer is not understood");
		return;
	}
}

/* --- the child --- */

static void
on_line(void *arg, const char *text)
{
	struct shared_capture *s = arg;

	log_write(loop_log(s->lp), LOGGING_DEBUG, NULL, "splitter", "%s", text);
	(void)str_copy(s->last_line, sizeof(s->last_line),
	    str_starts(text, "listening on ") ? "" : text);
}

static void
close_orders(struct shared_capture *s)
{
	watch_free(s->watch);
	s->watch = NULL;
	if (s->orders >= 0)
		close(s->orders);
	s->orders = -1;
	forget_waiting(s);
}

/* There is no device that does. */
static void
tell(const struct shared_capture *s, const struct fail *why)
{
	log_write(loop_log(s->lp), LOGGING_WARNING, NULL, "splitter",
	    "%s; it is started again for the next device", why->text);
}

/* Those that begin inside one of these events are not a part of this end. */
static void
on_exited(void *arg, int status)
{
	struct shared_capture *s = arg;
	struct part_list gone = LIST_HEAD_INITIALIZER(gone);
	struct shared_part *p;
	struct fail why;

	s->child = NULL;
	close_orders(s);
	captor_describe_end(
	    "the capture of all devices", status, s->last_line, &why);
	if (LIST_EMPTY(&s->parts))
		tell(s, &why);
	while ((p = LIST_FIRST(&s->parts)) != NULL) {
		LIST_REMOVE(p, next);
		LIST_INSERT_HEAD(&gone, p, next);
	}
	while ((p = LIST_FIRST(&gone)) != NULL)
		part_ended(p, &why, -1);
}

struct words {
	char snaplen[24], buffer[24], bytes[24], files[24];
};

static void
format_words(const struct agent_section *c, struct words *w)
{
	int64_t buffer = c->buffer * BUFFER_TIMES;

	if (buffer > BUFFER_MAX)
		buffer = BUFFER_MAX;
	snprintf(w->snaplen, sizeof(w->snaplen), "%d", c->snaplen);
	snprintf(w->buffer, sizeof(w->buffer), "%lld", (long long)buffer);
	snprintf(
	    w->bytes, sizeof(w->bytes), "%lld", (long long)ring_file_bytes(c));
	snprintf(w->files, sizeof(w->files), "%d", c->files);
}

static bool
spawn(struct shared_capture *s, int theirs, struct fail *why)
{
	static const struct child_events events = {on_line, on_exited};
	const struct child_files files = {
	    .out = -1, .fds = &theirs, .n = 1, .ambient = true};
	struct words w;
	const char *const argv[] = {s->program, s->conf->interface, w.snaplen,
	    w.buffer, w.bytes, w.files, NULL};

	format_words(s->conf, &w);
	s->last_line[0] = '\0';
	s->drops_told = 0;
	s->child =
	    child_start_with(s->lp, argv, captor_env, &files, &events, s, why);
	return s->child != NULL;
}

static bool
begin_child(struct shared_capture *s, struct fail *why)
{
	int ends[2];
	bool good;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
		fail_set(why, FAIL_LOCAL, "cannot start %s: %s", s->program,
		    strerror(errno));
		return false;
	}
	good = spawn(s, ends[1], why);
	close(ends[1]);
	if (!good) {
		close(ends[0]);
		return false;
	}
	s->orders = ends[0];
	s->watch = watch_new(s->lp, s->orders, POLLIN, on_answers, s);
	return true;
}

/* --- its life --- */

struct shared_capture *
shared_capture_new(
    struct loop *lp, const struct agent_section *conf, const char *program)
{
	struct shared_capture *s;

	if (!conf->shared)
		return NULL;
	s = xcalloc(1, sizeof(*s));
	s->lp = lp;
	s->conf = conf;
	s->program =
	    program != NULL ? xstrdup(program) : shared_capture_program();
	s->orders = -1;
	STAILQ_INIT(&s->waiting);
	LIST_INIT(&s->parts);
	return s;
}

void
shared_capture_begin(struct shared_capture *s)
{
	struct fail why;

	if (s != NULL && s->child == NULL && !begin_child(s, &why))
		tell(s, &why);
}

void
shared_capture_free(struct shared_capture *s)
{
	if (s == NULL)
		return;
	close_orders(s);
	child_kill(s->child);
	free(s->slots);
	free(s->program);
	free(s);
}

int
shared_capture_pid(const struct shared_capture *s)
{
	return s->child != NULL ? (int)child_pid(s->child) : 0;
}

struct shared_part *
shared_part_start(struct shared_capture *s, const char *path,
    const struct addr *addrs, size_t n_addrs,
    const struct shared_events *events, void *arg, struct fail *why)
{
	struct order o = {.kind = ORDER_ADD, .text = path};
	struct shared_part *p;

	if (s->child == NULL && !begin_child(s, why))
		return NULL;
	p = part_new(s);
	p->events = events;
	p->arg = arg;
	o.id = p->id;
	while (o.n_addrs < n_addrs && o.n_addrs < ORDER_ADDRS_MAX) {
		o.addrs[o.n_addrs] = addrs[o.n_addrs];
		o.n_addrs++;
	}
	send_order(s, &o);
	return p;
}

void
shared_part_end(struct shared_part *p)
{
	send_order(p->all, &(struct order){.kind = ORDER_END, .id = p->id});
}

void
shared_part_break(struct shared_part *p)
{
	if (p->all->child != NULL)
		kill_child(p->all, "it did not answer in time");
}

void
shared_part_drop(struct shared_part *p)
{
	if (p == NULL)
		return;
	shared_part_end(p);
	part_free(p);
}
