/* orders.c - see orders.h.  Used by agent/session. */
#include "agent/orders.h"

#include <string.h>

#include "base/str.h"

static struct order
answered(int code)
{
	return (struct order){.code = code, .deed = DEED_NONE};
}

static struct order
accepted(enum deed deed)
{
	return (struct order){.code = AGENT_TRYING, .deed = deed};
}

/* Nobody would stop the capture that waits for the end of this one. */
static struct order
refuse_stop(struct orders *o, const char *reason)
{
	if (o->next == NEXT_ASKED)
		o->next = NEXT_ALLOWED;
	else if (o->next == NEXT_REPLACES)
		o->next = NEXT_NONE;
	return (struct order){.code = AGENT_UNAVAILABLE, .refusal = reason};
}

/* There is a capture that goes on, and is not the one that is meant. */
static struct order
replace(struct orders *o)
{
	o->next = NEXT_REPLACES;
	return accepted(DEED_REPLACE);
}

/* There is one that ends: the next event's begins behind it. */
static struct order
queue(struct orders *o)
{
	if (o->next == NEXT_ALLOWED)
		o->next = NEXT_ASKED;
	return answered(o->next != NEXT_NONE ? AGENT_TRYING : AGENT_NOT_FOUND);
}

static bool
replaced(const struct orders *o)
{
	return o->kept.replace || o->next == NEXT_REPLACES;
}

struct order
orders_capture(struct orders *o, enum lease_phase now)
{
	switch (now) {
	case LEASE_NONE:
		return o->kept.armed ? accepted(DEED_BEGIN)
				     : answered(AGENT_NOT_FOUND);
	case LEASE_STARTING:
		return o->kept.replace ? replace(o) : accepted(DEED_AWAIT);
	case LEASE_RUNNING:
		if (o->kept.replace)
			return replace(o);
		return (struct order){.code = AGENT_OK, .deed = DEED_AWAIT};
	case LEASE_STOPPING:
	case LEASE_ABORTING:
	case LEASE_PARKING:
		break;
	}
	return queue(o);
}

struct order
orders_stop(struct orders *o, enum lease_phase now, const char *under_way,
    const char *file)
{
	if (strcmp(file, o->kept.last_stop.file) == 0)
		return answered(o->kept.last_stop.code);
	switch (now) {
	case LEASE_NONE:
		if (o->kept.ended[0] != '\0')
			return accepted(DEED_NAME);
		return refuse_stop(o, "there is no capture to stop");
	case LEASE_STARTING:
	case LEASE_RUNNING:
		return accepted(DEED_STOP);
	case LEASE_STOPPING:
		if (strcmp(file, under_way) == 0)
			return answered(AGENT_TRYING);
		return refuse_stop(o, "it is being stopped for another file");
	case LEASE_ABORTING: /* to make room, unless it is replaced */
		if (!replaced(o))
			return accepted(DEED_STOP);
		break;
	case LEASE_PARKING:
		break;
	}
	return refuse_stop(o, "the capture is being kept as aborted");
}

struct order
orders_ask(struct orders *o, enum lease_phase now, const char *under_way,
    const struct agent_message *m)
{
	if (m->request == REQUEST_CAPTURE)
		return orders_capture(o, now);
	return orders_stop(o, now, under_way, m->file);
}

void
orders_register(struct orders *o, enum lease_phase now, bool anew)
{
	if (anew)
		o->kept.replace = true;
	if ((now == LEASE_STOPPING || now == LEASE_ABORTING) &&
	    o->next == NEXT_NONE)
		o->next = NEXT_ALLOWED;
}

void
orders_arm(struct orders *o)
{
	o->kept.armed = true;
}

void
orders_begun(struct orders *o)
{
	o->kept.replace = false;
	o->kept.ended[0] = '\0';
	o->kept.ended_why[0] = '\0';
	o->next = NEXT_NONE;
}

void
orders_ended(struct orders *o, const char *folder)
{
	if (!replaced(o))
		str_copy(o->kept.ended, sizeof(o->kept.ended), folder);
}

void
orders_ended_why(struct orders *o, const char *why)
{
	str_copy(o->kept.ended_why, sizeof(o->kept.ended_why), why);
	str_printable(o->kept.ended_why);
}

/* A campaign of the 1.0 line does not register again (see session.h). */
void
orders_stopped(struct orders *o, const char *file, int code)
{
	struct stop_state *last = &o->kept.last_stop;

	str_copy(last->file, sizeof(last->file), file);
	last->code = code;
	/* One that failed may have been for another: its own may yet come. */
	if (code == AGENT_OK)
		o->kept.ended[0] = '\0';
	o->kept.armed = o->next != NEXT_NONE || !capture_name_is_utc(file);
}

bool
orders_replaced(const struct orders *o)
{
	return o->next == NEXT_REPLACES;
}

bool
orders_had_one(const struct orders *o)
{
	return o->kept.last_stop.file[0] != '\0' || o->kept.ended[0] != '\0';
}

bool
orders_take_next(struct orders *o)
{
	bool due = o->next == NEXT_ASKED || o->next == NEXT_REPLACES;

	o->next = NEXT_NONE;
	return due;
}

void
orders_lapse(struct orders *o)
{
	o->kept.armed = false;
	o->next = NEXT_NONE;
}

void
orders_forget_stop(struct orders *o)
{
	o->kept.last_stop = (struct stop_state){.code = 0};
	o->kept.ended[0] = '\0';
	o->kept.ended_why[0] = '\0';
}
