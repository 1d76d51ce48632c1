/* check_digest.c - SHA-256, against the examples of FIPS 180-4, and
 * HMAC-SHA256, against those of RFC 4231.
 */
#include "base/digest.h"

#include <string.h>

#include "unit.h"

#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define ABC   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define MILLION \
	"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"

START_TEST(known_texts_have_known_digests)
{
	char hex[DIGEST_HEX_MAX];
	struct digest *d = digest_new();

	ck_assert_str_eq(digest_hex(d, hex), EMPTY);
	digest_add(d, "abc", 3);
	ck_assert_str_eq(digest_hex(d, hex), ABC);
	digest_reset(d);
	for (int i = 0; i < 100000; i++)
		digest_add(d, "aaaaaaaaaa", 10);
	ck_assert_str_eq(digest_hex(d, hex), MILLION);
	digest_free(d);
	digest_free(NULL);
}
END_TEST

START_TEST(a_digest_goes_on_after_it_was_read)
{
	char hex[DIGEST_HEX_MAX];
	struct digest *d = digest_new();

	digest_add(d, "a", 1);
	digest_hex(d, hex);
	digest_add(d, "bc", 2);
	digest_add(d, "", 0);
	ck_assert_str_eq(digest_hex(d, hex), ABC);
	ck_assert_str_eq(digest_hex(d, hex), ABC);
	digest_free(d);
}
END_TEST

/* RFC 4231 section 4; a key or text of one byte `n` times, or as written. */
static const struct {
	unsigned char key_byte;
	size_t key_len;
	const char *key, *text;
	unsigned char text_byte;
	size_t text_len;
	const char *mac; /* or its beginning: 4.6 is cut to 128 bits */
} hmacs[] = {
    {0x0b, 20, NULL, "Hi There", 0, 8,
	"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
    {0, 4, "Jefe", "what do ya want for nothing?", 0, 28,
	"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {0xaa, 20, NULL, NULL, 0xdd, 50,
	"773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
    {0, 25,
	"\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17\20\21\22\23\24\25"
	"\26\27\30\31",
	NULL, 0xcd, 50,
	"82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
    {0x0c, 20, NULL, "Test With Truncation", 0, 20,
	"a3b6167473100ee06e0c796c2955552b"},
    {0xaa, 131, NULL, "Test Using Larger Than Block-Size Key - Hash Key First",
	0, 54,
	"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    {0xaa, 131, NULL,
	"This is a test using a larger than block-size key and a larger than "
	"block-size data. The key needs to be hashed before being used by the "
	"HMAC algorithm.",
	0, 152,
	"9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
};

static const void *
bytes_of(const char *text, int byte, size_t n, unsigned char buf[200])
{
	memset(buf, byte, n);
	return text != NULL ? (const void *)text : buf;
}

static void
expect_hmac(size_t i)
{
	unsigned char key[200], text[200], mac[DIGEST_BYTES];
	char hex[DIGEST_HEX_MAX];

	digest_hmac(
	    bytes_of(hmacs[i].key, hmacs[i].key_byte, hmacs[i].key_len, key),
	    hmacs[i].key_len,
	    bytes_of(
		hmacs[i].text, hmacs[i].text_byte, hmacs[i].text_len, text),
	    hmacs[i].text_len, mac);
	digest_to_hex(mac, sizeof(mac), hex);
	ck_assert_uint_eq(strlen(hex), 64);
	hex[strlen(hmacs[i].mac)] = '\0';
	ck_assert_str_eq(hex, hmacs[i].mac);
}

START_TEST(known_keys_and_texts_have_known_hmacs)
{
	for (size_t i = 0; i < sizeof(hmacs) / sizeof(hmacs[0]); i++)
		expect_hmac(i);
}
END_TEST

START_TEST(bytes_are_equal_or_not)
{
	ck_assert(digest_equal("abc", "abc", 3));
	ck_assert(digest_equal("abc", "abd", 2));
	ck_assert(!digest_equal("abc", "abd", 3));
	ck_assert(!digest_equal("xbc", "abc", 3));
	ck_assert(digest_equal("a", "b", 0));
}
END_TEST

UNIT_MAIN("digest", known_texts_have_known_digests,
    a_digest_goes_on_after_it_was_read, known_keys_and_texts_have_known_hmacs,
    bytes_are_equal_or_not)
