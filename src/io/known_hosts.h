/* known_hosts.h - the SSH host keys that were seen, in OpenSSH's file format.
 *
 * Marks, comments and hashed names (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT) are
 * read; wildcards are not supported.  A host with one known key is never
 * believed with another key, nor with a key of another type.
 */
#ifndef IO_KNOWN_HOSTS_H
#define IO_KNOWN_HOSTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"

/* Where keys are not to be checked, there are no known hosts at all. */
enum host_key_mode { HOST_KEYS_STRICT, HOST_KEYS_ACCEPT_NEW };

struct known_hosts;

/* Read the file; one that does not exist is empty.  NULL and FAIL_LOCAL in
 * `why` for one that cannot be read or has a broken line (named by number), or
 * where accept-new could not write: its folder is made. */
struct known_hosts *known_hosts_load(
    const char *path, enum host_key_mode mode, struct fail *why);
void known_hosts_free(struct known_hosts *k);

/* `added` runs, inside known_hosts_check(), for each key that is appended:
 * "host" or "[host]:port", "ssh-ed25519", "SHA256:...". */
typedef void known_hosts_added(
    void *arg, const char *name, const char *type, const char *print);
void known_hosts_on_added(
    struct known_hosts *k, known_hosts_added *added, void *arg);

/* Comma-separated key types ("ssh-ed25519,...") known for this host, to be
 * asked for in the key exchange; NULL if none.  free(3). */
char *known_hosts_types(
    const struct known_hosts *k, const char *host, uint16_t port);
/* Judge the key that a server showed (the SSH wire format, RFC 4253 section
 * 6.6).  FAIL_NONE: believed, and in accept-new mode a first key was appended
 * to the file.  FAIL_IDENTITY with the fingerprints and what to do otherwise;
 * FAIL_LOCAL if the file cannot be written. */
enum fail_kind known_hosts_check(struct known_hosts *k, const char *host,
    uint16_t port, const void *key, size_t len, struct fail *why);

#endif
