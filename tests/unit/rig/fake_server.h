/* fake_server.h - an OVOC server's SSH: sessions that are kept, for files.
 *
 * fake_sftp is what reaches it, in place of io/sftp.  One at a time.
 */
#ifndef RIG_FAKE_SERVER_H
#define RIG_FAKE_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SERVER_FILES_MAX = 64 };

enum server_fault {
	SERVER_SOUND,
	SERVER_UNREACHABLE, /* no session */
	SERVER_AUTH,        /* the login is refused */
	SERVER_IDENTITY,    /* another host key */
	SERVER_CUT,         /* a file breaks after `fault_at` bytes */
	SERVER_HANG,        /* the same, after the whole time */
	SERVER_DENIED,      /* a file may not be read */
	SERVER_FAULTS
};

struct fake_server {
	struct {
		char *path;
		char *data;
		size_t len;
	} files[SERVER_FILES_MAX];
	size_t n_files;
	enum server_fault fault;
	int fault_times; /* left; -1: for ever */
	size_t fault_at;
	int logins, sessions; /* so far; at the moment */
	int asked;            /* for a file */
	uint64_t offset;      /* the last file was read from */
	bool narrow;          /* the last session is */
};

/* The server that all sessions which are kept go to; NULL: none does. */
void fake_server(struct fake_server *s);
struct fake_server *fake_server_now(void);
/* A file of these bytes; over one of the same path.  "*-0.pcap" is every file
 * that ends so. */
void fake_server_put(
    struct fake_server *s, const char *path, const void *data, size_t len);
/* A capture with so many packets, one a second from then on; without its last
 * bytes, if `cut`. */
void fake_server_capture(struct fake_server *s, const char *path, int packets,
    int64_t wall_ms, size_t cut);
void fake_server_clear(struct fake_server *s);
/* n_files: there is none. */
size_t fake_server_find(const struct fake_server *s, const char *path);
/* Its next fault, which is over with this. */
enum server_fault fake_server_fault(struct fake_server *s);

#endif
