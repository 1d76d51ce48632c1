/* options.h - the options that both programs have, for their main(). */
#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/log.h"
#include "cmd/program_options.h"

/* Options that may be given more than once; the texts are borrowed. */
struct text_list {
	const char **texts;
	size_t n;
};
void text_list_add(struct text_list *l, const char *text);
void text_list_free(struct text_list *l);

struct program_words {
	const char *name;
	const char *default_conf; /* without -c; NULL: there is no -c */
	const struct option_table *table;
};

struct options {
	struct text_list paths; /* -c */
	struct text_list sets;  /* --set */
	bool check;
	int verbosity; /* -1 quiet, 0, 1 verbose */
	enum log_format format;
};

/* One option, as getopt_long(3) returned it and left `optarg`.  --version and
 * --help end the process; so does, with status 2, what is none of them. */
void options_take(struct options *o, const struct program_words *p, int c);
/* Behind the last one: nothing may be left over. */
void options_end(
    struct options *o, const struct program_words *p, int argc, char **argv);
/* End likewise if `optarg`, which `option` was given, is "". */
void options_not_empty(const struct program_words *p, const char *option);
/* The command line is wrong, and a message said how: end with status 2. */
void options_wrong(const struct program_words *p) __attribute__((noreturn));
struct log *options_log(const struct options *o); /* to stderr */
void options_free(struct options *o);

#endif
