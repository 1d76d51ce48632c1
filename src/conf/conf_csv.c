/* conf_csv.c - from rows of a CSV text to the nodes of a configuration.
 *
 * Their values are checked where those of a configuration file are.  Called by
 * inventory.c.
 */
#include "conf/conf_csv.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/csv_text.h"
#include "base/xmem.h"
#include "conf/conf_group.h"
#include "conf/conf_say.h"

/* A file of another shape is wrong in every row. */
#define ROWS_SAID 20

struct table {
	const struct conf_csv *csv;
	struct conf_messages *m;
	struct conf_node *list;
	const struct conf_row **columns; /* NULL: not understood */
	size_t n_columns;                /* 0: the first row is to come */
	unsigned odd;                    /* rows of another length */
	bool whole;
};

static struct conf_place
place(const struct table *t, int line)
{
	return (struct conf_place){t->csv->source->path, line};
}

/* --- the first row --- */

static bool
may_be(const struct conf_csv *csv, const char *key)
{
	for (size_t i = 0; csv->only != NULL && csv->only[i] != NULL; i++)
		if (strcmp(csv->only[i], key) == 0)
			return true;
	return csv->only == NULL;
}

static const struct conf_row *
column(struct table *t, const char *key, size_t i, const struct conf_place *at)
{
	const struct conf_row *row;

	if (*key == '\0') {
		conf_error(t->m, at, NULL,
		    "column %zu has no name; the first row names a key of a "
		    "device for each",
		    i + 1);
		return NULL;
	}
	row = conf_section_row(t->csv->devices, key, at, t->m);
	if (row == NULL)
		return NULL;
	for (size_t j = 0; j < i; j++)
		if (t->columns[j] == row) {
			conf_error(t->m, at, NULL,
			    "columns %zu and %zu are both %s; allowed is each "
			    "key once",
			    j + 1, i + 1, row->key);
			return NULL;
		}
	if (may_be(t->csv, row->key))
		return row;
	conf_error(t->m, at, NULL, "column %zu is %s: %s", i + 1, row->key,
	    t->csv->only_why);
	return NULL;
}

static bool
has_column(const struct table *t, const char *key)
{
	for (size_t i = 0; i < t->n_columns; i++)
		if (t->columns[i] != NULL &&
		    strcmp(t->columns[i]->key, key) == 0)
			return true;
	return false;
}

static void
take_columns(
    struct table *t, const struct conf_place *at, char *const *cells, size_t n)
{
	t->columns = xcalloc(n, sizeof(*t->columns));
	t->n_columns = n;
	for (size_t i = 0; i < n; i++) {
		t->columns[i] = column(t, cells[i], i, at);
		t->whole = t->whole && t->columns[i] != NULL;
	}
	if (!t->whole || has_column(t, "address"))
		return;
	t->whole = false;
	conf_error(t->m, at, NULL,
	    "there is no column address; the first row names the keys, as in "
	    "address,name,group");
}

/* --- the others --- */

static struct conf_node *
array_node(const struct conf_memory *memory, const struct conf_row *row,
    const char *cell)
{
	static const char between[] = " \t,;";
	struct conf_node *n = conf_node_new(memory, row->key, NODE_ARRAY);

	while (*(cell += strspn(cell, between)) != '\0') {
		size_t len = strcspn(cell, between);

		conf_node_add(n, conf_node_text(memory, NULL, cell, len));
		cell += len;
	}
	return n;
}

/* As databases write it. */
static struct conf_node *
bool_node(const struct conf_memory *memory, const struct conf_row *row,
    const char *cell)
{
	static const char *const words[] = {
	    "false", "true", "f", "t", "no", "yes", "n", "y", "0", "1"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(cell, words[i]) == 0)
			return conf_row_node(
			    row, memory, i % 2 == 1 ? "true" : "false");
	return NULL;
}

/* NULL: something was said. */
static struct conf_node *
cell_node(struct table *t, const struct conf_row *row, const char *cell,
    const struct conf_place *at)
{
	const struct conf_memory *memory = t->csv->memory;
	struct conf_node *n;
	struct strbuf key = STRBUF_INIT;

	if (row->type >= ROW_TEXTS)
		return array_node(memory, row, cell);
	n = row->type == ROW_BOOL ? bool_node(memory, row, cell)
				  : conf_row_node(row, memory, cell);
	if (n != NULL)
		return n;
	conf_row_name(row, &key);
	conf_error(t->m, at, key.s,
	    "\"%.80s\" is the wrong type; allowed is true or false", cell);
	strbuf_free(&key);
	return NULL;
}

static void
set_origin(const struct table *t, struct conf_node *n, int line)
{
	n->source = t->csv->source;
	n->place = place(t, line);
	for (size_t i = 0; i < n->n_children; i++)
		set_origin(t, n->child[i], line);
}

static void
take_device(struct table *t, int line, char *const *cells)
{
	struct conf_node *device =
	    conf_node_new(t->csv->memory, NULL, NODE_GROUP);
	struct conf_node *n;
	struct conf_place at = place(t, line);

	for (size_t i = 0; i < t->n_columns; i++) {
		if (t->columns[i] == NULL || cells[i][0] == '\0')
			continue;
		n = cell_node(t, t->columns[i], cells[i], &at);
		if (n != NULL)
			conf_node_add(device, n);
	}
	set_origin(t, device, line);
	conf_node_add(t->list, device);
}

/* Which cell is missing, or one too many, is not to be guessed. */
static void
refuse_row(struct table *t, const struct conf_place *at, size_t n)
{
	t->whole = false;
	if (++t->odd <= ROWS_SAID)
		conf_error(t->m, at, NULL,
		    "this row has %zu cell%s and the first row %zu; a cell "
		    "with a comma stands in quotes",
		    n, n == 1 ? "" : "s", t->n_columns);
}

static void
on_row(void *arg, int line, char *const *cells, size_t n)
{
	struct table *t = arg;
	struct conf_place at = place(t, line);

	if (t->n_columns == 0)
		take_columns(t, &at, cells, n);
	else if (n != t->n_columns)
		refuse_row(t, &at, n);
	else
		take_device(t, line, cells);
}

static void
on_wrong(void *arg, int line, const char *what)
{
	struct table *t = arg;
	struct conf_place at = place(t, line);

	t->whole = false;
	conf_error(t->m, &at, NULL, "%s", what);
}

struct conf_node *
conf_csv_devices(const struct conf_csv *csv, const char *text, size_t len,
    bool *whole, struct conf_messages *m)
{
	static const struct csv_text_events events = {on_row, on_wrong};
	struct table t = {.csv = csv, .m = m, .whole = true};
	struct conf_place at = place(&t, 0);

	t.list = conf_node_new(csv->memory, csv->devices->name, NODE_LIST);
	if (csv_text_read(text, len, &events, &t) && t.n_columns == 0) {
		t.whole = false;
		conf_error(m, &at, NULL,
		    "there is nothing in it; the first row names the keys, as "
		    "in address,name,group");
	}
	if (t.odd > ROWS_SAID)
		conf_error(m, &at, NULL,
		    "%u more rows have another number of cells than the first",
		    t.odd - ROWS_SAID);
	free(t.columns);
	*whole = t.whole;
	return t.list;
}
