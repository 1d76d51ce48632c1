/* diary.c - see diary.h.  Nothing is counted before the end. */
#include "diary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/atomic_file.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/xmem.h"

struct entry {
	struct agent_message message;
	int64_t arrived_ms;
	int64_t ended_ms; /* INT64_MAX: not yet */
	int64_t first_ms; /* arrival of the one that this repeats */
	bool repeat;
	int code;
};

struct diary {
	struct entry *entries;
	size_t n;
	int malformed;
};

static const enum agent_request kinds[] = {
    REQUEST_REGISTER, REQUEST_CAPTURE, REQUEST_VERIFY, REQUEST_STOP};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

struct diary *
diary_new(void)
{
	return xcalloc(1, sizeof(struct diary));
}

void
diary_free(struct diary *d)
{
	free(d->entries);
	free(d);
}

/* What its device asked last; NULL if this is the first. */
static const struct entry *
last_of(const struct diary *d, const struct agent_message *m)
{
	for (size_t i = d->n; i-- > 0;) {
		if (strcmp(d->entries[i].message.device, m->device) == 0)
			return &d->entries[i];
	}
	return NULL;
}

size_t
diary_begin(struct diary *d, const struct agent_message *m, int64_t arrived_ms)
{
	const struct entry *last = last_of(d, m);
	struct entry e = {.message = *m,
	    .arrived_ms = arrived_ms,
	    .ended_ms = INT64_MAX,
	    .first_ms = arrived_ms};

	if (last && last->message.request == m->request &&
	    strcmp(last->message.file, m->file) == 0) {
		e.repeat = true;
		e.first_ms = last->first_ms;
	}
	d->entries = xreallocarray(d->entries, d->n + 1, sizeof(e));
	d->entries[d->n] = e;
	return d->n++;
}

void
diary_end(struct diary *d, size_t number, int code)
{
	d->entries[number].ended_ms = clock_wall_ms();
	d->entries[number].code = code;
}

void
diary_malformed(struct diary *d)
{
	d->malformed++;
}

/* How many before the i-th were not ended when it arrived. */
static int64_t
unfinished(const struct diary *d, size_t i, bool repeats_too)
{
	int64_t n = 0;

	for (size_t j = 0; j < i; j++) {
		if (d->entries[j].ended_ms > d->entries[i].arrived_ms &&
		    (repeats_too || !d->entries[j].repeat))
			n++;
	}
	return n;
}

static bool
was_registered(const struct diary *d, size_t i)
{
	for (size_t j = 0; j < i; j++) {
		const struct entry *e = &d->entries[j];

		if (e->message.request == REQUEST_REGISTER &&
		    e->code == AGENT_OK &&
		    e->ended_ms <= d->entries[i].arrived_ms &&
		    strcmp(e->message.device, d->entries[i].message.device) ==
			0)
			return true;
	}
	return false;
}

static void
tell_kinds(const struct diary *d, struct json *root)
{
	struct json *requests = json_set(root, "requests", json_object());
	struct json *repeats = json_set(root, "repeats", json_object());

	for (size_t k = 0; k < KINDS; k++) {
		int64_t n = 0, again = 0;

		for (size_t i = 0; i < d->n; i++) {
			if (d->entries[i].message.request != kinds[k])
				continue;
			n++;
			again += d->entries[i].repeat;
		}
		json_set_int(requests, agent_request_name(kinds[k]), n);
		json_set_int(repeats, agent_request_name(kinds[k]), again);
	}
}

static void
tell_register_repeats(const struct diary *d, struct json *root)
{
	struct json *a = json_set(root, "register_repeats_ms", json_array());

	for (size_t i = 0; i < d->n; i++) {
		const struct entry *e = &d->entries[i];

		if (e->repeat && e->message.request == REQUEST_REGISTER)
			json_append_int(a, e->arrived_ms - e->first_ms);
	}
}

static void
tell_order(const struct diary *d, struct json *root)
{
	int64_t outstanding = 0, queued = 0, unregistered = 0;

	for (size_t i = 0; i < d->n; i++) {
		const struct entry *e = &d->entries[i];
		int64_t before = unfinished(d, i, true);
		int64_t open = unfinished(d, i, false) + !e->repeat;

		queued = before > queued ? before : queued;
		outstanding = open > outstanding ? open : outstanding;
		if (e->message.request != REQUEST_REGISTER &&
		    !was_registered(d, i))
			unregistered++;
	}
	json_set_int(root, "outstanding_max", outstanding);
	json_set_int(root, "queued_max", queued);
	json_set_int(root, "unregistered", unregistered);
}

static void
tell_arrivals(const struct diary *d, struct json *root)
{
	struct json *list = json_set(root, "arrivals", json_array());

	for (size_t i = 0; i < d->n; i++) {
		const struct entry *e = &d->entries[i];
		struct json *j = json_append(list, json_object());

		json_set_int(j, "ms", e->arrived_ms - d->entries[0].arrived_ms);
		json_set_text(
		    j, "request", agent_request_name(e->message.request));
		json_set_text(j, "device", e->message.device);
		json_set_bool(j, "repeat", e->repeat);
		json_set_int(j, "code", e->code);
		if (e->ended_ms != INT64_MAX)
			json_set_int(j, "ended_ms",
			    e->ended_ms - d->entries[0].arrived_ms);
	}
}

bool
diary_write(const struct diary *d, const char *path)
{
	struct json *root = json_object();
	struct strbuf text = STRBUF_INIT;
	struct fail why = {0};
	struct atomic_file *f = atomic_file_open(path, &why);
	bool ok = false;

	tell_kinds(d, root);
	tell_register_repeats(d, root);
	tell_order(d, root);
	json_set_int(root, "malformed", d->malformed);
	tell_arrivals(d, root);
	json_write(root, 2, &text);
	strbuf_add(&text, "\n");
	if (f) {
		atomic_file_write(f, strbuf_text(&text), text.len);
		ok = atomic_file_commit(f, &why);
	}
	if (!ok)
		fprintf(stderr, "%s\n", why.text);
	strbuf_free(&text);
	json_free(root);
	return ok;
}
