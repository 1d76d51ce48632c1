/* conf_print.h - structs back to configuration text, by their rows. */
#ifndef CONF_CONF_PRINT_H
#define CONF_CONF_PRINT_H

#include <stddef.h>

#include "base/str.h"
#include "conf/conf_row.h"

/* `name = { key = value; ... };`; without a name the settings alone. */
void conf_print_section(
    const struct conf_section *s, const void *base, struct strbuf *to);
/* `name = ( { ... }, ... );`; nothing for an empty list.  `member` gives the
 * struct of each of the n members. */
void conf_print_list(const struct conf_section *s,
    const void *(*member)(const void *list, size_t i), const void *list,
    size_t n, struct strbuf *to);
/* The lines of campaign_conf_keys() and agent_conf_keys(). */
void conf_print_keys(
    const struct conf_section *sections, size_t n, struct strbuf *to);
/* Those of campaign_conf_settings() and agent_conf_settings(). */
void conf_print_settings(
    const struct conf_section *sections, size_t n, struct strbuf *to);

#endif
