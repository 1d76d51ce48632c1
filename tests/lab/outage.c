/* outage.c - one device's timer to the next Connection Lost, and its alarms.
 *
 * lab.c has one for each device and tells it of every change.
 */
#include "outage.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xmem.h"
#include "loop/timer.h"

#define BURST_DEFAULT 100

struct outage {
	struct loop *lp;
	struct device *d;
	const struct ovoc_conf *conf;
	struct ovoc *ovoc;
	struct alarm_sender *sender;
	struct timer lose;
	struct timer restore;
	int64_t left;      /* losses still to come */
	int64_t armed_for; /* the n-th capture the timer runs for; 0: none */
	int64_t done_for;  /* the n-th capture that has had its loss */
	bool forwarded;    /* a rule was there at the last review */
	unsigned unique_id;
};

/* One alarm on its way to every destination. */
struct sending {
	struct outage *o;
	const void *data;
	size_t len;
	const struct addr *source;
};

static void
sending_to(void *arg, const struct addr *to, uint16_t port)
{
	struct sending *s = arg;
	char text[ADDR_TEXT_MAX];

	s->o->d->n.alarms++;
	log_write(loop_log(s->o->lp), LOGGING_INFO, s->o->d->who, "alarm",
	    "%zu bytes to %s", s->len, addr_port_text(to, port, text));
	alarm_send(s->o->sender, s->data, s->len, to, port, s->source);
}

static void
datagram_send(
    struct outage *o, const void *data, size_t len, const struct addr *source)
{
	struct sending s = {o, data, len, source};

	ovoc_destinations(o->ovoc, o->d, sending_to, &s);
}

/* The alarm as it should be, but for the address that it names. */
static void
alarm_usual(struct outage *o, const char *text, bool clear,
    const struct addr *names, const struct addr *source)
{
	struct strbuf b = STRBUF_INIT;
	struct alarm_note note = {o->d->conf->name, *names, text, clear,
	    o->unique_id, loop_wall(o->lp)};

	alarm_write(o->conf, &note, &b);
	datagram_send(o, strbuf_text(&b), b.len, source);
	strbuf_free(&b);
}

static void
alarm_lost(struct outage *o)
{
	static const unsigned char broken[] = "<130>New Alarm - Connection "
					      "Alarm, Source:\xff\x00,,IP Ad";
	struct faults *fs = &o->d->faults;
	const struct addr *names = &o->d->conf->ovoc_address;
	const struct fault *source = fault_hit(fs, ON_ALARM, KIND_SOURCE);
	const struct fault *burst = fault_hit(fs, ON_ALARM, KIND_BURST);
	struct addr nobody;
	int64_t n = 1;

	addr_parse(&nobody, "198.51.100.254"); /* RFC 5737: nobody's */
	if (fault_hit(fs, ON_ALARM, KIND_GARBAGE))
		datagram_send(o, broken, sizeof(broken), NULL);
	if (fault_hit(fs, ON_ALARM, KIND_EMPTY))
		datagram_send(o, "", 0, NULL);
	if (fault_hit(fs, ON_ALARM, KIND_NONE))
		return;
	if (fault_hit(fs, ON_ALARM, KIND_UNKNOWN))
		names = &nobody;
	if (burst)
		n = burst->size >= 0 ? burst->size : BURST_DEFAULT;
	for (int64_t i = 0; i < n; i++) {
		o->unique_id++;
		alarm_usual(o, o->conf->lost_text, false, names,
		    source ? &source->address : NULL);
	}
	if (fault_hit(fs, ON_ALARM, KIND_TWICE))
		alarm_usual(o, o->conf->lost_text, false, names,
		    source ? &source->address : NULL);
}

static void
lose_due(void *arg)
{
	struct outage *o = arg;

	o->done_for = o->armed_for;
	o->armed_for = 0;
	o->left--;
	o->d->n.losses++;
	log_write(loop_log(o->lp), LOGGING_INFO, o->d->who, "ovoc",
	    "connection lost");
	alarm_lost(o);
	device_event(o->d, WHEN_LOST);
	if (o->d->conf->lost_for_ms > 0)
		timer_set(&o->restore, o->d->conf->lost_for_ms);
}

static void
restore_due(void *arg)
{
	struct outage *o = arg;

	log_write(loop_log(o->lp), LOGGING_INFO, o->d->who, "ovoc",
	    "connection established");
	alarm_usual(
	    o, o->conf->clear_text, true, &o->d->conf->ovoc_address, NULL);
}

struct outage *
outage_new(struct loop *lp, struct device *d, const struct ovoc_conf *conf,
    struct ovoc *ovoc, struct alarm_sender *to)
{
	struct outage *o = xcalloc(1, sizeof(*o));

	o->lp = lp;
	o->d = d;
	o->conf = conf;
	o->ovoc = ovoc;
	o->sender = to;
	o->left = d->conf->lose_times;
	o->unique_id = (unsigned)d->index * 1000;
	timer_init(&o->lose, lp, lose_due, o);
	timer_init(&o->restore, lp, restore_due, o);
	return o;
}

/* A rule was made: the early alarm comes before the capture. */
static void
forwarding_began(struct outage *o)
{
	if (!fault_hit(&o->d->faults, ON_ALARM, KIND_EARLY))
		return;
	o->unique_id++;
	alarm_usual(
	    o, o->conf->lost_text, false, &o->d->conf->ovoc_address, NULL);
}

void
outage_review(struct outage *o)
{
	int64_t capture = o->d->n.captures;
	bool forwarded = ovoc_forwards(o->ovoc, o->d);

	if (forwarded && !o->forwarded)
		forwarding_began(o);
	o->forwarded = forwarded;
	if (!forwarded || !device_captures(o->d) || o->left <= 0 ||
	    o->done_for == capture) {
		timer_clear(&o->lose);
		o->armed_for = 0;
	} else if (o->armed_for != capture) {
		o->armed_for = capture;
		timer_set(&o->lose, o->d->conf->lose_after_ms);
	}
}

void
outage_now(struct outage *o)
{
	if (!timer_is_set(&o->lose))
		return;
	timer_clear(&o->lose);
	lose_due(o);
}

void
outage_free(struct outage *o)
{
	if (!o)
		return;
	timer_clear(&o->lose);
	timer_clear(&o->restore);
	free(o);
}
