/* fake_resolve.c - io/resolve.h: numeric addresses, and the names of a table.
 *
 * A name "<rest>.example" of a fake device is its address.
 */
#include "io/resolve.h"

#include <string.h>

#include "base/xmem.h"
#include "fake_resolve.h"
#include "loop/timer.h"
#include "../unit.h"

#define ANSWER_MS 10
#define NAMES_MAX 16

static struct fake_name {
	const char *name, *address, *second;
	int silent; /* queries without an answer yet to come, -1: all */
} names[NAMES_MAX];
static size_t n_names;

struct resolver {
	struct loop *lp;
};

struct resolve {
	struct timer timer;
	char *name;
	resolve_done *done;
	void *arg;
};

void
fake_name(const char *name, const char *address, const char *second, int silent)
{
	ck_assert_uint_lt(n_names, NAMES_MAX);
	names[n_names++] = (struct fake_name){name, address, second, silent};
}

void
fake_names_clear(void)
{
	n_names = 0;
}

struct resolver *
resolver_new(struct loop *lp)
{
	struct resolver *r = xcalloc(1, sizeof(*r));

	r->lp = lp;
	return r;
}

void
resolver_free(struct resolver *r)
{
	free(r);
}

static struct fake_name *
find(const char *name)
{
	for (size_t i = 0; i < n_names; i++)
		if (strcmp(names[i].name, name) == 0)
			return &names[i];
	return NULL;
}

static size_t
look_up(const char *name, struct addr addrs[2], struct fail *why)
{
	struct fake_name *f = find(name);

	if (addr_parse(&addrs[0], name))
		return 1;
	if (f == NULL) {
		fail_set(why, FAIL_FINAL, "%s: no such name", name);
		return 0;
	}
	if (f->silent != 0) {
		f->silent -= f->silent > 0;
		fail_set(why, FAIL_UNREACHABLE, "%s: no answer", name);
		return 0;
	}
	addr_parse(&addrs[0], f->address);
	return f->second != NULL && addr_parse(&addrs[1], f->second) ? 2 : 1;
}

static void
on_timer(void *arg)
{
	struct resolve *q = arg;
	struct addr addrs[2];
	struct fail why = {.kind = FAIL_NONE};
	size_t n = look_up(q->name, addrs, &why);
	resolve_done *done = q->done;
	void *a = q->arg;

	resolve_cancel(q);
	done(a, addrs, n, &why);
}

struct resolve *
resolve_start(struct resolver *r, const char *name, int timeout_ms,
    resolve_done *done, void *arg)
{
	struct resolve *q = xcalloc(1, sizeof(*q));

	(void)timeout_ms;
	q->name = xstrdup(name);
	q->done = done;
	q->arg = arg;
	timer_init(&q->timer, r->lp, on_timer, q);
	timer_set(&q->timer, ANSWER_MS);
	return q;
}

void
resolve_cancel(struct resolve *q)
{
	if (q == NULL)
		return;
	timer_clear(&q->timer);
	free(q->name);
	free(q);
}
