/* check_resolve.c - names to addresses, asked of a DNS server that is part of
 * the test.  Its names say what it does: n4..., n6..., both, many, nx, silent,
 * junk.
 */
#include "io/resolve.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "io/datagram.h"
#include "unit.h"

#define TYPE_A    1
#define TYPE_AAAA 28
#define MANY      12

struct rig {
	struct log *lg;
	struct loop *lp;
	struct resolver *r;
	struct datagram *dns;
	size_t queries;
};

/* What one resolve came to. */
struct outcome {
	struct rig *rig;
	size_t runs;
	size_t n;
	struct addr addrs[RESOLVE_ADDRS_MAX];
	struct fail why;
	struct resolve *cancel; /* by the callback */
	const char *next;       /* resolved by the callback */
	bool free_resolver;
	bool stop;
};

struct answer {
	unsigned char b[1024];
	size_t len;
};

static void
put16(struct answer *a, unsigned v)
{
	a->b[a->len++] = (unsigned char)(v >> 8);
	a->b[a->len++] = (unsigned char)v;
}

/* RFC 1035 section 4.1.3, the name being a pointer to the question's. */
static void
put_record(struct answer *a, unsigned type, unsigned last)
{
	static const unsigned char net6[] = {0x20, 0x01, 0x0d, 0xb8};

	put16(a, 0xc00c);
	put16(a, type);
	put16(a, 1);
	put16(a, 0);
	put16(a, 60);
	put16(a, type == TYPE_A ? 4 : 16);
	if (type == TYPE_A) {
		put16(a, 0xc000);
		put16(a, 0x0200 | last);
		return;
	}
	memcpy(a->b + a->len, net6, sizeof(net6));
	memset(a->b + a->len + 4, 0, 12);
	a->b[a->len + 15] = (unsigned char)last;
	a->len += 16;
}

static unsigned
records_for(const char *label, unsigned type)
{
	if (strncmp(label, "both", 4) == 0)
		return 1;
	if (strncmp(label, "n4", 2) == 0)
		return type == TYPE_A;
	if (strncmp(label, "n6", 2) == 0)
		return type == TYPE_AAAA;
	if (strncmp(label, "many", 4) == 0)
		return type == TYPE_A ? MANY : 0;
	return 0;
}

static void
dns_asked(
    void *arg, const void *data, size_t len, const struct datagram_from *from)
{
	struct rig *rig = arg;
	const unsigned char *q = data;
	struct answer a = {0};
	size_t end = 12;
	char label[64] = "";

	rig->queries++;
	ck_assert_uint_gt(len, 17);
	memcpy(label, q + 13, q[12] < 63 ? q[12] : 63);
	if (strncmp(label, "silent", 6) == 0)
		return;
	while (end < len && q[end])
		end += q[end] + 1u;
	end += 5;
	ck_assert_uint_le(end, len);
	unsigned type = (unsigned)q[end - 4] << 8 | q[end - 3];
	unsigned n = records_for(label, type);
	memcpy(a.b, q, 2);
	a.len = 2;
	put16(&a, strncmp(label, "nx", 2) ? 0x8180 : 0x8183);
	put16(&a, 1);
	put16(&a, n);
	put16(&a, 0);
	put16(&a, 0);
	memcpy(a.b + a.len, q + 12, end - 12);
	a.len += end - 12;
	for (unsigned i = 1; i <= n; i++)
		put_record(&a, type, i);
	if (strncmp(label, "junk", 4) == 0)
		memset(a.b + 2, 0xff, a.len - 2);
	datagram_send(
	    rig->dns, a.b, a.len, &from->addr, from->port, &from->local);
}

static struct rig *
rig_new(void)
{
	struct rig *rig = calloc(1, sizeof(*rig));
	struct fail why = {0};
	struct addr at;

	rig->lg = log_new(LOG_FORMAT_TEXT, LOGGING_ERROR, STDERR_FILENO);
	rig->lp = loop_new(rig->lg);
	rig->r = resolver_new(rig->lp);
	ck_assert(addr_parse(&at, "127.0.0.1"));
	rig->dns = datagram_new(rig->lp, &at, 0, dns_asked, rig, &why);
	ck_assert_msg(rig->dns != NULL, "%s", why.text);
	resolver_use_server(rig->r, &at, datagram_port(rig->dns));
	return rig;
}

