/* capture.c - see capture.h. */
#include "agent/capture.h"

#include <stdlib.h>

#include "agent/sidecar.h"
#include "agent/tcpdump.h"
#include "base/clock.h"
#include "base/str.h"
#include "base/xmem.h"
#include "loop/timer.h"

#define SHORT_SPAN_MS 300000 /* OVOC may need minutes to raise an alarm */
#define DISK_LOOK_MS  2000
#define FULL_BYTES    1000000 /* less is as good as nothing */
#define CHECK_BYTES   2000000 /* a turn of the loop: some milliseconds */
/* Of more the packets are not counted: it would load the disk. */
#define COUNT_MOST       32000000
#define RESOLVE_MS       10000
#define RESOLVE_AGAIN_MS 10000 /* of one that goes on: it is not given up */

struct capture {
	struct capture_env *env;
	char *device;
	const struct capture_events *events;
	void *arg;
	struct claim claim;
	struct resolve *resolving;
	struct pieces *pieces;
	struct tcpdump *tcpdump;
	struct timer soon;  /* ends one that has no tcpdump, or no more */
	struct timer again; /* resolves again */
	struct fail why;
	struct timer protect; /* the ring, the second time */
	struct timer disk;    /* looks whether it is full */
	struct capture_state kept;
	char owner[ADDR_TEXT_MAX];    /* "": not told */
	struct verify_result *probes; /* of the last VERIFY; NULL: none */
	struct kept_pieces moved;
	bool resumed;
	bool stuck; /* ... and has no tcpdump, for want of an address */
	bool parking;
	bool stopping;
	char *cpe_name;
	int64_t began_ms; /* monotonic; 0: it never captured */
	/* Wall ms: it was told to end then, or did; 0: it goes on.  Reading and
	 * naming the pieces takes its time behind that. */
	int64_t ended;
};

/* Free it; the pieces, if any are left, stay where they are. */
void
capture_kill(struct capture *c)
{
	if (c == NULL)
		return;
	timer_clear(&c->soon);
	timer_clear(&c->again);
	timer_clear(&c->protect);
	timer_clear(&c->disk);
	resolve_cancel(c->resolving);
	tcpdump_kill(c->tcpdump);
	room_drop(&c->claim);
	pieces_free(c->pieces);
	c->env->running--;
	kept_free(&c->moved);
	free(c->probes);
	free(c->cpe_name);
	free(c->device);
	free(c);
}

/* tcpdump does not tell when it cannot write, and ends with status 0. */
static void
say_failed(const struct capture *c, const char *what, const struct fail *why)
{
	log_about(loop_log(c->env->lp), LOGGING_WARNING, c->device, "capture",
	    &(struct log_facts){
		.device = c->device, .error = fail_kind_name(why->kind)},
	    "%s%s", what, why->text);
}

static void
look_at_disk(struct capture *c)
{
	long long left = store_free_bytes(c->env->store);

	if (c->kept.doubt || left < 0 || left >= FULL_BYTES)
		return;
	c->kept.doubt = true;
	log_about(loop_log(c->env->lp), LOGGING_ERROR, c->device, "capture",
	    &(struct log_facts){
		.device = c->device, .error = fail_kind_name(FAIL_LOCAL)},
	    "the disk of %s is full: packets are lost; make room there",
	    c->env->conf->captures);
}

static void
on_disk(void *arg)
{
	struct capture *c = arg;

	look_at_disk(c);
	if (!c->kept.doubt)
		timer_set(&c->disk, DISK_LOOK_MS);
}

static void
say_kept(const struct capture *c, unsigned files)
{
	char span[CLOCK_TEXT_MAX];
	struct log *lg = loop_log(c->env->lp);

	if (c->began_ms == 0 && files == 0)
		return;
	clock_span(c->began_ms ? loop_now(c->env->lp) - c->began_ms : 0, span);
	if (c->cpe_name != NULL)
		log_write(lg, LOGGING_NOTICE, c->device, "capture",
		    "stopped after %s, %u file%s named after %s", span, files,
		    files == 1 ? "" : "s", c->cpe_name);
	else
		log_write(lg, LOGGING_NOTICE, c->device, "capture",
		    "aborted, %u file%s kept as ABORTED_device_...", files,
		    files == 1 ? "" : "s");
}

