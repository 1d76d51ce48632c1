/* alarms.h - what an alarm means to its device.
 *
 * A function of the device's state, its round and the alarm (the table in
 * traffic-capture(8), THE TRIGGER); the device acts on it.
 */
#ifndef DEVICE_ALARMS_H
#define DEVICE_ALARMS_H

#include "device/device_state.h"
#include "device/ledger.h"
#include "wire/alarm.h"

enum alarm_meaning {
	MEANS_LOST_EARLY,   /* before a start was sent */
	MEANS_LOST_STARTED, /* the confirmation of the start is the event */
	MEANS_LOST_HELD,    /* trigger.hold_down runs already */
	MEANS_LOST_HOLD,    /* it begins to run */
	MEANS_EVENT,        /* the event begins */
	MEANS_LOST_AGAIN,   /* during the event */
	MEANS_LOST_OFF,     /* the capture had vanished */
	MEANS_LOST_LATE,    /* after the device's end */
	MEANS_CLEARED,      /* trigger.hold_down has no reason any more */
	MEANS_NEAR,         /* the trigger's text, but not at its beginning */
	MEANS_NOTHING,
	MEANS_OTHER, /* another alarm than the trigger's */
	MEANS_COUNT
};

struct alarm_scene {
	enum device_state state;
	const struct round *round;
	bool holding;    /* trigger.hold_down runs */
	bool recovering; /* an earlier run is being finished */
};
enum alarm_meaning alarm_meaning(const struct alarm_scene *at,
    const struct trigger_section *t, const struct alarm *a);

/* So many alarms may come between one and its repeat. */
#define ALARMS_KEPT 4

struct alarms { /* of one device, zero-initialised; the fields are its own */
	struct {
		char text[256];
		char id[64];
		char severity[32];
		int64_t at; /* monotonic ms, 0: none yet */
	} kept[ALARMS_KEPT];
	size_t last; /* the latest of them */
	int rows;
};
/* OVOC and the network repeat datagrams: is it one of those that came just
 * now?  Else it is kept. */
bool alarms_repeated(struct alarms *as, const struct alarm *a, int64_t now);
/* Every alarm has its row, but for a flood of them. */
void alarms_row(struct alarms *as, struct ledger *l, const struct alarm *a,
    enum alarm_meaning m);

#endif
