/* check_digest.c - SHA-256, against the examples of FIPS 180-4. */
#include "base/digest.h"

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

UNIT_MAIN("digest", known_texts_have_known_digests,
    a_digest_goes_on_after_it_was_read)
