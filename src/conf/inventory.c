/* inventory.c - see inventory.h.
 *
 * A list of a program is taken whole or not at all: one that is cut off, or
 * that has a row that cannot be used, would leave devices out in silence.
 * Called by campaign_conf.c.
 */
#include "conf/inventory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/xmem.h"
#include "conf/campaign_devices.h"
#include "conf/campaign_table.h"
#include "conf/conf_common.h"
#include "conf/conf_csv.h"
#include "conf/conf_say.h"

/* As of a configuration file: 50000 devices take 5 MB. */
#define FILE_MOST (64 * 1024 * 1024)

static const struct conf_section *
devices_section(struct conf_input *in)
{
	return &in->sections[conf_input_list(in, "devices") - in->groups];
}

static char *
beside(const struct conf_source *source, const char *name)
{
	return name[0] == '/' || strcmp(source->folder, ".") == 0
		   ? xstrdup(name)
		   : xasprintf("%s/%s", source->folder, name);
}

/* --- devices_csv --- */

static const char *
read_error(int error)
{
	switch (error) {
	case EINVAL:
		return "allowed is a file";
	case EFBIG:
		return "longer than 64 MiB";
	default:
		return strerror(error);
	}
}

static void
take_rows(struct conf_input *in, const struct conf_csv *csv, const char *text,
    size_t len, struct conf_messages *m)
{
	struct conf_groups *gs = conf_input_list(in, "devices");
	size_t first = gs->n;
	bool whole;

	conf_input_take_list(
	    in, "devices", conf_csv_devices(csv, text, len, &whole, m));
	in->files.incomplete = in->files.incomplete || !whole;
	for (size_t i = first; i < gs->n && !whole; i++)
		gs->v[i]->incomplete = true;
}

static void
load_file(struct conf_input *in, const struct conf_node *from, const char *name)
{
	struct conf_csv csv = {
	    .memory = &in->memory, .devices = devices_section(in)};
	char *path = beside(from->source, name);
	struct conf_source *source;
	struct stat st;
	size_t len = 0;
	char *text = bytes_read(bytes_open(path, 0, &st), FILE_MOST, &len);

	if (text == NULL) {
		in->files.incomplete = true;
		conf_error(in->m, &from->place, "devices_csv",
		    "cannot read %s: %s", path, read_error(errno));
	} else {
		source = conf_source_new(&in->files.sources, path);
		source->privacy = secret_privacy(&st);
		csv.source = source;
		take_rows(in, &csv, text, len, in->m);
		bytes_free(text, len + 1);
	}
	free(path);
}

static void
load_named(struct conf_input *in, const struct conf_node *n)
{
	if (n->bad)
		in->files.incomplete = true;
	else if (n->kind == NODE_TEXT && n->text[0] != '\0')
		load_file(in, n, n->text);
	for (size_t i = 0; i < n->n_children && !n->bad; i++)
		load_file(in, n, n->child[i]->text);
}

void
inventory_files_load(struct conf_input *in)
{
	for (size_t i = 0; i < in->files.n_roots; i++) {
		const struct conf_node *root = in->files.root[i];

		for (size_t j = 0; j < root->n_children; j++)
			if (strcmp(root->child[j]->name, "devices_csv") == 0)
				load_named(in, root->child[j]);
	}
}

/* --- devices_command --- */

/* Whoever can write to a database must not choose the file that a password is
 * read from, nor what is known of a device's identity. */
static const char *const listed_keys[] = {"address", "name", "type", "note",
    "interfaces", "ovoc_address", "skip", "group", NULL};
#define LISTED_RULE                                                       \
	"a list of devices_command may have address, name, type, note, "  \
	"interfaces, ovoc_address, skip and group; all else is given by " \
	"groups or defaults"

/* A list that may become the devices. */
struct list {
	char *text; /* NULL: there is none, see `why` */
	size_t len;
	int64_t when; /* it is the last one's; wall ms */
	struct fail why;
	struct conf_messages m; /* what is wrong with it */
};

static void
list_free(struct list *l)
{
	bytes_free(l->text, l->len + 1);
	conf_messages_free(&l->m);
}

/* Is it whole, as far as that can be seen? */
static bool
is_ended(const struct list *l)
{
	return l->len == 0 || l->text[l->len - 1] == '\n' ||
	       l->text[l->len - 1] == '\r';
}

static void
take_list(struct campaign_conf *c, struct conf_input *in, struct list *l,
    size_t first)
{
	struct conf_csv csv = {.memory = &in->memory,
	    .devices = devices_section(in),
	    .only = listed_keys,
	    .only_why = LISTED_RULE};
	char *path = xasprintf("%s of %s",
	    l->when == 0 ? "output" : "last list", c->inventory.program[0]);
	struct conf_place at = {path, 0};

	csv.source = conf_source_new(&in->files.sources, path);
	take_rows(in, &csv, l->text, l->len, &l->m);
	campaign_devices_load(c, in, first);
	if (l->m.n_errors == 0 && c->n_devices == first)
		conf_error(&l->m, &at, NULL, "there is no device in it");
	if (!is_ended(l))
		conf_error(&l->m, &at, NULL,
		    "its last line has no end; was it cut off?");
	if (l->m.n_errors == 0)
		campaign_devices_check(c, &l->m);
	free(path);
}

