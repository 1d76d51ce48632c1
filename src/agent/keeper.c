/* keeper.c - see keeper.h.
 *
 * agent/server asks it to read before anything else is served; sessions tell
 * it of their changes.
 */
#include "agent/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/xmem.h"
#include "loop/timer.h"

#define REST_FACTOR  4 /* times what the last write took */
#define TRY_AGAIN_MS 5000

struct keeper {
	struct loop *lp;
	char *path;
	keeper_collect *collect;
	void *arg;
	bool dirty;
	struct timer rest; /* set: too early for the next write */
	struct log_once failing;
};

static void
on_turn_end(void *arg)
{
	struct keeper *k = arg;

	if (k->dirty && !timer_is_set(&k->rest))
		keeper_flush(k);
}

/* The end of the turn that this runs in writes. */
static void
on_rested(void *arg)
{
	(void)arg;
}

struct keeper *
keeper_new(
    struct loop *lp, const char *folder, keeper_collect *collect, void *arg)
{
	struct keeper *k = xcalloc(1, sizeof(*k));

	k->lp = lp;
	k->path = xasprintf("%s/agent-state.json", folder);
	k->collect = collect;
	k->arg = arg;
	timer_init(&k->rest, lp, on_rested, k);
	loop_on_turn_end(lp, on_turn_end, k);
	return k;
}

void
keeper_free(struct keeper *k)
{
	if (k == NULL)
		return;
	timer_clear(&k->rest);
	free(k->path);
	free(k);
}

static void
move_aside(struct keeper *k, const char *reason)
{
	char *bad = xasprintf("%s.bad", k->path);
	bool moved = rename(k->path, bad) == 0;

	log_write(loop_log(k->lp), LOGGING_ERROR, NULL, "state",
	    "%s is not used: %s; captures of the last agent are kept as "
	    "ABORTED_device_..., its rules stay in OVOC until the devices are "
	    "registered again%s%s",
	    k->path, reason, moved ? "; moved to " : "", moved ? bad : "");
	free(bad);
}

void
keeper_read(struct keeper *k, struct agent_state *to)
{
	struct stat st;
	size_t len = 0;
	char *text = bytes_read(
	    bytes_open(k->path, O_NOFOLLOW, &st), STATE_BYTES_MAX, &len);
	struct fail why;

	*to = (struct agent_state){.n = 0};
	if (text == NULL && errno == EINVAL)
		move_aside(k, "it is no regular file");
	else if (text == NULL && errno != ENOENT)
		move_aside(k, strerror(errno));
	else if (text != NULL && !agent_state_decode(text, len, to, &why))
		move_aside(k, why.text);
	bytes_free(text, len + 1);
}

static bool
write_state(struct keeper *k, const struct agent_state *s, struct fail *why)
{
	struct strbuf text = STRBUF_INIT;
	struct atomic_file *f;

	if (s->n == 0 && s->newest == 0) {
		if (unlink(k->path) == 0 || errno == ENOENT)
			return true;
		fail_set(why, FAIL_LOCAL, "cannot remove %s: %s", k->path,
		    strerror(errno));
		return false;
	}
	f = atomic_file_open(k->path, why);
	if (f == NULL)
		return false;
	agent_state_encode(s, &text);
	atomic_file_write(f, strbuf_text(&text), text.len);
	strbuf_free(&text);
	return atomic_file_commit(f, why);
}

void
keeper_changed(struct keeper *k)
{
	k->dirty = true;
}

void
keeper_flush(struct keeper *k)
{
	struct agent_state s = {.n = 0};
	int64_t from = clock_mono_ms(), pause;
	struct fail why;
	bool written;

	if (!k->dirty)
		return;
	k->collect(k->arg, &s);
	written = write_state(k, &s, &why);
	agent_state_free(&s);
	pause = (clock_mono_ms() - from) * REST_FACTOR;
	k->dirty = !written;
	if (written)
		k->failing.count = 0;
	else
		log_repeated(loop_log(k->lp), &k->failing, NULL, "state",
		    "%s; an agent that is started again would not know its "
		    "captures",
		    why.text);
	if (!written && pause < TRY_AGAIN_MS)
		pause = TRY_AGAIN_MS;
	if (pause > 0)
		timer_set(&k->rest,
		    pause < KEEPER_DELAY_MS ? pause : KEEPER_DELAY_MS);
}