static void
rig_free(struct rig *rig)
{
	resolver_free(rig->r);
	datagram_free(rig->dns);
	loop_free(rig->lp);
	log_free(rig->lg);
	free(rig);
}

static void
resolved(void *arg, const struct addr *addrs, size_t n, const struct fail *why)
{
	struct outcome *o = arg;

	ck_assert_uint_le(n, RESOLVE_ADDRS_MAX);
	ck_assert((n == 0) == (why->kind != FAIL_NONE));
	o->runs++;
	o->n = n;
	memcpy(o->addrs, addrs, n * sizeof(*addrs));
	o->why = *why;
	resolve_cancel(o->cancel);
	o->cancel = NULL;
	if (o->next) {
		const char *name = o->next;
		o->next = NULL;
		resolve_start(o->rig->r, name, 2000, resolved, o);
	} else if (o->free_resolver) {
		resolver_free(o->rig->r);
		o->rig->r = NULL;
	}
	if (o->stop)
		loop_stop(o->rig->lp);
}

/* Resolve one name and wait for it. */
static struct outcome
ask(struct rig *rig, const char *name, int timeout_ms)
{
	struct outcome o = {.rig = rig, .stop = true};

	resolve_start(rig->r, name, timeout_ms, resolved, &o);
	ck_assert_uint_eq(o.runs, 0);
	loop_run(rig->lp);
	ck_assert_uint_eq(o.runs, 1);
	return o;
}

static void
assert_addr(const struct addr *a, const char *text)
{
	char buf[ADDR_TEXT_MAX];

	ck_assert_str_eq(addr_text(a, buf), text);
}

START_TEST(a_numeric_address_is_answered_without_a_query)
{
	struct rig *rig = rig_new();
	struct outcome o = ask(rig, "192.0.2.9", 100);

	ck_assert_uint_eq(o.n, 1);
	assert_addr(&o.addrs[0], "192.0.2.9");
	o = ask(rig, "2001:db8::9", 100);
	ck_assert_uint_eq(o.n, 1);
	assert_addr(&o.addrs[0], "2001:db8::9");
	ck_assert_uint_eq(rig->queries, 0);
	rig_free(rig);
}
END_TEST

START_TEST(the_hosts_file_is_honoured_without_a_query)
{
	struct rig *rig;
	struct outcome o;

	/* A system without it is bare, but may be. */
	if (access("/etc/hosts", R_OK) != 0) {
		printf("skipped: there is no /etc/hosts here\n");
		return;
	}
	rig = rig_new();
	o = ask(rig, "localhost", 1000);
	ck_assert_uint_ge(o.n, 1);
	for (size_t i = 0; i < o.n; i++) {
		char text[ADDR_TEXT_MAX];

		addr_text(&o.addrs[i], text);
		ck_assert(
		    strncmp(text, "127.", 4) == 0 || strcmp(text, "::1") == 0);
	}
	ck_assert_uint_eq(rig->queries, 0);
	rig_free(rig);
}
END_TEST

START_TEST(a_name_gives_its_addresses_of_both_families)
{
	struct rig *rig = rig_new();
	struct outcome o = ask(rig, "n4.example.net", 2000);

	ck_assert_uint_eq(o.n, 1);
	assert_addr(&o.addrs[0], "192.0.2.1");
	o = ask(rig, "n4_wan.branch_12.example.net.", 2000);
	ck_assert_uint_eq(o.n, 1);
	o = ask(rig, "n6.example.net", 2000);
	ck_assert_uint_eq(o.n, 1);
	assert_addr(&o.addrs[0], "2001:db8::1");
	o = ask(rig, "both.example.net", 2000);
	ck_assert_uint_eq(o.n, 2);
	ck_assert_int_ne(o.addrs[0].family, o.addrs[1].family);
	rig_free(rig);
}
END_TEST

