/* snmp_engine.h - one device's SNMP engine, for io/snmp.
 *
 * The one place that knows net-snmp.  Nothing here blocks; who waits for what
 * is io/snmp's affair.  A ticket is the caller's mark on a message.
 */
#ifndef IO_SNMP_ENGINE_H
#define IO_SNMP_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/fail.h"
#include "base/log.h"

struct snmp_library; /* net-snmp, started, with the user's keys */
struct snmp_engine;

/* See snmp_new().  `lg` gets the library's messages at debug level. */
struct snmp_library *snmp_library_new(struct log *lg, const char *user,
    const char *auth, const char *priv, struct fail *why);
/* No engine may be left.  NULL is accepted. */
void snmp_library_free(struct snmp_library *l);

enum snmp_heard {
	SNMP_HEARD_RESPONSE,
	SNMP_HEARD_ENGINE,   /* the answer to a discovery */
	SNMP_HEARD_NOT_TIME, /* not in time window: asked again by itself */
	SNMP_HEARD_REPORT,   /* any other Report; `text` says which */
	SNMP_HEARD_NOT_SENT
};
/* Runs inside snmp_engine_read() and must not free the engine. */
typedef void snmp_engine_heard(
    void *arg, uintptr_t ticket, enum snmp_heard what, const char *text);

/* A UDP socket that is connected, so that the kernel drops what others send (a
 * Report is not authenticated).  NULL and FAIL_LOCAL in `why` otherwise. */
struct snmp_engine *snmp_engine_new(struct snmp_library *l,
    const struct addr *to, uint16_t port, snmp_engine_heard *heard, void *arg,
    struct fail *why);
/* NULL is accepted. */
void snmp_engine_free(struct snmp_engine *e);
int snmp_engine_fd(const struct snmp_engine *e);

/* Send a discovery request, or (once known) a GET of sysDescr.0.  False and
 * FAIL_LOCAL in `why` if the kernel or the library would not. */
bool snmp_engine_discover(
    struct snmp_engine *e, uintptr_t ticket, int timeout_ms, struct fail *why);
bool snmp_engine_get(
    struct snmp_engine *e, uintptr_t ticket, int timeout_ms, struct fail *why);

/* The message id of what was sent last; 0: nothing. */
uint32_t snmp_engine_message(const struct snmp_engine *e);

/* What ICMP told the socket (udp(7)): 0 or an errno, taken away. */
int snmp_engine_take_error(struct snmp_engine *e);
/* Read one datagram; false if it could not be read or named a user or an engine
 * that is not ours. */
bool snmp_engine_read(struct snmp_engine *e);
/* Is the engine known, so that GETs can be sent? */
bool snmp_engine_known(const struct snmp_engine *e);
/* Drop the requests whose time is up; nobody is told. */
void snmp_engine_expire(struct snmp_engine *e);

#endif
