/* program_options.h - the options of the three programs that are installed. */
#ifndef CMD_PROGRAM_OPTIONS_H
#define CMD_PROGRAM_OPTIONS_H

#include "cmd/option_table.h"

/* What getopt_long(3) returns for an option without a letter. */
enum {
	OPTION_SET = 256,
	OPTION_CHECK,
	OPTION_FORMAT,
	OPTION_VERSION,
	OPTION_INIT,
	OPTION_CLEAR,
	OPTION_DRY,
	OPTION_PROBE,
	OPTION_ENROLL,
	OPTION_RECOVER,
	OPTION_COMPARE,
	OPTION_SHOW,
	OPTION_SHARD,
	OPTION_MERGE,
	OPTION_HISTORY,
	OPTION_SINCE,
	OPTION_REBUILD,
	OPTION_NAME_A,
	OPTION_NAME_B,
	OPTION_MAP,
	OPTION_DEVICE,
	OPTION_OVOC,
	OPTION_CAMPAIGN,
	OPTION_FROM,
	OPTION_TO,
	OPTION_MEMORY,
	OPTION_OUTPUT,
	OPTION_DESCRIPTOR,
	OPTION_CONFINE,
	OPTION_STATUS,
	OPTION_METRICS
};

extern const struct option_table campaign_option_table, agent_option_table,
    compare_option_table;

#endif
