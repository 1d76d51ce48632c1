/* options.c - see options.h. */
#include "cmd/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmem.h"
#include "cmd/process.h"

void
text_list_add(struct text_list *l, const char *text)
{
	l->texts = xreallocarray(l->texts, l->n + 1, sizeof(*l->texts));
	l->texts[l->n++] = text;
}

void
text_list_free(struct text_list *l)
{
	free(l->texts);
	l->texts = NULL;
	l->n = 0;
}

void
options_wrong(const struct program_words *p)
{
	fprintf(stderr, "Try '%s --help'.\n", p->name);
	exit(EXIT_OPTIONS);
}

static void
take_format(struct options *o, const struct program_words *p)
{
	if (strcmp(optarg, "text") == 0) {
		o->format = LOG_FORMAT_TEXT;
	} else if (strcmp(optarg, "json") == 0) {
		o->format = LOG_FORMAT_JSON;
	} else {
		fprintf(stderr, "%s: --log-format %s: it is text or json\n",
		    p->name, optarg);
		options_wrong(p);
	}
}

static void
set_verbosity(struct options *o, const struct program_words *p, int verbosity)
{
	if (o->verbosity == -verbosity) {
		fprintf(stderr, "%s: -v and -q exclude each other\n", p->name);
		options_wrong(p);
	}
	o->verbosity = verbosity;
}

void
options_not_empty(const struct program_words *p, const char *option)
{
	if (*optarg != '\0')
		return;
	fprintf(stderr, "%s: %s: its value is empty\n", p->name, option);
	options_wrong(p);
}

static void
print_help(const struct program_words *p)
{
	struct strbuf text = STRBUF_INIT;

	option_table_help(p->table, &text);
	if (p->default_conf != NULL)
		strbuf_addf(
		    &text, "Without -c it reads %s.\n", p->default_conf);
	process_print(&text);
	strbuf_free(&text);
}

void
options_take(struct options *o, const struct program_words *p, int c)
{
	switch (c) {
	case 'c':
		options_not_empty(p, "-c");
		text_list_add(&o->paths, optarg);
		return;
	case 'v':
		set_verbosity(o, p, 1);
		return;
	case 'q':
		set_verbosity(o, p, -1);
		return;
	case OPTION_SET:
		text_list_add(&o->sets, optarg);
		return;
	case OPTION_CHECK:
		o->check = true;
		return;
	case OPTION_FORMAT:
		take_format(o, p);
		return;
	case OPTION_VERSION:
		printf("%s " VERSION "\n", p->name);
		exit(EXIT_SUCCESS);
	case 'h':
		print_help(p);
		exit(EXIT_SUCCESS);
	default:
		options_wrong(p);
	}
}

void
options_end(
    struct options *o, const struct program_words *p, int argc, char **argv)
{
	if (optind < argc) {
		fprintf(stderr, "%s: unexpected argument '%s'\n", p->name,
		    argv[optind]);
		options_wrong(p);
	}
	if (o->paths.n == 0)
		text_list_add(&o->paths, p->default_conf);
}

struct log *
options_log(const struct options *o)
{
	enum log_level level = o->verbosity < 0    ? LOGGING_WARNING
			       : o->verbosity == 0 ? LOGGING_NOTICE
						   : LOGGING_DEBUG;

	return log_new(o->format, level, STDERR_FILENO);
}

void
options_free(struct options *o)
{
	text_list_free(&o->paths);
	text_list_free(&o->sets);
}
