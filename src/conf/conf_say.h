/* conf_say.h - one line a finding, in the form conf_load.h promises. */
#ifndef CONF_CONF_SAY_H
#define CONF_CONF_SAY_H

#include "conf/conf_load.h"
#include "conf/shared_conf.h"

/* Add `<file>:<line>: <key>: <sentence>`.  `at` and `key` may be NULL; a place
 * with line 0 gives no number, one without file only the key. */
void conf_error(struct conf_messages *m, const struct conf_place *at,
    const char *key, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void conf_warning(struct conf_messages *m, const struct conf_place *at,
    const char *key, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void conf_note(struct conf_messages *m, const struct conf_place *at,
    const char *key, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#endif
