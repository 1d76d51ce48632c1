/* conf_common.h - the steps that both programs' configurations end with. */
#ifndef CONF_CONF_COMMON_H
#define CONF_CONF_COMMON_H

#include <stddef.h>

#include "conf/conf_input.h"

/* A relative path as one from the current folder; NULL gives NULL. */
char *conf_absolute(struct arena *values, char *path);
/* verify.snmp needs keys, and not those that everybody knows. */
void conf_check_snmp(
    struct conf_input *in, bool snmp, const struct snmp_section *s);
/* How an address is compared: numeric ones in one spelling, names in lower
 * case.  To be freed. */
char *conf_host_key(const char *host);

#endif
