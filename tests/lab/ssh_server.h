/* ssh_server.h - SSH connections of the devices: login, then SFTP, read only.
 *
 * One thread a connection, as libssh works best; it knows only its own copy of
 * the offer, and tells the loop what happened through post.h.
 */
#ifndef LAB_SSH_SERVER_H
#define LAB_SSH_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"
#include "loop/loop.h"

#define SFTP_FILES_MAX 2

/* A remote file and the local one that it shows. */
struct sftp_file {
	char remote[256];
	char local[512];
	int64_t keep;     /* only so many bytes of it; -1: all */
	int64_t lacks;    /* so many bytes are missing at its end */
	int64_t pretends; /* bytes announced beyond its end */
	int64_t older;    /* seconds before its true time */
};

/* What one connection is given.  Byte counts are per connection, -1: never. */
struct sftp_offer {
	char username[256];
	char password[256];
	bool refuse_login;
	bool no_password;
	bool no_keyboard;
	bool other_key;
	struct sftp_file files[SFTP_FILES_MAX];
	unsigned n_files;
	int64_t hang_after;
	int64_t cut_after;
	int64_t fail_after;
	int64_t rate; /* bytes a second; 0: as fast as it goes */
	bool one_read;
};

enum sftp_what {
	SFTP_LOGIN_OK,
	SFTP_LOGIN_REFUSED,
	SFTP_STARTED,
	SFTP_OPENED, /* text: the file */
	SFTP_ENDED   /* the last one; bytes: sent in all */
};
struct sftp_event {
	enum sftp_what what;
	int64_t bytes;
	char text[256];
};
/* Runs in the loop. */
typedef void sftp_event_fn(void *arg, const struct sftp_event *e);

struct ssh_server;

/* The host key is kept in `folder` as ssh-host-key (mode 0600), its
 * fingerprint as ssh-fingerprint.  NULL and `why` if that fails. */
struct ssh_server *ssh_server_new(
    struct loop *lp, const char *folder, struct fail *why);
/* Serve the connected `fd`, which now belongs to the server.  SFTP_ENDED always
 * comes; false, and nothing comes, if there is no thread for it. */
bool ssh_server_add(struct ssh_server *s, int fd,
    const struct sftp_offer *offer, sftp_event_fn *event, void *arg);
/* End the connections that were added with this `arg`. */
void ssh_server_drop(struct ssh_server *s, const void *arg);
/* Ends every connection and waits for its thread. */
void ssh_server_free(struct ssh_server *s);

#endif
