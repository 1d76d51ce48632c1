/* past_event.h - an event that is over: its device's file is home, or given up.
 *
 * What aftermath does about it, and the parts that it does it with, know it by
 * this.  It stays where it is until it is settled; the books are open until
 * then, and may be those of an earlier run.
 */
#ifndef CAMPAIGN_PAST_EVENT_H
#define CAMPAIGN_PAST_EVENT_H

#include <stdbool.h>
#include <stddef.h>

#include "device/ledger.h"

struct past_event {
	struct device_books books;
	struct round round; /* a copy: the device goes on */
	const struct device_entry *conf;
	/* The server's files that are in books.captures by now. */
	bool sidecar;
	unsigned *pieces; /* the <n> of their names, ascending */
	size_t n_pieces;
};

#endif
