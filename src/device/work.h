/* work.h - what may be under way for a device: its activities, all together. */
#ifndef DEVICE_WORK_H
#define DEVICE_WORK_H

#include "device/earlier.h"
#include "device/event_notes.h"
#include "device/fetch.h"
#include "device/probes.h"
#include "device/switching.h"
#include "device/talk.h"
#include "device/waiting.h"

/* To whom they report. */
struct work_events {
	switching_done *switched;
	talk_done *talked;
	waiting_done *waited;
	probes_done *probed;
	fetch_done *fetched;
};

struct work { /* embedded in the device, which starts each of them itself */
	struct reach reach;
	struct switching switching;
	struct talk talk;
	struct waiting waiting;
	struct probes probes;
	struct fetch fetch;
	struct event_notes notes;
};

/* `own` is the ledger of this run; `arg` goes with every event. */
void work_init(struct work *w, struct ledger *own, struct agent_link *link,
    const struct work_events *events, void *arg);
/* What is done in this state, where that is one activity.  The ledger may be
 * that of the earlier run that is open. */
void work_begin(struct work *w, struct ledger *l, enum device_state s,
    const struct earlier_runs *earlier);
/* No more waiting for an event. */
void work_wait_no_more(struct work *w, enum device_state at);
/* Nothing is under way any more, without a word. */
void work_clear(struct work *w);
/* What is under way, or waits for its next try, has no end of its own: a row
 * says so, for nothing is given up without. */
void work_cut_short(struct work *w, const char *why, enum device_state at);
/* The same, and no more time: keep what there is. */
void work_abandon(struct work *w, const char *why, enum device_state at);
/* What waits for its next try has it now. */
void work_hurry(struct work *w);

#endif
