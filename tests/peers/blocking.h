/* blocking.h - a process that does one thing at a time, as 1.0.6 does.
 *
 * One UDP socket with a small buffer, pauses, and children that are waited
 * for.  SIGTERM ends every wait at once; from then on each returns false.
 */
#ifndef PEERS_BLOCKING_H
#define PEERS_BLOCKING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/addr.h"

/* What 1.0.6 leaves its receive buffer at. */
#define BLOCKING_BUFFER  16384
#define BLOCKING_MESSAGE 4096

struct blocking;

struct arrival {
	char text[BLOCKING_MESSAGE + 1]; /* trailing NULs are cut off */
	size_t len;
	struct addr from;
	uint16_t port;
	int64_t at_ms; /* when the kernel took it, wall clock */
};

/* Bind; NULL and a message on stderr if that fails. */
struct blocking *blocking_new(const struct addr *address, uint16_t port);
void blocking_free(struct blocking *b);
/* SIGTERM or SIGINT came. */
bool blocking_ended(const struct blocking *b);

/* Do nothing; messages queue up.  False: told to end. */
bool blocking_sleep(struct blocking *b, int64_t ms);
/* The next message, waiting at most `ms` (-1: for ever); false if none. */
bool blocking_receive(struct blocking *b, int64_t ms, struct arrival *a);
void blocking_send(struct blocking *b, const struct addr *to, uint16_t port,
    const char *text, size_t len);

/* Start a program, its path in argv[0], with default signals; -1 on failure. */
pid_t blocking_spawn(char *const argv[]);
/* The same, waited for: true if it ended with 0. */
bool blocking_run(char *const argv[]);
/* End a child by SIGTERM and wait for it. */
void blocking_end_child(pid_t pid);

#endif
