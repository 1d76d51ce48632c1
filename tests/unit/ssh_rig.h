/* ssh_rig.h - an SFTP server of its own process, for check_sftp.c.
 *
 * Serves one connection after the other on a port of 127.0.0.1 (libssh), and
 * misbehaves as told.  What it saw is in memory that both processes share.
 */
#ifndef UNIT_SSH_RIG_H
#define UNIT_SSH_RIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ssh_rig_fault {
	RIG_SOUND,
	RIG_NO_BANNER,      /* takes the connection and says nothing */
	RIG_CLOSE_AT_ONCE,  /* before its banner */
	RIG_FLOOD,          /* sends lines without an end before its banner */
	RIG_CLOSE_ON_LOGIN, /* in answer to a wrong password */
	RIG_ASK_TWICE,      /* asks again after a wrong answer */
	RIG_MUTE_STAT,      /* does not answer STAT */
	RIG_MUTE_READ,      /* nor READs at or beyond `limit` */
	RIG_CUT,            /* closes at a READ at or beyond `limit`, once */
	RIG_DENY,           /* "permission denied" for STAT */
	RIG_JUNK,           /* answers to nothing, without an end, after STAT */
	RIG_NAGLE /* holds a packet back until the last is acknowledged */
};

struct ssh_rig_file {
	const char *path;
	uint64_t size;
	uint64_t announced; /* 0: the same */
	uint32_t mtime;
};

struct ssh_rig_spec {
	const char *key_type; /* "ed25519" (also NULL), "ecdsa", "rsa" */
	const char *host_key_algorithms; /* to offer; NULL: libssh's choice */
	bool password;
	bool kbdint;
	bool publickey; /* offered, never granted */
	bool none;      /* no password needed */
	enum ssh_rig_fault fault;
	uint64_t limit;
	struct ssh_rig_file files[2];
};

struct ssh_rig_seen {
	unsigned sessions;
	unsigned passwords; /* answers of either method that held one */
	unsigned reads;
	unsigned queued; /* a READ came with others behind it */
	uint32_t longest_read;
	uint64_t first_offset; /* of the last session */
	char opened[64];
};

struct ssh_rig {
	uint16_t port;
	char *fingerprint; /* "SHA256:...", by libssh */
	char *key64;       /* the public key as a known_hosts line has it */
	const char *key_name;
	volatile struct ssh_rig_seen *seen;
	int pid;
};

#define RIG_USER     "engineer"
#define RIG_PASSWORD "correct horse"

/* Byte `at` of every file. */
unsigned char ssh_rig_byte(uint64_t at);
void ssh_rig_start(struct ssh_rig *r, const struct ssh_rig_spec *spec);
void ssh_rig_stop(struct ssh_rig *r);

#endif
