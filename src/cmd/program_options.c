/* program_options.c - see program_options.h.
 *
 * --help fits a screen of 24 lines: an option is told in a few words, the
 * manual has the rest.
 */
#include "cmd/program_options.h"

#define NAMED(rows) rows, sizeof(rows) / sizeof((rows)[0])

/* What more than one program has. */
/* clang-format off */
#define ROW_CONF \
	{'c', NULL, "PATH", VALUE_FILE, \
	    "configuration file or folder", true, false}
#define ROW_SET(example) \
	{OPTION_SET, "set", "K=V", VALUE_SETTING, \
	    "override one setting, such as " example, true, false}
#define ROW_INIT \
	{OPTION_INIT, "init", NULL, VALUE_TEXT, \
	    "write a first configuration into a folder without one", \
	    false, false}
#define ROWS_LOG \
	{'v', NULL, NULL, VALUE_TEXT, "log more", false, true}, \
	{'q', NULL, NULL, VALUE_TEXT, "warnings only", false, true}, \
	{OPTION_FORMAT, "log-format", "text|json", VALUE_WORD, \
	    "form of the log", false, false}
#define ROWS_OF_ALL \
	{OPTION_VERSION, "version", NULL, VALUE_TEXT, \
	    "print the version", false, true}, \
	{'h', "help", NULL, VALUE_TEXT, "print this", false, false}

static const struct option_row campaign_rows[] = {
	ROW_CONF,
	{'d', NULL, "GLOB", VALUE_TEXT,
	    "only devices whose address or name matches", true, false},
	{'o', NULL, "DIR", VALUE_FOLDER,
	    "write below DIR instead of campaign.output", false, false},
	ROW_SET("campaign.window=2h"),
	{OPTION_METRICS, "metrics", "FILE", VALUE_FILE,
	    "write numbers for Prometheus there", false, false},
	{OPTION_SHARD, "shard", "I/N", VALUE_TEXT,
	    "a part of the devices", false, true},
	{OPTION_MERGE, "merge", "DIR", VALUE_FOLDER,
	    "what all parts did", true, false},
	ROW_INIT,
	{OPTION_CHECK, "check", NULL, VALUE_TEXT,
	    "look at it and this host",
	    false, true},
	{OPTION_DRY, "dry-run", NULL, VALUE_TEXT,
	    "what would be sent", false, false},
	{OPTION_PROBE, "probe", NULL, VALUE_TEXT,
	    "try all of it once", false, true},
	{OPTION_ENROLL, "enroll", NULL, VALUE_TEXT,
	    "record new devices' keys", false, false},
	{OPTION_RECOVER, "recover", NULL, VALUE_TEXT,
	    "only finish what earlier runs left", false, false},
	{OPTION_COMPARE, "compare", "RUN", VALUE_ENDED_RUN,
	    "only compare a run's captures that have no verdict yet",
	    false, false},
	{OPTION_SHOW, "show", "[RUN]", VALUE_RUN,
	    "print the report of RUN: a name, latest, current, a path",
	    false, false},
	{OPTION_HISTORY, "history", NULL, VALUE_TEXT,
	    "past nights", false, true},
	{OPTION_SINCE, "since", "TIME", VALUE_TEXT, "since", false, true},
	{OPTION_REBUILD, "rebuild-history", NULL, VALUE_TEXT,
	    "anew", false, false},
	ROWS_LOG,
	ROWS_OF_ALL,
};

const struct option_table campaign_option_table = {
    "traffic-capture",
    "[OPTION]...\n"
    "Run one capture campaign to its end and write its reports.\n",
    false,
    NAMED(campaign_rows),
    "Exit status: 0 all devices did what was configured, 1 some failed,\n"
    "2 wrong command line, 3 wrong configuration, 4 every device failed,\n"
    "5 no device saw a trigger, 6 already running, 7 trouble on this host,\n"
    "8 interrupted.  See traffic-capture(8).\n",
};

