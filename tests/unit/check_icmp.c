/* check_icmp.c - ICMP and ICMPv6 echoes and what answers them. */
#include "unit.h"

#include <netinet/in.h>
#include <string.h>

#include "mutate.h"
#include "wire/icmp.h"

static const struct icmp_echo echo = {
    .id = 0x1234, .seq = 7, .cookie = 0xfeedc0de01234567u, .slot = 99};

static void
assert_echo(const struct icmp_echo *e)
{
	ck_assert_uint_eq(e->id, echo.id);
	ck_assert_uint_eq(e->seq, echo.seq);
	ck_assert_uint_eq(e->cookie, echo.cookie);
	ck_assert_uint_eq(e->slot, echo.slot);
}

/* RFC 1071: the sum over a message with its right checksum is all ones. */
static bool
checksum_right(const unsigned char *p, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i += 2)
		sum += (uint32_t)(p[i] << 8 | p[i + 1]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff;
}

/* An IPv4 header of `words` words that carries `protocol`. */
static size_t
put_ipv4(unsigned char *p, unsigned words, unsigned char protocol)
{
	memset(p, 0, words * 4);
	p[0] = (unsigned char)(0x40 | words);
	p[9] = protocol;
	return words * 4;
}

static size_t
put_ipv6(unsigned char *p, unsigned char protocol)
{
	memset(p, 0, 40);
	p[0] = 0x60;
	p[6] = protocol;
	return 40;
}

START_TEST(an_echo_is_64_bytes_with_its_checksum)
{
	unsigned char buf[ICMP_ECHO_LEN];
	struct icmp_echo e = echo;

	for (unsigned i = 0; i < 1000; i++) {
		e.seq = (uint16_t)(i * 131);
		e.cookie *= 6364136223846793005u;
		icmp_echo_encode(buf, AF_INET, &e);
		ck_assert_uint_eq(buf[0], 8);
		ck_assert_uint_eq(buf[1], 0);
		ck_assert(checksum_right(buf, sizeof(buf)));
	}
}
END_TEST

START_TEST(ipv6_leaves_the_checksum_to_the_kernel)
{
	unsigned char buf[ICMP_ECHO_LEN];

	icmp_echo_encode(buf, AF_INET6, &echo);
	ck_assert_uint_eq(buf[0], 128);
	ck_assert_uint_eq(buf[2] | buf[3], 0);
	/* Identifier and sequence number, network order. */
	ck_assert_mem_eq(buf + 4, "\x12\x34\x00\x07", 4);
}
END_TEST

START_TEST(an_answer_gives_the_echo_back)
{
	unsigned char buf[60 + ICMP_ECHO_LEN];
	struct icmp_echo e;
	size_t n;

	icmp_echo_encode(buf, AF_INET, &echo);
	buf[0] = 0;
	ck_assert_int_eq(icmp_decode(buf, ICMP_ECHO_LEN, AF_INET, false, &e),
	    ICMP_ECHO_ANSWER);
	assert_echo(&e);
	icmp_echo_encode(buf, AF_INET6, &echo);
	buf[0] = 129;
	ck_assert_int_eq(icmp_decode(buf, ICMP_ECHO_LEN, AF_INET6, false, &e),
	    ICMP_ECHO_ANSWER);
	assert_echo(&e);
	for (unsigned words = 5; words <= 15; words++) {
		n = put_ipv4(buf, words, IPPROTO_ICMP);
		icmp_echo_encode(buf + n, AF_INET, &echo);
		buf[n] = 0;
		ck_assert_int_eq(
		    icmp_decode(buf, n + ICMP_ECHO_LEN, AF_INET, true, &e),
		    ICMP_ECHO_ANSWER);
		assert_echo(&e);
	}
}
END_TEST

START_TEST(our_own_echo_is_no_answer)
{
	unsigned char buf[ICMP_ECHO_LEN];
	struct icmp_echo e;

	icmp_echo_encode(buf, AF_INET, &echo);
	ck_assert_int_eq(
	    icmp_decode(buf, sizeof(buf), AF_INET, false, &e), ICMP_OTHER);
	icmp_echo_encode(buf, AF_INET6, &echo);
	ck_assert_int_eq(
	    icmp_decode(buf, sizeof(buf), AF_INET6, false, &e), ICMP_OTHER);
}
END_TEST

START_TEST(an_answer_too_short_for_the_cookie_is_not_ours)
{
	unsigned char buf[ICMP_ECHO_LEN];
	struct icmp_echo e;

	icmp_echo_encode(buf, AF_INET, &echo);
	buf[0] = 0;
	for (size_t n = 0; n < 20; n++)
		ck_assert_int_eq(
		    icmp_decode(buf, n, AF_INET, false, &e), ICMP_OTHER);
	ck_assert_int_eq(
	    icmp_decode(buf, 20, AF_INET, false, &e), ICMP_ECHO_ANSWER);
}
END_TEST

