/* addr.h - IPv4 and IPv6 addresses, host names and prefixes, as values.
 *
 * IPv4 mapped into IPv6 (::ffff:192.0.2.1) is always stored as IPv4, so that
 * two spellings of one address are equal.  Zone ids (fe80::1%eth0) are refused:
 * they mean something on one host only.
 */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct addr {
	sa_family_t family;   /* AF_INET, AF_INET6; AF_UNSPEC: none */
	unsigned char ip[16]; /* network order; IPv4 uses the first four */
};

#define ADDR_TEXT_MAX 64  /* "[...]:65535" fits as well */
#define HOST_TEXT_MAX 256 /* a host name with its NUL */

/* Text is exactly one numeric address (dotted quad with four parts, or IPv6
 * without brackets).  False otherwise; `a` is AF_UNSPEC then. */
bool addr_parse(struct addr *a, const char *text);
/* `port` may be NULL. */
bool addr_from_sockaddr(
    struct addr *a, uint16_t *port, const struct sockaddr_storage *ss);
/* The port that a socket has here; 0: none. */
uint16_t addr_port_here(int fd);
/* Returns the length for bind(2) and connect(2). */
socklen_t addr_to_sockaddr(
    const struct addr *a, uint16_t port, struct sockaddr_storage *ss);
/* The same for a socket of family AF_INET6 that takes IPv4 as mapped. */
socklen_t addr_to_sockaddr6(
    const struct addr *a, uint16_t port, struct sockaddr_storage *ss);
/* Numeric text; returns buf. */
const char *addr_text(const struct addr *a, char buf[ADDR_TEXT_MAX]);
/* "192.0.2.1:443", "[2001:db8::1]:443"; returns buf. */
const char *addr_port_text(
    const struct addr *a, uint16_t port, char buf[ADDR_TEXT_MAX]);
/* Can a socket that is bound to `from` send to `to`?  "::" sends to both. */
bool addr_can_send(const struct addr *from, const struct addr *to);
/* Its bytes from 4 * `i` on as a number: an IPv4 address has one, one of IPv6
 * four. */
uint32_t addr_word(const struct addr *a, size_t i);
/* Orders like memcmp(3); 0 when equal. */
int addr_cmp(const struct addr *a, const struct addr *b);
/* A host name by RFC 1123 section 2.1 (letters, digits, '-' and '.', labels of
 * 1 to 63, not all numeric), at most 253 characters; also with '_', which many
 * networks have, and one dot behind it all. */
#define HOST_NAME_LONGEST 253
bool host_name_valid(const char *text);
/* Its length without that dot (RFC 1034 section 3.1). */
size_t host_name_len(const char *text);
/* An address or a host name. */
bool host_valid(const char *text);
/* "name:port" as in a URL (RFC 3986 section 3.2): an IPv6 address in brackets,
 * a name without its last dot, which certificates do not have.  Returns buf. */
#define HOST_PORT_MAX (HOST_TEXT_MAX + 8)
const char *host_port_text(
    char buf[HOST_PORT_MAX], const char *host, uint16_t port);
/* The one spelling of what may be spelt in many ways (0::1, Branch.NET.). */
void host_canonical(char buf[HOST_TEXT_MAX], const char *text);
/* Of two texts that are one host, the same number (as of base/hash.h). */
uint64_t host_hash(const char *text);
bool host_equal(const char *a, const char *b);

struct prefix {
	struct addr base;
	unsigned bits;
};
/* "192.0.2.0/24", "2001:db8::/32", or an address alone.  Bits beyond the
 * prefix length must be zero. */
bool prefix_parse(struct prefix *p, const char *text);
bool prefix_contains(const struct prefix *p, const struct addr *a);

#endif