START_TEST(addresses_beyond_the_limit_are_left_out)
{
	struct rig *rig = rig_new();
	struct outcome o = ask(rig, "many.example.net", 2000);

	ck_assert_uint_eq(o.n, RESOLVE_ADDRS_MAX);
	rig_free(rig);
}
END_TEST

START_TEST(a_name_that_does_not_exist_is_final)
{
	struct rig *rig = rig_new();
	struct outcome o = ask(rig, "nx.example.net", 2000);

	ck_assert_int_eq(o.why.kind, FAIL_FINAL);
	ck_assert_ptr_nonnull(strstr(o.why.text, "nx.example.net"));
	o = ask(rig, "none.example.net", 2000);
	ck_assert_int_eq(o.why.kind, FAIL_FINAL);
	rig_free(rig);
}
END_TEST

static void
assert_unreachable_in_time(const char *name)
{
	struct rig *rig = rig_new();
	int64_t start = clock_mono_ms();
	struct outcome o = ask(rig, name, 150);
	int64_t took = clock_mono_ms() - start;

	ck_assert_int_eq(o.why.kind, FAIL_UNREACHABLE);
	ck_assert_ptr_nonnull(strstr(o.why.text, name));
	ck_assert_ptr_nonnull(strstr(o.why.text, "resolv.conf"));
	ck_assert_int_lt(took, 1000);
	rig_free(rig);
}

START_TEST(a_silent_server_costs_no_more_than_the_timeout)
{
	assert_unreachable_in_time("silent.example.net");
}
END_TEST

START_TEST(junk_from_the_server_is_no_answer)
{
	assert_unreachable_in_time("junk.example.net");
}
END_TEST

/* Until each of these was told so often, or three seconds; then a moment for
 * what is too many. */
static void
run_until_told(struct rig *rig, const struct outcome *o, size_t n, size_t times)
{
	size_t told = 0;

	for (int i = 0; i < 300 && told < n; i++) {
		loop_run_for(rig->lp, 10);
		for (told = 0; told < n && o[told].runs >= times; told++)
			;
	}
	loop_run_for(rig->lp, 20);
}

/* So many come, whatever else the processors do meanwhile, and no more. */
static void
assert_queries(struct rig *rig, size_t n)
{
	for (int i = 0; i < 300 && rig->queries < n; i++)
		loop_run_for(rig->lp, 10);
	loop_run_for(rig->lp, 20);
	ck_assert_uint_eq(rig->queries, n);
}

START_TEST(at_most_64_names_are_asked_for_at_a_time)
{
	enum { N = 200, WINDOW = 64 };
	struct rig *rig = rig_new();
	struct outcome o = {.rig = rig};
	struct resolve *under_way[N];
	char name[64];

	for (size_t i = 0; i < N; i++) {
		snprintf(name, sizeof(name), "silent%zu.example.net", i);
		under_way[i] = resolve_start(rig->r, name, 60000, resolved, &o);
	}
	/* One query a family. */
	assert_queries(rig, WINDOW * 2);
	for (size_t i = 0; i < WINDOW; i++)
		resolve_cancel(under_way[i]);
	assert_queries(rig, WINDOW * 4);
	ck_assert_uint_eq(o.runs, 0);
	rig_free(rig);
}
END_TEST

START_TEST(names_that_time_out_make_room_for_those_that_wait)
{
	enum { N = 150 };
	struct rig *rig = rig_new();
	static struct outcome o[N];
	char name[64];

	for (size_t i = 0; i < N; i++) {
		o[i].rig = rig;
		o[i].stop = i == N - 1;
		snprintf(name, sizeof(name), "silent%zu.example.net", i);
		resolve_start(rig->r, name, 20, resolved, &o[i]);
	}
	loop_run(rig->lp);
	run_until_told(rig, o, N, 1);
	for (size_t i = 0; i < N; i++) {
		ck_assert_uint_eq(o[i].runs, 1);
		ck_assert_int_eq(o[i].why.kind, FAIL_UNREACHABLE);
	}
	rig_free(rig);
}
END_TEST