/* The pieces are read first, a little each turn: after a full disk all of them,
 * for some may be cut, else those of a small capture, to tell of them. */
static bool
must_read_on(struct capture *c)
{
	bool done;

	look_at_disk(c);
	done = c->kept.doubt ? pieces_check(c->pieces, CHECK_BYTES)
			     : pieces_count(c->pieces, CHECK_BYTES, COUNT_MOST);
	if (done)
		return false;
	timer_set(&c->soon, 0);
	return true;
}

/* What a comparison has to know of them, beside them. */
static void
write_sidecar(struct capture *c, const char *folder)
{
	const struct sidecar s = {.device = c->device,
	    .owner = c->owner,
	    .interface = c->env->conf->interface,
	    .snaplen = c->env->conf->snaplen,
	    .ended = c->ended != 0 ? c->ended : loop_wall(c->env->lp),
	    .capture = &c->kept,
	    .pieces = &c->moved,
	    .probes = c->probes};
	char name[CAPTURE_NAME_MAX];
	struct fail why;

	capture_name_sidecar(name, folder, c->cpe_name);
	if (!sidecar_write(&s, c->env->conf->captures, name, &why))
		say_failed(c, "", &why);
}

/* Nothing is captured since then, and it ends. */
static void
cease(struct capture *c, int64_t since)
{
	if (c->parking)
		return;
	record_hole(&c->kept.record, since, loop_wall(c->env->lp));
	c->events->ceased(c->arg, since);
}

/* Name the pieces, tell the owner and go. */
static void
finish(struct capture *c)
{
	const struct capture_events *events = c->events;
	void *arg = c->arg;
	struct fail why = c->why;
	struct fail naming;
	struct info_pieces told = {.told = false};
	char folder[CAPTURE_NAME_MAX];
	unsigned files = 0;

	fail_clear(&naming);
	timer_clear(&c->protect); /* it gives pieces other names */
	if (c->pieces != NULL && !c->parking) {
		if (must_read_on(c))
			return;
		str_copy(folder, sizeof(folder), pieces_name(c->pieces));
		pieces_note(c->pieces, &c->moved);
		files = pieces_keep(c->pieces, c->cpe_name, &naming);
		c->pieces = NULL;
		if (files > 0)
			write_sidecar(c, folder);
		told =
		    kept_told(&c->moved, record_all_dropped(&c->kept.record));
	}
	if (why.kind == FAIL_NONE)
		why = naming;
	if (!c->parking)
		say_kept(c, files);
	capture_kill(c);
	events->ended(arg, &why, told.told ? &told : NULL);
}

/* Since when nothing has been captured, of one that goes on; else 0. */
static int64_t
gap_from(const struct capture *c)
{
	int64_t last = c->resumed ? pieces_last_written(c->pieces) : 0;

	return c->resumed && last == 0 ? loop_wall(c->env->lp) : last;
}

static void
on_soon(void *arg)
{
	struct capture *c = arg;

	if (c->stuck)
		cease(c, gap_from(c));
	c->stuck = false;
	finish(c);
}

static void
on_listening(void *arg)
{
	struct capture *c = arg;

	c->began_ms = loop_now(c->env->lp);
	c->env->begun++;
	if (c->kept.record.began == 0)
		c->kept.record.began = loop_wall(c->env->lp);
	timer_set(&c->disk, DISK_LOOK_MS);
	log_write(loop_log(c->env->lp), LOGGING_NOTICE, c->device, "capture",
	    "captures on %s", c->env->conf->interface);
	c->events->began(c->arg);
}

static void
on_dropped(void *arg, int64_t packets, int64_t news)
{
	struct capture *c = arg;

	c->env->dropped += news;
	record_dropped(&c->kept.record, packets);
}

