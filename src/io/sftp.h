/* sftp.h - fetches files by SFTP, without blocking.  Wraps libssh2.
 *
 * One session, one login method, one try.  A session is for one file, unless it
 * is kept.  A step has a budget of bytes, so that one fast server does not hold
 * up the others.
 */
#ifndef IO_SFTP_H
#define IO_SFTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/fail.h"
#include "io/known_hosts.h"
#include "loop/loop.h"

struct sftp;

struct sftp_spec {
	struct addr addr;
	uint16_t port;
	const char *host; /* as known_hosts names it */
	const char *username;
	const char *password;
	const char *private_key;   /* in PEM form: instead of it; NULL */
	struct known_hosts *hosts; /* shared; NULL: host keys are not checked */
	const char *const *host_keys; /* "SHA256:<base64>": one of them */
	size_t n_host_keys;
	const char *const *files; /* candidates; the newest is fetched */
	size_t n_files;
	bool keep;      /* for sftp_next(); with no `files` only a login */
	bool narrow;    /* one READ in flight (7 500 bytes) */
	bool only_key;  /* is the host key right?  No login, `files`, `keep` */
	int connect_ms; /* TCP; key exchange with login: four times that */
	int stall_ms;   /* less than 1 KiB/s for so long: give up */
};

struct sftp_file {
	const char *path;
	uint64_t size;  /* as announced; the end of file decides */
	uint64_t mtime; /* seconds since 1970; 0: not told */
};

struct sftp_events {
	/* The file is chosen; returns the offset to read from (0, or where an
	 * earlier transfer of the same file broke). */
	uint64_t (*opened)(void *arg, const struct sftp_file *f);
	/* The next bytes.  False gives the transfer up (FAIL_LOCAL). */
	bool (*data)(void *arg, const void *data, size_t len);
	/* Once, from the loop: FAIL_NONE at end of file; FAIL_UNREACHABLE: no
	 * session; FAIL_AUTH: login refused; FAIL_IDENTITY: host key;
	 * FAIL_TRANSIENT after login; FAIL_FINAL: none of the files exists or
	 * may be read, or no algorithm is in common; FAIL_LOCAL: `data` said
	 * so, no socket, or known_hosts cannot be written.
	 * `logged_in`: the login succeeded.  The handle is gone after it, but
	 * one that is kept. */
	void (*done)(void *arg, bool logged_in, const struct fail *why);
};

/* The strings of `spec` are copied (the password wiped after login); `events`
 * and `hosts` outlive the transfer.  Nothing runs inside this call. */
struct sftp *sftp_start(struct loop *lp, const struct sftp_spec *spec,
    const struct sftp_events *events, void *arg);
/* In a session that was kept, behind its last `done` or inside it: the newest
 * of these files.  False if it has broken.  The strings are copied; nothing
 * runs inside this call. */
bool sftp_next(struct sftp *s, const char *const *files, size_t n_files,
    const struct sftp_events *events, void *arg);
/* Of a kept session: the last `done` said FAIL_FINAL because none exists. */
bool sftp_is_absent(const struct sftp *s);
/* No event will run; the connection is closed at once.  NULL is accepted. */
void sftp_cancel(struct sftp *s);

#endif
