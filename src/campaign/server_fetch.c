/* server_fetch.c - the server's files of one event come home, one by one.
 *
 * The bytes of a piece are device/retrieval's, checked as a device's file is.
 * The sidecar is read whole before it is believed, and is kept only then.
 */
#include "campaign/server_fetch.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/atomic_file.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/str.h"
#include "base/xmem.h"
#include "books/run_folder.h"
#include "device/retrieval.h"

/* Without a sidecar; an agent of 1.0.6 has 3. */
#define GUESSED_MAX 256

struct server_fetch {
	const struct tools *tools;
	struct past_event *event;
	struct server_clock clock;
	int64_t began, began_wall;
	struct sftp *session; /* of the file under way */
	server_fetch_done *done;
	void *arg;

	bool sidecar_over; /* it is here, or will not be */
	struct strbuf text;
	bool too_long;

	unsigned *plan; /* numbers of pieces; NULL: they are guessed */
	size_t n_plan;
	bool guessed;
	size_t at; /* in the plan, or the number that is guessed */
	bool over;
	struct retrieval *retrieval; /* of that piece */

	uint64_t bytes, packets;
	int64_t first_us, last_us;
	/* What the row names: the first piece here, or the sidecar. */
	char file[CAPTURE_NAME_MAX];
	uint64_t file_bytes;
	char sha256[DIGEST_HEX_MAX];
	bool odd;            /* not all is as it should be */
	struct strbuf notes; /* ... and what */
};

static const char *
captures(const struct server_fetch *f)
{
	return f->event->books.captures;
}

static void
note(struct server_fetch *f, bool odd, const char *text)
{
	f->odd = f->odd || odd;
	/* A peer decides how many there are. */
	if (f->notes.len > 400)
		return;
	strbuf_addf(&f->notes, "%s%s", f->notes.len > 0 ? "; " : "", text);
}

static char *
remote_path(const struct server_fetch *f, const char *name)
{
	const char *folder = f->event->conf->agent->sftp.directory;
	size_t len = strlen(folder);

	while (len > 0 && folder[len - 1] == '/')
		len--;
	return xasprintf("%.*s/%s", (int)len, folder, name);
}

static void
report(struct server_fetch *f, enum fail_kind kind, const char *text)
{
	struct fail why = {.kind = FAIL_NONE};

	if (kind != FAIL_NONE)
		fail_set(&why, kind, "%s", text);
	f->done(f->arg, &why);
}

/* --- the sidecar --- */

static void
sidecar_name(const struct server_fetch *f, char name[CAPTURE_NAME_MAX])
{
	capture_name_sidecar(name, "", f->event->round.file);
}

static void
guess(struct server_fetch *f, bool odd, const char *why)
{
	note(f, odd, why);
	f->guessed = true;
}

static uint64_t
on_sidecar_opened(void *arg, const struct sftp_file *file)
{
	struct server_fetch *f = arg;

	(void)file;
	strbuf_clear(&f->text);
	return 0;
}

static bool
on_sidecar_data(void *arg, const void *data, size_t len)
{
	struct server_fetch *f = arg;

	f->too_long = f->text.len + len > EVENT_RECORD_BYTES;
	if (!f->too_long)
		strbuf_add_bytes(&f->text, data, len);
	return !f->too_long;
}

static bool
keep_sidecar(struct server_fetch *f, struct fail *why)
{
	char name[CAPTURE_NAME_MAX];
	struct atomic_file *file;
	char *path;

	if (!run_folder_has_room(
		captures(f), f->tools->conf->campaign.min_free, why))
		return false;
	sidecar_name(f, name);
	path = xasprintf("%s/%s", captures(f), name);
	file = atomic_file_open(path, why);
	free(path);
	if (file == NULL)
		return false;
	atomic_file_write(file, strbuf_text(&f->text), f->text.len);
	return atomic_file_commit(file, why);
}

/* NULL, and what is wrong with it, if it is not this event's. */
static struct event_record *
read_sidecar(const struct server_fetch *f, struct fail *why)
{
	struct event_record *r =
	    event_record_decode(strbuf_text(&f->text), f->text.len, why);
	const char *told = f->event->conf->told;
	char event[CAPTURE_NAME_MAX];

	if (r == NULL)
		return NULL;
	if (!capture_name_event(event, f->event->round.file))
		event[0] = '\0';
	if (r->writer != EVENT_AGENT || strcmp(r->device, told) != 0)
		fail_set(why, FAIL_FINAL, "it is not the agent's, of %s", told);
	else if (r->event[0] != '\0' && strcmp(r->event, event) != 0)
		fail_set(
		    why, FAIL_FINAL, "it tells of another event, %s", r->event);
	else
		return r;
	event_record_free(r);
	return NULL;
}

static void
plan(struct server_fetch *f, const struct event_record *r)
{
	int64_t from = server_plan_from(
	    &f->event->round, &f->clock, f->tools->conf->compare.before);

	f->plan = server_plan_pieces(r, from, &f->n_plan);
	f->over = f->n_plan == 0;
}

