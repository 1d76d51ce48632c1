/* compare.c - two ends' captures in, a verdict out.
 */
#include "compare/compare.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xmem.h"
#include "compare/beside.h"
#include "compare/capture_side.h"
#include "compare/judge.h"
#include "compare/sentence.h"

#define PATIENCE_MS 5000
#define MS_NS       INT64_C(1000000)
/* Of one side's records; the other side has another part, and matching takes as
 * much as both. */
#define MEMORY_PARTS 5
/* One copy of fewer packets than so many: that capture makes copies. */
#define COPIES_SHARE          16
#define STATUS_CANNOT_BE_SAID 3
#define STATUS_TROUBLE        7

struct comparison {
	const struct compare_input *in;
	struct compare_result *r;
	struct capture_side *side[SIDE_COUNT];
	struct trace *trace[SIDE_COUNT];
};

static void
open_sides(struct comparison *c)
{
	const struct compare_files *files;
	struct capture_limits limits = {.from = INT64_MIN, .to = INT64_MAX};
	const char *name;
	size_t i;
	int s;

	limits.of = c->in->memory > 0 ? c->in->memory : COMPARE_MEMORY;
	limits.memory = limits.of / MEMORY_PARTS;
	for (s = 0; s < SIDE_COUNT; s++) {
		files = &c->in->side[s];
		name =
		    files->name != NULL ? files->name : side_name((enum side)s);
		str_copy(c->r->side[s].name, sizeof(c->r->side[s].name), name);
		str_printable(c->r->side[s].name);
		c->side[s] = capture_side_new(c->r->side[s].name, &limits);
		for (i = 0; i < files->n_paths; i++)
			capture_side_add(c->side[s], files->path[i],
			    files->fd != NULL ? files->fd[i] : -1);
	}
}

static uint8_t
lesser(uint8_t a, uint8_t b)
{
	return a < b ? a : b;
}

/* Keys of both sides are made of the same bytes: as many as the packets that
 * are cut shortest have. */
static bool
read_sides(struct comparison *c)
{
	struct record_depth depth = {RECORD_DEPTH, RECORD_DEPTH}, of[2], both;
	bool good = true;
	int s;

	for (s = 0; s < SIDE_COUNT; s++)
		good &= capture_side_read(c->side[s], &depth) == SIDE_READ;
	if (!good)
		return false;
	for (s = 0; s < SIDE_COUNT; s++)
		of[s] = capture_side_depth(c->side[s]);
	both.tcp = lesser(of[0].tcp, of[1].tcp);
	both.other = lesser(of[0].other, of[1].other);
	if (both.tcp == depth.tcp && both.other == depth.other)
		return true;
	for (s = 0; s < SIDE_COUNT; s++)
		good &= capture_side_read(c->side[s], &both) == SIDE_READ;
	return good;
}

static bool
is_trouble(enum file_state state)
{
	switch (state) {
	case FILE_NO_CAPTURE:
	case FILE_UNREADABLE:
		return true;
	case FILE_WHOLE:
	case FILE_CUT:
	case FILE_DAMAGED:
	case FILE_NO_PACKETS:
	case FILE_LINK_TYPE:
		break;
	}
	return false;
}

/* The first one is told in `trouble`, all of them in their side. */
static void
set_trouble(struct compare_result *r, const char *file, const char *text)
{
	struct strbuf b = STRBUF_INIT;

	r->exit_status = STATUS_TROUBLE;
	if (r->trouble[0] != '\0')
		return;
	if (file != NULL)
		strbuf_addf(&b, "%s: ", file);
	strbuf_add(&b, text);
	str_copy(r->trouble, sizeof(r->trouble), strbuf_text(&b));
	str_printable(r->trouble);
	strbuf_free(&b);
}

static void
tell_file(
    struct compare_result *r, struct result_side *to, const struct side_file *f)
{
	const char *slash = strrchr(f->name, '/');
	struct result_file *file;

	if (is_trouble(f->state))
		set_trouble(r, f->name, f->trouble);
	if (to->n_files++ >= RESULT_FILES_MAX)
		return;
	file = &to->file[to->n_files - 1];
	str_copy(file->name, sizeof(file->name),
	    slash != NULL ? slash + 1 : f->name);
	str_printable(file->name);
	str_copy(file->sha256, sizeof(file->sha256), f->sha256);
	str_copy(file->trouble, sizeof(file->trouble), f->trouble);
	str_printable(file->trouble);
	file->packets = f->packets;
	file->cut = f->state == FILE_CUT || f->state == FILE_DAMAGED;
}

static void
tell_links(struct result_side *to, const struct side_facts *f)
{
	unsigned i;

	for (i = 0; i < f->n_link_types && to->n_links < RESULT_LINKS_MAX; i++)
		str_copy(to->link[to->n_links++], sizeof(to->link[0]),
		    f->link_types[i]);
}

