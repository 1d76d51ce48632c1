/* os_error.h - what an errno means to whoever runs this host, and what to do
 * about it: one wording for each.
 */
#ifndef BASE_OS_ERROR_H
#define BASE_OS_ERROR_H

#include "base/fail.h"

/* EMFILE and ENFILE, whatever was tried. */
#define OS_ERROR_FILES "raise the limit of open files"

/* What was tried: the same errno asks for something else. */
enum os_call {
	OS_WRITE, /* to keep a file */
	OS_RUN,   /* to start a program */
	OS_LISTEN /* to listen_address and listen_port of the configuration */
};

/* FAIL_LOCAL: "<what>: <the system's words>; <what to do>". */
void os_error_set(struct fail *why, enum os_call call, int error,
    const char *what, ...) __attribute__((format(printf, 4, 5)));
/* Why something did not get through to a peer, "network unreachable" say;
 * never NULL. */
const char *os_error_network(int error);

#endif
