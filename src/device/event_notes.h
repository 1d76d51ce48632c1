/* event_notes.h - what the campaign saw of an event, for who compares its
 * captures: the third witness.
 *
 * Collected in a round, and written as CAMPAIGN_device_<device>_<time>.json
 * beside the captures when the round ends (traffic-capture(8), The record of an
 * event).  wire/event_record reads it.
 */
#ifndef DEVICE_EVENT_NOTES_H
#define DEVICE_EVENT_NOTES_H

#include "base/str.h"
#include "books/result.h"
#include "device/tools.h"
#include "loop/file_sync.h"

#define NOTES_SPANS_MAX 8 /* later ones are left out */
#define NOTES_ALARM_MAX 128

struct reach;
struct agent_link;
struct beats;
struct event_notes { /* zero-initialised; the fields are its own */
	const struct reach *reach;
	const struct agent_link *link;
	const struct beats *beats; /* of the wait before the event */
	/* When show said that the capture is on, first and last, and when what
	 * was on then was stopped, and confirmed off; monotonic ms, 0: not. */
	struct {
		int64_t from, to;
	} shown[NOTES_SPANS_MAX];
	int n_shown;
	bool on;
	int64_t stopped, off;
	int64_t alarm_at; /* monotonic ms; 0: there was none */
	char alarm[NOTES_ALARM_MAX];
	struct verify_result *probes; /* NULL: none were sent */
	struct atomic_file *file;     /* of the record; NULL: none is open */
	struct file_sync syncing;
};

/* Whom the rounds that follow are about; all outlive the notes. */
void event_notes_init(struct event_notes *n, const struct reach *reach,
    const struct agent_link *link, const struct beats *beats);
/* One more thing is true of the round (`r` has its rows), at `now`. */
void event_notes_fact(struct event_notes *n, const struct device_result *r,
    enum fact f, int64_t now);
/* The host's own probes of this event: a copy is kept. */
void event_notes_probes(struct event_notes *n, const struct verify_result *p);
/* All of it, as it is written. */
void event_notes_encode(const struct event_notes *n, const struct tools *t,
    const struct device_result *r, struct strbuf *to);
/* Have it synced beside the loop before it is written: `synced` runs then, from
 * the loop.  False: there is nothing to wait for. */
bool event_notes_sync(struct event_notes *n, const struct tools *t,
    const struct device_result *r, const char *folder, file_sync_done *synced,
    void *arg);
/* Write it into the folder, which is still to be synced; whole or not at all,
 * and over no other: a run that was killed behind it knew more.  False and
 * FAIL_LOCAL in `why` otherwise. */
bool event_notes_write(struct event_notes *n, const struct tools *t,
    const struct device_result *r, const char *folder, struct fail *why);
/* The round has ended: nothing of it is kept. */
void event_notes_clear(struct event_notes *n);

#endif
