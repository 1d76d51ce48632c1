/* addr.c - addresses, host names and prefixes: text, sockaddr, comparison.
 *
 * Numeric text only: names are resolved elsewhere.  inet_pton(3) already
 * refuses short dotted forms, leading zeros, brackets and zone ids.
 */
#include "base/addr.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/str.h"

/* ::ffff:0:0/96, RFC 4291 section 2.5.5.2. */
static const unsigned char mapped[12] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static size_t
ip_size(const struct addr *a)
{
	return a->family == AF_INET ? 4 : a->family == AF_INET6 ? 16 : 0;
}

static void
set_v4(struct addr *a, const void *ip)
{
	memset(a, 0, sizeof(*a));
	a->family = AF_INET;
	memcpy(a->ip, ip, 4);
}

static void
set_v6(struct addr *a, const void *ip)
{
	if (memcmp(ip, mapped, sizeof(mapped)) == 0) {
		set_v4(a, (const unsigned char *)ip + sizeof(mapped));
		return;
	}
	a->family = AF_INET6;
	memcpy(a->ip, ip, 16);
}

bool
addr_parse(struct addr *a, const char *text)
{
	unsigned char ip[16];

	memset(a, 0, sizeof(*a));
	if (inet_pton(AF_INET, text, ip) == 1)
		set_v4(a, ip);
	else if (inet_pton(AF_INET6, text, ip) == 1)
		set_v6(a, ip);
	return a->family != AF_UNSPEC;
}

bool
addr_from_sockaddr(
    struct addr *a, uint16_t *port, const struct sockaddr_storage *ss)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	in_port_t net_port = 0;

	memset(a, 0, sizeof(*a));
	if (ss->ss_family == AF_INET) {
		memcpy(&in, ss, sizeof(in));
		set_v4(a, &in.sin_addr);
		net_port = in.sin_port;
	} else if (ss->ss_family == AF_INET6) {
		memcpy(&in6, ss, sizeof(in6));
		set_v6(a, &in6.sin6_addr);
		net_port = in6.sin6_port;
	}
	if (port != NULL)
		*port = ntohs(net_port);
	return a->family != AF_UNSPEC;
}

uint16_t
addr_port_here(int fd)
{
	struct sockaddr_storage ss = {0};
	socklen_t len = sizeof(ss);
	struct addr a;
	uint16_t port = 0;

	if (getsockname(fd, (struct sockaddr *)&ss, &len) == 0)
		addr_from_sockaddr(&a, &port, &ss);
	return port;
}

socklen_t
addr_to_sockaddr(
    const struct addr *a, uint16_t port, struct sockaddr_storage *ss)
{
	struct sockaddr_in in = {
	    .sin_family = AF_INET, .sin_port = htons(port)};

	if (a->family != AF_INET)
		return addr_to_sockaddr6(a, port, ss);
	memcpy(&in.sin_addr, a->ip, 4);
	memset(ss, 0, sizeof(*ss));
	memcpy(ss, &in, sizeof(in));
	return sizeof(in);
}

socklen_t
addr_to_sockaddr6(
    const struct addr *a, uint16_t port, struct sockaddr_storage *ss)
{
	struct sockaddr_in6 in6 = {
	    .sin6_family = AF_INET6, .sin6_port = htons(port)};

	if (a->family == AF_INET) {
		memcpy(&in6.sin6_addr, mapped, sizeof(mapped));
		memcpy(in6.sin6_addr.s6_addr + sizeof(mapped), a->ip, 4);
	} else {
		memcpy(&in6.sin6_addr, a->ip, 16);
	}
	memset(ss, 0, sizeof(*ss));
	memcpy(ss, &in6, sizeof(in6));
	return sizeof(in6);
}

const char *
addr_text(const struct addr *a, char buf[ADDR_TEXT_MAX])
{
	if (ip_size(a) == 0 ||
	    inet_ntop(a->family, a->ip, buf, ADDR_TEXT_MAX) == NULL)
		str_copy(buf, ADDR_TEXT_MAX, "-");
	return buf;
}

const char *
addr_port_text(const struct addr *a, uint16_t port, char buf[ADDR_TEXT_MAX])
{
	char ip[INET6_ADDRSTRLEN] = "-";

	if (ip_size(a) != 0)
		inet_ntop(a->family, a->ip, ip, sizeof(ip));
	if (a->family == AF_INET6)
		snprintf(buf, ADDR_TEXT_MAX, "[%s]:%u", ip, (unsigned)port);
	else
		snprintf(buf, ADDR_TEXT_MAX, "%s:%u", ip, (unsigned)port);
	return buf;
}