static void
tell_side(struct comparison *c, enum side s)
{
	const struct side_facts *f = capture_side_facts(c->side[s]);
	struct result_side *to = &c->r->side[s];
	const struct stretch *stretch;
	uint32_t n = 0;
	unsigned i;

	for (i = 0; i < f->n_files; i++)
		tell_file(c->r, to, &f->files[i]);
	tell_links(to, f);
	to->packets = f->packets;
	to->copies = f->copies;
	to->strange = f->no_ip + f->broken + f->other_link;
	to->tunnelled = f->tunnel;
	to->snaplen = f->snaplen;
	to->both_ways = f->both_ways;
	if (f->status == SIDE_MEMORY)
		set_trouble(c->r, NULL, f->trouble);
	if (f->status != SIDE_READ)
		return;
	stretch = capture_side_stretches(c->side[s], &n);
	to->stretches = n;
	if (n > 0) {
		to->first = stretch[0].from;
		to->last = stretch[n - 1].to;
	}
}

/* A side without packets: nothing can be said, and why. */
static void
give_up(struct comparison *c)
{
	struct compare_result *r = c->r;
	struct strbuf text = STRBUF_INIT;
	char why[384] = "";
	const struct side_facts *f;
	size_t n;
	int s;

	for (s = SIDE_COUNT - 1; s >= 0; s--) {
		f = capture_side_facts(c->side[s]);
		if (f->status == SIDE_READ)
			continue;
		str_copy(why, sizeof(why), f->trouble);
		if (f->status == SIDE_UNREADABLE && f->n_files > 0)
			set_trouble(r, NULL, f->trouble);
	}
	str_printable(why);
	n = strlen(why);
	if (n > 0 && why[n - 1] == '.')
		why[n - 1] = '\0';
	sentence_give_up(&text, why);
	str_copy(r->sentence, sizeof(r->sentence), strbuf_text(&text));
	strbuf_free(&text);
	r->grade = GRADE_UNKNOWN;
	if (r->exit_status != STATUS_TROUBLE)
		r->exit_status = STATUS_CANNOT_BE_SAID;
}

static void
make_trace(struct comparison *c, enum side s)
{
	const struct compare_files *files = &c->in->side[s];
	const struct side_facts *facts = capture_side_facts(c->side[s]);
	const struct stretch *stretch;
	uint32_t n;
	size_t i;

	stretch = capture_side_stretches(c->side[s], &n);
	c->trace[s] = trace_new(s, capture_side_records(c->side[s]),
	    capture_side_size(c->side[s]), stretch, n,
	    capture_side_flows(c->side[s]));
	c->trace[s]->makes_copies =
	    facts->copies * COPIES_SHARE > facts->records;
	for (i = 0; i < files->n_proofs; i++)
		trace_proof(
		    c->trace[s], files->proof[i].from, files->proof[i].to);
}

/* By the campaign's record; the agent's clock is the server's. */
static int64_t
alarm_of(const struct event_record *r)
{
	if (r == NULL || r->alarm_at == 0 || !r->agent_clock.known)
		return 0;
	return (r->alarm_at + r->agent_clock.ahead) * MS_NS;
}

static bool
is_cut(const struct side_facts *f)
{
	bool cut = false;
	unsigned i;

	for (i = 0; i < f->n_files; i++)
		cut |= f->files[i].state == FILE_CUT ||
		       f->files[i].state == FILE_DAMAGED;
	return cut;
}

/* To when a capture ran says nothing of a file that was cut off. */
static const struct event_record *
record_of(const struct comparison *c, struct event_record *copy)
{
	if (c->in->record == NULL ||
	    !is_cut(capture_side_facts(c->side[SIDE_DEVICE])))
		return c->in->record;
	*copy = *c->in->record;
	copy->ran.n = 0;
	copy->stopped = 0;
	return copy;
}

static bool
is_partial(const struct side_facts *f)
{
	return is_cut(f) || f->tunnel > 0 || f->other_link > 0 || f->broken > 0;
}

static void
judge(struct comparison *c)
{
	const struct compare_input *in = c->in;
	struct event_record record;
	int patience = in->patience_ms > 0 ? in->patience_ms : PATIENCE_MS;
	struct judge_wish wish = {.device = in->device,
	    .ovoc = in->ovoc,
	    .campaign = in->campaign,
	    .map = in->map,
	    .n_maps = in->n_maps,
	    .from = in->from,
	    .to = in->to,
	    .patience = patience * MS_NS};
	int s;

	for (s = 0; s < SIDE_COUNT; s++) {
		make_trace(c, (enum side)s);
		wish.dropped[s] = in->side[s].dropped;
		wish.one_way[s] = !capture_side_facts(c->side[s])->both_ways;
		wish.partial[s] = is_partial(capture_side_facts(c->side[s]));
	}
	beside_apply(in, c->trace, &wish);
	wish.record = record_of(c, &record);
	judge_run(c->r, c->trace, &wish);
	c->r->strip.alarm = alarm_of(in->record);
	sentence_make(c->r);
}

struct compare_result *
compare_run(const struct compare_input *in)
{
	struct comparison c = {.in = in};
	bool read;
	int s;

	c.r = xcalloc(1, sizeof(*c.r));
	open_sides(&c);
	read = read_sides(&c);
	for (s = 0; s < SIDE_COUNT; s++)
		tell_side(&c, (enum side)s);
	if (read)
		judge(&c);
	else
		give_up(&c);
	for (s = 0; s < SIDE_COUNT; s++) {
		trace_free(c.trace[s]);
		capture_side_free(c.side[s]);
	}
	return c.r;
}

void
compare_free(struct compare_result *r)
{
	free(r);
}
