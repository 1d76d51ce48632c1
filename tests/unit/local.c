/* local.c - see local.h. */
#include "local.h"

#include <check.h>
#include <stdlib.h>
#include <unistd.h>

struct addr
local_addr(const char *text)
{
	struct addr a;

	ck_assert_msg(addr_parse(&a, text), "%s", text);
	return a;
}

void
local_addr_is(const struct addr *a, const char *text)
{
	char buf[ADDR_TEXT_MAX];

	ck_assert_str_eq(addr_text(a, buf), text);
}

int
local_bind(int type, const char *at, uint16_t *port)
{
	struct addr a = local_addr(at);
	struct sockaddr_storage ss;
	socklen_t len = addr_to_sockaddr(&a, 0, &ss);
	int fd = socket(a.family, type | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&ss, len), 0);
	len = sizeof(ss);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&ss, &len), 0);
	ck_assert(addr_from_sockaddr(&a, port, &ss));
	return fd;
}

int
local_listen(const char *at, int backlog, uint16_t *port)
{
	int fd = local_bind(SOCK_STREAM, at, port);

	ck_assert_int_eq(listen(fd, backlog), 0);
	return fd;
}

uint16_t
local_free_port(int type, const char *at)
{
	uint16_t port;

	close(local_bind(type, at, &port));
	return port;
}

int
local_connect(int type, const char *at, const char *to, uint16_t port)
{
	struct addr a = local_addr(to);
	struct sockaddr_storage ss;
	socklen_t len = addr_to_sockaddr(&a, port, &ss);
	int fd = at != NULL ? local_bind(type, at, NULL)
			    : socket(a.family, type | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&ss, len), 0);
	return fd;
}
