/* check_kernel_filter.c - what passes of so many addresses: by a machine that
 * runs the program as the kernel does, and whether the kernel takes it.
 */
#include "unit.h"

#include <linux/if_ether.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "split/kernel_filter.h"

#define SNAPLEN 262144

struct packet { /* from the network header on */
	uint32_t type;
	unsigned char data[40];
};

static uint32_t
load(const struct packet *p, const struct sock_filter *f)
{
	size_t at = f->k - (uint32_t)SKF_NET_OFF;

	if (f->k == (uint32_t)(SKF_AD_OFF + SKF_AD_PROTOCOL))
		return p->type;
	ck_assert_uint_le(at + 4, sizeof(p->data));
	if (BPF_SIZE(f->code) == BPF_B)
		return p->data[at];
	return (uint32_t)p->data[at] << 24 | (uint32_t)p->data[at + 1] << 16 |
	       (uint32_t)p->data[at + 2] << 8 | p->data[at + 3];
}

static bool
holds(const struct sock_filter *f, uint32_t a)
{
	return BPF_OP(f->code) == BPF_JEQ   ? a == f->k
	       : BPF_OP(f->code) == BPF_JGT ? a > f->k
					    : a >= f->k;
}

/* How many bytes of it pass. */
static uint32_t
run(const struct sock_filter *program, size_t n, const struct packet *p)
{
	uint32_t a = 0;

	for (size_t at = 0; at < n; at++) {
		const struct sock_filter *f = &program[at];

		if (BPF_CLASS(f->code) == BPF_RET)
			return f->k;
		if (BPF_CLASS(f->code) == BPF_LD)
			a = load(p, f);
		else if (BPF_OP(f->code) == BPF_JA)
			at += f->k;
		else
			at += holds(f, a) ? f->jt : f->jf;
	}
	ck_abort_msg("it runs beyond its end");
}

static void
put32(unsigned char *to, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		to[i] = (unsigned char)(v >> (24 - 8 * i));
}

struct rig {
	struct sock_filter program[KERNEL_FILTER_MAX];
	size_t n;
};

static struct rig *
rig_new(const uint32_t *v4, size_t n4, const uint32_t *v6, size_t n6)
{
	struct rig *r = calloc(1, sizeof(*r));
	uint32_t *four = calloc(n4 + 1, sizeof(*four));
	uint32_t *six = calloc(n6 + 1, sizeof(*six));

	ck_assert(r != NULL && four != NULL && six != NULL);
	memcpy(four, v4, n4 * sizeof(*v4));
	memcpy(six, v6, n6 * sizeof(*v6));
	r->n = kernel_filter_make(r->program, four, n4, six, n6, SNAPLEN);
	ck_assert_uint_le(r->n, KERNEL_FILTER_MAX);
	free(four);
	free(six);
	return r;
}

static bool
passes4(const struct rig *r, uint32_t from, uint32_t to, uint8_t protocol)
{
	struct packet p = {.type = ETH_P_IP};
	uint32_t n;

	p.data[9] = protocol;
	put32(&p.data[12], from);
	put32(&p.data[16], to);
	n = run(r->program, r->n, &p);
	unit_must(n == 0 || n == SNAPLEN, "%u bytes", n);
	return n > 0;
}

static bool
passes6(const struct rig *r, uint32_t from, uint32_t to, uint8_t protocol)
{
	struct packet p = {.type = ETH_P_IPV6};

	p.data[6] = protocol;
	put32(&p.data[20], from);
	put32(&p.data[36], to);
	return run(r->program, r->n, &p) > 0;
}

static bool
passes_type(const struct rig *r, uint32_t type)
{
	const struct packet p = {.type = type};

	return run(r->program, r->n, &p) > 0;
}

START_TEST(without_addresses_nothing_passes)
{
	struct rig *r = rig_new((const uint32_t[]){0}, 0, (uint32_t[]){0}, 0);

	ck_assert(!passes4(r, 1, 2, IPPROTO_ICMP));
	ck_assert(!passes6(r, 1, 2, IPPROTO_ICMPV6));
	ck_assert(!passes_type(r, ETH_P_ARP));
	free(r);
}
END_TEST

START_TEST(what_is_of_a_family_passes_for_that_family)
{
	const uint32_t one[] = {0xc0000201}, none[] = {0};
	struct rig *r = rig_new(one, 1, none, 0);

	ck_assert(passes4(r, 0xc0000201, 7, IPPROTO_UDP));
	ck_assert(passes4(r, 7, 0xc0000201, IPPROTO_UDP));
	ck_assert(!passes4(r, 0xc0000200, 0xc0000202, IPPROTO_UDP));
	ck_assert(passes4(r, 7, 8, IPPROTO_ICMP)); /* it may quote one */
	ck_assert(passes_type(r, ETH_P_ARP));
	ck_assert(passes_type(r, ETH_P_RARP));
	ck_assert(!passes_type(r, 0x88cc));
	ck_assert(!passes6(r, 0xc0000201, 7, IPPROTO_UDP));
	free(r);
	r = rig_new(none, 0, one, 1);
	ck_assert(passes6(r, 0xc0000201, 7, IPPROTO_UDP));
	ck_assert(passes6(r, 7, 0xc0000201, IPPROTO_UDP));
	ck_assert(!passes6(r, 7, 8, IPPROTO_UDP));
	ck_assert(passes6(r, 7, 8, IPPROTO_ICMPV6));
	ck_assert(!passes4(r, 0xc0000201, 7, IPPROTO_UDP));
	ck_assert(!passes_type(r, ETH_P_ARP));
	free(r);
}
END_TEST

