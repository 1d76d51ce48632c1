/* silent.c - holds the connections of the faults that hang.
 *
 * lab.c owns the one holder; listeners hand accepted descriptors over.
 */
#include "silent.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/xmem.h"

struct held {
	struct silent *owner;
	struct held *next;
	struct held **link; /* what points at this one */
	struct watch *watch;
	int fd;
};

struct silent {
	struct loop *lp;
	struct held *first;
};

struct silent *
silent_new(struct loop *lp)
{
	struct silent *s = xcalloc(1, sizeof(*s));

	s->lp = lp;
	return s;
}

static void
held_free(struct held *h)
{
	watch_free(h->watch);
	close(h->fd);
	*h->link = h->next;
	if (h->next)
		h->next->link = h->link;
	free(h);
}

static void
held_ready(void *arg, short ready)
{
	struct held *h = arg;
	char waste[4096];
	ssize_t n = recv(h->fd, waste, sizeof(waste), MSG_DONTWAIT);

	(void)ready;
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		held_free(h);
}

void
silent_add(struct silent *s, int fd)
{
	struct held *h = xcalloc(1, sizeof(*h));

	h->owner = s;
	h->fd = fd;
	h->next = s->first;
	h->link = &s->first;
	if (h->next)
		h->next->link = &h->next;
	s->first = h;
	h->watch = watch_new(s->lp, fd, POLLIN, held_ready, h);
}

void
silent_free(struct silent *s)
{
	if (!s)
		return;
	while (s->first)
		held_free(s->first);
	free(s);
}
