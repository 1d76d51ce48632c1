/* round.c - what is true of a device's round.
 */
#include "books/round.h"

#include <stddef.h>

#include "base/name.h"
#include "base/str.h"

/* A flag of struct round; 0 is its number, and none. */
#define FLAG(name) offsetof(struct round, name)

/* What the next run must know of a device even behind a power cut goes to the
 * disk: changes on it, before and after.  An event begins without waiting for
 * the disk, or the alarms of a burst would overflow the socket meanwhile. */
static const struct {
	const char *name; /* in the journal; NULL: not there */
	bool disk;
	size_t sets, clears;
} facts[FACT_COUNT] = {
    [FACT_REGISTERED] = {.name = "registered"},
    [FACT_START] = {"start", true, FLAG(sent), 0},
    [FACT_ON] = {"on", true, FLAG(on), FLAG(unclear)},
    [FACT_ASKED] = {"asked", false, FLAG(asked), 0},
    [FACT_EVENT] = {"event", false, FLAG(triggered), 0},
    [FACT_STOP] = {.name = "stop", .disk = true},
    [FACT_OFF] = {"off", true, 0, FLAG(unclear)},
    [FACT_FILE] = {"file", true, FLAG(home), 0},
    [FACT_CLOSED] = {"closed", false, FLAG(closed), FLAG(asked)},
    [FACT_ENDED] = {"ended", false, FLAG(ended), 0},
    [FACT_NOTHING] = {"nothing", true, 0, FLAG(sent)},
    [FACT_INHERITED] = {"inherited", true, FLAG(inherited), 0},
    [FACT_TAKEN] = {"taken", false, FLAG(taken), 0},
    [FACT_RECOVERED] = {"recovered", true, FLAG(recovered), 0},
    [FACT_AGENT_ON] = {"agent-on", false, FLAG(agent_on), 0},
    [FACT_AGENT_OFF] = {"agent-off", false, 0, FLAG(agent_on)},
    [FACT_ANSWERED] = {"answered", false, FLAG(answered), 0},
    [FACT_KEPT] = {"kept", false, FLAG(kept), 0},
    [FACT_CUT] = {"cut", false, FLAG(cut), 0},
    [FACT_DOUBT] = {.sets = FLAG(unclear)},
    [FACT_SURE] = {.clears = FLAG(unclear)},
    [FACT_HELD] = {.sets = FLAG(held)},
    [FACT_CLEARED] = {.clears = FLAG(held)},
    [FACT_VANISHED] = {.sets = FLAG(vanished)},
    [FACT_UNTOLD] = {.clears = FLAG(asked)},
    [FACT_VERIFIED] = {.sets = FLAG(verified)},
    [FACT_PROBED] = {.sets = FLAG(probed)},
    [FACT_NO_ROOM] = {.sets = FLAG(no_room)},
};

const char *
fact_name(enum fact f)
{
	return facts[f].name;
}

enum fact
fact_find(const char *name)
{
	return (enum fact)NAME_FIND(facts, name);
}

bool
fact_wants_disk(enum fact f)
{
	return facts[f].disk;
}

void
round_begin(struct round *r, int event)
{
	*r = (struct round){
	    .event = event,
	    .inherited = round_may_be_on(r),
	    .agent_on = r->agent_on,
	};
}

void
round_name(struct round *r, const char *file)
{
	str_copy(r->file, sizeof(r->file), file);
}

static void
flag_set(struct round *r, size_t flag, bool value)
{
	if (flag != 0)
		*(bool *)((char *)r + flag) = value;
}

static void
confirmed(struct round *r)
{
	/* It has grown since it was fetched: that was another file. */
	if (r->home)
		r->file[0] = '\0';
	r->home = false;
	r->was_on = true;
	r->agent_on = false; /* so much is known of this round */
}

void
round_take(struct round *r, enum fact f)
{
	/* What comes behind it is of one more try. */
	r->recovered = false;
	if (f == FACT_REGISTERED)
		round_begin(r, r->event);
	else if (f == FACT_ON)
		confirmed(r);
	else if (f == FACT_OFF)
		r->sent = r->inherited = r->on = false;
	flag_set(r, facts[f].sets, true);
	flag_set(r, facts[f].clears, false);
	r->captured |= r->triggered && r->agent_on;
}

/* --- questions --- */

bool
round_may_be_on(const struct round *r)
{
	return r->sent || r->inherited;
}

bool
round_has_file(const struct round *r)
{
	return r->was_on && !r->home;
}

bool
round_wants_file(const struct round *r, const struct round_wish *w)
{
	/* A device that refused us is not spoken to any more. */
	if (!round_has_file(r) || fail_is_refusal(w->failure))
		return false;
	return r->triggered || r->vanished || w->interrupted || w->earlier ||
	       w->failure->kind != FAIL_NONE || w->keep_quiet;
}

bool
round_left(const struct round *r, bool ended, bool quiet)
{
	if (round_may_be_on(r))
		return true;
	/* What else an ended one could not do is in its reports. */
	if (r->recovered || (ended && !r->taken))
		return false;
	return (round_has_file(r) && !quiet) || r->asked ||
	       round_lacks_record(r);
}

/* An event is written down last of all, as it ends. */
bool
round_lacks_record(const struct round *r)
{
	return r->triggered && !r->ended && r->file[0] != '\0';
}

/* --- the server's part --- */

enum lack
round_lacks(const struct round *r)
{
	if (!r->triggered || !r->home)
		return LACK_NOTHING;
	if (!r->captured)
		return LACK_CAPTURE;
	if (!r->answered)
		return LACK_VERIFY;
	if (r->cut)
		return LACK_END;
	return r->kept ? LACK_NOTHING : LACK_STOP;
}

const char *
lack_text(enum lack l)
{
	static const char *const texts[LACK_COUNT] = {
	    [LACK_NOTHING] = "both ends' captures",
	    [LACK_CAPTURE] = "the server did not capture",
	    [LACK_VERIFY] = "the agent did not answer VERIFY",
	    [LACK_END] = "the server's capture had ended before its STOP",
	    [LACK_STOP] = "the agent did not keep its capture at STOP",
	};

	return texts[l];
}
