/* agent_sections.h - every key of traffic-capture-agent.conf(5). */
#ifndef CONF_AGENT_SECTIONS_H
#define CONF_AGENT_SECTIONS_H

#include <stddef.h>

#include "conf/conf_row.h"

/* In the order of the manual and of --check's print. */
extern const struct conf_section agent_sections[];
extern const size_t n_agent_sections;

#endif
