/* print_options.c - main() of what tells packaging/completion/ the options of a
 * program: run by make, not installed.
 *
 * A line each, with '|' in between, "" for what is not there:
 *	option|LETTER|NAME|VALUE|KIND|AGAIN|HELP
 *	setting|NAME
 *	output|FOLDER           where runs are without -o
 *	files                   what is no option is a file
 * VALUE has ' ' for '|', and "[]" around it where it may be left out.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "cmd/program_options.h"
#include "conf/conf_load.h"

static const struct printed {
	const struct option_table *table;
	void (*settings)(struct strbuf *to); /* of --set, or NULL */
} programs[] = {
    {&campaign_option_table, campaign_conf_settings},
    {&agent_option_table, agent_conf_settings},
    {&compare_option_table, NULL},
};

static const char *const kinds[] = {
    [VALUE_TEXT] = "text",
    [VALUE_FILE] = "file",
    [VALUE_FOLDER] = "folder",
    [VALUE_SETTING] = "setting",
    [VALUE_RUN] = "run",
    [VALUE_ENDED_RUN] = "ended-run",
    [VALUE_WORD] = "word",
};

static void
print_row(const struct option_row *r)
{
	char letter[2] = {r->c <= UCHAR_MAX ? (char)r->c : '\0'};
	char *value = xstrdup(r->value != NULL ? r->value : "");

	for (char *c = value; (c = strchr(c, '|')) != NULL;)
		*c = ' ';
	printf("option|%s|%s|%s|%s|%s|%s\n", letter,
	    r->name != NULL ? r->name : "", value,
	    r->value != NULL ? kinds[r->kind] : "", r->again ? "again" : "",
	    r->help);
	free(value);
}

static void
print_settings(void (*settings)(struct strbuf *to))
{
	struct strbuf text = STRBUF_INIT;

	settings(&text);
	for (char *s = text.s, *end; (end = strchr(s, '\n')) != NULL;
	     s = end + 1)
		printf("setting|%.*s\n", (int)(end - s), s);
	strbuf_free(&text);
}

/* The default of campaign.output: the third field of its line. */
static void
print_output(void)
{
	static const char key[] = "\ncampaign.output\t";
	struct strbuf text = STRBUF_INIT;
	const char *s;

	strbuf_add(&text, "\n");
	campaign_conf_keys(&text);
	s = strstr(text.s, key);
	if (s != NULL)
		s = strchr(s + strlen(key), '\t');
	if (s != NULL)
		printf("output|%.*s\n", (int)strcspn(s + 1, "\t\n"), s + 1);
	strbuf_free(&text);
}

static void
print_program(const struct printed *p)
{
	bool runs = false;

	for (size_t i = 0; i < p->table->n; i++) {
		print_row(&p->table->rows[i]);
		runs = runs || p->table->rows[i].kind == VALUE_RUN;
	}
	if (p->settings != NULL)
		print_settings(p->settings);
	if (runs)
		print_output();
	if (p->table->files)
		puts("files");
}

int
main(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		if (argc != 2 ||
		    strcmp(argv[1], programs[i].table->program) != 0)
			continue;
		print_program(&programs[i]);
		return fflush(stdout) == 0 ? 0 : 1;
	}
	fputs("usage: print-options PROGRAM\n", stderr);
	return 2;
}
