/* ssh_session.h - one SSH connection, from TCP to a login.  Wraps libssh2.
 *
 * Steps never block and know no time: the owner watches the descriptor and
 * keeps the deadlines.  One login method, one try.
 */
#ifndef IO_SSH_SESSION_H
#define IO_SSH_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/fail.h"
#include "base/log.h"
#include "io/known_hosts.h"

struct ssh_session;
struct _LIBSSH2_SESSION; /* of libssh2.h, which is for the .c files alone */

struct ssh_spec {
	struct addr addr;
	uint16_t port;
	const char *host; /* as known_hosts and log lines name it */
	const char *username;
	const char *password;
	const char *private_key; /* in PEM form: instead of a password; NULL */
	bool only_key; /* SSH_LOGGED_IN once the host key is right: no login */
	struct known_hosts *hosts;    /* NULL: host keys are not checked */
	const char *const *host_keys; /* "SHA256:<base64>": one of them, */
	size_t n_host_keys;           /* instead of `hosts` */
};

enum ssh_progress {
	SSH_WAITING,   /* call again when ssh_session_events() are ready */
	SSH_LOGGED_IN, /* SFTP can begin */
	SSH_FAILED     /* `why` says it; free the session */
};

/* Strings are copied, `hosts` and `lg` outlive the session.  Begins to connect;
 * NULL and FAIL_LOCAL or FAIL_UNREACHABLE in `why` if that fails at once. */
struct ssh_session *ssh_session_new(
    const struct ssh_spec *spec, struct log *lg, struct fail *why);
/* FAIL_UNREACHABLE: no session came about; FAIL_FINAL: it cannot, for no
 * algorithm is in common; FAIL_IDENTITY and FAIL_LOCAL: the host key, as
 * known_hosts_check() says; FAIL_AUTH: login refused, or the connection closed
 * in answer to the password. */
enum ssh_progress ssh_session_step(struct ssh_session *s, struct fail *why);
/* A turn of the loop begins: it may receive 2 MiB (16 KiB before the
 * login).  When they are used up, libssh2 says EAGAIN, and the descriptor stays
 * ready. */
void ssh_session_turn(struct ssh_session *s);
int ssh_session_fd(const struct ssh_session *s);
/* What to wait for after EAGAIN: POLLIN, POLLOUT. */
short ssh_session_events(const struct ssh_session *s);
/* TCP stands. */
bool ssh_session_connected(const struct ssh_session *s);
/* "key exchange": what is waited for, for messages. */
const char *ssh_session_doing(const struct ssh_session *s);
/* "192.0.2.1:22". */
const char *ssh_session_peer(const struct ssh_session *s);
/* libssh2's own sentence about its last error. */
const char *ssh_session_error(const struct ssh_session *s);
struct _LIBSSH2_SESSION *ssh_session_handle(const struct ssh_session *s);
/* So many bytes of a file have come out of it: as many more may come in.  8 MiB
 * beyond that end the session, for libssh2 keeps all it cannot use. */
void ssh_session_used(struct ssh_session *s, size_t n);

/* After this libssh2's calls fail at once instead of waiting for an answer:
 * free channels now.  `polite` says good-bye first, if that does not block. */
void ssh_session_shut(struct ssh_session *s, bool polite);
/* Close at once.  NULL is accepted. */
void ssh_session_free(struct ssh_session *s);

#endif
