/* switching.h - a device's capture: switched on, looked after, switched off.
 *
 *   on     show, start, show until active
 *   check  show: does it still run?
 *   off    stop, show until not active
 * A start or stop whose outcome is in doubt is settled by the show.  A device
 * whose capture is off is asked whether it restarted; one whose answers have no
 * date, for its clock.
 */
#ifndef DEVICE_SWITCHING_H
#define DEVICE_SWITCHING_H

#include "device/cli.h"
#include "device/status.h"

enum switched {
	SWITCHED_ON,     /* confirmed */
	SWITCHED_OFF,    /* confirmed */
	SWITCHED_FAILED, /* for good: `why`, and a row says so */
	SWITCHED_LEFT,   /* switching_leave(): the start has its answer */
	/* Of a check. */
	SWITCHED_AS_WAS,   /* it runs, or could not be asked just now */
	SWITCHED_BY_ITSELF /* it is off, and nobody here stopped it */
};
typedef void switching_done(
    void *arg, enum switched how, const struct fail *why);

struct switching { /* embedded in the device; the fields are its own */
	struct cli cli;
	struct status status;
	struct ledger *ledger;
	int phase;
	bool take_over;    /* a capture that runs may be ours */
	bool may_be_asked; /* the agent, where the capture is on */
	bool leaving;
	int64_t still_on_since; /* monotonic ms, behind a stop; 0: it is not */
	bool check_failed;      /* and a row says so */
	switching_done *done;
	void *arg;
};

/* `done` runs once for each of on, check and off, from the loop (but see
 * switching_settle()). */
void switching_init(
    struct switching *s, struct reach *reach, switching_done *done, void *arg);
/* `take_over`: whatever is on there may be taken for ours. */
void switching_on(struct switching *s, struct ledger *l, bool take_over);
void switching_check(struct switching *s, struct ledger *l);
void switching_off(struct switching *s, struct ledger *l);
/* Of an earlier run's: show first, since it may be on or not.  What is on has
 * a file, and its agent may have been asked, if `may_be_asked`. */
void switching_off_left(
    struct switching *s, struct ledger *l, bool may_be_asked);
/* What comes now ends the waiting for an event: a capture that was found off
 * has vanished, though the device is still being asked since when.  `done` runs
 * inside this call. */
void switching_settle(struct switching *s);
/* Whatever is under way is forgotten; harmless when nothing is. */
void switching_cancel(struct switching *s);
/* The same, but a start that the device may just be carrying out is waited for:
 * a stop that overtook it would leave the capture on.  True: `done` follows. */
bool switching_leave(struct switching *s);

#endif