/* False, and all is as before, if something is wrong with it. */
static bool
use_list(struct campaign_conf *c, struct conf_input *in, struct list *l)
{
	struct conf_messages *m = in->m;
	bool incomplete = in->files.incomplete;
	size_t first = c->n_devices;

	if (l->text == NULL)
		return false;
	in->m = &l->m;
	take_list(c, in, l, first);
	in->m = m;
	in->files.incomplete = incomplete;
	c->inventory.n_listed = c->n_devices - first;
	if (l->m.n_errors == 0)
		return true;
	fail_set(&l->why, FAIL_FINAL, "%u error%s in the list", l->m.n_errors,
	    l->m.n_errors == 1 ? "" : "s");
	campaign_devices_drop(c, in, first);
	return false;
}

/* All of it is told, and is no error yet. */
static void
tell(struct conf_messages *m, const struct list *l)
{
	strbuf_add(&m->warnings, strbuf_text(&l->m.warnings));
	strbuf_add(&m->warnings, strbuf_text(&l->m.errors));
}

void
inventory_old_text(
    const struct inventory_section *s, int64_t now, struct strbuf *to)
{
	int64_t age = now - s->kept_at;
	char when[CLOCK_TEXT_MAX], span[CLOCK_TEXT_MAX];

	strbuf_addf(to, "%s: %s; its list of %s is used, %s old, %zu device%s",
	    s->program[0], s->kept_why, clock_rfc3339(s->kept_at, when),
	    clock_span(age > 0 ? age : 0, span), s->n_listed,
	    s->n_listed == 1 ? "" : "s");
}

static void
tell_last_used(struct campaign_conf *c, struct conf_input *in,
    const struct list *run, const struct list *last)
{
	struct inventory_section *s = &c->inventory;
	struct strbuf text = STRBUF_INIT;

	s->kept_why = arena_text(c->values, run->why.text);
	s->kept_at = last->when;
	inventory_old_text(s, clock_wall_ms(), &text);
	conf_warning(in->m, conf_group_place(in->top, "devices_command"),
	    "devices_command", "%s", text.s);
	strbuf_free(&text);
}

static void
refuse(struct campaign_conf *c, struct conf_input *in, const struct list *run,
    const struct list *last)
{
	conf_error(in->m, conf_group_place(in->top, "devices_command"),
	    "devices_command", "%s: %s; and of its last list: %s",
	    c->inventory.program[0], run->why.text, last->why.text);
}

static void
get_list(struct campaign_conf *c, const struct conf_lists *lists, bool last,
    struct list *l)
{
	if (last)
		l->text =
		    lists->last(lists->arg, c, &l->len, &l->when, &l->why);
	else
		l->text = lists->run(lists->arg, c, &l->len, &l->why);
}

/* The program's name is beside the file that it is named in. */
static void
resolve_program(struct campaign_conf *c, struct conf_input *in)
{
	const struct conf_node *n = conf_group_find(in->top, "devices_command");
	char *path = beside(n->source, c->inventory.program[0]);

	c->inventory.program[0] =
	    conf_absolute(c->values, arena_take(c->values, path));
}

static size_t
count_lines(const struct list *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->len; i++)
		n += l->text[i] == '\n';
	return n;
}

/* A query that finds too little is right as far as anybody can see. */
static void
tell_shrunk(struct campaign_conf *c, struct conf_input *in,
    const struct conf_lists *lists, struct list *last)
{
	size_t before, now = c->inventory.n_listed;

	if (last->text == NULL)
		get_list(c, lists, true, last);
	before = last->text == NULL ? 1 : count_lines(last);
	if (2 * now + 1 >= before)
		return; /* with the first row */
	conf_warning(in->m, conf_group_place(in->top, "devices_command"),
	    "devices_command",
	    "%s printed %zu device%s, and about %zu for an earlier run; is the "
	    "list whole?",
	    c->inventory.program[0], now, now == 1 ? "" : "s", before - 1);
}

static void
load_list(struct campaign_conf *c, struct conf_input *in,
    const struct conf_lists *lists, struct list *run, struct list *last)
{
	get_list(c, lists, false, run);
	if (use_list(c, in, run)) {
		strbuf_add(&in->m->warnings, strbuf_text(&run->m.warnings));
		tell_shrunk(c, in, lists, last);
		lists->keep(lists->arg, c, run->text, run->len);
		return;
	}
	tell(in->m, run);
	if (last->text == NULL)
		get_list(c, lists, true, last);
	if (use_list(c, in, last)) {
		tell_last_used(c, in, run, last);
		return;
	}
	tell(in->m, last);
	refuse(c, in, run, last);
}

void
inventory_program_load(struct campaign_conf *c, struct conf_input *in,
    const struct conf_lists *lists)
{
	struct list run = {.len = 0}, last = {.len = 0};
	bool done = false;

	if (c->inventory.n_program == 0)
		return;
	resolve_program(c, in);
	if (lists->last_first) {
		get_list(c, lists, true, &last);
		done = use_list(c, in, &last);
	}
	if (!done)
		load_list(c, in, lists, &run, &last);
	list_free(&run);
	list_free(&last);
}
