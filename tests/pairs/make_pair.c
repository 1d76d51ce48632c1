/* make_pair.c - two captures of one event, and the truth beside them.
 *
 * usage: make_pair --list             the names of the scenarios
 *        make_pair NAME SEED FOLDER   its files, "truth" and "identities"
 *
 * The same name and seed give the same bytes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/name.h"
#include "base/xmem.h"
#include "feature.h"
#include "refusal.h"
#include "scenario.h"
#include "small_talk.h"
#include "snmp_talk.h"
#include "tcp_talk.h"
#include "truth.h"
#include "words.h"

enum { EXIT_USAGE = 2, EXIT_HOST = 7 };

static void
begin_talks(struct world *w)
{
	bool quiet = w->settings->quiet;

	if (w->settings->refuses)
		refusal_begin(w);
	snmp_talk_polls(w);
	snmp_talk_traps(w);
	snmp_talk_probes(w, 4 * SECOND, false);
	small_talk_pings(w, SECOND, false);
	small_talk_udp(w);
	tcp_talk_probes(w, 5 * SECOND, false);
	if (quiet)
		return;
	tcp_talk_https(w);
	snmp_talk_probes(w, 5 * SECOND, true);
	small_talk_pings(w, SECOND, true);
	tcp_talk_probes(w, 5 * SECOND, true);
	small_talk_noise(w);
}

static bool
write_all(
    struct world *w, const char *scenario, unsigned seed, const char *folder)
{
	struct capture captures[SIDES];
	struct files files = {0};
	struct truth truth;
	char *path = xasprintf("%s/truth", folder);
	bool good;

	capture_make(&captures[SERVER], w, SERVER);
	capture_make(&captures[DEVICE], w, DEVICE);
	truth_find(&truth, w, captures);
	good = files_write(&files, w, captures, folder) &&
	       truth_write(&truth, w, &files, scenario, seed, path);
	files_free(&files);
	capture_free(&captures[SERVER]);
	capture_free(&captures[DEVICE]);
	free(path);
	return good;
}

static int
make(const struct scenario *scenario, unsigned seed, const char *folder)
{
	struct settings settings;
	struct world w;
	struct dice dice;
	bool good;

	dice_start(&dice, seed, scenario->name);
	feature_plain(&settings, &dice);
	if (!words_apply(&settings, &dice, scenario->words)) {
		fprintf(stderr, "%s: a word is unknown: %s\n", scenario->name,
		    scenario->words);
		return EXIT_USAGE;
	}
	world_init(&w, &settings, dice);
	begin_talks(&w);
	world_run(&w);
	good = write_all(&w, scenario->name, seed, folder);
	world_free(&w);
	return good ? EXIT_SUCCESS : EXIT_HOST;
}

int
main(int argc, char *argv[])
{
	unsigned i;
	int found;

	if (argc == 2 && strcmp(argv[1], "--list") == 0) {
		for (i = 0; i < n_scenarios; i++)
			puts(scenarios[i].name);
		return EXIT_SUCCESS;
	}
	if (argc != 4) {
		fprintf(stderr, "usage: make_pair NAME SEED FOLDER\n");
		return EXIT_USAGE;
	}
	found =
	    name_find(scenarios, (int)n_scenarios, sizeof(*scenarios), argv[1]);
	if (found == (int)n_scenarios) {
		fprintf(stderr, "no scenario is called %s\n", argv[1]);
		return EXIT_USAGE;
	}
	return make(&scenarios[found], strtoul(argv[2], NULL, 10), argv[3]);
}
