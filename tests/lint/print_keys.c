/* print_keys.c - every configuration key of a program, for the check of its
 * manual page: `<section.key>\t<range>\t<default>\t<help>` a line.
 */
#include <stdio.h>
#include <string.h>

#include "conf/conf_load.h"

int
main(int argc, char **argv)
{
	struct strbuf text = STRBUF_INIT;

	if (argc == 2 && strcmp(argv[1], "campaign") == 0) {
		campaign_conf_keys(&text);
	} else if (argc == 2 && strcmp(argv[1], "agent") == 0) {
		agent_conf_keys(&text);
	} else {
		fputs("usage: print-keys campaign|agent\n", stderr);
		return 2;
	}
	fputs(strbuf_text(&text), stdout);
	strbuf_free(&text);
	return 0;
}
