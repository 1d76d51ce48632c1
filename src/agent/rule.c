/* rule.c - see rule.h.
 *
 * A transaction is a chain of requests, each step's answer choosing the next:
 * find the device, find the rule, then update it or make it.  Sessions call
 * it; it knows nothing of campaigns and messages.
 */
#include "agent/rule.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xmem.h"
#include "wire/ovoc_rule.h"
#include "wire/peer_words.h"

#define ID_TEXT_MAX 40

enum rule_step {
	RULE_IDLE,
	RULE_FIND_DEVICE,
	RULE_FIND,
	RULE_CREATE,
	RULE_UPDATE,
	RULE_DELETE
};

static const char *const step_names[] = {
    [RULE_IDLE] = "idle",
    [RULE_FIND_DEVICE] = "look up the device",
    [RULE_FIND] = "look up the rule",
    [RULE_CREATE] = "make the rule",
    [RULE_UPDATE] = "update the rule",
    [RULE_DELETE] = "delete the rule",
};

struct job {
	bool wanted;
	const char *reason; /* to remove it; NULL: to point it somewhere */
	struct addr by;     /* who wants that */
	char destination[ADDR_TEXT_MAX];
	uint16_t port;
	rule_done *done;
	void *arg;
};

struct rule {
	struct loop *lp;
	struct ovoc *ovoc;
	struct complaints *complaints;
	char *device;
	enum rule_step step;
	struct ovoc_call *call;
	struct job job;  /* under way while step is not RULE_IDLE */
	struct job next; /* after it */
	int64_t device_id;
	int64_t rule_id; /* 0: not known */
	bool ours;       /* we made or updated it, or may have */
	/* Where we pointed it last, and which; "": we did not yet. */
	char pointed[ADDR_TEXT_MAX];
	uint16_t pointed_port;
	int64_t pointed_id, pointed_device;
};

static void rule_begin(struct rule *r);
static void on_answer(void *arg, const struct rest_answer *a);

/* "id 12", of the rule in OVOC. */
static const char *
id_text(const struct rule *r, char id[ID_TEXT_MAX])
{
	str_copy(id, ID_TEXT_MAX, "its id is not known");
	if (r->rule_id != 0)
		snprintf(id, ID_TEXT_MAX, "id %" PRId64, r->rule_id);
	return id;
}

/* What was done to the rule, or not, and why. */
static void __attribute__((format(printf, 4, 5))) say(const struct rule *r,
    enum log_level level, const char *done, const char *fmt, ...)
{
	struct strbuf why = STRBUF_INIT;
	char id[ID_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&why, fmt, ap);
	va_end(ap);
	log_write(loop_log(r->lp), level, r->device, "rule", "%s, %s: %s", done,
	    id_text(r, id), strbuf_text(&why));
	strbuf_free(&why);
}

#define WANTED_AT "a REGISTER wants its alarms at %s port %u"

static bool
points_there(const struct rule *r)
{
	return r->rule_id != 0 && r->rule_id == r->pointed_id &&
	       r->device_id == r->pointed_device &&
	       r->pointed_port == r->job.port &&
	       strcmp(r->pointed, r->job.destination) == 0;
}

static void
note_pointed(struct rule *r)
{
	str_copy(r->pointed, sizeof(r->pointed), r->job.destination);
	r->pointed_port = r->job.port;
	r->pointed_id = r->rule_id;
	r->pointed_device = r->device_id;
}

static void
say_made(struct rule *r)
{
	note_pointed(r);
	say(r, LOGGING_NOTICE, "made", WANTED_AT, r->job.destination,
	    r->job.port);
}

/* Whoever may register a device can have it changed at will. */
static void
say_changed(struct rule *r)
{
	char id[ID_TEXT_MAX];

	if (points_there(r)) {
		say(r, LOGGING_DEBUG, "as it was", WANTED_AT,
		    r->job.destination, r->job.port);
		return;
	}
	note_pointed(r);
	complain(r->complaints, COMPLAINT_RULE, &r->job.by, r->device, "rule",
	    "changed, %s: " WANTED_AT, id_text(r, id), r->job.destination,
	    r->job.port);
}