static void
name_sidecar(struct server_fetch *f)
{
	struct digest *d = digest_new();

	digest_add(d, strbuf_text(&f->text), f->text.len);
	digest_hex(d, f->sha256);
	digest_free(d);
	sidecar_name(f, f->file);
	f->file_bytes = f->text.len;
	f->bytes += f->text.len;
}

static void
sidecar_is_here(struct server_fetch *f)
{
	struct fail why = {.kind = FAIL_NONE};
	struct event_record *r = read_sidecar(f, &why);
	char *text;

	f->sidecar_over = true;
	if (r == NULL) {
		text = xasprintf("its sidecar is not believed: %s", why.text);
		guess(f, true, text);
		free(text);
		report(f, FAIL_NONE, "");
		return;
	}
	plan(f, r);
	event_record_free(r);
	if (!keep_sidecar(f, &why)) {
		report(f, FAIL_LOCAL, why.text);
		return;
	}
	f->event->sidecar = true;
	name_sidecar(f);
	report(f, FAIL_NONE, "");
}

static void
on_sidecar(void *arg, bool logged_in, const struct fail *why)
{
	struct server_fetch *f = arg;

	(void)logged_in;
	if (why->kind == FAIL_NONE) {
		sidecar_is_here(f);
	} else if (f->too_long || sftp_is_absent(f->session)) {
		f->sidecar_over = true;
		guess(f, f->too_long,
		    f->too_long ? "its sidecar is not believed: it is too long"
				: "without a sidecar (an agent of 1.0.6?)");
		report(f, FAIL_NONE, "");
	} else {
		f->done(f->arg, why);
	}
}

static bool
fetch_sidecar(struct server_fetch *f)
{
	static const struct sftp_events events = {
	    on_sidecar_opened, on_sidecar_data, on_sidecar};
	char name[CAPTURE_NAME_MAX];
	char *path;
	bool ok;

	sidecar_name(f, name);
	path = remote_path(f, name);
	ok = sftp_next(f->session, (const char *const *)&path, 1, &events, f);
	free(path);
	return ok;
}

/* --- a piece --- */

static unsigned
piece_number(const struct server_fetch *f)
{
	return f->guessed ? (unsigned)f->at : f->plan[f->at];
}

static void
piece_over(struct server_fetch *f)
{
	retrieval_free(f->retrieval);
	f->retrieval = NULL;
	f->at++;
	f->over = f->at >= (f->guessed ? GUESSED_MAX : f->n_plan);
}

static void
note_piece(struct server_fetch *f, const char *what)
{
	char *text = xasprintf("piece %u: %s", piece_number(f), what);

	note(f, true, text);
	free(text);
}

static void
count_piece(struct server_fetch *f, const struct retrieval_end *e)
{
	struct past_event *p = f->event;

	if (p->n_pieces == 0) {
		capture_name_ovoc(f->file, p->round.file, piece_number(f));
		str_copy(f->sha256, sizeof(f->sha256), e->sha256);
		f->file_bytes = e->bytes;
	}
	p->pieces =
	    xreallocarray(p->pieces, p->n_pieces + 1, sizeof(*p->pieces));
	p->pieces[p->n_pieces++] = piece_number(f);
	f->bytes += e->bytes;
	if (e->packets > 0 && (f->packets == 0 || e->first_us < f->first_us))
		f->first_us = e->first_us;
	if (e->packets > 0 && (f->packets == 0 || e->last_us > f->last_us))
		f->last_us = e->last_us;
	f->packets += e->packets;
}

static void
piece_is_here(struct server_fetch *f, const struct retrieval_end *e)
{
	struct fail why = {.kind = FAIL_NONE};

	if (e->verdict != PCAP_WHOLE && e->verdict != PCAP_CUT) {
		note_piece(f, "no capture file, and not kept");
	} else if (!retrieval_keep(f->retrieval, &why)) {
		report(f, FAIL_LOCAL, why.text);
		return;
	} else {
		count_piece(f, e);
		if (e->verdict == PCAP_CUT)
			note_piece(f, "cut on the server");
	}
	piece_over(f);
	report(f, FAIL_NONE, "");
}

/* None of this number. */
static void
piece_is_absent(struct server_fetch *f, const struct fail *why)
{
	bool last = f->guessed;

	if (last && f->at == 0) {
		f->done(f->arg, why);
		return;
	}
	if (!last)
		note_piece(f, "no such file");
	piece_over(f);
	f->over = f->over || last;
	report(f, FAIL_NONE, "");
}

static void
on_piece(void *arg, const struct retrieval_end *e)
{
	struct server_fetch *f = arg;
	/* Its texts go with the retrieval. */
	struct fail why = e->fail;

	if (why.kind == FAIL_NONE) {
		piece_is_here(f, e);
	} else if (sftp_is_absent(f->session)) {
		piece_is_absent(f, &why);
	} else if (why.kind == FAIL_FINAL) {
		note_piece(f, why.text);
		piece_over(f);
		report(f, FAIL_NONE, "");
	} else {
		f->done(f->arg, &why);
	}
}

