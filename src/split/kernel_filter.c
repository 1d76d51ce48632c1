/* kernel_filter.c - see kernel_filter.h.  For split/splitter.
 *
 * Loads are of the kernel's own (its idea of the protocol, and from the network
 * header on, see linux/filter.h), so one program does for any link type.
 */
#include "split/kernel_filter.h"

#include <linux/if_ether.h>
#include <netinet/in.h>
#include <stdlib.h>

#include "base/xmem.h"

#define NET(offset)        ((uint32_t)(SKF_NET_OFF + (offset)))
#define LEAF_INSTRUCTIONS  4
#define INNER_INSTRUCTIONS 2

struct range {
	uint32_t from, to;
};

struct ranges {
	struct range v[KERNEL_FILTER_RANGES];
	size_t n;
};

struct writer {
	struct sock_filter *to;
	size_t n;
	uint32_t snaplen;
};

static void
put(struct writer *w, unsigned code, unsigned yes, unsigned no, uint32_t k)
{
	w->to[w->n++] = (struct sock_filter){.code = (uint16_t)code,
	    .jt = (uint8_t)yes,
	    .jf = (uint8_t)no,
	    .k = k};
}

static void
put_pass(struct writer *w)
{
	put(w, BPF_RET | BPF_K, 0, 0, w->snaplen);
}

static void
put_drop(struct writer *w)
{
	put(w, BPF_RET | BPF_K, 0, 0, 0);
}

/* Jumps far are by BPF_JA alone. */
static void
put_jump(struct writer *w, size_t to)
{
	put(w, BPF_JMP | BPF_JA, 0, 0, (uint32_t)(to - w->n - 1));
}

/* Pass if the accumulator is k. */
static void
put_pass_if(struct writer *w, uint32_t k)
{
	put(w, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, k);
	put_pass(w);
}

static size_t
tree_length(size_t n)
{
	return n * LEAF_INSTRUCTIONS + (n - 1) * INNER_INSTRUCTIONS;
}

/* Pass if the accumulator is in one of these; else go on at `no`. */
static void
put_tree(struct writer *w, const struct range *r, size_t n, size_t no)
{
	size_t left = n / 2;

	if (n == 1) {
		put(w, BPF_JMP | BPF_JGE | BPF_K, 0, 2, r->from);
		put(w, BPF_JMP | BPF_JGT | BPF_K, 1, 0, r->to);
		put_pass(w);
		put_jump(w, no);
		return;
	}
	put(w, BPF_JMP | BPF_JGE | BPF_K, 0, 1, r[left].from);
	put_jump(w, w->n + 1 + tree_length(left));
	put_tree(w, r, left, no);
	put_tree(w, r + left, n - left, no);
}

static void
put_address(struct writer *w, const struct ranges *all, uint32_t at)
{
	put(w, BPF_LD | BPF_W | BPF_ABS, 0, 0, at);
	put_tree(w, all->v, all->n, w->n + tree_length(all->n));
}

/* A packet of this family: where its protocol is, the one that passes, and its
 * two addresses' last words. */
static void
put_family(struct writer *w, const struct ranges *all, uint32_t protocol_at,
    uint32_t protocol, uint32_t from_at, uint32_t to_at)
{
	put(w, BPF_LD | BPF_B | BPF_ABS, 0, 0, protocol_at);
	put_pass_if(w, protocol);
	put_address(w, all, from_at);
	put_address(w, all, to_at);
	put_drop(w);
}

static int
compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static size_t
sort_once(uint32_t *v, size_t n)
{
	size_t left = 0;

	if (n > 0)
		qsort(v, n, sizeof(*v), compare);
	for (size_t i = 0; i < n; i++)
		if (left == 0 || v[i] != v[left - 1])
			v[left++] = v[i];
	return left;
}

/* The gap between neighbours up to which they come together, so that there are
 * not too many. */
static uint32_t
widest_gap(const uint32_t *v, size_t n)
{
	uint32_t *gaps, widest;

	if (n <= KERNEL_FILTER_RANGES)
		return 1;
	gaps = xcalloc(n - 1, sizeof(*gaps));
	for (size_t i = 1; i < n; i++)
		gaps[i - 1] = v[i] - v[i - 1];
	qsort(gaps, n - 1, sizeof(*gaps), compare);
	widest = gaps[n - KERNEL_FILTER_RANGES - 1];
	free(gaps);
	return widest;
}

static void
group(struct ranges *to, uint32_t *v, size_t n)
{
	uint32_t gap;

	to->n = 0;
	n = sort_once(v, n);
	gap = widest_gap(v, n);
	for (size_t i = 0; i < n; i++) {
		if (to->n > 0 && v[i] - to->v[to->n - 1].to <= gap)
			to->v[to->n - 1].to = v[i];
		else
			to->v[to->n++] = (struct range){v[i], v[i]};
	}
}

static size_t
family_length(const struct ranges *all)
{
	return 3 + 2 * (1 + tree_length(all->n)) + 1;
}

size_t
kernel_filter_make(struct sock_filter to[KERNEL_FILTER_MAX], uint32_t *v4,
    size_t n4, uint32_t *v6, size_t n6, uint32_t snaplen)
{
	struct writer w = {.to = to, .snaplen = snaplen};
	struct ranges r4, r6;

	group(&r4, v4, n4);
	group(&r6, v6, n6);
	put(&w, BPF_LD | BPF_W | BPF_ABS, 0, 0,
	    (uint32_t)(SKF_AD_OFF + SKF_AD_PROTOCOL));
	if (r4.n > 0) {
		put_pass_if(&w, ETH_P_ARP);
		put_pass_if(&w, ETH_P_RARP);
		put(&w, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, ETH_P_IP);
		put_jump(&w, w.n + 1 + family_length(&r4));
		put_family(&w, &r4, NET(9), IPPROTO_ICMP, NET(12), NET(16));
	}
	if (r6.n > 0) {
		put(&w, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, ETH_P_IPV6);
		put_jump(&w, w.n + 1 + family_length(&r6));
		put_family(&w, &r6, NET(6), IPPROTO_ICMPV6, NET(20), NET(36));
	}
	put_drop(&w);
	return w.n;
}
