/* retry.c - what follows on each kind of trouble.
 *
 * Devices ask after every failed REST request and SFTP session; the counters
 * live with the device.
 */
#include "device/retry.h"

#include <stdlib.h>

#include "base/random.h"

#define PAUSE_MAX 30000 /* ms: a device that recovers is soon found again */

static int64_t
unreachable(struct retry *r, const struct campaign_conf *conf, int64_t now)
{
	if (r->unreachable_since == 0)
		r->unreachable_since = now;
	if (now - r->unreachable_since >= conf->timeouts.unreachable_limit)
		return RETRY_NEVER;
	return conf->timeouts.unreachable_pause;
}

int64_t
retry_pause(struct retry *r, const struct campaign_conf *conf)
{
	int64_t pause = r->pause;

	if (pause == 0)
		pause = conf->timeouts.retry_pause;
	r->pause = pause * 2 > PAUSE_MAX ? PAUSE_MAX : pause * 2;
	return random_longer(pause);
}

static int64_t
counted(struct retry *r, const struct campaign_conf *conf)
{
	r->unreachable_since = 0;
	if (++r->attempts >= conf->campaign.rest_attempts)
		return RETRY_NEVER;
	return retry_pause(r, conf);
}

int64_t
retry_after(struct retry *r, const struct fail *why,
    const struct campaign_conf *conf, int64_t now)
{
	switch (why->kind) {
	case FAIL_UNREACHABLE:
		return unreachable(r, conf, now);
	case FAIL_TRANSIENT:
	case FAIL_UNCLEAR:
	case FAIL_SCRIPT:
		return counted(r, conf);
	case FAIL_NONE:
	case FAIL_AUTH:
	case FAIL_IDENTITY:
	case FAIL_FINAL:
	case FAIL_LOCAL:
		return RETRY_NEVER;
	}
	abort();
}

void
retry_reset(struct retry *r)
{
	*r = (struct retry){0};
}

void
retry_next_step(struct retry *r)
{
	int64_t since = r->unreachable_since;

	retry_reset(r);
	r->unreachable_since = since;
}
