/* server.h - the agent: one socket, and a session for each device told of.
 *
 * Takes datagrams from allowed senders, decodes them and hands them to the
 * device's session; sends the sessions' answers from the address that was
 * asked.  What is refused is counted and logged and gets no answer.
 */
#ifndef AGENT_SERVER_H
#define AGENT_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"
#include "conf/agent_conf.h"
#include "loop/loop.h"

struct server;

/* Open folder and socket, go on with the captures of the agent before; requests
 * are served from the next turn on.  NULL and FAIL_LOCAL in `why` if something
 * of this host is in the way.  `conf` outlives the server. */
struct server *server_new(
    struct loop *lp, const struct agent_conf *conf, struct fail *why);
uint16_t server_port(const struct server *s);
/* End in order and in bounded time, then loop_stop(): no new requests; if a
 * capture runs, tcpdump ends and everything stays for the next start, else the
 * rules are deleted.  With run = "until-idle" it comes to that
 * by itself.  Twice is harmless. */
void server_end(struct server *s);
/* The same, but captures are kept as aborted and all rules deleted: nothing is
 * left for a next start. */
void server_clear(struct server *s);
/* "3 devices, 2 captures", for systemd. */
void server_status(const struct server *s, struct strbuf *to);
/* Log the state of each device, whatever is logged else. */
void server_show(const struct server *s);
/* True once everything was ended in order. */
bool server_ended(const struct server *s);
/* Of devices that are not kept any more: OVOC would not delete them. */
unsigned server_rules_left(const struct server *s);
/* What is still there ends at once: no tcpdump survives.  NULL is accepted. */
void server_free(struct server *s);

#endif