static bool
fetch_piece(struct server_fetch *f)
{
	const struct campaign_section *c = &f->tools->conf->campaign;
	char name[CAPTURE_NAME_MAX];
	char *path;
	bool ok;

	capture_name_ovoc(name, f->event->round.file, piece_number(f));
	if (f->retrieval == NULL) {
		path = xasprintf("%s/%s", captures(f), name);
		f->retrieval = retrieval_new(f->tools->lp, NULL, path);
		free(path);
	}
	retrieval_limit(f->retrieval, c->min_free, c->max_file);
	path = remote_path(f, name);
	ok = retrieval_try_in(f->retrieval, f->session, path, on_piece, f);
	free(path);
	return ok;
}

/* --- the row --- */

static struct row *
row_of(const struct tools *t, const struct past_event *e, enum task_status s,
    enum severity severity, int64_t began, int64_t began_wall,
    const char *description)
{
	const struct row row = {
	    .task = TASK_RETRIEVE_SERVER,
	    .status = s,
	    .severity = severity,
	    .event = e->round.event,
	    .started = began_wall,
	    .began = began,
	    .duration = loop_now(t->lp) - began,
	    .description = (char *)description,
	};

	log_about(loop_log(t->lp),
	    severity == SEVERITY_NORMAL ? LOGGING_INFO : LOGGING_WARNING,
	    e->conf->address, "server",
	    &(struct log_facts){.device = e->conf->address,
		.agent = e->conf->agent->address,
		.event = row.event,
		.task = task_name(row.task),
		.error = s == TASK_FAILURE ? "other" : NULL},
	    "event %d: %s", e->round.event, description);
	return journal_row(e->books.journal, e->books.result, &row);
}

static char *
describe(const struct server_fetch *f)
{
	size_t n = f->event->n_pieces;
	char from[CLOCK_TEXT_MAX], to[CLOCK_TEXT_MAX];
	char *count =
	    xasprintf("%zu file%s of the server's%s, %" PRIu64 " bytes", n,
		n == 1 ? "" : "s", f->event->sidecar ? " and its sidecar" : "",
		f->bytes);
	char *text;

	if (f->packets == 0)
		text = xasprintf("%s: no packet", count);
	else
		text = xasprintf("%s: %" PRIu64 " packets from %s to %s", count,
		    f->packets, clock_rfc3339(f->first_us / 1000, from),
		    clock_rfc3339(f->last_us / 1000, to));
	free(count);
	return text;
}

static void
put_files(const struct server_fetch *f, struct row *row)
{
	f->event->books.result->bytes += f->bytes;
	if (f->file[0] == '\0')
		return;
	row->file = xstrdup(f->file);
	row->bytes = f->file_bytes;
	str_copy(row->sha256, sizeof(row->sha256), f->sha256);
}

/* --- public --- */

struct server_fetch *
server_fetch_new(const struct tools *t, struct past_event *event,
    const struct server_clock *clock)
{
	struct server_fetch *f = xcalloc(1, sizeof(*f));

	f->tools = t;
	f->event = event;
	f->clock = *clock;
	f->began = loop_now(t->lp);
	f->began_wall = loop_wall(t->lp);
	return f;
}

void
server_fetch_free(struct server_fetch *f)
{
	if (f == NULL)
		return;
	retrieval_free(f->retrieval);
	strbuf_free(&f->text);
	strbuf_free(&f->notes);
	free(f->plan);
	free(f);
}

bool
server_fetch_has_more(const struct server_fetch *f)
{
	return !f->over;
}

bool
server_fetch_next(struct server_fetch *f, struct sftp *session,
    server_fetch_done *done, void *arg)
{
	f->session = session;
	f->done = done;
	f->arg = arg;
	return f->sidecar_over ? fetch_piece(f) : fetch_sidecar(f);
}

bool
server_fetch_wants_narrow(const struct server_fetch *f)
{
	return f->retrieval != NULL && retrieval_wants_narrow(f->retrieval);
}

void
server_fetch_end(struct server_fetch *f, const struct fail *why, int tries)
{
	bool ok = why->kind == FAIL_NONE && f->event->n_pieces > 0;
	char *text;
	struct row *row;

	if (ok)
		text = describe(f);
	else if (why->kind != FAIL_NONE)
		text = xstrdup(why->text);
	else
		text = xstrdup("no file of the server's is of this event");
	/* What has come by then is of use all the same. */
	if (why->kind != FAIL_NONE && f->event->n_pieces > 0)
		note(f, true, "not all has come");
	row = row_of(f->tools, f->event, ok ? TASK_SUCCESS : TASK_FAILURE,
	    ok && !f->odd ? SEVERITY_NORMAL : SEVERITY_MINOR, f->began,
	    f->began_wall, text);
	row->attempt = tries + (ok || tries == 0);
	put_files(f, row);
	if (f->notes.len > 0)
		row->note = xstrdup(strbuf_text(&f->notes));
	free(text);
}

void
server_fetch_skip(
    const struct tools *t, const struct past_event *event, const char *why)
{
	row_of(t, event, TASK_SKIPPED, SEVERITY_MINOR, loop_now(t->lp),
	    loop_wall(t->lp), why);
}
