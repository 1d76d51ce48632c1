/* conf_csv.h - devices as rows of a text of comma-separated values.
 *
 * The first row names the keys, each other one is a device.  An empty cell says
 * nothing, so that the device's group or defaults do; an array's members stand
 * in one cell, with blanks, commas or semicolons between them.
 */
#ifndef CONF_CONF_CSV_H
#define CONF_CONF_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/conf_load.h"
#include "conf/conf_node.h"
#include "conf/conf_row.h"

struct conf_csv {
	const struct conf_memory *memory; /* of the list */
	const struct conf_source *source; /* the text, for places */
	const struct conf_section *devices;
	/* The keys that may be a column's, and in words why no other; NULL: any
	 * key of a device. */
	const char *const *only;
	const char *only_why;
};

/* A list of groups, as if it were written in a configuration file; what is
 * wrong is said.  `*whole` is false if a column was not understood or rows are
 * missing: what seems to be missing may be there. */
struct conf_node *conf_csv_devices(const struct conf_csv *csv, const char *text,
    size_t len, bool *whole, struct conf_messages *m);

#endif
