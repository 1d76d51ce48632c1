/* session_list.c - the sessions of an agent, in the order of their devices.
 */
#include "agent/session_list.h"

#include <string.h>

#include "base/addr.h"
#include "base/xmem.h"

size_t
session_list_place(
    const struct session_list *l, const char *device, bool *found)
{
	char key[HOST_TEXT_MAX];
	size_t low = 0, high = l->n;

	host_canonical(key, device);
	*found = false;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int d = strcmp(session_key(l->v[mid]), key);

		if (d == 0) {
			*found = true;
			return mid;
		}
		if (d < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

void
session_list_insert(struct session_list *l, struct session *s, size_t at)
{
	l->v = xreallocarray(l->v, l->n + 1, sizeof(l->v[0]));
	memmove(&l->v[at + 1], &l->v[at], (l->n - at) * sizeof(l->v[0]));
	l->v[at] = s;
	l->n++;
}

void
session_list_remove(struct session_list *l, size_t at)
{
	l->n--;
	memmove(&l->v[at], &l->v[at + 1], (l->n - at) * sizeof(l->v[0]));
}

unsigned
session_list_capturing(const struct session_list *l)
{
	unsigned n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += session_capturing(l->v[i]);
	return n;
}
