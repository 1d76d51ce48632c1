/* echo_socket.h - the ICMP socket of one family, for io/ping.
 *
 * A ping socket (icmp(7)) where this host allows it, else a raw one with a
 * filter on our identifier.  It knows sockets and messages, not who waits.
 */
#ifndef IO_ECHO_SOCKET_H
#define IO_ECHO_SOCKET_H

#include <sys/socket.h>

#include "base/addr.h"
#include "loop/loop.h"
#include "wire/icmp.h"

struct echo_socket;

/* A reply (`error` NULL) from `from`, or an unreachable that quotes our
 * request (`error` says which, `from` NULL).  `got` is not checked yet: cookie,
 * slot and sender are the caller's to compare. */
typedef void echo_heard(void *arg, const struct icmp_echo *got,
    const struct addr *from, const char *error);

/* No descriptor yet. */
struct echo_socket *echo_socket_new(
    struct loop *lp, sa_family_t family, echo_heard *heard, void *arg);
/* NULL is accepted. */
void echo_socket_free(struct echo_socket *s);

/* Make sure that there is a descriptor: NULL, or a sentence that says why there
 * is none and what to do. */
const char *echo_socket_open(struct echo_socket *s);
/* Send one request at once; the id of `e` is set here.  0 or an errno; EAGAIN
 * and ENOBUFS mean that the kernel takes no more at present. */
int echo_socket_send(
    struct echo_socket *s, const struct addr *to, struct icmp_echo *e);
/* Hear what has come by now, if it has a descriptor. */
void echo_socket_read(struct echo_socket *s);
/* The id that it gives to requests; 0: it has no descriptor yet. */
uint16_t echo_socket_identifier(const struct echo_socket *s);
/* What an errno of sending or of an unreachable means, in words. */
const char *echo_error_text(int error);

#endif
