/* campaign_options.c - see campaign_options.h. */
#include "cmd/campaign_options.h"

#include <stdio.h>

#include "base/metrics.h"

#define PROGRAM "traffic-capture"

const struct program_words campaign_words = {
    PROGRAM, ETCDIR "/conf.d", &campaign_option_table};

/* What is said of it follows "traffic-capture: ". */
static void
wrong(const char *text)
{
	fprintf(stderr, PROGRAM ": %s\n", text);
	options_wrong(&campaign_words);
}

static void
take_shard(struct shard *s)
{
	if (shard_read(optarg, s))
		return;
	fprintf(stderr,
	    PROGRAM ": --shard %s: that is I/N, such as 0/4 to 3/4, and N at "
		    "most %d\n",
	    optarg, SHARDS_MOST);
	options_wrong(&campaign_words);
}

static void
take_option(struct campaign_options *o, int c)
{
	switch (c) {
	case 'd':
		options_not_empty(&campaign_words, "-d");
		text_list_add(&o->globs, optarg);
		return;
	case 'o':
		options_not_empty(&campaign_words, "-o");
		o->place.output = optarg;
		return;
	case OPTION_SHARD:
		take_shard(&o->place.shard);
		return;
	case OPTION_METRICS:
		options_not_empty(&campaign_words, "--metrics");
		o->metrics = optarg;
		return;
	case OPTION_MERGE:
		options_not_empty(&campaign_words, "--merge");
		text_list_add(&o->merge, optarg);
		return;
	case OPTION_DRY:
		o->dry = true;
		return;
	case OPTION_PROBE:
		o->probe = true;
		return;
	case OPTION_ENROLL:
		o->enroll = true;
		return;
	case OPTION_RECOVER:
		o->recover = true;
		return;
	case OPTION_INIT:
		o->init = true;
		return;
	case OPTION_HISTORY:
		o->history = true;
		return;
	case OPTION_SINCE:
		options_not_empty(&campaign_words, "--since");
		o->since = optarg;
		return;
	case OPTION_REBUILD:
		o->rebuild = true;
		return;
	case OPTION_SHOW:
		o->show = true;
		o->run = optarg;
		return;
	case OPTION_COMPARE:
		options_not_empty(&campaign_words, "--compare");
		o->compare = optarg;
		return;
	default:
		options_take(&o->common, &campaign_words, c);
	}
}

/* What is no option is another folder: a shell has made shard-* of it. */
static void
take_folders(struct campaign_options *o, int argc, char **argv)
{
	while (o->merge.n > 0 && optind < argc)
		text_list_add(&o->merge, argv[optind++]);
}

/* getopt_long(3) takes an argument that may be left out behind a '=' only. */
static void
take_run(struct campaign_options *o, int argc, char **argv)
{
	if (o->show && o->run == NULL && optind < argc)
		o->run = argv[optind++];
	if (o->run == NULL || *o->run != '\0')
		return;
	wrong("--show: its value is empty");
}

static void
refuse_contradictions(const struct campaign_options *o)
{
	if (o->common.check + o->dry + o->probe + o->enroll + o->recover +
		o->show + o->init + o->history + o->rebuild +
		(o->compare != NULL) + (o->merge.n > 0) >
	    1)
		wrong("--init, --check, --dry-run, --probe, --enroll, "
		      "--recover, --compare, --show, --history, "
		      "--rebuild-history and --merge exclude each other");
	if (o->since != NULL && !o->history && o->merge.n == 0)
		wrong("--since is for --history and --merge");
	if (o->compare != NULL && o->globs.n > 0)
		wrong("--compare is of all devices of a run: not with -d");
	if (o->rebuild && o->globs.n > 0)
		wrong("--rebuild-history is of all devices of a run: not with "
		      "-d");
	if (o->merge.n > 0 && o->globs.n > 0)
		wrong("--merge is of all devices: not with -d");
	if (o->merge.n > 0 && o->place.shard.of > 0)
		wrong("--merge is of all shards: not with --shard");
	if (o->place.shard.of > 0 && (o->history || o->rebuild))
		wrong("the history is of all shards: not with --shard");
	if (o->place.shard.of > 0 && o->metrics != NULL)
		wrong("--metrics are of all shards: not with --shard");
}

void
campaign_options_take(struct campaign_options *o, int argc, char **argv)
{
	struct option_words w;
	int c;

	option_table_words(campaign_words.table, &w);
	while ((c = getopt_long(argc, argv, w.letters, w.names, NULL)) != -1)
		take_option(o, c);
	take_run(o, argc, argv);
	take_folders(o, argc, argv);
	options_end(&o->common, &campaign_words, argc, argv);
	if (o->metrics != NULL && !metrics_is_file_name(o->metrics))
		wrong("--metrics: node_exporter reads files named *.prom");
	refuse_contradictions(o);
}

void
campaign_options_free(struct campaign_options *o)
{
	options_free(&o->common);
	text_list_free(&o->globs);
	text_list_free(&o->merge);
}
