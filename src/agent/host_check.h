/* host_check.h - what on this host is in the way of captures. */
#ifndef AGENT_HOST_CHECK_H
#define AGENT_HOST_CHECK_H

#include <stdbool.h>

#include "base/fail.h"
#include "base/str.h"
#include "conf/agent_conf.h"

/* The program that captures, as capture_with says. */
bool host_check_program(const struct agent_section *c, struct fail *why);
/* One line for each thing; false if one is in the way. */
bool host_check(const struct agent_section *c, struct strbuf *to);

#endif
