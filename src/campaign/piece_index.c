/* piece_index.c - the server's files in a folder of captures.
 *
 * Sorted by name: those of one event stand together.
 */
#include "campaign/piece_index.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xmem.h"

struct piece_index {
	struct dirent **names; /* sorted as strcmp(3) does */
	int n;
};

static int
is_servers(const struct dirent *e)
{
	return capture_name_end(e->d_name) == CAPTURE_END_SERVER;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

struct piece_index *
piece_index_read(const char *captures, struct fail *why)
{
	struct piece_index *p = xcalloc(1, sizeof(*p));

	p->n = scandir(captures, &p->names, is_servers, by_name);
	if (p->n >= 0)
		return p;
	fail_set(
	    why, FAIL_LOCAL, "cannot read %s: %s", captures, strerror(errno));
	free(p);
	return NULL;
}

void
piece_index_free(struct piece_index *p)
{
	if (p == NULL)
		return;
	for (int i = 0; i < p->n; i++)
		free(p->names[i]);
	free(p->names);
	free(p);
}

/* The first name that is not before this text. */
static int
first_from(const struct piece_index *p, const char *text)
{
	int low = 0, high = p->n;

	while (low < high) {
		int middle = low + (high - low) / 2;

		if (strcmp(p->names[middle]->d_name, text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int
by_number(const void *one, const void *other)
{
	const unsigned *a = one, *b = other;

	return *a < *b ? -1 : *a > *b;
}

void
piece_index_fill(const struct piece_index *p, struct past_event *e)
{
	char first[CAPTURE_NAME_MAX + 16], event[CAPTURE_NAME_MAX];
	char of[CAPTURE_NAME_MAX];
	uint32_t n = 0, room = 0;

	e->pieces = NULL;
	e->sidecar = false;
	if (!capture_name_event(event, e->round.file))
		return;
	snprintf(first, sizeof(first), "OVOC_device_%s", event);
	for (int i = first_from(p, first);
	     i < p->n && str_starts(p->names[i]->d_name, first); i++) {
		const char *name = p->names[i]->d_name;
		unsigned number;

		if (!capture_name_event(of, name) || strcmp(of, event) != 0)
			continue;
		e->sidecar |= capture_name_is_record(name);
		if (capture_name_is_record(name) ||
		    !capture_name_number(&number, name))
			continue;
		e->pieces = xgrow(e->pieces, n, &room, sizeof(*e->pieces));
		e->pieces[n++] = number;
	}
	if (n > 0)
		qsort(e->pieces, n, sizeof(*e->pieces), by_number);
	e->n_pieces = n;
}
