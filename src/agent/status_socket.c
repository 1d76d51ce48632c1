/* status_socket.c - see status_socket.h. */
#include "agent/status_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/status_place.h"
#include "base/xmem.h"
#include "loop/timer.h"

#define ASKERS_MAX 4     /* at once */
#define BACKLOG    16    /* who waits */
#define ANSWER_MS  30000 /* for who reads slowly, or not at all */
#define PAUSE_MS   1000  /* without a descriptor, before the next try */

struct asker {
	struct status_socket *socket;
	int fd; /* -1: nobody */
	struct watch *watch;
	struct timer deadline;
	struct status_walk walk;
	struct strbuf part; /* of the answer */
	size_t sent;        /* of the part */
	bool last;          /* no part follows */
};

struct status_socket {
	struct loop *lp;
	struct status_source source;
	struct status_place place;
	int fd;     /* -1: none */
	bool bound; /* its file is there */
	struct watch *watch;
	struct timer pause;
	struct asker askers[ASKERS_MAX];
};

static struct asker *
free_place(struct status_socket *s)
{
	for (size_t i = 0; i < ASKERS_MAX; i++)
		if (s->askers[i].fd < 0)
			return &s->askers[i];
	return NULL;
}

/* Who finds no place waits in the kernel's line. */
static void
listen_on(struct status_socket *s)
{
	if (!timer_is_set(&s->pause))
		watch_set(s->watch, free_place(s) != NULL ? POLLIN : 0);
}

static void
on_pause(void *arg)
{
	listen_on(arg);
}

/* --- one who asks --- */

static void
drop(struct asker *a)
{
	timer_clear(&a->deadline);
	watch_free(a->watch);
	a->watch = NULL;
	if (a->fd >= 0)
		close(a->fd);
	a->fd = -1;
	strbuf_free(&a->part);
}

static void
end(struct asker *a)
{
	drop(a);
	listen_on(a->socket);
}

static void
on_deadline(void *arg)
{
	struct asker *a = arg;

	log_write(loop_log(a->socket->lp), LOGGING_DEBUG, NULL, "status",
	    "who asked does not read the answer: cut off");
	end(a);
}

/* A part a turn: other work comes in between. */
static void
on_writable(void *arg, short ready)
{
	struct asker *a = arg;
	ssize_t n;

	(void)ready; /* who hung up is found by the sending */
	if (a->sent == a->part.len) {
		strbuf_clear(&a->part);
		a->sent = 0;
		a->last =
		    !status_source_next(&a->socket->source, &a->walk, &a->part);
	}
	n = send(a->fd, a->part.s + a->sent, a->part.len - a->sent,
	    MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0)
		a->sent += (size_t)n;
	if (n <= 0 || (a->last && a->sent == a->part.len))
		end(a);
}

/* The mode of the file says the same; it may be changed by hand. */
static bool
may_ask(int fd)
{
	struct ucred who;
	socklen_t len = sizeof(who);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) == 0 &&
	       (who.uid == 0 || who.uid == geteuid());
}

static void
answer(struct status_socket *s, int fd)
{
	struct asker *a = free_place(s);

	if (a == NULL || !may_ask(fd)) {
		close(fd);
		return;
	}
	a->fd = fd;
	a->walk = (struct status_walk){.begun = false};
	a->sent = 0;
	a->last = false;
	a->watch = watch_new(s->lp, fd, POLLOUT, on_writable, a);
	timer_set(&a->deadline, ANSWER_MS);
}

static void
on_asked(void *arg, short ready)
{
	struct status_socket *s = arg;
	int fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)ready;
	if (fd >= 0)
		answer(s, fd);
	else if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
		timer_set(&s->pause, PAUSE_MS);
	if (timer_is_set(&s->pause))
		watch_set(s->watch, 0);
	else
		listen_on(s);
}

/* --- the socket --- */

/* Only a socket is ours to replace. */
static bool
clear_place(int folder)
{
	struct stat st;

	if (fstatat(folder, STATUS_SOCKET, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT;
	if (!S_ISSOCK(st.st_mode)) {
		errno = EEXIST;
		return false;
	}
	return unlinkat(folder, STATUS_SOCKET, 0) == 0;
}

static bool
open_socket(struct status_socket *s, const char *folder)
{
	if (!status_place_open(&s->place, folder) ||
	    !clear_place(s->place.folder))
		return false;
	s->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* The file gets this mode, less the umask, as it is made: bind(2) of
	 * unix(7). */
	if (s->fd < 0 || fchmod(s->fd, 0600) != 0 ||
	    bind(s->fd, (struct sockaddr *)&s->place.at, sizeof(s->place.at)) !=
		0)
		return false;
	s->bound = true;
	return listen(s->fd, BACKLOG) == 0;
}

struct status_socket *
status_socket_new(struct loop *lp, const struct status_source *source)
{
	const char *folder = source->conf->agent.captures;
	struct status_socket *s = xcalloc(1, sizeof(*s));

	s->lp = lp;
	s->source = *source;
	s->fd = -1;
	timer_init(&s->pause, lp, on_pause, s);
	for (size_t i = 0; i < ASKERS_MAX; i++) {
		struct asker *a = &s->askers[i];

		a->socket = s;
		a->fd = -1;
		timer_init(&a->deadline, lp, on_deadline, a);
	}
	if (open_socket(s, folder)) {
		s->watch = watch_new(lp, s->fd, POLLIN, on_asked, s);
		return s;
	}
	log_write(loop_log(lp), LOGGING_WARNING, NULL, "status",
	    "--status gets no answer: cannot make the socket %s/" STATUS_SOCKET
	    ": %s",
	    folder, strerror(errno));
	status_socket_free(s);
	return NULL;
}

void
status_socket_free(struct status_socket *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < ASKERS_MAX; i++)
		drop(&s->askers[i]);
	timer_clear(&s->pause);
	watch_free(s->watch);
	if (s->fd >= 0)
		close(s->fd);
	if (s->bound)
		(void)!unlinkat(s->place.folder, STATUS_SOCKET, 0);
	status_place_close(&s->place);
	free(s);
}