START_TEST(many_names_are_all_resolved)
{
	enum { N = 300 };
	struct rig *rig = rig_new();
	static struct outcome o[N];
	char name[64];

	for (size_t i = 0; i < N; i++) {
		o[i].rig = rig;
		o[i].stop = i == N - 1;
		snprintf(name, sizeof(name), "n4x%zu.example.net", i);
		resolve_start(rig->r, name, 5000, resolved, &o[i]);
	}
	loop_run(rig->lp);
	run_until_told(rig, o, N, 1);
	for (size_t i = 0; i < N; i++) {
		ck_assert_uint_eq(o[i].runs, 1);
		ck_assert_uint_eq(o[i].n, 1);
	}
	rig_free(rig);
}
END_TEST

START_TEST(a_cancelled_name_is_not_told)
{
	struct rig *rig = rig_new();
	struct outcome o = {.rig = rig};
	const char *const names[] = {
	    "192.0.2.1", "localhost", "n4.example.net", "silent.example.net"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		resolve_cancel(
		    resolve_start(rig->r, names[i], 50, resolved, &o));
	resolve_cancel(NULL);
	loop_run_for(rig->lp, 100);
	ck_assert_uint_eq(o.runs, 0);
	rig_free(rig);
}
END_TEST

START_TEST(a_callback_may_cancel_another_name)
{
	struct rig *rig = rig_new();
	struct outcome first = {.rig = rig}, second = {.rig = rig};

	resolve_start(rig->r, "192.0.2.1", 50, resolved, &first);
	first.cancel =
	    resolve_start(rig->r, "192.0.2.2", 50, resolved, &second);
	run_until_told(rig, &first, 1, 1);
	ck_assert_uint_eq(first.runs, 1);
	ck_assert_uint_eq(second.runs, 0);
	rig_free(rig);
}
END_TEST

START_TEST(a_callback_may_resolve_the_next_name)
{
	struct rig *rig = rig_new();
	struct outcome o = {.rig = rig, .next = "n6.example.net"};

	resolve_start(rig->r, "n4.example.net", 2000, resolved, &o);
	run_until_told(rig, &o, 1, 2);
	ck_assert_uint_eq(o.runs, 2);
	ck_assert_uint_eq(o.n, 1);
	assert_addr(&o.addrs[0], "2001:db8::1");
	rig_free(rig);
}
END_TEST

START_TEST(the_resolver_may_be_freed_with_names_under_way)
{
	struct rig *rig = rig_new();
	struct outcome o = {.rig = rig};

	resolve_start(rig->r, "silent.example.net", 1000, resolved, &o);
	resolve_start(rig->r, "n4.example.net", 1000, resolved, &o);
	resolve_start(rig->r, "192.0.2.1", 1000, resolved, &o);
	resolver_free(rig->r);
	rig->r = NULL;
	loop_run_for(rig->lp, 20);
	ck_assert_uint_eq(o.runs, 0);
	rig_free(rig);
}
END_TEST

START_TEST(a_callback_may_free_the_resolver)
{
	struct rig *rig = rig_new();
	struct outcome o = {.rig = rig, .free_resolver = true};
	struct outcome other = {.rig = rig};

	resolve_start(rig->r, "silent.example.net", 1000, resolved, &other);
	resolve_start(rig->r, "n4.example.net", 1000, resolved, &o);
	run_until_told(rig, &o, 1, 1);
	ck_assert_uint_eq(o.runs, 1);
	ck_assert_uint_eq(other.runs, 0);
	rig_free(rig);
}
END_TEST

UNIT_MAIN("resolve", a_numeric_address_is_answered_without_a_query,
    the_hosts_file_is_honoured_without_a_query,
    a_name_gives_its_addresses_of_both_families,
    addresses_beyond_the_limit_are_left_out,
    a_name_that_does_not_exist_is_final,
    a_silent_server_costs_no_more_than_the_timeout,
    junk_from_the_server_is_no_answer, at_most_64_names_are_asked_for_at_a_time,
    names_that_time_out_make_room_for_those_that_wait,
    many_names_are_all_resolved, a_cancelled_name_is_not_told,
    a_callback_may_cancel_another_name, a_callback_may_resolve_the_next_name,
    the_resolver_may_be_freed_with_names_under_way,
    a_callback_may_free_the_resolver)
