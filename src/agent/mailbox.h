/* mailbox.h - the agent's socket, and who may use it.
 *
 * Hands over what an allowed sender asks in a well-formed message that, where a
 * key is set, was signed with it just now.  Everything else is counted, logged
 * and gets no answer but one: who has the key and another time is told ours,
 * `408 Clock`.  Answers leave from the address that was asked.  Each datagram
 * is a debug line.
 */
#ifndef AGENT_MAILBOX_H
#define AGENT_MAILBOX_H

#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"
#include "conf/agent_conf.h"
#include "io/datagram.h"
#include "loop/loop.h"
#include "wire/agent_message.h"

struct mailbox;

/* Runs from the loop. */
typedef void mailbox_request(
    void *arg, const struct agent_message *m, const struct datagram_from *from);

/* NULL and FAIL_LOCAL in `why` if the socket cannot be had.  `conf` outlives
 * the mailbox. */
struct mailbox *mailbox_new(struct loop *lp, const struct agent_conf *conf,
    mailbox_request *request, void *arg, struct fail *why);
/* The newest time by which a message that was obeyed was signed; 0: none was.
 * After a restart none from up to `ms` is obeyed, whatever the clock says. */
int64_t mailbox_newest(const struct mailbox *b);
void mailbox_not_before(struct mailbox *b, int64_t ms);
/* NULL is accepted. */
void mailbox_free(struct mailbox *b);
uint16_t mailbox_port(const struct mailbox *b);
/* `info` (NULL: none): the JSON of its second line, see agent_info.h. */
void mailbox_answer(struct mailbox *b, const struct datagram_from *to,
    const struct agent_message *m, const char *info);
struct mailbox_counts { /* since the start */
	int64_t requests;
	int64_t refused;   /* from senders who may not ask */
	int64_t malformed; /* no request */
	int64_t unproven;  /* not signed as they must be */
	int64_t dropped;   /* by the kernel */
};
void mailbox_count(const struct mailbox *b, struct mailbox_counts *to);
/* "12 requests, 0 datagrams refused, ...", for the log. */
void mailbox_say_counts(const struct mailbox *b, struct strbuf *to);

#endif
