/* check_host_table.c - whose an address is. */
#include "unit.h"

#include <string.h>

#include "split/host_table.h"

static struct addr
addr_of(const char *text)
{
	struct addr a;

	ck_assert(addr_parse(&a, text));
	return a;
}

static size_t
owners(const struct host_table *t, const char *text, void **last)
{
	struct addr a = addr_of(text);
	size_t n = 0;

	for (const struct host_entry *e = host_table_first(t, a.family, a.ip);
	     e != NULL; e = host_table_next(e)) {
		*last = e->who;
		n++;
	}
	return n;
}

START_TEST(an_address_has_owners_until_they_are_removed)
{
	struct host_table *t = host_table_new();
	struct addr a = addr_of("192.0.2.1"), b = addr_of("2001:db8::1");
	int one, two;
	void *last = NULL;

	host_table_add(t, &a, &one);
	host_table_add(t, &a, &two);
	host_table_add(t, &a, &two);
	host_table_add(t, &b, &two);
	ck_assert_uint_eq(owners(t, "192.0.2.1", &last), 2);
	ck_assert_uint_eq(owners(t, "192.0.2.2", &last), 0);
	ck_assert_uint_eq(owners(t, "2001:db8::1", &last), 1);
	ck_assert_ptr_eq(last, &two);
	host_table_remove(t, &a, &two);
	host_table_remove(t, &a, &two);
	ck_assert_uint_eq(owners(t, "192.0.2.1", &last), 1);
	ck_assert_ptr_eq(last, &one);
	host_table_free(t);
}
END_TEST

/* The first four bytes of one are those of the other. */
START_TEST(families_are_told_apart)
{
	struct host_table *t = host_table_new();
	struct addr a = addr_of("32.1.13.184"), b = addr_of("2001:db8::");
	int one;
	void *last = NULL;

	host_table_add(t, &b, &one);
	ck_assert_uint_eq(owners(t, "32.1.13.184", &last), 0);
	host_table_add(t, &a, &one);
	host_table_remove(t, &b, &one);
	ck_assert_uint_eq(owners(t, "32.1.13.184", &last), 1);
	ck_assert_uint_eq(owners(t, "2001:db8::", &last), 0);
	host_table_free(t);
}
END_TEST

START_TEST(thousands_are_found_and_told)
{
	static int who[5000];
	struct host_table *t = host_table_new();
	struct addr a = addr_of("10.0.0.0"), six = addr_of("2001:db8::a:b");
	uint32_t *words, sum = 0;
	size_t n;

	for (unsigned i = 0; i < 5000; i++) {
		a.ip[2] = (unsigned char)(i >> 8);
		a.ip[3] = (unsigned char)i;
		host_table_add(t, &a, &who[i]);
	}
	host_table_add(t, &six, &who[0]);
	for (unsigned i = 0; i < 5000; i++) {
		const struct host_entry *e;

		a.ip[2] = (unsigned char)(i >> 8);
		a.ip[3] = (unsigned char)i;
		e = host_table_first(t, AF_INET, a.ip);
		unit_must(e != NULL && e->who == &who[i] &&
			      host_table_next(e) == NULL,
		    "%u is not found", i);
	}
	words = host_table_words(t, AF_INET, &n);
	ck_assert_uint_eq(n, 5000);
	for (size_t i = 0; i < n; i++)
		sum += words[i] - 0x0a000000;
	ck_assert_uint_eq(sum, 4999 * 5000 / 2);
	free(words);
	words = host_table_words(t, AF_INET6, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(words[0], 0x000a000b);
	free(words);
	host_table_free(t);
}
END_TEST

UNIT_MAIN("host_table", an_address_has_owners_until_they_are_removed,
    families_are_told_apart, thousands_are_found_and_told)