bool
addr_can_send(const struct addr *from, const struct addr *to)
{
	static const unsigned char any[16];

	return from->family == to->family ||
	       (from->family == AF_INET6 && memcmp(from->ip, any, 16) == 0);
}

uint32_t
addr_word(const struct addr *a, size_t i)
{
	uint32_t word;

	memcpy(&word, a->ip + i * sizeof(word), sizeof(word));
	return ntohl(word);
}

int
addr_cmp(const struct addr *a, const struct addr *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->ip, b->ip, ip_size(a));
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_alnum(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
label_valid(const char *label, size_t len)
{
	if (len < 1 || len > 63)
		return false;
	if (label[0] == '-' || label[len - 1] == '-')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!is_alnum(label[i]) && label[i] != '-' && label[i] != '_')
			return false;
	return true;
}

size_t
host_name_len(const char *text)
{
	size_t len = strlen(text);

	return len > 1 && text[len - 1] == '.' ? len - 1 : len;
}

bool
host_name_valid(const char *text)
{
	const char *end = text + host_name_len(text);

	if (end - text > HOST_NAME_LONGEST ||
	    strspn(text, "0123456789.") == strlen(text))
		return false;
	for (;;) {
		size_t len = strcspn(text, ".");

		if (!label_valid(text, len))
			return false;
		text += len;
		if (text == end)
			return true;
		text++;
	}
}

bool
host_valid(const char *text)
{
	struct addr a;

	return addr_parse(&a, text) || host_name_valid(text);
}

const char *
host_port_text(char buf[HOST_PORT_MAX], const char *host, uint16_t port)
{
	struct addr a;

	if (addr_parse(&a, host))
		return addr_port_text(&a, port, buf);
	snprintf(buf, HOST_PORT_MAX, "%.*s:%u", (int)host_name_len(host), host,
	    (unsigned)port);
	return buf;
}

void
host_canonical(char buf[HOST_TEXT_MAX], const char *text)
{
	char ip[ADDR_TEXT_MAX];
	struct addr a;

	if (addr_parse(&a, text)) {
		str_copy(buf, HOST_TEXT_MAX, addr_text(&a, ip));
		return;
	}
	str_copy_n(buf, HOST_TEXT_MAX, text, host_name_len(text));
	str_lower(buf);
}

uint64_t
host_hash(const char *text)
{
	char name[HOST_TEXT_MAX];
	struct addr a;

	if (addr_parse(&a, text))
		return hash_bytes(a.family, a.ip, ip_size(&a));
	host_canonical(name, text);
	return hash_bytes(AF_UNSPEC, name, strlen(name));
}

bool
host_equal(const char *a, const char *b)
{
	char x[HOST_TEXT_MAX], y[HOST_TEXT_MAX];

	if (strcmp(a, b) == 0)
		return true;
	host_canonical(x, a);
	host_canonical(y, b);
	return strcmp(x, y) == 0;
}

/* The first `bits` bits of both are equal. */
static bool
bits_equal(const unsigned char *a, const unsigned char *b, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	if (memcmp(a, b, whole) != 0)
		return false;
	return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

bool
prefix_parse(struct prefix *p, const char *text)
{
	char ip[ADDR_TEXT_MAX];
	const char *slash = strchrnul(text, '/');
	struct addr cut = {0};
	int64_t bits, skip;

	memset(p, 0, sizeof(*p));
	if (!str_copy_n(ip, sizeof(ip), text, (size_t)(slash - text)) ||
	    !addr_parse(&p->base, ip))
		return false;
	bits = (int64_t)ip_size(&p->base) * 8;
	/* ::ffff:192.0.2.0/120 is 192.0.2.0/24. */
	skip = p->base.family == AF_INET && strchr(ip, ':') != NULL ? 96 : 0;
	bits += skip;
	if (*slash == '/' && !str_to_int64(slash + 1, skip, bits, &bits))
		return false;
	p->bits = (unsigned)(bits - skip);
	cut.family = p->base.family;
	for (unsigned i = 0; i < p->bits; i++)
		cut.ip[i / 8] |= p->base.ip[i / 8] & (0x80 >> i % 8);
	return addr_cmp(&cut, &p->base) == 0;
}

bool
prefix_contains(const struct prefix *p, const struct addr *a)
{
	return a->family == p->base.family && ip_size(a) > 0 &&
	       bits_equal(p->base.ip, a->ip, p->bits);
}
