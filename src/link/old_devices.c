/* old_devices.c - what an agent of version 1.0.6 bears to be asked.
 *
 * What was answered counts for one spell: it is over with a request that had no
 * final answer, and with a 404, for the process may be another one then.
 */
#include "link/old_devices.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/str.h"
#include "base/xmem.h"

/* It may have been restarted in a silence longer than this. */
#define SILENCE_MS 60000
/* tcpdump hands over what it saw once a second. */
#define SETTLE_MS 1200

struct old_device {
	char name[HOST_TEXT_MAX];
	int registered; /* the spell in which it was; 0: not yet */
	int capturing;  /* the same of its 200 OK to CAPTURE */
	/* By the very process that it is registered with. */
	bool sure;
	int64_t registered_at, verified_at; /* monotonic ms; 0: never */
	SLIST_ENTRY(old_device) next;
};

struct old_devices {
	struct loop *lp;
	struct old_book *book;
	const char *agent;
	char *why_barred;
	int spell;
	int64_t said_at;
	int64_t verified_at;
	/* Two that are known, the last one first. */
	struct old_device *known[2];
	void *tree; /* tsearch(3) */
	SLIST_HEAD(, old_device) all;
};

static int
device_cmp(const void *a, const void *b)
{
	const struct old_device *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static struct old_device *
find(const struct old_devices *o, const char *name)
{
	struct old_device key, **at;

	str_copy(key.name, sizeof(key.name), name);
	at = tfind(&key, &o->tree, device_cmp);
	return at != NULL ? *at : NULL;
}

static struct old_device *
device_of(struct old_devices *o, const char *name)
{
	struct old_device *d = find(o, name);

	if (d != NULL)
		return d;
	d = xcalloc(1, sizeof(*d));
	str_copy(d->name, sizeof(d->name), name);
	/* Of an earlier run: perhaps of an earlier process, too. */
	if (old_book_get(o->book, o->agent, name) == OLD_CAPTURING)
		d->capturing = o->spell;
	tsearch(d, &o->tree, device_cmp);
	SLIST_INSERT_HEAD(&o->all, d, next);
	return d;
}

static bool
is_barred(const struct old_devices *o, const char *device)
{
	return old_book_get(o->book, o->agent, device) == OLD_BARRED;
}

static void
become(struct old_devices *o, const struct old_device *d, enum old_state s)
{
	old_book_set(o->book, o->agent, d->name, s);
}

/* --- may it be asked? --- */

const char *
old_devices_never(
    struct old_devices *o, enum agent_request r, const char *device)
{
	if (r != REQUEST_CAPTURE && r != REQUEST_STOP)
		return NULL;
	if (is_barred(o, device))
		return o->why_barred;
	if (r == REQUEST_STOP && device_of(o, device)->capturing != o->spell)
		return "this agent of version 1.0.6 has not said since it was "
		       "last in doubt that it captures, and a STOP that it "
		       "does not expect ends it";
	return NULL;
}

const char *
old_devices_witness(struct old_devices *o, const char *device)
{
	struct old_device *d = device_of(o, device);

	/* Another one, if there is: then a 404 tells that it was restarted. */
	for (size_t i = 0; i < 2; i++)
		if (o->known[i] != NULL && o->known[i] != d &&
		    d->registered == o->spell)
			return o->known[i]->name;
	return d->name;
}

const char *
old_devices_first(
    struct old_devices *o, enum agent_request r, const char *device)
{
	struct old_device *d = device_of(o, device);

	if (r == REQUEST_REGISTER)
		return NULL;
	if (d->registered != o->spell)
		return d->name;
	if (loop_now(o->lp) - o->said_at < SILENCE_MS)
		return NULL;
	return old_devices_witness(o, device);
}

static int64_t
left_of_settling(const struct old_devices *o, int64_t since)
{
	int64_t passed = loop_now(o->lp) - since;

	return since == 0 || passed >= SETTLE_MS ? 0 : SETTLE_MS - passed;
}

int64_t
old_devices_wait(
    struct old_devices *o, enum agent_request r, const char *device)
{
	if (r == REQUEST_STOP)
		return left_of_settling(o, device_of(o, device)->verified_at);
	return r == REQUEST_CAPTURE ? 0 : left_of_settling(o, o->verified_at);
}

/* --- what happens --- */

bool
old_devices_begin(
    struct old_devices *o, enum agent_request r, const char *device)
{
	struct old_device *d = device_of(o, device);

	if (r == REQUEST_REGISTER)
		d->sure = false;
	if (r == REQUEST_CAPTURE)
		d->capturing = 0;
	if (r != REQUEST_STOP)
		return true;
	d->capturing = 0;
	if (d->sure) {
		become(o, d, OLD_IDLE);
		return true;
	}
	/* Should it have been restarted, this STOP marks the device, and we
	 * may not live to see the answer. */
	return old_book_set(o->book, o->agent, device, OLD_BARRED);
}

static void
next_spell(struct old_devices *o)
{
	o->spell++;
	o->known[0] = o->known[1] = NULL;
	old_book_forget(o->book, o->agent, OLD_CAPTURING);
}

static void
registered(struct old_devices *o, struct old_device *d)
{
	d->registered = o->spell;
	d->registered_at = loop_now(o->lp);
	if (o->known[0] == d)
		return;
	o->known[1] = o->known[0];
	o->known[0] = d;
}

static void
not_found(struct old_devices *o, const struct old_device *d)
{
	/* It never forgets a device: this is another process. */
	if (d->registered == o->spell)
		old_book_forget(o->book, o->agent, OLD_BARRED);
	next_spell(o);
}

void
old_devices_answered(
    struct old_devices *o, enum agent_request r, const char *device, int code)
{
	struct old_device *d = device_of(o, device);
	bool ok = code == AGENT_OK;

	if (code == AGENT_NOT_FOUND) {
		not_found(o, d);
	} else if (r == REQUEST_REGISTER && ok) {
		registered(o, d);
	} else if (r == REQUEST_CAPTURE) {
		d->capturing = ok ? o->spell : 0;
		d->sure = ok;
		become(o, d, ok ? OLD_CAPTURING : OLD_IDLE);
	} else if (r == REQUEST_VERIFY) {
		d->verified_at = o->verified_at = loop_now(o->lp);
	} else if (r == REQUEST_STOP) {
		become(o, d, ok ? OLD_IDLE : OLD_BARRED);
	}
}

void
old_devices_unanswered(struct old_devices *o)
{
	next_spell(o);
}

void
old_devices_heard(struct old_devices *o)
{
	o->said_at = loop_now(o->lp);
}

bool
old_devices_registered_within(
    const struct old_devices *o, const char *device, int64_t ms)
{
	const struct old_device *d = find(o, device);

	return d != NULL && d->registered_at > 0 &&
	       loop_now(o->lp) - d->registered_at <= ms;
}

/* --- life --- */

struct old_devices *
old_devices_new(struct loop *lp, struct old_book *book, const char *agent)
{
	struct old_devices *o = xcalloc(1, sizeof(*o));

	o->lp = lp;
	o->book = book;
	o->agent = agent;
	o->spell = 1;
	o->why_barred = xasprintf(
	    "this agent of version 1.0.6 did not confirm an earlier STOP of "
	    "this device, and the next CAPTURE or STOP may end it: restart it, "
	    "and then remove %s",
	    old_book_path(book));
	SLIST_INIT(&o->all);
	return o;
}

void
old_devices_free(struct old_devices *o)
{
	struct old_device *d;

	if (o == NULL)
		return;
	while ((d = SLIST_FIRST(&o->all)) != NULL) {
		SLIST_REMOVE_HEAD(&o->all, next);
		tdelete(d, &o->tree, device_cmp);
		free(d);
	}
	free(o->why_barred);
	free(o);
}
