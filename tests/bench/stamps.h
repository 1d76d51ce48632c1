/* stamps.h - datagrams with the moment at which the kernel had them, and what
 * figures are made of such moments.
 */
#ifndef BENCH_STAMPS_H
#define BENCH_STAMPS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* Microseconds since 1970. */
int64_t stamp_now(void);
/* The kernel tells the moment of each datagram, and holds many of them. */
void stamp_prepare(int fd);
/* The next datagram, its length, or -1; `*at` is its moment. */
ssize_t stamp_receive(int fd, void *data, size_t size,
    struct sockaddr_storage *from, int64_t *at);

/* Print `name`, median and worst in milliseconds, and how many are missing: of
 * `n` pairs of moments, those with a `from`; 0: never. */
void stamp_print(
    const char *name, const int64_t *from, const int64_t *to, size_t n);

#endif
