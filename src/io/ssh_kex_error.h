/* ssh_kex_error.h - says why a key exchange failed, as an engineer in front of
 * old firmware needs it: with what the server offers and what we have.
 */
#ifndef IO_SSH_KEX_ERROR_H
#define IO_SSH_KEX_ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"
#include "base/log.h"
#include "wire/ssh_kexinit.h"

struct ssh_kex_error {
	const char *peer; /* "192.0.2.1:22" */
	const char *host; /* for log lines and ssh-keyscan(1) */
	uint16_t port;
	const char *known_types;     /* of host keys; NULL: any will do */
	const char *ours[SSH_LISTS]; /* comma-separated, "": cannot be told */
	const char *libssh2;         /* its version */
	const char *error;           /* its own sentence */
	const void *greeting;        /* what the server sent first */
	size_t greeting_len;
	bool eof; /* and then closed the connection */
};

/* FAIL_FINAL: no algorithm is in common (both lists go to the log in full);
 * FAIL_IDENTITY: none of the host key types known for it is offered;
 * FAIL_UNREACHABLE: anything else. */
void ssh_kex_explain(
    const struct ssh_kex_error *e, struct log *lg, struct fail *why);

#endif