/* As many as there are ranges: then it is exact. */
START_TEST(each_address_passes_and_its_neighbours_do_not)
{
	uint32_t v[KERNEL_FILTER_RANGES], none[] = {0};

	for (uint32_t n = 1; n <= KERNEL_FILTER_RANGES; n++) {
		struct rig *r;

		/* In no order, and both ends of all numbers among them. */
		for (uint32_t i = 0; i < n; i++)
			v[i] = (n - 1 - i) * (UINT32_MAX / (n > 1 ? n - 1 : 1));
		r = rig_new(v, n, none, 0);
		for (uint32_t i = 0; i < n; i++) {
			unit_must(passes4(r, v[i], 77, IPPROTO_TCP) &&
				      passes4(r, 77, v[i], IPPROTO_TCP),
			    "%u of %u does not pass", i, n);
			unit_must(!passes4(r, v[i] + 1, 77, IPPROTO_TCP) ||
				      v[i] == UINT32_MAX,
			    "the one behind %u of %u passes", i, n);
			unit_must(
			    !passes4(r, 77, v[i] - 1, IPPROTO_TCP) || v[i] == 0,
			    "the one before %u of %u passes", i, n);
		}
		free(r);
	}
}
END_TEST

/* Ten subnets of 1 000 devices, and a lot of other hosts. */
START_TEST(thousands_pass_and_what_is_far_from_them_does_not)
{
	static uint32_t v[10000];
	uint32_t random = 1, all = 0;
	struct rig *r;

	for (uint32_t i = 0; i < 10000; i++)
		v[i] = 0x0a000000 + (i / 1000 << 16) + i % 1000 * 3;
	r = rig_new(v, 10000, v, 10000);
	for (uint32_t i = 0; i < 10000; i++)
		unit_must(passes4(r, v[i], 1, IPPROTO_UDP) &&
			      passes6(r, 1, v[i], IPPROTO_UDP),
		    "%u does not pass", i);
	for (int i = 0; i < 10000; i++) {
		random = random * 1664525 + 1013904223;
		if (random < 0x0a000000 || random > 0x0a100000)
			all += passes4(r, random, 1, IPPROTO_UDP);
	}
	ck_assert_uint_eq(all, 0);
	ck_assert(!passes4(r, 0x0a000fff, 1, IPPROTO_UDP));
	free(r);
}
END_TEST

/* On a socket of UDP, as nobody needs a privilege for. */
START_TEST(the_kernel_takes_the_longest_one_and_obeys)
{
	uint32_t v[4 * KERNEL_FILTER_RANGES];
	struct sockaddr_in at = {.sin_family = AF_INET};
	struct sock_fprog f = {.len = 0};
	socklen_t len = sizeof(at);
	int to = socket(AF_INET, SOCK_DGRAM, 0);
	char byte;
	struct rig *r;

	for (uint32_t i = 0; i < 4 * KERNEL_FILTER_RANGES; i++)
		v[i] = INADDR_LOOPBACK + 1 + i * 7;
	r = rig_new(v, 4 * KERNEL_FILTER_RANGES, v, 4 * KERNEL_FILTER_RANGES);
	f.len = (unsigned short)r->n;
	f.filter = r->program;
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(bind(to, (struct sockaddr *)&at, sizeof(at)), 0);
	ck_assert_int_eq(getsockname(to, (struct sockaddr *)&at, &len), 0);
	ck_assert_int_eq(
	    setsockopt(to, SOL_SOCKET, SO_ATTACH_FILTER, &f, sizeof(f)), 0);
	for (uint32_t i = 0; i < 2; i++) {
		struct sockaddr_in from = {.sin_family = AF_INET};
		int s = socket(AF_INET, SOCK_DGRAM, 0);

		from.sin_addr.s_addr = htonl(i == 0 ? 0x7fff0001 : v[9]);
		ck_assert_int_eq(
		    bind(s, (struct sockaddr *)&from, sizeof(from)), 0);
		ck_assert_int_eq(sendto(s, i == 0 ? "n" : "y", 1, 0,
				     (struct sockaddr *)&at, sizeof(at)),
		    1);
		close(s);
	}
	ck_assert_int_eq(recv(to, &byte, 1, MSG_DONTWAIT), 1);
	ck_assert_int_eq(byte, 'y');
	ck_assert_int_lt(recv(to, &byte, 1, MSG_DONTWAIT), 0);
	close(to);
	free(r);
}
END_TEST

UNIT_MAIN("kernel_filter", without_addresses_nothing_passes,
    what_is_of_a_family_passes_for_that_family,
    each_address_passes_and_its_neighbours_do_not,
    thousands_pass_and_what_is_far_from_them_does_not,
    the_kernel_takes_the_longest_one_and_obeys)
