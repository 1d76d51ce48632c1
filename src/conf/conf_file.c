/* conf_file.c - from configuration files to trees of nodes, by libconfig.
 *
 * The library sees one text, made by conf_text.c; the places it reports are
 * translated back.  Called by conf_input.c for each -c.
 */
#include "conf/conf_file.h"

#include <dirent.h>
#include <errno.h>
#include <libconfig.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/str.h"
#include "base/xmem.h"
#include "conf/conf_say.h"
#include "conf/conf_syntax.h"

static enum conf_kind
kind_of(const config_setting_t *s)
{
	switch (config_setting_type(s)) {
	case CONFIG_TYPE_GROUP:
		return NODE_GROUP;
	case CONFIG_TYPE_LIST:
		return NODE_LIST;
	case CONFIG_TYPE_ARRAY:
		return NODE_ARRAY;
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		return NODE_INT;
	case CONFIG_TYPE_BOOL:
		return NODE_BOOL;
	case CONFIG_TYPE_STRING:
		return NODE_TEXT;
	default: /* the library's type is no enum */
		return NODE_FLOAT;
	}
}

static struct conf_node *
node_from(const struct conf_memory *memory, const config_setting_t *s,
    const struct conf_text *t)
{
	const char *name = config_setting_name(s);
	struct conf_node *n = conf_node_new(memory,
	    name == NULL ? NULL : arena_text(memory->trees, name), kind_of(s));
	const struct conf_text_line *at =
	    conf_text_line(t, (int)config_setting_source_line(s));

	n->source = at->source;
	n->place.file = at->source == NULL ? NULL : at->source->path;
	n->place.line = at->line;
	if (n->kind == NODE_INT)
		n->number = config_setting_get_int64(s);
	else if (n->kind == NODE_BOOL)
		n->truth = config_setting_get_bool(s) != 0;
	else if (n->kind == NODE_TEXT)
		n->text =
		    arena_text(memory->values, config_setting_get_string(s));
	else if (n->kind != NODE_FLOAT)
		for (int i = 0, all = config_setting_length(s); i < all; i++)
			conf_node_add(
			    n, node_from(memory,
				   config_setting_get_elem(s, (unsigned)i), t));
	return n;
}

static struct conf_place
place_of(const struct conf_text *t, int line)
{
	const struct conf_text_line *at = conf_text_line(t, line);

	return (struct conf_place){
	    at->source == NULL ? NULL : at->source->path, at->line};
}

/* The first mistake by the grammar; none: `at`, where the library gave up. */
static bool
grammar_error(const struct conf_text *t, const struct conf_place *at,
    struct conf_messages *m)
{
	struct strbuf text = STRBUF_INIT;
	int line = conf_syntax_error(t->s, &text);
	struct conf_place place;

	if (line == 0 && at == NULL)
		return false;
	place = line > 0 ? place_of(t, line) : *at;
	if (line == 0)
		strbuf_add(&text, "syntax error here or in the line before");
	conf_error(m, &place, NULL, "%s", text.s);
	strbuf_free(&text);
	return true;
}

static void
syntax_error(
    const config_t *c, const struct conf_text *t, struct conf_messages *m)
{
	struct conf_place place = place_of(t, config_error_line(c));
	const char *what = config_error_text(c);

	if (strcmp(what, "duplicate setting name") == 0)
		conf_error(m, &place, NULL,
		    "a setting stands here that this group has already: a file "
		    "gives each once");
	else if (strcmp(what, "syntax error") == 0)
		grammar_error(t, &place, m);
	else
		conf_error(m, &place, NULL, "%s", what);
}

/* A file that is right here must be right everywhere: a later libconfig takes
 * what 1.5 refuses, as a ',' behind the last device (1.7). */
static bool
parse(config_t *c, const struct conf_text *t, struct conf_messages *m)
{
	if (config_read_string(c, t->s) == CONFIG_TRUE)
		return !grammar_error(t, NULL, m);
	syntax_error(c, t, m);
	return false;
}

static void
read_file(struct conf_files *f, const char *path, struct conf_messages *m)
{
	size_t before = f->n_roots;
	struct conf_text t = {0};
	config_t c;

	config_init(&c);
	if (conf_text_read(&t, path, &f->sources, m) && parse(&c, &t, m)) {
		f->root =
		    xreallocarray(f->root, f->n_roots + 1, sizeof(f->root[0]));
		f->root[f->n_roots++] =
		    node_from(f->sources.memory, config_root_setting(&c), &t);
	}
	f->incomplete = f->incomplete || f->n_roots == before;
	config_destroy(&c);
	conf_text_free(&t);
}

static int
is_conf(const struct dirent *e)
{
	size_t len = strlen(e->d_name);

	return e->d_name[0] != '.' && len > 5 &&
	       strcmp(e->d_name + len - 5, ".conf") == 0;
}

/* Not alphasort(3): the order must not depend on the locale. */
static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void
read_folder(struct conf_files *f, const char *folder, struct conf_messages *m)
{
	struct dirent **entry = NULL;
	struct conf_place at = {folder, 0};
	int n = scandir(folder, &entry, is_conf, by_name);
	size_t len = strlen(folder);

	f->incomplete = f->incomplete || n <= 0;
	while (len > 1 && folder[len - 1] == '/')
		len--;
	if (n < 0)
		conf_error(m, &at, NULL, "cannot read %s: %s", folder,
		    strerror(errno));
	else if (n == 0)
		conf_error(m, &at, NULL,
		    "no *.conf in this folder; put a configuration file "
		    "there or name another with -c");
	for (int i = 0; i < n; i++) {
		char *path =
		    xasprintf("%.*s/%s", (int)len, folder, entry[i]->d_name);

		read_file(f, path, m);
		free(path);
		free(entry[i]);
	}
	free(entry);
}

void
conf_files_read(struct conf_files *f, const char *path, struct conf_messages *m)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		read_folder(f, path, m);
	else
		read_file(f, path, m);
}

void
conf_files_free(struct conf_files *f)
{
	free(f->root);
	free(f->sources.v);
	*f = (struct conf_files){0};
}
