/* agent_mail.h - datagrams to and from one agent: signed, where there is a key.
 *
 * It knows where the agent is, and nothing of what is asked.
 */
#ifndef LINK_AGENT_MAIL_H
#define LINK_AGENT_MAIL_H

#include "io/datagram.h"
#include "link/agent_place.h"
#include "wire/agent_auth.h"
#include "wire/agent_info.h"
#include "wire/agent_message.h"
#include "wire/auth_peer.h"

struct agent_mail { /* embedded in the link */
	struct loop *lp;
	const struct agent_entry *agent;
	struct agent_place place;
	struct datagram *socket;
	struct auth_peer *peer; /* NULL: no key, nothing is signed */
};

void agent_mail_init(
    struct agent_mail *m, struct loop *lp, const struct agent_entry *agent);
void agent_mail_clear(struct agent_mail *m);
/* Its n-th transmission; 0 or an errno.  `nonce` is what it was signed with,
 * `to` the address of the place that it went to. */
int agent_mail_send(struct agent_mail *m, const struct agent_message *what,
    int n, char nonce[AGENT_NONCE_MAX], size_t *to);

struct letter {
	struct agent_message answer;
	struct auth_stamp stamp;       /* where it is signed */
	const struct agent_info *info; /* NULL, or this, its second line: */
	struct agent_info told;
};

/* One that came from one of its addresses.  MAIL_CLOCK: at another time than
 * ours.  For all but MAIL_RIGHT `*why` says what is wrong with it. */
enum mail {
	MAIL_RIGHT,
	MAIL_CLOCK,
	MAIL_ELSEWHERE,
	MAIL_MALFORMED,
	MAIL_UNPROVEN
};
enum mail agent_mail_open(struct agent_mail *m, uint16_t port, const void *data,
    size_t len, struct letter *letter, const char **why);

#endif
