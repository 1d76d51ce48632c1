/* visit.h - one device tried in each way that a campaign needs, once: for
 * --probe.
 *
 * Its name, a login by REST, one by SSH, a REGISTER at its agent, a probe of
 * each kind, its clock.  Nothing is changed on it, and no capture begun.  Each
 * has its row; the device's outcome is failed where a campaign could not do its
 * work, partial where only a kind of probe was not answered.
 */
#ifndef DEVICE_VISIT_H
#define DEVICE_VISIT_H

#include "device/login.h"
#include "device/probes.h"
#include "device/status.h"
#include "device/talk.h"

enum visit_part {
	VISIT_DEVICE = 1, /* its name, then REST and SSH */
	VISIT_PROBES = 2,
	VISIT_AGENT = 4
};

struct visit;
/* A part of it has ended, the last one of `visit_is_over()`. */
typedef void visit_ended(void *arg, struct visit *v, enum visit_part part);

struct visit { /* zero-initialised; the fields are its own */
	const struct tools *tools;
	struct ledger ledger;
	struct reach reach;
	struct status status;
	struct login login;
	struct talk talk;
	struct probes probes;
	unsigned open;      /* its parts that have not ended */
	struct begun begun; /* the login under way */
	bool failed, lost;
	struct fail local; /* FAIL_LOCAL: trouble on this host */
	visit_ended *ended;
	void *arg;
};

/* The tools' limits are those of a campaign; each try is to be the only one:
 * visit_limit(). */
void visit_init(struct visit *v, const struct tools *t,
    const struct device_books *books, struct agent_link *link,
    visit_ended *ended, void *arg);
/* Forget what is under way. */
void visit_clear(struct visit *v);

/* The configuration for visits: one try, one probe of each kind. */
void visit_limit(struct campaign_conf *conf);

/* All but the agent, which is asked or spared when the caller says so. */
void visit_start(struct visit *v);
void visit_register(struct visit *v);
/* It is not asked for this device, and why. */
void visit_spare_agent(struct visit *v, enum task_status s, const char *why);
/* Cut short: rows for what was under way. */
void visit_interrupt(struct visit *v);
bool visit_is_over(const struct visit *v);
/* What failed on this host, and not on the device; NULL: nothing. */
const char *visit_trouble(const struct visit *v);
/* The agent's last answer to it, for those that wait: did it come? */
const struct row *visit_agent_row(const struct visit *v);

#endif
