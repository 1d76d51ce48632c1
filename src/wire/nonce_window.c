/* nonce_window.c - see nonce_window.h.
 *
 * Open addressing, 64 bits of each nonce (nonces are random, so their own
 * digits are the hash); 0 is an empty place.
 */
#include "wire/nonce_window.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/xmem.h"

#define FIRST_PLACES 64 /* always a power of two, at most half full */

struct table {
	uint64_t *places;
	size_t n_places, used;
};

struct nonce_window {
	int64_t span;
	int64_t begun; /* when `now` began to fill */
	struct table now, before;
};

/* The first 16 hex digits; other text gives some number as well. */
static uint64_t
number_of(const char *nonce)
{
	uint64_t n = 0;

	for (int i = 0; i < 16 && nonce[i] != '\0'; i++) {
		unsigned char c = (unsigned char)nonce[i];

		n = n << 4 | (c <= '9' ? c & 15 : (c & 15) + 9);
	}
	return n == 0 ? 1 : n;
}

/* The place of this number, or the free one where it would be. */
static uint64_t *
place_of(const struct table *t, uint64_t number)
{
	size_t at = (size_t)number & (t->n_places - 1);

	while (t->places[at] != 0 && t->places[at] != number)
		at = (at + 1) & (t->n_places - 1);
	return &t->places[at];
}

static bool
has(const struct table *t, uint64_t number)
{
	return t->n_places > 0 && *place_of(t, number) == number;
}

static void
grow(struct table *t)
{
	struct table bigger = {.used = t->used};

	bigger.n_places = t->n_places == 0 ? FIRST_PLACES : 2 * t->n_places;
	bigger.places = xcalloc(bigger.n_places, sizeof(*bigger.places));
	for (size_t i = 0; i < t->n_places; i++)
		if (t->places[i] != 0)
			*place_of(&bigger, t->places[i]) = t->places[i];
	free(t->places);
	*t = bigger;
}

static void
turn(struct nonce_window *w, int64_t now)
{
	int64_t age = now - w->begun;

	if (age < w->span)
		return;
	free(w->before.places);
	w->before = w->now;
	w->now = (struct table){0};
	w->begun = now;
	if (age >= 2 * w->span) {
		free(w->before.places);
		w->before = (struct table){0};
	}
}

struct nonce_window *
nonce_window_new(int64_t span)
{
	struct nonce_window *w = xcalloc(1, sizeof(*w));

	w->span = span;
	return w;
}

void
nonce_window_free(struct nonce_window *w)
{
	if (w == NULL)
		return;
	free(w->now.places);
	free(w->before.places);
	free(w);
}

enum nonce_seen
nonce_window_add(struct nonce_window *w, int64_t now, const char *nonce)
{
	uint64_t number = number_of(nonce);

	turn(w, now);
	if (has(&w->now, number) || has(&w->before, number))
		return NONCE_SEEN;
	if (w->now.used == NONCE_WINDOW_MAX)
		return NONCE_CROWDED;
	if (2 * w->now.used >= w->now.n_places)
		grow(&w->now);
	*place_of(&w->now, number) = number;
	w->now.used++;
	return NONCE_NEW;
}
