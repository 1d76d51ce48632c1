/* conf_lists.h - how a configuration comes by what devices_command prints. */
#ifndef CONF_CONF_LISTS_H
#define CONF_CONF_LISTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"

struct campaign_conf;

/* Where the devices of devices_command come from. */
struct conf_lists {
	/* Run the program: what it printed, `*len` bytes and a NUL, to be freed
	 * with bytes_free(); NULL and `why`.  All that needs the rights of
	 * who started this program was read before. */
	char *(*run)(void *arg, const struct campaign_conf *c, size_t *len,
	    struct fail *why);
	/* The last good list likewise, and when it was printed (wall ms). */
	char *(*last)(void *arg, const struct campaign_conf *c, size_t *len,
	    int64_t *when, struct fail *why);
	/* The list that `run` gave is good. */
	void (*keep)(void *arg, const struct campaign_conf *c, const char *text,
	    size_t len);
	void *arg;
	bool last_first; /* it will do; the program, where there is none */
};

#endif
