/* places.c - shares out the descriptors between what a campaign does.
 *
 * Half goes to the probes, since they take longest; a quarter each to REST and
 * to the transfers.
 */
#include "campaign/places.h"

#include <limits.h>
#include <sys/resource.h>

#include "verify/verify_plan.h"

/* Standard streams, lock, journals, sockets for datagrams, echoes and names,
 * libraries, the report: about twenty, and as many to spare. */
#define RESERVED 40
/* Connections kept open between requests: as many as devices, and some. */
#define KEEP_SPARE 64
/* The connection, and the file that it is written to. */
#define PER_TRANSFER 2

size_t
places_descriptors(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) != 0 || r.rlim_cur > INT_MAX)
		return INT_MAX;
	return (size_t)r.rlim_cur;
}

/* `wanted`, or as many as `descriptors` allow with `each` of them. */
static size_t
limited(struct places *p, size_t wanted, size_t descriptors, size_t each)
{
	size_t n = each == 0 ? wanted : descriptors / each;

	if (n >= wanted)
		return wanted > 0 ? wanted : 1;
	p->few = true;
	return n > 0 ? n : 1;
}

void
places_share(
    struct places *p, const struct campaign_conf *conf, size_t descriptors)
{
	struct verify_plan plan = verify_plan_of(&conf->verify, &conf->snmp);
	size_t left = descriptors > RESERVED ? descriptors - RESERVED : 0;

	*p = (struct places){.few = false};
	p->rest = (int)limited(p, (size_t)conf->limits.rest, left / 4, 1);
	p->keep = limited(p, conf->n_devices + KEEP_SPARE, left / 4, 1);
	p->sftp =
	    (int)limited(p, (size_t)conf->limits.sftp, left / 4, PER_TRANSFER);
	p->verify = (int)limited(
	    p, conf->n_devices, left / 2, verify_descriptors(&plan));
}

void
places_describe(const struct places *p, size_t descriptors, struct strbuf *to)
{
	strbuf_addf(to,
	    "%zu descriptors (LimitNOFILE, ulimit -n): at most %d requests, %d "
	    "transfers and %d verifies at once",
	    descriptors, p->rest, p->sftp, p->verify);
}
