/* check_known_hosts.c - which host key is believed, and what is written. */
#include "io/known_hosts.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/str.h"
#include "base/xmem.h"
#include "io/host_key.h"
#include "unit.h"

struct rig {
	char path[UNIT_PATH_MAX];
	struct known_hosts *k;
	struct fail why;
};

struct key {
	unsigned char blob[128];
	size_t len;
	char *text; /* base64 */
	char *print;
};

/* A blob of that type; its further bytes all are `fill`. */
static struct key *
key_new(const char *type, unsigned char fill)
{
	struct key *key = xcalloc(1, sizeof(*key));
	size_t n = strlen(type);

	memset(key->blob, fill, sizeof(key->blob));
	memset(key->blob, 0, 3);
	key->blob[3] = (unsigned char)n;
	memcpy(key->blob + 4, type, n);
	key->len = 4 + n + 36;
	key->text = base64_encode(key->blob, key->len);
	key->print = host_key_fingerprint(key->blob, key->len);
	return key;
}

static void
key_free(struct key *key)
{
	free(key->text);
	free(key->print);
	free(key);
}

static void
rig_load(struct rig *r, enum host_key_mode mode)
{
	known_hosts_free(r->k);
	r->k = known_hosts_load(r->path, mode, &r->why);
}

static struct rig *
rig_new(const char *text, enum host_key_mode mode)
{
	struct rig *r = xcalloc(1, sizeof(*r));

	unit_file(r->path, text);
	rig_load(r, mode);
	return r;
}

static void
rig_free(struct rig *r)
{
	known_hosts_free(r->k);
	unlink(r->path);
	free(r);
}

static void
expect(struct rig *r, const char *host, uint16_t port, const struct key *key,
    enum fail_kind kind)
{
	enum fail_kind got =
	    known_hosts_check(r->k, host, port, key->blob, key->len, &r->why);

	ck_assert_msg(got == kind && got == r->why.kind, "%s:%u: %s", host,
	    (unsigned)port, r->why.text);
}

static void
expect_types(struct rig *r, const char *host, uint16_t port, const char *types)
{
	char *got = known_hosts_types(r->k, host, port);

	ck_assert_pstr_eq(got, types);
	free(got);
}

START_TEST(a_missing_file_is_empty)
{
	struct rig *r = rig_new("", HOST_KEYS_STRICT);

	unlink(r->path);
	rig_load(r, HOST_KEYS_STRICT);
	ck_assert_ptr_nonnull(r->k);
	expect_types(r, "192.0.2.1", 22, NULL);
	rig_free(r);
}
END_TEST

START_TEST(a_broken_line_is_named_by_its_number)
{
	static const struct {
		const char *text, *says;
	} files[] = {
	    {"# comment\n\nhost ssh-ed25519\n", ":3: not a host name"},
	    {"junk\n", ":1: not a host name"},
	    {"host ssh-ed25519 AAA!AAAA\n", ":1: not a key of that type"},
	    {"host ssh-ed25519 AAAA\n", ":1: not a key of that type"},
	    {"@revoked host ssh-ed25519\n", ":1: not a host name"},
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct rig *r = rig_new(files[i].text, HOST_KEYS_STRICT);

		ck_assert_ptr_null(r->k);
		ck_assert_int_eq(r->why.kind, FAIL_LOCAL);
		ck_assert_msg(strstr(r->why.text, files[i].says) != NULL, "%s",
		    r->why.text);
		ck_assert_ptr_nonnull(strstr(r->why.text, r->path));
		rig_free(r);
	}
}
END_TEST

START_TEST(unknown_marks_and_hashes_are_broken_lines)
{
	static const char *const heads[] = {
	    "@unheard h", "|2|AAAA|AAAA", "|1|AAAA"};
	struct key *key = key_new("ssh-ed25519", 7);

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		char *text =
		    xasprintf("%s ssh-ed25519 %s\n", heads[i], key->text);
		struct rig *r = rig_new(text, HOST_KEYS_STRICT);

		ck_assert_ptr_null(r->k);
		ck_assert_ptr_nonnull(strstr(r->why.text, ":1: "));
		free(text);
		rig_free(r);
	}
	key_free(key);
}
END_TEST

