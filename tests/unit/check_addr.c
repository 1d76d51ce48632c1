/* check_addr.c - addresses, names and prefixes as values. */
#include "base/addr.h"

#include <string.h>

#include "unit.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct addr
ip(const char *text)
{
	struct addr a;

	ck_assert_msg(addr_parse(&a, text), "%s", text);
	return a;
}

START_TEST(only_whole_numeric_addresses_are_taken)
{
	static const char *const bad[] = {"", "1.2.3", "1.2.3.4.5", "1.2.3.256",
	    "010.0.0.1", "0x7f.0.0.1", "1.2.3.4 ", " 1.2.3.4", "1.2.3.4/8",
	    "[::1]", "fe80::1%eth0", "fe80::1%1", "::1::", "1:2:3:4:5:6:7",
	    "host", "12345::", "127.1", "2130706433"};
	struct addr a;

	for (size_t i = 0; i < COUNT(bad); i++) {
		ck_assert_msg(!addr_parse(&a, bad[i]), "%s", bad[i]);
		ck_assert_int_eq(a.family, AF_UNSPEC);
	}
}
END_TEST

START_TEST(text_comes_back_in_canonical_form)
{
	static const char *const rows[][2] = {{"192.0.2.1", "192.0.2.1"},
	    {"2001:DB8:0:0::1", "2001:db8::1"}, {"::", "::"},
	    {"::ffff:192.0.2.1", "192.0.2.1"},
	    {"::FFFF:c000:201", "192.0.2.1"}};
	char buf[ADDR_TEXT_MAX];
	struct addr a, none = {0};

	for (size_t i = 0; i < COUNT(rows); i++) {
		a = ip(rows[i][0]);
		ck_assert_str_eq(addr_text(&a, buf), rows[i][1]);
	}
	ck_assert_str_eq(addr_text(&none, buf), "-");
	a = ip("2001:db8::1");
	ck_assert_str_eq(addr_port_text(&a, 443, buf), "[2001:db8::1]:443");
	a = ip("192.0.2.1");
	ck_assert_str_eq(addr_port_text(&a, 65535, buf), "192.0.2.1:65535");
}
END_TEST

START_TEST(socket_addresses_go_and_come)
{
	static const char *const rows[] = {"192.0.2.1", "2001:db8::1"};
	struct sockaddr_storage ss;
	struct addr a, back;
	uint16_t port;

	for (size_t i = 0; i < COUNT(rows); i++) {
		a = ip(rows[i]);
		ck_assert_uint_eq(addr_to_sockaddr(&a, 20001, &ss),
		    i == 0 ? sizeof(struct sockaddr_in)
			   : sizeof(struct sockaddr_in6));
		ck_assert(addr_from_sockaddr(&back, &port, &ss));
		ck_assert_int_eq(addr_cmp(&a, &back), 0);
		ck_assert_uint_eq(port, 20001);
	}
	ss.ss_family = AF_UNIX;
	ck_assert(!addr_from_sockaddr(&back, NULL, &ss));
	ck_assert_int_eq(back.family, AF_UNSPEC);
}
END_TEST

START_TEST(mapped_ipv4_is_ipv4_again)
{
	struct sockaddr_storage ss;
	struct addr a = ip("192.0.2.1"), back;
	uint16_t port;

	ck_assert_uint_eq(
	    addr_to_sockaddr6(&a, 53, &ss), sizeof(struct sockaddr_in6));
	ck_assert_int_eq(ss.ss_family, AF_INET6);
	ck_assert(addr_from_sockaddr(&back, &port, &ss));
	ck_assert_int_eq(back.family, AF_INET);
	ck_assert_int_eq(addr_cmp(&a, &back), 0);
	ck_assert_uint_eq(port, 53);
}
END_TEST

START_TEST(addresses_have_an_order)
{
	struct addr a = ip("10.0.0.9"), b = ip("10.0.0.10"), c = ip("::1");

	ck_assert_int_lt(addr_cmp(&a, &b), 0);
	ck_assert_int_gt(addr_cmp(&b, &a), 0);
	ck_assert_int_lt(addr_cmp(&a, &c), 0);
	ck_assert_int_eq(addr_cmp(&c, &c), 0);
}
END_TEST