static void
finish(struct rule *r, const struct fail *why)
{
	struct job done = r->job;

	r->step = RULE_IDLE;
	r->job.wanted = false;
	if (r->next.wanted)
		rule_begin(r);
	if (done.done != NULL)
		done.done(done.arg, why);
}

static void
finish_well(struct rule *r)
{
	struct fail none;

	fail_clear(&none);
	finish(r, &none);
}

static void
ask(struct rule *r, enum rule_step step, const char *method, char *path,
    char *json)
{
	r->step = step;
	r->call = ovoc_ask(r->ovoc, method, path, json, on_answer, r);
}

static struct ovoc_rule
wanted_rule(const struct rule *r)
{
	return (struct ovoc_rule){.device = r->device,
	    .device_id = r->device_id,
	    .destination = r->job.destination,
	    .port = r->job.port};
}

static void
create(struct rule *r)
{
	struct ovoc_rule want = wanted_rule(r);

	r->ours = true; /* even if no answer comes */
	ask(r, RULE_CREATE, "POST", ovoc_rule_path(0),
	    ovoc_rule_create_body(&want));
}

static void
update(struct rule *r)
{
	struct ovoc_rule want = wanted_rule(r);

	r->ours = true;
	ask(r, RULE_UPDATE, "PUT", ovoc_rule_path(r->rule_id),
	    ovoc_rule_update_body(&want));
}

static void
find_rule(struct rule *r)
{
	ask(r, RULE_FIND, "GET", ovoc_rule_find_path(r->device), NULL);
}

/* Delete by number; a rule whose making went unanswered has to be found. */
static void
delete_known(struct rule *r)
{
	ask(r, RULE_DELETE, "DELETE", ovoc_rule_path(r->rule_id), NULL);
}

static void
rule_begin(struct rule *r)
{
	r->job = r->next;
	r->next.wanted = false;
	if (r->job.reason == NULL)
		ask(r, RULE_FIND_DEVICE, "GET", ovoc_device_path(r->device),
		    NULL);
	else if (r->rule_id != 0)
		delete_known(r);
	else
		find_rule(r);
}

/* ": " and OVOC's own words, or "". */
static void
words_of(const struct rule *r, const struct rest_answer *a,
    char said[PEER_WORDS_MAX + 2])
{
	char words[PEER_WORDS_MAX];

	ovoc_words(r->ovoc, a, words, sizeof(words));
	snprintf(said, PEER_WORDS_MAX + 2, "%s%s", words[0] != '\0' ? ": " : "",
	    words);
}

static void
unexpected(struct rule *r, const struct rest_answer *a)
{
	struct fail why;
	const char *what = step_names[r->step];
	char said[PEER_WORDS_MAX + 2];

	words_of(r, a, said);
	if (a->fail.kind != FAIL_NONE)
		fail_set(
		    &why, a->fail.kind, "OVOC, %s: %s", what, a->fail.text);
	else if (a->digest_only)
		fail_set(&why, FAIL_AUTH,
		    "OVOC, %s: HTTP 401, and it asks for digest only: let it "
		    "take basic authentication, too%s",
		    what, said);
	else if (a->status == 401 || a->status == 403)
		fail_set(&why, FAIL_AUTH,
		    "OVOC, %s: HTTP %d; check ovoc.username, its password and "
		    "that it is at least an Operator%s",
		    what, a->status, said);
	else
		fail_set(&why, FAIL_TRANSIENT, "OVOC, %s: HTTP %d%s%s", what,
		    a->status,
		    a->status >= 400 ? ""
				     : " and an answer that is not understood",
		    said);
	why.code = a->status;
	/* Unless it is wanted again meanwhile. */
	if (r->job.reason != NULL && !r->next.wanted)
		say(r, LOGGING_WARNING, "not deleted", "%s", why.text);
	finish(r, &why);
}

static void
device_answer(struct rule *r, const struct rest_answer *a)
{
	struct fail why;

	switch (ovoc_device_found(a->status, a->body, a->len, &r->device_id)) {
	case OVOC_FOUND:
		find_rule(r);
		return;
	case OVOC_NONE:
		fail_set(&why, FAIL_FINAL,
		    "OVOC does not manage a device %s; check its address or "
		    "name there",
		    r->device);
		why.code = a->status;
		finish(r, &why);
		return;
	case OVOC_GARBLED:
		unexpected(r, a);
		return;
	}
}