START_TEST(comments_blanks_and_line_ends_are_tolerated)
{
	struct key *key = key_new("ssh-ed25519", 7);
	char *text = xasprintf(
	    "# one\n\n  \t\n  a.example,192.0.2.1 ssh-ed25519 %s me\r\n"
	    "@cert-authority *.example ssh-ed25519 %s\n"
	    "b.example ssh-ed25519 %s",
	    key->text, key->text, key->text);
	struct rig *r = rig_new(text, HOST_KEYS_STRICT);

	ck_assert_msg(r->k != NULL, "%s", r->why.text);
	expect(r, "a.example", 22, key, FAIL_NONE);
	expect(r, "A.Example", 22, key, FAIL_NONE);
	expect(r, "192.0.2.1", 22, key, FAIL_NONE);
	expect(r, "b.example", 22, key, FAIL_NONE);
	expect(r, "c.example", 22, key, FAIL_IDENTITY);
	free(text);
	key_free(key);
	rig_free(r);
}
END_TEST

START_TEST(a_hashed_name_is_found)
{
	struct key *key = key_new("ssh-ed25519", 7);
	/* HMAC-SHA1 of "192.0.2.1", the salt being twenty zero bytes. */
	char *text = xasprintf("|1|AAAAAAAAAAAAAAAAAAAAAAAAAAA=|"
			       "0ppPkqr1Bs1ZapnFiiTLzPYimFE= ssh-ed25519 %s\n",
	    key->text);
	struct rig *r = rig_new(text, HOST_KEYS_STRICT);

	ck_assert_msg(r->k != NULL, "%s", r->why.text);
	expect_types(r, "192.0.2.1", 22, "ssh-ed25519");
	expect(r, "192.0.2.1", 22, key, FAIL_NONE);
	expect_types(r, "192.0.2.2", 22, NULL);
	free(text);
	key_free(key);
	rig_free(r);
}
END_TEST

START_TEST(known_types_are_those_of_the_port)
{
	struct key *ed = key_new("ssh-ed25519", 7);
	struct key *ec = key_new("ecdsa-sha2-nistp256", 8);
	char *text = xasprintf("h ssh-ed25519 %s\nh ecdsa-sha2-nistp256 %s\n"
			       "[h]:2222 ssh-ed25519 %s\n",
	    ed->text, ec->text, ed->text);
	struct rig *r = rig_new(text, HOST_KEYS_ACCEPT_NEW);

	expect_types(r, "h", 22, "ecdsa-sha2-nistp256,ssh-ed25519");
	expect_types(r, "h", 2222, "ssh-ed25519");
	expect_types(r, "h", 2223, NULL);
	free(text);
	key_free(ed);
	key_free(ec);
	rig_free(r);
}
END_TEST

START_TEST(a_changed_key_is_refused_with_both_fingerprints)
{
	struct key *old = key_new("ssh-ed25519", 7);
	struct key *new = key_new("ssh-ed25519", 8);
	char *text = xasprintf("192.0.2.1 ssh-ed25519 %s\n", old->text);
	struct rig *r = rig_new(text, HOST_KEYS_ACCEPT_NEW);

	expect(r, "192.0.2.1", 22, new, FAIL_IDENTITY);
	ck_assert_ptr_nonnull(strstr(r->why.text, old->print));
	ck_assert_ptr_nonnull(strstr(r->why.text, new->print));
	ck_assert_ptr_nonnull(
	    strstr(r->why.text, "ssh-keygen -R '192.0.2.1' -f "));
	unit_file_is(r->path, text);
	free(text);
	key_free(old);
	key_free(new);
	rig_free(r);
}
END_TEST

START_TEST(one_of_several_known_keys_is_enough)
{
	struct key *one = key_new("ssh-ed25519", 7);
	struct key *two = key_new("ssh-ed25519", 8);
	char *text = xasprintf(
	    "h ssh-ed25519 %s\nh ssh-ed25519 %s\n", one->text, two->text);
	struct rig *r = rig_new(text, HOST_KEYS_STRICT);

	expect(r, "h", 22, one, FAIL_NONE);
	expect(r, "h", 22, two, FAIL_NONE);
	free(text);
	key_free(one);
	key_free(two);
	rig_free(r);
}
END_TEST

START_TEST(another_type_for_a_known_host_is_refused_in_every_mode)
{
	struct key *ed = key_new("ssh-ed25519", 7);
	struct key *ec = key_new("ecdsa-sha2-nistp256", 8);
	struct key *sk = key_new("sk-ssh-ed25519@openssh.com", 9);
	char *text = xasprintf("h ssh-ed25519 %s\n"
			       "u sk-ssh-ed25519@openssh.com %s\n",
	    ed->text, sk->text);
	struct rig *r = rig_new(text, HOST_KEYS_ACCEPT_NEW);

	expect(r, "h", 22, ec, FAIL_IDENTITY);
	ck_assert_ptr_nonnull(strstr(r->why.text, "known by ssh-ed25519"));
	/* Known by a type that libssh2 has no name for. */
	expect(r, "u", 22, ec, FAIL_IDENTITY);
	rig_load(r, HOST_KEYS_STRICT);
	expect(r, "h", 22, ec, FAIL_IDENTITY);
	free(text);
	key_free(ed);
	key_free(ec);
	key_free(sk);
	rig_free(r);
}
END_TEST