static void
on_hole(void *arg, int64_t from, int64_t to)
{
	struct capture *c = arg;

	if (to == 0)
		cease(c, from);
	else
		record_hole(&c->kept.record, from, to);
}

static void
on_tcpdump_ended(void *arg, const struct fail *why)
{
	struct capture *c = arg;

	c->tcpdump = NULL;
	c->why = *why;
	if (c->ended == 0)
		c->ended = loop_wall(c->env->lp);
	finish(c);
}

static void
unresolved(struct capture *c, const struct fail *why)
{
	if (c->resumed) {
		c->stuck = true;
		say_failed(c, "cannot go on yet: ", why);
		timer_set(&c->again, RESOLVE_AGAIN_MS);
		return;
	}
	c->why = *why;
	finish(c);
}

/* Give it a folder for its pieces, unless it has one. */
static bool
make_pieces(struct capture *c)
{
	if (c->pieces != NULL)
		return true;
	c->pieces = pieces_new(
	    c->env->store, c->device, loop_wall(c->env->lp), &c->why);
	if (c->pieces == NULL)
		return false;
	if (c->owner[0] != '\0')
		pieces_own(c->pieces, c->owner);
	str_copy(
	    c->kept.folder, sizeof(c->kept.folder), pieces_name(c->pieces));
	return true;
}

static void
run_tcpdump(struct capture *c, const struct addr *addrs, size_t n)
{
	static const struct tcpdump_events events = {
	    on_listening, on_tcpdump_ended, on_dropped, on_hole};
	const struct tcpdump_spec spec = {.conf = c->env->conf,
	    .shared = c->env->shared,
	    .claim = &c->claim,
	    .pieces = c->pieces,
	    .device = c->device,
	    .addrs = addrs,
	    .n_addrs = n,
	    .goes_on_from = gap_from(c)};

	c->tcpdump = tcpdump_start(c->env->lp, &spec, &events, c);
}

static void
on_resolved(
    void *arg, const struct addr *addrs, size_t n, const struct fail *why)
{
	struct capture *c = arg;

	c->resolving = NULL;
	c->stuck = false;
	if (n == 0) {
		unresolved(c, why);
		return;
	}
	if (make_pieces(c))
		run_tcpdump(c, addrs, n);
	else
		finish(c);
}

/* --- the ring --- */

/* A ring that is full, and yet this short, was too small for the outage. */
static void
say_span(const struct capture *c, const struct ring_held *held)
{
	char text[CLOCK_TEXT_MAX];
	struct log *lg = loop_log(c->env->lp);
	int64_t span = loop_wall(c->env->lp) - held->first_us / 1000;

	clock_span(span > 0 ? span : 0, text);
	if (held->first_us == 0)
		log_write(lg, LOGGING_WARNING, c->device, "capture",
		    "the ring is protected; it held no packet");
	else if (span < SHORT_SPAN_MS &&
		 held->files >= (unsigned)c->env->conf->files)
		log_write(lg, LOGGING_WARNING, c->device, "capture",
		    "the ring is protected; it held the last %s only: raise "
		    "agent.files or agent.file_size",
		    text);
	else
		log_write(lg, LOGGING_NOTICE, c->device, "capture",
		    "the ring is protected; it held the last %s in %u file%s",
		    text, held->files, held->files == 1 ? "" : "s");
}

/* As its protection number `time`.  Is it? */
static bool
protect(struct capture *c, unsigned time, struct ring_held *held)
{
	struct fail why;

	c->kept.protections = time;
	if (room_claim_files(&c->claim, pieces_ring_files(c->pieces), &why)) {
		pieces_protect(c->pieces, time, held);
		return true;
	}
	say_failed(c, "the ring is not protected: ", &why);
	return false;
}

void
capture_verify_began(struct capture *c)
{
	struct ring_held held;

	if (c->kept.protections != 0 || c->tcpdump == NULL)
		return;
	if (protect(c, 1, &held))
		say_span(c, &held);
}

static void
on_protect(void *arg)
{
	struct ring_held held;

	protect(arg, PROTECTIONS_MAX, &held);
}

