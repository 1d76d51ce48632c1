/* ssh_kex_error.c - see ssh_kex_error.h.
 *
 * Called by ssh_session.c when libssh2 gave up the key exchange.  libssh2 says
 * only that it failed, so the server's offer is decoded here once more.
 */
#include "io/ssh_kex_error.h"

/* A server with an RSA host key alone, as OpenSSH since 8.8 and much firmware,
 * does not sign with SHA-1 any more; libssh2 before 1.11 knows nothing else. */
static void
say_no_host_key(const struct ssh_kex_error *e, const struct ssh_names *theirs,
    struct fail *why)
{
	int len = (int)theirs->len;

	if (e->known_types != NULL)
		fail_set(why, FAIL_IDENTITY,
		    "SFTP %s: shows none of the host key types known for it "
		    "(%s); it has %.*s; if rightly so, add one: ssh-keyscan "
		    "-p %u %s",
		    e->peer, e->known_types, len, theirs->text,
		    (unsigned)e->port, e->host);
	else if (ssh_names_common(theirs, "rsa-sha2-256,rsa-sha2-512"))
		fail_set(why, FAIL_FINAL,
		    "SFTP %s: its RSA host key works with rsa-sha2 only, which "
		    "libssh2 %s lacks: give it an ECDSA or Ed25519 host key or allow "
		    "ssh-rsa; it has %.*s",
		    e->peer, e->libssh2, len, theirs->text);
	else
		fail_set(why, FAIL_FINAL,
		    "SFTP %s: no host key algorithm in common; it has %.*s; "
		    "we have %s",
		    e->peer, len, theirs->text, e->ours[SSH_HOST_KEY]);
}

/* True if the list has nothing in common with ours. */
static bool
say_no_common(const struct ssh_kex_error *e, struct log *lg, enum ssh_list list,
    const struct ssh_names *theirs, struct fail *why)
{
	const char *ours = e->ours[list], *title = ssh_list_title(list);

	if (list == SSH_HOST_KEY && e->known_types != NULL)
		ours = e->known_types;
	if (*ours == '\0' || ssh_names_common(theirs, ours))
		return false;
	if (list == SSH_HOST_KEY)
		say_no_host_key(e, theirs, why);
	else
		fail_set(why, FAIL_FINAL,
		    "SFTP %s: no %s algorithm in common; it has %.*s; we have "
		    "%s",
		    e->peer, title, (int)theirs->len, theirs->text, ours);
	/* The sentence is cut to fit, this is not. */
	log_write(lg, LOGGING_WARNING, e->host, "sftp",
	    "%s: no %s algorithm in common; it has: %.*s; we have: %s", e->peer,
	    title, (int)theirs->len, theirs->text, ours);
	return true;
}

void
ssh_kex_explain(const struct ssh_kex_error *e, struct log *lg, struct fail *why)
{
	struct ssh_kexinit k;
	bool all = ssh_kexinit_decode(&k, e->greeting, e->greeting_len);

	for (int i = 0; all && i < SSH_LISTS; i++)
		if (say_no_common(e, lg, (enum ssh_list)i, &k.lists[i], why))
			return;
	if (e->greeting_len == 0 && e->eof)
		fail_set(why, FAIL_UNREACHABLE,
		    "SFTP %s: closed before its SSH banner: too many sessions, "
		    "or no SSH server",
		    e->peer);
	else if (k.version.len == 0)
		fail_set(why, FAIL_UNREACHABLE, "SFTP %s: no SSH banner: %s",
		    e->peer, e->error);
	else
		fail_set(why, FAIL_UNREACHABLE,
		    "SFTP %s (%.*s): key exchange: %s", e->peer,
		    (int)k.version.len, k.version.text, e->error);
}
