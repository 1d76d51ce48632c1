/* verify.h - known traffic to one device: ICMP, SNMPv3 and TCP side by side.
 *
 * `count` of each kind, `interval_ms` apart.  Both programs use it: on an
 * alarm the campaign sends it from its host while the agent does from OVOC's.
 */
#ifndef VERIFY_VERIFY_H
#define VERIFY_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/fail.h"
#include "base/str.h"
#include "loop/loop.h"
#include "verify/verify_plan.h"

enum verify_probe { /* the fate of one probe */
	VERIFY_NOT_SENT,
	VERIFY_ANSWERED,
	VERIFY_REFUSED, /* TCP: an answer of the device */
	VERIFY_LOST,
	VERIFY_BAD /* answered, but with an SNMP Report or an unreachable */
};

struct verify_trace {    /* what finds a probe again in a capture */
	int64_t sent_us; /* since the verify began */
	int64_t took_us; /* to its answer; -1: none */
	uint32_t id;     /* ICMP: identifier; SNMP: message id */
	uint16_t seq;    /* ICMP */
	uint16_t port;   /* SNMP and TCP: ours; 0: not known */
};

struct verify_count {
	bool on;
	bool impossible; /* this host could not send; `reason` says why */
	int sent;
	int answered;     /* VERIFY_ANSWERED and VERIFY_REFUSED */
	char reason[160]; /* of the first probe that was not answered, or "" */
	int64_t took_ms;  /* until the last probe had its fate */
	unsigned char probe[VERIFY_COUNT_MAX]; /* enum verify_probe */
	struct verify_trace trace[VERIFY_COUNT_MAX];
};
struct verify_result {
	int64_t began_us;   /* wall clock */
	int64_t timeout_ms; /* of each probe */
	struct verify_count kind[VERIFY_KINDS];
};

/* "9 of 10 answered, lost 4", with the reason where there is one. */
void verify_describe(const struct verify_count *c, struct strbuf *to);
/* Every kind that is on was answered in full (or was not possible here), and
 * something was sent at all. */
bool verify_all_answered(const struct verify_result *r);

struct verifier; /* sockets and keys for all devices: one a process */
/* `snmp_user` NULL: no SNMP probes.  NULL and `why` if the keys are refused. */
struct verifier *verifier_new(struct loop *lp, const char *snmp_user,
    const char *snmp_auth, const char *snmp_priv, struct fail *why);
void verifier_free(struct verifier *v);

struct verify;
typedef void verify_done(void *arg, const struct verify_result *r);
/* The first probes leave at once.  `done` runs once, from the loop, when the
 * last probe has its fate; the handle is gone after it. */
struct verify *verify_start(struct verifier *v, const struct addr *to,
    const struct verify_plan *plan, verify_done *done, void *arg);
/* What there is so far, for one that is cut short. */
const struct verify_result *verify_so_far(const struct verify *f);
/* `done` will not run.  NULL is accepted. */
void verify_cancel(struct verify *f);

#endif
