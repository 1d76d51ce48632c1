/* host_twin.c - which host of one capture is which of the other.
 */
#include "compare/host_twin.h"

#include <stdlib.h>

#include "base/xmem.h"

static int
by_address(const void *a, const void *b, void *table)
{
	return addr_cmp(flow_table_host(table, *(const uint32_t *)a),
	    flow_table_host(table, *(const uint32_t *)b));
}

static uint32_t *
sorted(const struct trace *t)
{
	uint32_t *host = xcalloc((size_t)t->n_hosts + 1, sizeof(*host));
	uint32_t i;

	for (i = 0; i < t->n_hosts; i++)
		host[i] = i;
	qsort_r(host, t->n_hosts, sizeof(*host), by_address, t->table);
	return host;
}

void
host_twin_by_address(struct trace *const trace[SIDE_COUNT])
{
	struct trace *s = trace[SIDE_SERVER], *d = trace[SIDE_DEVICE];
	uint32_t *a = sorted(s), *b = sorted(d), i = 0, j = 0;
	int cmp;

	while (i < s->n_hosts && j < d->n_hosts) {
		cmp = addr_cmp(flow_table_host(s->table, a[i]),
		    flow_table_host(d->table, b[j]));
		if (cmp == 0) {
			s->twin[a[i]] = b[j];
			d->twin[b[j]] = a[i];
		}
		i += cmp <= 0;
		j += cmp >= 0;
	}
	free(a);
	free(b);
}

uint32_t
host_twin_find(const struct trace *t, const struct addr *a)
{
	uint32_t i;

	if (a->family == AF_UNSPEC)
		return TRACE_NONE;
	for (i = 0; i < t->n_hosts; i++)
		if (addr_cmp(flow_table_host(t->table, i), a) == 0)
			return i;
	return TRACE_NONE;
}

bool
host_twin_same(struct trace *const trace[SIDE_COUNT], uint32_t server)
{
	const struct trace *s = trace[SIDE_SERVER], *d = trace[SIDE_DEVICE];

	return s->twin[server] != TRACE_NONE &&
	       addr_cmp(flow_table_host(s->table, server),
		   flow_table_host(d->table, s->twin[server])) == 0;
}
