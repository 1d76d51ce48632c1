/* run_place.h - what of a command line decides where the runs are. */
#ifndef CONF_RUN_PLACE_H
#define CONF_RUN_PLACE_H

#include "conf/shard.h"

struct run_place {
	const char *output; /* -o, or NULL: campaign.output */
	struct shard shard; /* --shard */
};

#endif
