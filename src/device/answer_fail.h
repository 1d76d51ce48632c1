/* answer_fail.h - what is wrong with an HTTP answer of a device, in its words.
 *
 * What it was told and may quote is masked.
 */
#ifndef DEVICE_ANSWER_FAIL_H
#define DEVICE_ANSWER_FAIL_H

#include "conf/campaign_conf.h"
#include "io/rest.h"
#include "wire/peer_words.h"

struct told_secrets {
	const char *all[5]; /* ended by NULL */
	char *basic;
};
#define ANSWER_WORDS_MAX (PEER_WORDS_MAX + 2)

/* Of the configuration, which outlives it. */
struct told_secrets told_secrets_of(
    const struct snmp_section *snmp, const struct device_entry *d);
void told_secrets_clear(struct told_secrets *s);

/* ": " and the device's own words, or "". */
void answer_words(const struct told_secrets *s, const struct rest_answer *r,
    char said[ANSWER_WORDS_MAX]);
/* Of any HTTP status but 2xx. */
void answer_fail(const struct told_secrets *s, const struct device_entry *d,
    const struct rest_answer *r, struct fail *f);

#endif