START_TEST(a_host_has_one_canonical_spelling)
{
	static const char *const same[][2] = {
	    {"2001:DB8:0:0::1", "2001:db8::1"},
	    {"::ffff:192.0.2.1", "192.0.2.1"},
	    {"Branch-12.Example.NET", "branch-12.example.net"},
	    {"branch_12.example.net.", "branch_12.example.net"},
	};
	char text[HOST_TEXT_MAX], url[HOST_PORT_MAX];

	for (size_t i = 0; i < COUNT(same); i++) {
		host_canonical(text, same[i][0]);
		ck_assert_str_eq(text, same[i][1]);
		ck_assert(host_valid(same[i][0]));
	}
	ck_assert(!host_valid("a/b"));
	ck_assert_str_eq(
	    host_port_text(url, "2001:db8::1", 8443), "[2001:db8::1]:8443");
	ck_assert_str_eq(
	    host_port_text(url, "192.0.2.1", 443), "192.0.2.1:443");
	ck_assert_str_eq(host_port_text(url, "a.b.", 443), "a.b:443");
}
END_TEST

START_TEST(host_names_are_as_rfc_1123_and_people_have_them)
{
	static const char *const good[] = {"a", "branch12.example.net", "3com",
	    "a-b.c1", "1.2.3.x", "a.", "a.b.", "a_b", "_sip._udp.a_", "1.2.3_"};
	static const char *const bad[] = {"", ".", "..", "a..", ".a.", "1.2.3.",
	    ".a", "a..b", "-a", "a-", "a-.", "a b", "1.2.3", "42",
	    "h\xc3\xa4.example", "a/b", "a.-b", "a:b"};
	char label[66], name[256];

	for (size_t i = 0; i < COUNT(good); i++)
		ck_assert_msg(host_name_valid(good[i]), "%s", good[i]);
	for (size_t i = 0; i < COUNT(bad); i++)
		ck_assert_msg(!host_name_valid(bad[i]), "%s", bad[i]);
	memset(label, 'a', sizeof(label));
	label[63] = '\0';
	ck_assert(host_name_valid(label));
	label[63] = 'a';
	label[64] = '\0';
	ck_assert(!host_name_valid(label));
	for (size_t i = 0; i < 255; i++)
		name[i] = i % 2 ? '.' : 'a';
	name[253] = '\0';
	ck_assert(host_name_valid(name));
	memcpy(name + 253, ".", 2);
	ck_assert(host_name_valid(name));
	memcpy(name + 253, ".a", 3);
	ck_assert(!host_name_valid(name));
}
END_TEST

START_TEST(a_prefix_contains_its_addresses)
{
	static const struct {
		const char *prefix, *inside, *outside;
	} rows[] = {{"192.0.2.0/24", "192.0.2.255", "192.0.3.0"},
	    {"192.0.2.128/25", "192.0.2.128", "192.0.2.127"},
	    {"192.0.2.1", "192.0.2.1", "192.0.2.0"},
	    {"0.0.0.0/0", "255.255.255.255", "::1"},
	    {"2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"},
	    {"2001:db8::8/125", "2001:db8::f", "2001:db8::10"},
	    {"::/0", "::1", "192.0.2.1"},
	    {"::ffff:192.0.2.0/120", "192.0.2.9", "192.0.3.0"}};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct addr in = ip(rows[i].inside), out = ip(rows[i].outside);
		struct prefix p;

		ck_assert_msg(
		    prefix_parse(&p, rows[i].prefix), "%s", rows[i].prefix);
		ck_assert(prefix_contains(&p, &in));
		ck_assert(!prefix_contains(&p, &out));
	}
}
END_TEST

START_TEST(a_wrong_prefix_is_refused)
{
	static const char *const bad[] = {"", "/", "/8", "192.0.2.1/24",
	    "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/-1", "192.0.2.0/2 4",
	    "2001:db8::1/32", "::/129", "::ffff:192.0.2.0/24",
	    "::ffff:192.0.2.0/129", "host/8", "192.0.2.0/24/24"};
	struct prefix p;

	for (size_t i = 0; i < COUNT(bad); i++)
		ck_assert_msg(!prefix_parse(&p, bad[i]), "%s", bad[i]);
}
END_TEST

START_TEST(an_address_is_one_number_or_four)
{
	struct addr v4 = ip("192.0.2.1"), v6 = ip("2001:db8::ff:1");

	ck_assert_uint_eq(addr_word(&v4, 0), 0xc0000201);
	ck_assert_uint_eq(addr_word(&v6, 0), 0x20010db8);
	ck_assert_uint_eq(addr_word(&v6, 1), 0);
	ck_assert_uint_eq(addr_word(&v6, 2), 0);
	ck_assert_uint_eq(addr_word(&v6, 3), 0x00ff0001);
}
END_TEST

UNIT_MAIN("addr", only_whole_numeric_addresses_are_taken,
    text_comes_back_in_canonical_form, socket_addresses_go_and_come,
    mapped_ipv4_is_ipv4_again, addresses_have_an_order,
    an_address_is_one_number_or_four, a_host_has_one_canonical_spelling,
    host_names_are_as_rfc_1123_and_people_have_them,
    a_prefix_contains_its_addresses, a_wrong_prefix_is_refused)