START_TEST(strict_tells_how_to_make_a_host_known)
{
	struct key *key = key_new("ssh-ed25519", 7);
	struct rig *r = rig_new("", HOST_KEYS_STRICT);

	expect(r, "192.0.2.1", 2222, key, FAIL_IDENTITY);
	ck_assert_ptr_nonnull(strstr(r->why.text, key->print));
	ck_assert_ptr_nonnull(strstr(
	    r->why.text, "ssh-keyscan -t ssh-ed25519 -p 2222 192.0.2.1 >> "));
	key_free(key);
	rig_free(r);
}
END_TEST

START_TEST(accept_new_appends_one_line_and_believes_it_from_then_on)
{
	struct key *key = key_new("ssh-ed25519", 7);
	struct key *other = key_new("ssh-ed25519", 8);
	struct rig *r = rig_new("# no newline", HOST_KEYS_ACCEPT_NEW);
	char *want = xasprintf("# no newline\n192.0.2.1 ssh-ed25519 %s\n"
			       "[192.0.2.1]:2222 ssh-ed25519 %s\n",
	    key->text, other->text);

	expect(r, "192.0.2.1", 22, key, FAIL_NONE);
	expect(r, "192.0.2.1", 22, key, FAIL_NONE);
	expect(r, "192.0.2.1", 22, other, FAIL_IDENTITY);
	/* Another device behind the same address. */
	expect(r, "192.0.2.1", 2222, other, FAIL_NONE);
	unit_file_is(r->path, want);
	rig_load(r, HOST_KEYS_STRICT);
	expect(r, "192.0.2.1", 22, key, FAIL_NONE);
	expect(r, "192.0.2.1", 2222, other, FAIL_NONE);
	free(want);
	key_free(key);
	key_free(other);
	rig_free(r);
}
END_TEST

static void
on_added(void *arg, const char *name, const char *type, const char *print)
{
	strbuf_addf(arg, "%s %s %.7s;", name, type, print);
}

START_TEST(what_is_added_is_told_once)
{
	struct key *key = key_new("ssh-ed25519", 7);
	struct key *other = key_new("ssh-ed25519", 8);
	struct rig *r = rig_new("", HOST_KEYS_ACCEPT_NEW);
	struct strbuf told = STRBUF_INIT;

	known_hosts_on_added(r->k, on_added, &told);
	expect(r, "192.0.2.1", 22, key, FAIL_NONE);
	expect(r, "192.0.2.1", 22, key, FAIL_NONE);
	expect(r, "192.0.2.1", 22, other, FAIL_IDENTITY);
	ck_assert_str_eq(told.s, "192.0.2.1 ssh-ed25519 SHA256:;");
	strbuf_free(&told);
	key_free(key);
	key_free(other);
	rig_free(r);
}
END_TEST

