/* waiting.h - a device waits for its event: alarms, trigger.hold_down,
 * trigger.heartbeat_lost, campaign.capture_for; and what it does meanwhile, now
 * and then.
 */
#ifndef DEVICE_WAITING_H
#define DEVICE_WAITING_H

#include "device/alarms.h"
#include "device/heartbeat.h"

enum waited {
	WAITED_NOTHING,
	WAITED_EVENT,   /* the event begins, if the device waits */
	WAITED_CLEARED, /* the loss that was held down is over */
	WAITED_CHECK,   /* campaign.recheck: is the capture still on? */
	WAITED_RENEW    /* the agent is to be asked for its CAPTURE again */
};
/* From the loop: WAITED_EVENT, WAITED_CHECK or WAITED_RENEW. */
typedef void waiting_done(void *arg, enum waited what);

struct waiting { /* embedded in the device; the fields are its own */
	const struct campaign_conf *conf;
	struct ledger *ledger;
	struct alarms alarms;
	struct timer hold;  /* trigger.hold_down */
	struct timer timed; /* campaign.capture_for */
	struct timer check; /* campaign.recheck */
	struct timer renew;
	struct heartbeat heartbeat;
	bool held_by_beats; /* heartbeat_lost, no alarm, set `hold` */
	waiting_done *done;
	void *arg;
};

/* Events are of this run: `own` is its ledger. */
void waiting_init(
    struct waiting *w, struct ledger *own, waiting_done *done, void *arg);
/* An alarm came; `at` without `holding`.  It has its row; what follows from
 * it: WAITED_EVENT, WAITED_CLEARED or WAITED_NOTHING. */
enum waited waiting_alarm(
    struct waiting *w, struct alarm_scene at, const struct alarm *a);
/* An event without an alarm; its row says why. */
void waiting_trigger(struct waiting *w, const char *why);
/* The capture is confirmed: the time of campaign.capture_for begins. */
void waiting_timed(struct waiting *w);
void waiting_check_later(struct waiting *w);
/* What this host sees of the device until then: verify.heartbeat. */
void waiting_beats(struct waiting *w, const struct addr *to);
/* So that the server captures, or goes on. */
void waiting_renew_later(struct waiting *w);
/* Does trigger.hold_down run? */
bool waiting_holds(const struct waiting *w);
/* Nothing of it any more; the beats that are kept stay. */
void waiting_stop(struct waiting *w);
/* They go, too. */
void waiting_clear(struct waiting *w);

#endif