static void
rule_answer(struct rule *r, const struct rest_answer *a)
{
	switch (ovoc_rule_found(a->status, a->body, a->len, &r->rule_id)) {
	case OVOC_FOUND:
		if (r->job.reason != NULL)
			delete_known(r);
		else
			update(r);
		return;
	case OVOC_NONE:
		r->rule_id = 0;
		if (r->job.reason == NULL) {
			create(r);
			return;
		}
		r->ours = false;
		say(r, LOGGING_NOTICE, "not there any more", "%s",
		    r->job.reason);
		finish_well(r);
		return;
	case OVOC_GARBLED:
		unexpected(r, a);
		return;
	}
}

static void
create_answer(struct rule *r, const struct rest_answer *a)
{
	if (a->status != 200 && a->status != 201) {
		unexpected(r, a);
		return;
	}
	/* Without a number it is found by its name when it has to go. */
	if (ovoc_rule_created(a->body, a->len, &r->rule_id) != OVOC_FOUND)
		r->rule_id = 0;
	say_made(r);
	finish_well(r);
}

static void
update_answer(struct rule *r, const struct rest_answer *a)
{
	if (a->status == 404) { /* deleted by someone since it was found */
		create(r);
	} else if (a->status >= 200 && a->status < 300) {
		say_changed(r);
		finish_well(r);
	} else {
		unexpected(r, a);
	}
}

static void
delete_answer(struct rule *r, const struct rest_answer *a)
{
	if ((a->status < 200 || a->status > 299) && a->status != 404) {
		unexpected(r, a);
		return;
	}
	say(r, LOGGING_NOTICE,
	    a->status == 404 ? "not there any more" : "deleted", "%s",
	    r->job.reason);
	r->ours = false;
	r->rule_id = 0;
	finish_well(r);
}

static void
on_answer(void *arg, const struct rest_answer *a)
{
	struct rule *r = arg;

	r->call = NULL;
	if (a->status == 0) {
		unexpected(r, a);
		return;
	}
	switch (r->step) {
	case RULE_IDLE:
		return;
	case RULE_FIND_DEVICE:
		device_answer(r, a);
		return;
	case RULE_FIND:
		rule_answer(r, a);
		return;
	case RULE_CREATE:
		create_answer(r, a);
		return;
	case RULE_UPDATE:
		update_answer(r, a);
		return;
	case RULE_DELETE:
		delete_answer(r, a);
		return;
	}
}

struct rule *
rule_new(
    struct loop *lp, struct ovoc *o, struct complaints *c, const char *device)
{
	struct rule *r = xcalloc(1, sizeof(*r));

	r->lp = lp;
	r->ovoc = o;
	r->complaints = c;
	r->device = xstrdup(device);
	return r;
}

void
rule_free(struct rule *r)
{
	if (r == NULL)
		return;
	ovoc_cancel(r->call);
	free(r->device);
	free(r);
}

static void
want(struct rule *r, const struct job *job)
{
	r->next = *job;
	if (r->step == RULE_IDLE)
		rule_begin(r);
}

void
rule_point(struct rule *r, const struct addr *by, const char *destination,
    uint16_t port, rule_done *done, void *arg)
{
	struct job job = {
	    .wanted = true, .by = *by, .port = port, .done = done, .arg = arg};

	str_copy(job.destination, sizeof(job.destination), destination);
	want(r, &job);
}

void
rule_delete(struct rule *r, const char *reason, rule_done *done, void *arg)
{
	const struct job job = {
	    .wanted = true, .reason = reason, .done = done, .arg = arg};

	want(r, &job);
}

bool
rule_exists(const struct rule *r)
{
	return r->ours;
}

void
rule_describe(const struct rule *r, struct rule_state *to)
{
	to->exists = r->ours;
	to->id = r->ours ? r->rule_id : 0;
}

void
rule_restore(struct rule *r, const struct rule_state *was)
{
	r->ours = was->exists;
	r->rule_id = was->id;
}
