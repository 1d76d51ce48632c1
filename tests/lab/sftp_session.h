/* sftp_session.h - the SFTP part of one connection, in that one's thread. */
#ifndef LAB_SFTP_SESSION_H
#define LAB_SFTP_SESSION_H

#include <libssh/libssh.h>

#include "ssh_server.h"

/* What the session tells while it runs; called in its thread. */
struct sftp_teller {
	void (*tell)(void *arg, enum sftp_what what, const char *text);
	void *arg;
	int64_t bytes; /* sent so far */
	int fd;        /* of the connection: for cutting and waiting */
};

/* Answer SFTP requests until the client leaves or a fault ends it.  The channel
 * is freed. */
void sftp_session_run(ssh_session session, ssh_channel channel,
    const struct sftp_offer *offer, struct sftp_teller *teller);
/* Wait `ms` (-1: for ever), or until the peer or our own side closes. */
void sftp_session_wait(int fd, int ms);

#endif
