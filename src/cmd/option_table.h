/* option_table.h - the options of a program: what getopt_long(3) is given, what
 * --help prints and what a shell completes are made of the same rows.
 */
#ifndef CMD_OPTION_TABLE_H
#define CMD_OPTION_TABLE_H

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* What the value of an option is, for who completes it: an ended run is not the
 * one under way, a word one of those that the value's name lists. */
enum option_value {
	VALUE_TEXT,
	VALUE_FILE,
	VALUE_FOLDER,
	VALUE_SETTING,
	VALUE_RUN,
	VALUE_ENDED_RUN,
	VALUE_WORD
};

struct option_row {
	int c;             /* a letter; or beyond: it has none */
	const char *name;  /* of the long form, or NULL */
	const char *value; /* its name; "[X]": may be left out; NULL: none */
	enum option_value kind;
	const char *help;
	bool again;  /* may be repeated */
	bool joined; /* --help tells it in one line with the next row */
};

struct option_table {
	const char *program;
	const char *about; /* behind "Usage: PROGRAM " */
	bool files;        /* what is no option is a file */
	const struct option_row *rows;
	size_t n;
	const char *status; /* the exit statuses, and what else is to be told */
};

/* What getopt_long(3) wants of a table, which has room in it. */
struct option_words {
	char letters[64];
	struct option names[48];
};
void option_table_words(const struct option_table *t, struct option_words *w);
/* The lines of --help down to its statuses.  Where an option leaves its words
 * no room they have a line of their own; none is broken. */
void option_table_help(const struct option_table *t, struct strbuf *to);

#endif
