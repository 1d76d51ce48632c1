/* crowd.c - see crowd.h.
 */
#include "loop/crowd.h"

#include <assert.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/xmem.h"
#include "loop/turn_time.h"

_Static_assert(EPOLLIN == POLLIN && EPOLLOUT == POLLOUT &&
		   EPOLLERR == POLLERR && EPOLLHUP == POLLHUP,
    "members are told what a watch is");

struct crowd {
	struct loop *lp;
	int fd;              /* of the set; -1: there is none */
	struct watch *watch; /* while there are members in it */
	size_t n;            /* so many */
	bool calling;
};

struct crowd_member {
	struct crowd *crowd;
	int fd;
	struct watch *watch; /* NULL: it is in the set */
	watch_ready *ready;
	void *arg;
};

struct crowd *
crowd_new(struct loop *lp)
{
	struct crowd *c = xcalloc(1, sizeof(*c));

	c->lp = lp;
	c->fd = epoll_create1(EPOLL_CLOEXEC);
	return c;
}

void
crowd_free(struct crowd *c)
{
	if (c == NULL)
		return;
	assert(c->n == 0 && !c->calling);
	if (c->fd >= 0)
		close(c->fd);
	free(c);
}

struct loop *
crowd_loop(const struct crowd *c)
{
	return c->lp;
}

/* One at a time: the kernel puts it behind the others that are ready, and none
 * that is freed by the one before can be among what was fetched. */
static bool
call_one(struct crowd *c)
{
	struct epoll_event e;
	const struct crowd_member *m;

	if (epoll_wait(c->fd, &e, 1, 0) != 1)
		return false;
	m = e.data.ptr;
	m->ready(m->arg, (short)e.events);
	return true;
}

/* Members have what is left of the part of the turn that descriptors have. */
static void
on_ready(void *arg, short ready)
{
	struct crowd *c = arg;

	(void)ready;
	c->calling = true;
	/* A part of a virtual turn is never over: each has one turn. */
	for (size_t i = c->n; i > 0 && call_one(c); i--)
		if (loop_part_is_over(c->lp))
			break;
	c->calling = false;
}

struct crowd_member *
crowd_join(struct crowd *c, int fd, short events, watch_ready *ready, void *arg)
{
	struct crowd_member *m = xcalloc(1, sizeof(*m));
	struct epoll_event e = {.events = (uint32_t)events, .data.ptr = m};

	m->crowd = c;
	m->fd = fd;
	m->ready = ready;
	m->arg = arg;
	if (c->fd < 0 || epoll_ctl(c->fd, EPOLL_CTL_ADD, fd, &e) != 0)
		m->watch = watch_new(c->lp, fd, events, ready, arg);
	else if (c->n++ == 0)
		c->watch = watch_new(c->lp, c->fd, POLLIN, on_ready, c);
	return m;
}

void
crowd_leave(struct crowd_member *m)
{
	struct crowd *c;

	if (m == NULL)
		return;
	c = m->crowd;
	watch_free(m->watch);
	if (m->watch == NULL) {
		epoll_ctl(c->fd, EPOLL_CTL_DEL, m->fd, NULL);
		if (--c->n == 0) {
			watch_free(c->watch);
			c->watch = NULL;
		}
	}
	free(m);
}
