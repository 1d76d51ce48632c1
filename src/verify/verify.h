/* verify.h - known traffic to one device: ICMP, SNMPv3 and TCP side by side.
 *
 * `count` of each kind, `interval_ms` apart.  Both programs use it: on an
 * alarm the campaign sends it from its host while the agent does from OVOC's.
 */
#ifndef VERIFY_VERIFY_H
#define VERIFY_VERIFY_H

#include "base/addr.h"
#include "base/fail.h"
#include "loop/loop.h"
#include "verify/verify_plan.h"
#include "verify/verify_result.h"

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