START_TEST(an_ipv4_header_must_be_one)
{
	unsigned char buf[20 + ICMP_ECHO_LEN];
	struct icmp_echo e;
	size_t n = put_ipv4(buf, 5, IPPROTO_ICMP);

	icmp_echo_encode(buf + n, AF_INET, &echo);
	buf[n] = 0;
	buf[0] = 0x44;
	ck_assert_int_eq(
	    icmp_decode(buf, sizeof(buf), AF_INET, true, &e), ICMP_OTHER);
	buf[0] = 0x65;
	ck_assert_int_eq(
	    icmp_decode(buf, sizeof(buf), AF_INET, true, &e), ICMP_OTHER);
	buf[0] = 0x45;
	buf[9] = IPPROTO_UDP;
	ck_assert_int_eq(
	    icmp_decode(buf, sizeof(buf), AF_INET, true, &e), ICMP_OTHER);
	buf[0] = 0x4f;
	buf[9] = IPPROTO_ICMP;
	ck_assert_int_eq(icmp_decode(buf, 59, AF_INET, true, &e), ICMP_OTHER);
}
END_TEST

/* An unreachable message that quotes `quoted` bytes of our echo. */
static size_t
put_unreachable(unsigned char *buf, sa_family_t family, size_t quoted)
{
	unsigned char message[ICMP_ECHO_LEN];
	size_t n = 8;

	memset(buf, 0, n);
	buf[0] = family == AF_INET ? 3 : 1;
	buf[1] = 1;
	n += family == AF_INET ? put_ipv4(buf + n, 6, IPPROTO_ICMP)
			       : put_ipv6(buf + n, IPPROTO_ICMPV6);
	icmp_echo_encode(message, family, &echo);
	memcpy(buf + n, message, quoted);
	return n + quoted;
}

START_TEST(unreachable_gives_the_quoted_echo)
{
	static const sa_family_t families[] = {AF_INET, AF_INET6};
	unsigned char buf[256];
	struct icmp_echo e;

	for (unsigned i = 0; i < 2; i++) {
		size_t n = put_unreachable(buf, families[i], ICMP_ECHO_LEN);

		ck_assert_int_eq(icmp_decode(buf, n, families[i], false, &e),
		    ICMP_UNREACHABLE_ANSWER);
		assert_echo(&e);
	}
}
END_TEST

START_TEST(a_short_quote_has_no_cookie)
{
	static const sa_family_t families[] = {AF_INET, AF_INET6};
	unsigned char buf[256];
	struct icmp_echo e;

	for (unsigned i = 0; i < 2; i++) {
		size_t n = put_unreachable(buf, families[i], 8);

		/* RFC 792: the header and 8 bytes is all that is sure. */
		ck_assert_int_eq(icmp_decode(buf, n, families[i], false, &e),
		    ICMP_UNREACHABLE_ANSWER);
		ck_assert_uint_eq(e.id, echo.id);
		ck_assert_uint_eq(e.seq, echo.seq);
		ck_assert_uint_eq(e.cookie, 0);
		for (size_t len = 0; len < n; len++)
			ck_assert_int_eq(
			    icmp_decode(buf, len, families[i], false, &e),
			    ICMP_OTHER);
	}
}
END_TEST

START_TEST(a_quote_of_something_else_is_not_ours)
{
	unsigned char buf[256];
	struct icmp_echo e;
	size_t n = put_unreachable(buf, AF_INET, ICMP_ECHO_LEN);

	buf[8 + 9] = IPPROTO_TCP;
	ck_assert_int_eq(icmp_decode(buf, n, AF_INET, false, &e), ICMP_OTHER);
	n = put_unreachable(buf, AF_INET, ICMP_ECHO_LEN);
	buf[8 + 24] = 0; /* an echo answer */
	ck_assert_int_eq(icmp_decode(buf, n, AF_INET, false, &e), ICMP_OTHER);
	n = put_unreachable(buf, AF_INET6, ICMP_ECHO_LEN);
	buf[8 + 6] = IPPROTO_UDP;
	ck_assert_int_eq(icmp_decode(buf, n, AF_INET6, false, &e), ICMP_OTHER);
}
END_TEST

static void
sink(const void *data, size_t len)
{
	struct icmp_echo e;

	for (unsigned i = 0; i < 3; i++) {
		enum icmp_kind k = icmp_decode(
		    data, len, i == 2 ? AF_INET6 : AF_INET, i == 1, &e);

		if (k == ICMP_OTHER)
			ck_assert_uint_eq(e.cookie, 0);
	}
}

START_TEST(hostile_messages_do_no_harm)
{
	static const sa_family_t families[] = {AF_INET, AF_INET6};
	unsigned char buf[256];

	for (unsigned i = 0; i < 2; i++) {
		size_t n = put_unreachable(buf, families[i], ICMP_ECHO_LEN);

		mutate_truncate(buf, n, sink);
		mutate_random(buf, n, 10000, sink);
	}
	size_t n = put_ipv4(buf, 5, IPPROTO_ICMP);

	icmp_echo_encode(buf + n, AF_INET, &echo);
	buf[n] = 0;
	mutate_truncate(buf, n + ICMP_ECHO_LEN, sink);
	mutate_random(buf, n + ICMP_ECHO_LEN, 10000, sink);
}
END_TEST

UNIT_MAIN("icmp", an_echo_is_64_bytes_with_its_checksum,
    ipv6_leaves_the_checksum_to_the_kernel, an_answer_gives_the_echo_back,
    our_own_echo_is_no_answer, an_answer_too_short_for_the_cookie_is_not_ours,
    an_ipv4_header_must_be_one, unreachable_gives_the_quoted_echo,
    a_short_quote_has_no_cookie, a_quote_of_something_else_is_not_ours,
    hostile_messages_do_no_harm)
