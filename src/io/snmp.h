/* snmp.h - SNMPv3 GETs of sysDescr.0 (authPriv, SHA-1, AES-128).  Wraps
 * net-snmp (RFC 3414, RFC 3826).
 *
 * Engine discovery is asynchronous; a device that does not answer it costs
 * each GET its time-out and nothing else.
 */
#ifndef IO_SNMP_H
#define IO_SNMP_H

#include <stdint.h>

#include "base/addr.h"
#include "base/fail.h"
#include "loop/loop.h"

struct snmp;      /* the user and its keys: one a process */
struct snmp_peer; /* one device */

/* Keys of 8 to 64 characters; they are turned into key material at once (a few
 * milliseconds) and not kept.  NULL and `why` if that fails. */
struct snmp *snmp_new(struct loop *lp, const char *user, const char *auth,
    const char *priv, struct fail *why);
void snmp_free(struct snmp *s);

struct snmp_peer *snmp_peer_new(
    struct snmp *s, const struct addr *to, uint16_t port);
/* GETs under way are forgotten.  NULL is accepted. */
void snmp_peer_free(struct snmp_peer *p);

/* SNMP_REPORTED: the device answered with a Report, `reason` says which
 * ("unknown user name", "authentication failure", ...). */
enum snmp_verdict { SNMP_ANSWERED, SNMP_SILENT, SNMP_REPORTED, SNMP_TROUBLE };
typedef void snmp_done(void *arg, enum snmp_verdict v, const char *reason);

/* One GET without retries.  `done` runs once, from the loop, within about
 * `timeout_ms`, never inside this call. */
void snmp_get(struct snmp_peer *p, int timeout_ms, snmp_done *done, void *arg);
/* The light form of it: does the engine tell its ID (RFC 3414 section 4)?  One
 * datagram each way, which needs neither user nor keys of the device. */
void snmp_discover(
    struct snmp_peer *p, int timeout_ms, snmp_done *done, void *arg);
/* While `done` runs: the message id of what was sent last for it (0: nothing),
 * and our port. */
uint32_t snmp_peer_message(const struct snmp_peer *p, uint16_t *port);

#endif