static const struct option_row agent_rows[] = {
	ROW_CONF,
	ROW_SET("agent.interface=eth0"),
	ROW_INIT,
	{OPTION_CHECK, "check", NULL, VALUE_TEXT,
	    "check and print the configuration, and end", false, false},
	{OPTION_CLEAR, "clear", NULL, VALUE_TEXT,
	    "end what an agent left, captures and rules; none may run",
	    false, false},
	{OPTION_STATUS, "status", NULL, VALUE_TEXT,
	    "ask the agent that runs how it is, and print it", false, false},
	{OPTION_OUTPUT, "format", "text|json", VALUE_WORD,
	    "for people, programs", false, false},
	{OPTION_METRICS, "metrics", "FILE", VALUE_FILE,
	    "ask it, and write numbers for Prometheus; - prints them",
	    false, false},
	ROWS_LOG,
	ROWS_OF_ALL,
};

const struct option_table agent_option_table = {
    "traffic-capture-agent",
    "[OPTION]...\n"
    "Capture the traffic of devices on this OVOC server, as campaigns ask.\n",
    false,
    NAMED(agent_rows),
    "Exit status: 0 ended in order, 2 wrong command line, 3 wrong\n"
    "configuration, 7 trouble on this host, or none runs that is asked.\n"
    "See traffic-capture-agent(8).\n",
};

static const struct option_row compare_rows[] = {
	{'a', NULL, "FILE", VALUE_FILE,
	    "a capture of the server's end", true, true},
	{'b', NULL, "FILE", VALUE_FILE, "of the device's", true, false},
	{OPTION_NAME_A, "name-a", "NAME", VALUE_TEXT,
	    "what to call the server's end", false, true},
	{OPTION_NAME_B, "name-b", "NAME", VALUE_TEXT,
	    "the device's", false, false},
	{OPTION_MAP, "map", "A=B", VALUE_TEXT,
	    "address A at the server's end is B at the device's", true, false},
	{OPTION_DEVICE, "device", "ADDRESS", VALUE_TEXT,
	    "device's", false, true},
	{OPTION_OVOC, "ovoc", "ADDRESS", VALUE_TEXT,
	    "OVOC's", false, true},
	{OPTION_CAMPAIGN, "campaign", "ADDRESS", VALUE_TEXT,
	    "campaign's, before what records say", false, false},
	{OPTION_FROM, "from", "TIME", VALUE_TEXT,
	    "judge only what was sent from then on", false, true},
	{OPTION_TO, "to", "TIME", VALUE_TEXT, "until then", false, false},
	{OPTION_MEMORY, "memory", "SIZE", VALUE_TEXT,
	    "for the packets at most (default 1G)", false, false},
	{OPTION_OUTPUT, "format", "text|json|html", VALUE_WORD,
	    "for people, programs, a browser", false, false},
	{OPTION_DESCRIPTOR, "descriptor", "N=NAME", VALUE_TEXT,
	    "the open descriptor N is the file NAME", true, false},
	{OPTION_CONFINE, "confine", "SECONDS", VALUE_TEXT,
	    "give up all but open files and so much time", false, false},
	ROWS_OF_ALL,
};
/* clang-format on */

const struct option_table compare_option_table = {
    "traffic-capture-compare",
    "[OPTION]... FILE...\n"
    "Say what was lost between two captures of the same traffic, at the server "
    "and at\n"
    "the device.  A FILE's end is told by its name, CPE_... is the device's, "
    "OVOC_...\n"
    "the server's; or it is the agent's or the campaign's record beside them.\n",
    true,
    NAMED(compare_rows),
    "A TIME is the server's, \"2026-11-23 03:11:02\", or with a zone.\n"
    "Exit status: 0 nothing was lost, 1 something was, 2 wrong command line,\n"
    "3 cannot be said, 7 a file cannot be read, or no memory.\n"
    "See traffic-capture-compare(1).\n",
};
