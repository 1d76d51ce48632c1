/* result_sections.h - what is told of a run, and to whom: sections of
 * campaign_conf.h.
 */
#ifndef CONF_RESULT_SECTIONS_H
#define CONF_RESULT_SECTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct report_section {
	bool csv_mark; /* a byte order mark begins report.csv */
};

/* Programs, by their absolute names; NULL: none. */
struct hooks_section {
	char *on_event;
	char *on_finish;
	int64_t timeout;
};

#endif
