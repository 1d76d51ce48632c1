/* aftermath.c - what follows an event, step by step.
 *
 * Owns the events that are over and not settled yet.  A step gets the event,
 * writes its row, and reports when it has ended.
 */
#include "campaign/aftermath.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/xmem.h"
#include "campaign/comparisons.h"
#include "campaign/hooks.h"
#include "campaign/server_files.h"

struct item {
	struct past_event event; /* first: the item is found from it */
	struct aftermath *all;
	TAILQ_ENTRY(item) next;
};

struct aftermath {
	const struct tools *tools;
	struct server_files *server_files;
	struct comparisons *comparisons;
	struct hooks *hooks;
	TAILQ_HEAD(, item) items; /* in the order they came */
	TAILQ_HEAD(, item) over;  /* to be told of */
	struct timer tell;
	aftermath_settled *settled;
	void *arg;
};

static void
item_free(struct item *i)
{
	free(i->event.pieces);
	free(i);
}

/* Nothing more is written of it. */
static void
settle(struct item *i)
{
	struct aftermath *a = i->all;

	TAILQ_REMOVE(&a->items, i, next);
	TAILQ_INSERT_TAIL(&a->over, i, next);
	timer_set(&a->tell, 0);
}

static void
on_tell(void *arg)
{
	struct aftermath *a = arg;
	struct item *i;

	while ((i = TAILQ_FIRST(&a->over)) != NULL) {
		TAILQ_REMOVE(&a->over, i, next);
		item_free(i);
	}
	a->settled(a->arg);
}

/* --- the steps --- */

static void
on_hooked(void *arg, const struct past_event *e)
{
	(void)arg;
	settle((struct item *)(uintptr_t)e);
}

/* Both ends' files are here, as far as they will ever be. */
static void
compare(struct item *i)
{
	comparisons_add(i->all->comparisons, &i->event);
}

static void
on_compared(void *arg, const struct past_event *e)
{
	struct aftermath *a = arg;

	if (!hooks_add(a->hooks, e))
		settle((struct item *)(uintptr_t)e);
}

static void
on_server_files(void *arg, struct past_event *event)
{
	(void)arg;
	compare((struct item *)event);
}

static void
fetch_server_files(struct item *i)
{
	if (!server_files_add(i->all->server_files, &i->event))
		compare(i);
}

/* --- public --- */

struct aftermath *
aftermath_new(const struct tools *t, aftermath_settled *settled, void *arg)
{
	struct aftermath *a = xcalloc(1, sizeof(*a));

	a->tools = t;
	a->settled = settled;
	a->arg = arg;
	TAILQ_INIT(&a->items);
	TAILQ_INIT(&a->over);
	timer_init(&a->tell, t->lp, on_tell, a);
	a->server_files = server_files_new(t, on_server_files, a);
	a->comparisons = comparisons_new(t, NULL, on_compared, a);
	a->hooks = hooks_new(t, on_hooked, a);
	return a;
}

void
aftermath_use_clock(struct aftermath *a, server_host_clock *clock, void *arg)
{
	server_files_use_clock(a->server_files, clock, arg);
}

void
aftermath_free(struct aftermath *a)
{
	struct item *i;

	if (a == NULL)
		return;
	server_files_free(a->server_files);
	comparisons_free(a->comparisons);
	hooks_free(a->hooks);
	TAILQ_CONCAT(&a->items, &a->over, next);
	while ((i = TAILQ_FIRST(&a->items)) != NULL) {
		TAILQ_REMOVE(&a->items, i, next);
		item_free(i);
	}
	timer_clear(&a->tell);
	free(a);
}

void
aftermath_add(struct aftermath *a, const struct device_books *books,
    const struct round *round)
{
	struct item *i = xcalloc(1, sizeof(*i));

	i->all = a;
	i->event.books = *books;
	i->event.round = *round;
	i->event.conf = books->result->conf;
	TAILQ_INSERT_TAIL(&a->items, i, next);
	if (round->home)
		fetch_server_files(i);
	else
		on_compared(a, &i->event);
}

bool
aftermath_busy(const struct aftermath *a)
{
	return !TAILQ_EMPTY(&a->items) || !TAILQ_EMPTY(&a->over);
}

size_t
aftermath_count(const struct aftermath *a)
{
	const struct item *i;
	size_t n = 0;

	TAILQ_FOREACH (i, &a->items, next)
		n++;
	return n;
}

bool
aftermath_uses(const struct aftermath *a, const struct journal *j)
{
	const struct item *i;

	TAILQ_FOREACH (i, &a->items, next)
		if (i->event.books.journal == j)
			return true;
	return false;
}

void
aftermath_abandon(struct aftermath *a, const char *why)
{
	server_files_abandon(a->server_files, why);
	comparisons_abandon(a->comparisons, why);
	hooks_abandon(a->hooks, why);
}
