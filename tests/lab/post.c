/* post.c - a queue under a mutex, and an eventfd(2) that wakes the loop.
 *
 * The only thing that the lab's threads share with the loop.
 */
#include "post.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/xmem.h"

struct letter {
	struct letter *next;
	post_fn *fn;
	void *arg;
};

struct post {
	pthread_mutex_t mutex;
	struct letter *first;
	struct letter **last;
	int fd;
	struct watch *watch;
};

static struct letter *
post_take_all(struct post *p)
{
	pthread_mutex_lock(&p->mutex);
	struct letter *all = p->first;
	p->first = NULL;
	p->last = &p->first;
	pthread_mutex_unlock(&p->mutex);
	return all;
}

static void
post_deliver(struct post *p)
{
	struct letter *l = post_take_all(p);

	while (l) {
		struct letter *next = l->next;
		l->fn(l->arg);
		free(l);
		l = next;
	}
}

static void
post_ready(void *arg, short ready)
{
	struct post *p = arg;
	uint64_t count;

	(void)ready;
	if (read(p->fd, &count, sizeof(count)) == sizeof(count))
		post_deliver(p);
}

struct post *
post_new(struct loop *lp, struct fail *why)
{
	struct post *p = xcalloc(1, sizeof(*p));

	p->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (p->fd < 0) {
		fail_set(why, FAIL_LOCAL, "eventfd: %s", strerror(errno));
		free(p);
		return NULL;
	}
	pthread_mutex_init(&p->mutex, NULL);
	p->last = &p->first;
	p->watch = watch_new(lp, p->fd, POLLIN, post_ready, p);
	return p;
}

void
post_send(struct post *p, post_fn *fn, void *arg)
{
	struct letter *l = xcalloc(1, sizeof(*l));
	const uint64_t one = 1;

	l->fn = fn;
	l->arg = arg;
	pthread_mutex_lock(&p->mutex);
	*p->last = l;
	p->last = &l->next;
	pthread_mutex_unlock(&p->mutex);
	/* The counter of an eventfd cannot overflow here. */
	if (write(p->fd, &one, sizeof(one)) < 0)
		return;
}

void
post_free(struct post *p)
{
	if (!p)
		return;
	post_deliver(p);
	watch_free(p->watch);
	close(p->fd);
	pthread_mutex_destroy(&p->mutex);
	free(p);
}
