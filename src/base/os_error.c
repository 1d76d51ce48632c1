/* os_error.c - see os_error.h.
 *
 * The sentences end in logs and reports.
 */
#include "base/os_error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define ANY_OTHER 0

static const struct {
	enum os_call call;
	int error;
	const char *text;
} advices[] = {
    {OS_WRITE, ENOSPC, "make room on that file system"},
    {OS_WRITE, EDQUOT, "make room on that file system"},
    {OS_WRITE, EFBIG, "raise the limit of file sizes (LimitFSIZE, ulimit -f)"},
    {OS_WRITE, EIO, "check that disk"},
    {OS_WRITE, EACCES, "check owner and mode of that folder"},
    {OS_WRITE, EPERM, "check owner and mode of that folder"},
    {OS_WRITE, EROFS, "that file system is mounted read-only"},
    {OS_WRITE, ENOENT, "create that folder"},
    {OS_RUN, ENOENT, "install it or correct its path"},
    {OS_RUN, EACCES, "check that this user may run it"},
    {OS_RUN, EPERM, "check that this user may run it"},
    {OS_RUN, EAGAIN, "raise the limit of processes"},
    {OS_LISTEN, EADDRINUSE,
	"another campaign, agent or syslog server has it: stop that one, or "
	"choose another listen_port or listen_address"},
    {OS_LISTEN, EADDRNOTAVAIL,
	"not an address of this host: choose another listen_address"},
    {OS_LISTEN, EACCES, "ports below 1024 need CAP_NET_BIND_SERVICE"},
    {OS_LISTEN, EAFNOSUPPORT,
	"this host has no IPv6: listen on an IPv4 address, \"0.0.0.0\" for "
	"all"},
    {OS_LISTEN, ANY_OTHER, "check listen_address and listen_port"},
};

static bool
no_descriptor(int error)
{
	return error == EMFILE || error == ENFILE;
}

static const char *
advice(enum os_call call, int error)
{
	if (no_descriptor(error))
		return OS_ERROR_FILES;
	for (size_t i = 0; i < sizeof(advices) / sizeof(advices[0]); i++)
		if (advices[i].call == call &&
		    (advices[i].error == error ||
			advices[i].error == ANY_OTHER))
			return advices[i].text;
	return NULL;
}

void
os_error_set(
    struct fail *why, enum os_call call, int error, const char *what, ...)
{
	const char *todo = advice(call, error);
	char text[sizeof(why->text)];
	va_list ap;

	va_start(ap, what);
	vsnprintf(text, sizeof(text), what, ap);
	va_end(ap);
	fail_set(why, FAIL_LOCAL, "%s: %s%s%s", text, strerror(error),
	    todo != NULL ? "; " : "", todo != NULL ? todo : "");
}

const char *
os_error_network(int error)
{
	const char *text;

	switch (error) {
	case ENETUNREACH:
		return "network unreachable";
	case EHOSTUNREACH:
		return "host unreachable";
	case EPERM:
	case EACCES:
		return "forbidden by a packet filter";
	case EADDRNOTAVAIL:
		return "no local port left on this host";
	case EMFILE:
	case ENFILE:
		return "no descriptor left on this host: " OS_ERROR_FILES
		       " (LimitNOFILE)";
	default:
		text = strerrordesc_np(error);
		return text != NULL ? text : "unknown error";
	}
}