/* What tcpdump has not read yet must be in its files first: the same wait as
 * before a SIGTERM. */
void
capture_verify_ended(struct capture *c, const struct verify_result *r)
{
	if (r != NULL) {
		free(c->probes);
		c->probes = verify_result_copy(r);
	}
	if (c->kept.protections < PROTECTIONS_MAX && c->tcpdump != NULL)
		timer_set(&c->protect, c->env->conf->settle);
}

static void
resolve(void *arg)
{
	struct capture *c = arg;

	c->resolving = resolve_start(
	    c->env->resolver, c->device, RESOLVE_MS, on_resolved, c);
}

/* --- its life --- */

static int64_t
written(void *arg)
{
	const struct capture *c = arg;

	return c->pieces != NULL ? pieces_bytes(c->pieces) : 0;
}

static void
on_expelled(void *arg, const struct fail *why)
{
	struct capture *c = arg;

	c->events->expelled(c->arg, why);
}

static const struct claim_events claim_events = {written, on_expelled};

static struct capture *
begin(struct capture_env *env, const char *device,
    const struct capture_events *events, void *arg, struct pieces *pieces)
{
	struct capture *c = xcalloc(1, sizeof(*c));

	env->running++;
	c->env = env;
	c->device = xstrdup(device);
	c->events = events;
	c->arg = arg;
	c->pieces = pieces;
	c->resumed = pieces != NULL;
	timer_init(&c->soon, env->lp, on_soon, c);
	timer_init(&c->again, env->lp, resolve, c);
	timer_init(&c->protect, env->lp, on_protect, c);
	timer_init(&c->disk, env->lp, on_disk, c);
	return c;
}

struct capture *
capture_start(struct capture_env *env, const char *device,
    const struct capture_events *events, void *arg, struct fail *why)
{
	struct capture *c = begin(env, device, events, arg, NULL);

	if (!room_claim(env->room, &c->claim, &claim_events, c, why)) {
		capture_kill(c);
		return NULL;
	}
	resolve(c);
	return c;
}

struct capture *
capture_resume(struct capture_env *env, const char *device,
    const struct capture_state *was, const struct capture_events *events,
    void *arg, struct fail *why)
{
	struct pieces *pieces = pieces_reopen(env->store, was->folder, why);
	struct capture *c;

	if (pieces == NULL)
		return NULL;
	c = begin(env, device, events, arg, pieces);
	c->kept = *was;
	room_claim_again(env->room, &c->claim, &claim_events, c);
	resolve(c);
	return c;
}

void
capture_own(struct capture *c, const char *owner)
{
	str_copy(c->owner, sizeof(c->owner), owner);
}

void
capture_describe(const struct capture *c, struct capture_state *to)
{
	*to = c->kept;
	/* What it tells at its end comes too late for the next agent. */
	if (c->tcpdump != NULL)
		record_dropped(&to->record, -1);
}

void
capture_silent(struct capture *c, int64_t since)
{
	room_claim_silent(&c->claim, since);
}

/* What is left once it was told to end. */
static void
wind_up(struct capture *c)
{
	if (c->tcpdump != NULL) {
		tcpdump_stop(c->tcpdump);
		return;
	}
	resolve_cancel(c->resolving);
	c->resolving = NULL;
	timer_clear(&c->again);
	timer_set(&c->soon, 0);
}

void
capture_park(struct capture *c)
{
	if (c->stopping)
		return;
	c->stopping = true;
	c->parking = true;
	wind_up(c);
}

void
capture_stop(struct capture *c, const char *cpe_name)
{
	if (c->stopping && (c->parking || c->cpe_name != NULL))
		return;
	free(c->cpe_name);
	c->cpe_name = xstrdup(cpe_name);
	if (c->stopping)
		return;
	c->stopping = true;
	c->ended = loop_wall(c->env->lp);
	if (c->pieces == NULL && cpe_name != NULL)
		fail_set(&c->why, FAIL_LOCAL,
		    "stopped before tcpdump was started: no file");
	wind_up(c);
}
