/* ssh_kexinit.h - what an SSH server offers, from the first bytes it sends.
 *
 * Everything before the first encrypted packet is in the clear: an
 * identification line (RFC 4253 section 4.2), then SSH_MSG_KEXINIT with the
 * names of all algorithms (section 7.1).  For messages about a key exchange
 * that failed; the exchange itself is libssh2's.
 */
#ifndef WIRE_SSH_KEXINIT_H
#define WIRE_SSH_KEXINIT_H

#include <stdbool.h>
#include <stddef.h>

/* In the order of the packet. */
enum ssh_list {
	SSH_KEX,
	SSH_HOST_KEY,
	SSH_CIPHER_TO_SERVER,
	SSH_CIPHER_FROM_SERVER,
	SSH_MAC_TO_SERVER,
	SSH_MAC_FROM_SERVER,
	SSH_COMPRESSION_TO_SERVER,
	SSH_COMPRESSION_FROM_SERVER
};
#define SSH_LISTS 8

/* Comma-separated names; points into the decoded bytes, no NUL. */
struct ssh_names {
	const char *text;
	size_t len;
};

struct ssh_kexinit {
	struct ssh_names version; /* "SSH-2.0-..."; len 0: none came */
	struct ssh_names lists[SSH_LISTS];
};

/* False if the bytes end before the lists do or are not SSH; `version` is set
 * all the same if that line was there.  `data` outlives `k`. */
bool ssh_kexinit_decode(struct ssh_kexinit *k, const void *data, size_t len);
/* "key exchange", "host key", ...: for messages. */
const char *ssh_list_title(enum ssh_list list);
/* One of our `names` (comma-separated, NUL-terminated) is in the list. */
bool ssh_names_common(const struct ssh_names *theirs, const char *names);

#endif
