/* comparisons.c - what was lost at each event, as the run's books have it.
 */
#include "campaign/comparisons.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/atomic_file.h"
#include "base/xmem.h"
#include "books/run_folder.h"
#include "campaign/comparison.h"
#include "compare/result_facts.h"
#include "compare/result_json.h"
#include "conf/device_label.h"

struct pending {
	struct comparisons *all;
	const struct past_event *event;
	struct ticket ticket;
	struct comparison *comparison; /* NULL: it waits */
	struct timer soon;             /* there is nothing to compare */
	int64_t wall, mono;            /* when it began */
	TAILQ_ENTRY(pending) next;
};

struct comparisons {
	const struct tools *tools;
	char *program;
	struct gate *gate;
	TAILQ_HEAD(, pending) pending;
	char *abandoned; /* why; NULL: it goes on */
	event_compared *compared;
	void *arg;
};

/* --- the command line --- */

/* As a shell takes it for one word. */
static void
add_word(const char *text, struct strbuf *to)
{
	static const char plain[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	    "_-./:+,@%=";

	if (text[strspn(text, plain)] == '\0') {
		strbuf_add(to, text);
		return;
	}
	strbuf_add(to, "'");
	for (; *text != '\0'; text++)
		if (*text == '\'')
			strbuf_add(to, "'\\''");
		else
			strbuf_add_bytes(to, text, 1);
	strbuf_add(to, "'");
}

void
comparison_command(const struct past_event *e, struct strbuf *to)
{
	char event[CAPTURE_NAME_MAX];

	strbuf_add(to, "traffic-capture-compare ");
	add_word(e->books.captures, to);
	if (!capture_name_event(event, e->round.file))
		str_copy(event, sizeof(event), "");
	strbuf_addf(to, "/*_device_%s*", event);
}

/* --- rows --- */

static void
pending_free(struct pending *p)
{
	TAILQ_REMOVE(&p->all->pending, p, next);
	timer_clear(&p->soon);
	comparison_cancel(p->comparison);
	gate_leave(&p->ticket);
	free(p);
}

/* The event has its row: `p` goes. */
static void
settle(struct pending *p)
{
	struct comparisons *c = p->all;
	const struct past_event *e = p->event;

	pending_free(p);
	c->compared(c->arg, e);
}

static struct row
row_begin(const struct pending *p, enum task_status s, enum severity severity,
    const char *description)
{
	return (struct row){.task = TASK_COMPARE,
	    .status = s,
	    .severity = severity,
	    .event = p->event->round.event,
	    .started = p->wall,
	    .began = p->mono,
	    .duration = loop_now(p->all->tools->lp) - p->mono,
	    .description = (char *)description};
}

static void
write_row(const struct pending *p, const struct row *row)
{
	const struct device_books *books = &p->event->books;
	char label[DEVICE_LABEL_MAX];
	bool calm = row->severity == SEVERITY_NORMAL;
	const struct log_facts facts = {.device = p->event->conf->address,
	    .event = row->event,
	    .task = task_name(row->task),
	    .error = row->status == TASK_FAILURE ? "other" : NULL};

	log_about(loop_log(p->all->tools->lp),
	    calm ? LOGGING_NOTICE : LOGGING_WARNING,
	    device_label(p->event->conf, label), "compare", &facts,
	    "event %d: %s", row->event, row->description);
	journal_row(books->journal, books->result, row);
}

/* Nothing was found out: why, and what is to be typed. */
static void
write_unjudged(const struct pending *p, enum task_status s,
    enum severity severity, const char *why, const char *first)
{
	struct row row = row_begin(p, s, severity, why);
	struct strbuf note = STRBUF_INIT;

	strbuf_addf(&note, "%s: ", first);
	comparison_command(p->event, &note);
	row.note = note.s;
	write_row(p, &row);
	strbuf_free(&note);
}

static void
write_trouble(const struct pending *p, const char *why)
{
	char *text = xasprintf("not compared: %s", why);

	write_unjudged(
	    p, TASK_FAILURE, SEVERITY_MINOR, text, "to compare them");
	free(text);
}

static void
write_one_side(const struct pending *p)
{
	write_unjudged(p, TASK_SKIPPED, SEVERITY_NORMAL,
	    "only the device's file of this event is on this host",
	    "once the server's are beside it");
}

/* --- what was found --- */

static bool
any_lost(const struct compare_result *r)
{
	for (int kind = 0; kind < TRAFFIC_COUNT; kind++)
		for (int way = 0; way < WAY_COUNT; way++)
			if (r->tally[kind][way].lost > 0)
				return true;
	return false;
}

static enum severity
severity_of(const struct compare_result *r)
{
	if (any_lost(r) || r->exit_status == 1)
		return SEVERITY_MAJOR;
	return r->exit_status == 0 ? SEVERITY_NORMAL : SEVERITY_MINOR;
}

/* Write the verdict beside the captures and name it in the row. */
static bool
keep(const struct pending *p, const struct compare_result *r, struct row *row,
    char name[CAPTURE_NAME_MAX], struct fail *why)
{
	const struct past_event *e = p->event;
	const struct campaign_conf *conf = p->all->tools->conf;
	struct strbuf text = STRBUF_INIT;
	unsigned char sum[DIGEST_BYTES];
	struct atomic_file *f;
	char *path;

	if (!run_folder_has_room(
		e->books.captures, conf->campaign.min_free, why))
		return false;
	capture_name_compare(name, e->round.file);
	path = xasprintf("%s/%s", e->books.captures, name);
	result_json(r, &text);
	f = atomic_file_open(path, why);
	if (f != NULL)
		atomic_file_write(f, text.s, text.len);
	if (f == NULL || !atomic_file_commit(f, why)) {
		strbuf_free(&text);
		free(path);
		return false;
	}
	digest_of(text.s, text.len, sum);
	digest_to_hex(sum, sizeof(sum), row->sha256);
	row->bytes = text.len;
	row->file = name;
	strbuf_free(&text);
	free(path);
	return true;
}

static void
write_found(const struct pending *p, const struct compare_result *r)
{
	bool trouble = r->trouble[0] != '\0';
	struct row row = row_begin(p, trouble ? TASK_FAILURE : TASK_SUCCESS,
	    severity_of(r), r->sentence);
	char name[CAPTURE_NAME_MAX];
	struct fail why = {0};
	char *note = trouble ? xstrdup(r->trouble) : NULL;

	if (!keep(p, r, &row, name, &why)) {
		free(note);
		note = xasprintf("the verdict is not kept: %s", why.text);
		row.status = TASK_FAILURE;
		if (row.severity < SEVERITY_MINOR)
			row.severity = SEVERITY_MINOR;
	}
	row.note = note;
	write_row(p, &row);
	free(note);
}

static void
on_done(void *arg, const struct compare_result *r, const struct fail *why)
{
	struct pending *p = arg;

	p->comparison = NULL;
	if (r != NULL)
		write_found(p, r);
	else
		write_trouble(p, why->text);
	settle(p);
}

/* --- the queue --- */

static void
begin(struct pending *p)
{
	p->wall = loop_wall(p->all->tools->lp);
	p->mono = loop_now(p->all->tools->lp);
}

static void
on_turn(void *arg)
{
	struct pending *p = arg;

	begin(p);
	p->comparison = comparison_start(
	    p->all->tools, p->all->program, p->event, on_done, p);
}

/* There is nothing to compare, or no time for it. */
static void
on_soon(void *arg)
{
	struct pending *p = arg;

	begin(p);
	if (!p->all->tools->conf->compare.run)
		;
	else if (p->event->n_pieces == 0)
		write_one_side(p);
	else
		write_trouble(p, p->all->abandoned);
	settle(p);
}

struct comparisons *
comparisons_new(const struct tools *t, const char *program,
    event_compared *compared, void *arg)
{
	struct comparisons *c = xcalloc(1, sizeof(*c));

	c->tools = t;
	c->program = program != NULL ? xstrdup(program) : comparison_program();
	c->gate = gate_new(t->lp, t->conf->compare.at_once);
	c->compared = compared;
	c->arg = arg;
	TAILQ_INIT(&c->pending);
	return c;
}

void
comparisons_free(struct comparisons *c)
{
	struct pending *p;

	if (c == NULL)
		return;
	while ((p = TAILQ_FIRST(&c->pending)) != NULL)
		pending_free(p);
	gate_free(c->gate);
	free(c->program);
	free(c->abandoned);
	free(c);
}

void
comparisons_add(struct comparisons *c, const struct past_event *e)
{
	struct pending *p = xcalloc(1, sizeof(*p));

	p->all = c;
	p->event = e;
	timer_init(&p->soon, c->tools->lp, on_soon, p);
	TAILQ_INSERT_TAIL(&c->pending, p, next);
	if (!c->tools->conf->compare.run || e->n_pieces == 0 ||
	    c->abandoned != NULL)
		timer_set(&p->soon, 0);
	else
		gate_enter(c->gate, &p->ticket, false, on_turn, p);
}

void
comparisons_abandon(struct comparisons *c, const char *why)
{
	struct pending *p;

	if (c->abandoned != NULL)
		return;
	c->abandoned = xstrdup(why);
	TAILQ_FOREACH (p, &c->pending, next) {
		comparison_cancel(p->comparison);
		p->comparison = NULL;
		gate_leave(&p->ticket);
		timer_set(&p->soon, 0);
	}
}