START_TEST(a_new_file_is_for_its_owner_alone)
{
	struct key *key = key_new("ssh-ed25519", 7);
	struct rig *r = rig_new("", HOST_KEYS_ACCEPT_NEW);
	struct stat st;

	unlink(r->path);
	expect(r, "192.0.2.1", 22, key, FAIL_NONE);
	ck_assert_int_eq(stat(r->path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
	key_free(key);
	rig_free(r);
}
END_TEST

START_TEST(a_key_that_cannot_be_recorded_is_not_believed)
{
	struct key *key = key_new("ssh-ed25519", 7);
	struct rig *r = rig_new("", HOST_KEYS_ACCEPT_NEW);

	unlink(r->path);
	ck_assert_int_eq(mkdir(r->path, 0700), 0);
	expect(r, "192.0.2.1", 22, key, FAIL_LOCAL);
	ck_assert_ptr_nonnull(strstr(r->why.text, r->path));
	rmdir(r->path);
	key_free(key);
	rig_free(r);
}
END_TEST

START_TEST(a_key_known_without_the_port_will_do)
{
	struct key *key = key_new("ssh-ed25519", 7);
	char *text = xasprintf("h ssh-ed25519 %s\n", key->text);
	struct rig *r = rig_new(text, HOST_KEYS_STRICT);

	expect(r, "h", 2222, key, FAIL_NONE);
	free(text);
	key_free(key);
	rig_free(r);
}
END_TEST

START_TEST(a_revoked_key_is_refused_everywhere)
{
	struct key *key = key_new("ssh-ed25519", 7);
	char *text = xasprintf("h ssh-ed25519 %s\n@revoked * ssh-ed25519 %s\n",
	    key->text, key->text);
	struct rig *r = rig_new(text, HOST_KEYS_ACCEPT_NEW);

	expect(r, "h", 22, key, FAIL_IDENTITY);
	ck_assert_ptr_nonnull(strstr(r->why.text, "@revoked"));
	expect(r, "new", 22, key, FAIL_IDENTITY);
	free(text);
	key_free(key);
	rig_free(r);
}
END_TEST

START_TEST(bytes_that_are_no_key_are_refused)
{
	static const unsigned char junk[] = {0, 0, 0, 9, 'a', '\n', 'b'};
	struct rig *r = rig_new("", HOST_KEYS_ACCEPT_NEW);

	for (size_t n = 0; n <= sizeof(junk); n++)
		ck_assert_int_eq(
		    known_hosts_check(r->k, "192.0.2.1", 22, junk, n, &r->why),
		    FAIL_IDENTITY);
	rig_free(r);
}
END_TEST

static bool
pinned(const void *key, size_t len, const char *pin)
{
	struct fail why = {0};

	host_key_check_pins(key, len, pin, "192.0.2.1:22", &why);
	return why.kind == FAIL_NONE;
}

START_TEST(a_fingerprint_is_as_ssh_keygen_prints_it)
{
	/* The key and `ssh-keygen -l` of it. */
	static const char key64[] =
	    "AAAAC3NzaC1lZDI1NTE5AAAAIPwg5zrHz4SLReF9lCghnmYXNHctX6TWQLpyRaJI1Xqr";
	size_t len;
	unsigned char *key = base64_decode(key64, strlen(key64), &len);
	char *print, *type;

	ck_assert_ptr_nonnull(key);
	print = host_key_fingerprint(key, len);
	type = host_key_type(key, len);
	ck_assert_str_eq(
	    print, "SHA256:MM/YIwePcEYxwVDAVJLbuve0OW5/l2Q7Bg1/oIh7I+A");
	ck_assert_str_eq(type, "ssh-ed25519");
	ck_assert(pinned(
	    key, len, "SHA256:MM/YIwePcEYxwVDAVJLbuve0OW5/l2Q7Bg1/oIh7I+A"));
	ck_assert(pinned(
	    key, len, "SHA256:MM/YIwePcEYxwVDAVJLbuve0OW5/l2Q7Bg1/oIh7I+A="));
	ck_assert(!pinned(
	    key, len, "SHA256:MM/YIwePcEYxwVDAVJLbuve0OW5/l2Q7Bg1/oIh7I+AA"));
	/* An HA pair has two. */
	ck_assert(pinned(key, len,
	    "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA or "
	    "SHA256:MM/YIwePcEYxwVDAVJLbuve0OW5/l2Q7Bg1/oIh7I+A"));
	ck_assert(pinned(key, len,
	    "SHA256:MM/YIwePcEYxwVDAVJLbuve0OW5/l2Q7Bg1/oIh7I+A= or "
	    "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
	ck_assert(!pinned(key, len, "SHA256:"));
	ck_assert(!pinned(key, len, ""));
	free(print);
	free(type);
	free(key);
}
END_TEST

UNIT_MAIN("known_hosts", a_missing_file_is_empty,
    a_broken_line_is_named_by_its_number,
    unknown_marks_and_hashes_are_broken_lines,
    comments_blanks_and_line_ends_are_tolerated, a_hashed_name_is_found,
    known_types_are_those_of_the_port,
    a_changed_key_is_refused_with_both_fingerprints,
    one_of_several_known_keys_is_enough,
    another_type_for_a_known_host_is_refused_in_every_mode,
    strict_tells_how_to_make_a_host_known,
    accept_new_appends_one_line_and_believes_it_from_then_on,
    what_is_added_is_told_once, a_new_file_is_for_its_owner_alone,
    a_key_that_cannot_be_recorded_is_not_believed,
    a_key_known_without_the_port_will_do, a_revoked_key_is_refused_everywhere,
    bytes_that_are_no_key_are_refused, a_fingerprint_is_as_ssh_keygen_prints_it)
