/* conf_input.h - all files and --set, sorted into sections.
 *
 * Nothing is stored yet: the caller merges list members, applies defaults and
 * then stores group by group.
 */
#ifndef CONF_CONF_INPUT_H
#define CONF_CONF_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/conf_file.h"
#include "conf/conf_group.h"
#include "conf/conf_load.h"

/* Whose sections are known, and whose are the other program's. */
struct conf_program {
	const struct conf_section *sections;
	size_t n_sections;
	const struct conf_section *others;
	size_t n_others;
	const char *other; /* "the agent's configuration", ... */
	bool some;         /* other sections than these are not looked at */
	const struct conf_section *top; /* keys beside the sections, or NULL */
};

/* The groups of one section: exactly one, or a list's members in order. */
struct conf_groups {
	struct conf_group **v;
	size_t n;
};

struct conf_input {
	struct conf_memory memory;
	const struct conf_program *program;
	const struct conf_section *sections;
	size_t n_sections;
	struct conf_files files;
	struct conf_groups *groups; /* by section */
	struct conf_group *top;     /* what is beside them, or NULL */
	/* campaign.output as it stands, whatever -o says; NULL: nowhere */
	const struct conf_node *output;
	struct conf_messages *m;
};

/* Everything wrong goes to `m`, which is kept.  A section named "campaign"
 * with a key "output" takes from->output.  `in` stays where it is; what will
 * be stored points into `values`, which outlives it. */
void conf_input_read(struct conf_input *in, const struct conf_program *program,
    const struct conf_sources *from, struct arena *values,
    struct conf_messages *m);
void conf_input_free(struct conf_input *in);

/* More members of a list, as if a file had them: in the input's memory. */
void conf_input_take_list(
    struct conf_input *in, const char *name, struct conf_node *list);
/* The members of a list, or the one group of a section. */
struct conf_groups *conf_input_list(struct conf_input *in, const char *name);
struct conf_group *conf_input_section(struct conf_input *in, const char *name);
/* Where something is missing: in this section, or, when that is nowhere (or
 * `g` is NULL), in the file that was read last. */
struct conf_place conf_input_missing(
    const struct conf_input *in, const struct conf_group *g);

#endif
