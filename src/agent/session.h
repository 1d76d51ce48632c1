/* session.h - one device that a campaign told us of: what is asked and done.
 *
 * A device belongs to the address and port that registered it.  Nothing is
 * done twice, and what counts as a repeat follows from the state:
 * - REGISTER while one is worked on: `100 Trying`.  Within a minute of its
 *   `200 OK`: the same answer, OVOC is not asked.  Later: the rule is checked.
 * - CAPTURE while that capture runs: the same answer, also after a VERIFY: it
 *   is a late copy.  Unless a REGISTER came since, either beyond that minute
 *   (the campaign was restarted) or well after the VERIFY (its STOP was lost):
 *   then the old pieces are kept as aborted and a new capture begins.
 * - VERIFY within two minutes of the last one of that capture: the same answer.
 * - STOP with the file name of the last STOP: the same answer, always.
 * - CAPTURE after a STOP: a late copy of an old one, and 404, until a REGISTER
 *   came.  A STOP that named a file whose time lacks the Z came from a campaign
 *   of the 1.0 line: it sends each message once and registers only when it
 *   starts, so its next CAPTURE is taken.
 * From anybody but the owner: 503 while work is under way, else 404; a REGISTER
 * then changes the owner, from the owner's address (a campaign that was started
 * again) also before.  Nothing is left of a device that OVOC does not know.
 */
#ifndef AGENT_SESSION_H
#define AGENT_SESSION_H

#include "agent/capture.h"
#include "agent/probing.h"
#include "agent/registration.h"
#include "agent/replies.h"
#include "agent/state.h"
#include "io/datagram.h"
#include "wire/agent_message.h"

struct session;

struct session_env { /* outlives all sessions */
	struct loop *lp;
	const struct agent_conf *conf;
	struct capture_env capture;
	struct probing_env probing;
	struct registration_env registration;
	struct replies_env replies;
	/* From the loop: session_free() it; or, parked, nothing runs more. */
	void (*over)(void *arg, struct session *s);
	/* session_save() would tell something else than before. */
	void (*changed)(void *arg);
	void *arg;
};

struct session *session_new(struct session_env *env, const char *device);
/* A request for this device from an allowed sender. */
void session_handle(struct session *s, const struct agent_message *m,
    const struct datagram_from *from);
/* End in order: a capture is kept as aborted, the rule is deleted; then `over`.
 * By itself it does so `idle_rule_age` after the last capture. */
void session_end(struct session *s);
/* The same at once, if nothing is under way; is it going? */
bool session_dismiss(struct session *s);
enum session_use { SESSION_BUSY, SESSION_USED, SESSION_NEVER_USED };
enum session_use session_use(const struct session *s);
const struct registration *session_registration(const struct session *s);
/* Is there a capture that goes on unless it is stopped? */
bool session_capturing(const struct session *s);
/* End in order, for the next agent to go on: tcpdump ends, pieces and rule
 * stay; then `over`, and session_save() still tells everything. */
void session_park(struct session *s);
/* What an agent that is started again has to know; false: nothing. */
bool session_save(const struct session *s, struct device_state *to);
/* A device that an earlier agent saved, its times on our clock now.  Its
 * capture goes on by itself. */
struct session *session_restore(
    struct session_env *env, const struct device_state *was);
void session_free(struct session *s); /* at once; NULL is accepted */
/* As it was first told, and in the one spelling of all (host_canonical()). */
const char *session_device(const struct session *s);
const char *session_key(const struct session *s);

#endif
