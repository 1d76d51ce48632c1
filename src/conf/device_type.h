/* device_type.h - the types of device that are built in.
 *
 * Interfaces and CLI families are AudioCodes': MSBR "debug capture data
 * physical", gateways and SBCs "debug capture voip physical".
 */
#ifndef CONF_DEVICE_TYPE_H
#define CONF_DEVICE_TYPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "conf/campaign_conf.h"
#include "conf/conf_load.h"

/* In the order of the words of device_types.base. */
enum builtin_type { TYPE_MSBR, TYPE_GWSBC, N_BUILTIN_TYPES };

/* Fill what is empty in `t`: name, family, what may be named, files, default
 * interfaces, as copies in `values`. */
void device_type_fill(
    struct device_type *t, enum builtin_type base, struct arena *values);
/* A device of this type may name this interface. */
bool device_type_allows(const struct device_type *t, const char *interface);
/* The type of this name, or NULL. */
struct device_type *device_type_named(
    const struct campaign_conf *c, const char *name);
/* Say of `key` at `at` that there is none. */
void device_type_unknown(const char *name, const struct conf_place *at,
    const char *key, struct conf_messages *m);
/* Say which of the interfaces cannot be used, if any. */
bool device_type_check(const struct device_type *t, char *const *interfaces,
    size_t n, const struct conf_place *at, const char *key,
    struct conf_messages *m);
#endif
