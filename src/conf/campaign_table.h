/* campaign_table.h - every key of traffic-capture.conf(5). */
#ifndef CONF_CAMPAIGN_TABLE_H
#define CONF_CAMPAIGN_TABLE_H

#include <stddef.h>

#include "conf/campaign_conf.h"
#include "conf/conf_row.h"

/* A device as the files have it: what is pointed to is still a name.  Groups
 * and defaults have the same form. */
struct device_record {
	struct device_entry d; /* first: the record is found from it */
	char *type;
	char *agent;
	char *group;
};

struct type_record {
	struct device_type t; /* first, as above */
	int base;             /* enum builtin_type */
};

/* Where a run leaves everything, unless told otherwise. */
#define CAMPAIGN_OUTPUT "/var/lib/traffic-capture"

/* In the order of the manual and of --check's print. */
extern const struct conf_section campaign_sections[];
extern const size_t n_campaign_sections;
/* Beside them. */
extern const struct conf_section campaign_top, campaign_top_settings;

#endif
