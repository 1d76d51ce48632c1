/* hook_facts.h - what a hook is told, as its environment.
 *
 * TRAFFIC_CAPTURE_<NAME>=<value>, and PATH, LANG and TZ as they are here.  A
 * value may come from a device: it is printable UTF-8 on one line, and cut
 * where it is long.
 */
#ifndef CAMPAIGN_HOOK_FACTS_H
#define CAMPAIGN_HOOK_FACTS_H

#include <stdint.h>

#include "books/result.h"
#include "campaign/past_event.h"

struct hook_facts;

struct hook_facts *hook_facts_new(void);
/* NULL is accepted. */
void hook_facts_free(struct hook_facts *f);
/* What execve(2) takes; valid until the next fact. */
const char *const *hook_facts_env(const struct hook_facts *f);

/* `value` NULL: "".  For each name once. */
void hook_fact(struct hook_facts *f, const char *name, const char *value);
/* Several lines, each made printable. */
void hook_fact_lines(struct hook_facts *f, const char *name, const char *value);
void hook_fact_number(struct hook_facts *f, const char *name, uint64_t value);
/* RFC 3339, UTC; `wall` 0: "". */
void hook_fact_time(struct hook_facts *f, const char *name, int64_t wall);

/* Which hook, of which run of the campaign. */
void hook_facts_of_run(struct hook_facts *f, const char *key,
    const struct campaign_conf *conf, const char *folder);
/* The event, its device and its verdict. */
void hook_facts_of_event(struct hook_facts *f, const struct past_event *e);

#endif
