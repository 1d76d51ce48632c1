/* name.c - see name.h.
 */
#include "base/name.h"

#include <string.h>

int
name_find(const void *table, int n, size_t size, const char *name)
{
	for (int i = 0; i < n; i++) {
		const char *const *entry =
		    (const void *)((const char *)table + (size_t)i * size);

		if (*entry != NULL && strcmp(*entry, name) == 0)
			return i;
	}
	return n;
}
