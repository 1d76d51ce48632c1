/* check_ssh_kex_error.c - the sentence about a key exchange that failed. */
#include "io/ssh_kex_error.h"

#include <string.h>
#include <unistd.h>

#include "ssh_greeting.h"
#include "unit.h"

/* What a server sends that has these key exchanges, host keys and ciphers. */
static struct strbuf
greeting(const char *kex, const char *host_key, const char *cipher)
{
	const char *const lists[SSH_GREETING_LISTS] = {kex, host_key, cipher,
	    cipher, "hmac-sha1", "hmac-sha1", "none", "none", "", ""};

	return ssh_greeting("SSH-2.0-AudioCodes\r\n", lists);
}

static void
explain(const struct strbuf *said, const char *known_types, bool eof,
    struct fail *why)
{
	struct log *lg = log_new(LOG_FORMAT_TEXT, LOGGING_ERROR, STDERR_FILENO);
	struct ssh_kex_error e = {.peer = "192.0.2.1:22",
	    .host = "192.0.2.1",
	    .port = 22,
	    .known_types = known_types,
	    .ours = {"curve25519-sha256", "ssh-ed25519,ssh-rsa", "aes128-ctr",
		"aes128-ctr", "hmac-sha1", "hmac-sha1", "none", ""},
	    .libssh2 = "1.10.0",
	    .error = "Unable to exchange encryption keys",
	    .greeting = strbuf_text(said),
	    .greeting_len = said->len,
	    .eof = eof};

	ssh_kex_explain(&e, lg, why);
	log_free(lg);
}

static void
expect(struct strbuf said, const char *known_types, bool eof,
    enum fail_kind kind, const char *text)
{
	struct fail why;

	explain(&said, known_types, eof, &why);
	ck_assert_msg(why.kind == kind && strstr(why.text, text) != NULL,
	    "%s: %s", fail_kind_name(why.kind), why.text);
	ck_assert_ptr_nonnull(strstr(why.text, "192.0.2.1:22"));
	strbuf_free(&said);
}

START_TEST(the_list_without_a_common_name_is_printed_from_both_sides)
{
	expect(greeting("diffie-hellman-group1-sha1", "ssh-rsa", "aes128-ctr"),
	    NULL, false, FAIL_FINAL,
	    "no key exchange algorithm in common; it has "
	    "diffie-hellman-group1-sha1; we have curve25519-sha256");
	expect(greeting("curve25519-sha256", "ssh-rsa", "des"), NULL, false,
	    FAIL_FINAL,
	    "no cipher algorithm in common; it has des; we have aes128-ctr");
	expect(greeting("curve25519-sha256", "ssh-dss", "aes128-ctr"), NULL,
	    false, FAIL_FINAL,
	    "no host key algorithm in common; it has ssh-dss; we have "
	    "ssh-ed25519,ssh-rsa");
}
END_TEST

START_TEST(rsa_without_sha1_is_called_by_its_name)
{
	expect(greeting("curve25519-sha256", "rsa-sha2-512", "aes128-ctr"),
	    NULL, false, FAIL_FINAL,
	    "rsa-sha2 only, which libssh2 1.10.0 lacks");
}
END_TEST

START_TEST(a_known_host_without_its_known_type_is_another_host)
{
	expect(greeting("curve25519-sha256", "ssh-rsa", "aes128-ctr"),
	    "ssh-ed25519", false, FAIL_IDENTITY,
	    "none of the host key types known for it (ssh-ed25519); it has "
	    "ssh-rsa");
}
END_TEST

START_TEST(other_trouble_is_unreachable_and_keeps_the_librarys_words)
{
	struct strbuf none = STRBUF_INIT, http = STRBUF_INIT;

	expect(greeting("curve25519-sha256", "ssh-rsa", "aes128-ctr"), NULL,
	    true, FAIL_UNREACHABLE,
	    "(SSH-2.0-AudioCodes): key exchange: Unable to exchange");
	expect(none, NULL, true, FAIL_UNREACHABLE, "too many sessions");
	strbuf_add(&http, "HTTP/1.1 400 Bad Request\r\n");
	expect(http, NULL, true, FAIL_UNREACHABLE, "no SSH banner");
}
END_TEST

START_TEST(a_list_of_any_length_is_cut_to_fit)
{
	struct strbuf names = STRBUF_INIT;
	struct fail why;
	struct strbuf said;

	for (int i = 0; i < 200; i++)
		strbuf_add(&names, "an-algorithm@example.com,");
	said = greeting(strbuf_text(&names), "ssh-rsa", "aes128-ctr");
	explain(&said, NULL, false, &why);
	ck_assert_int_eq(why.kind, FAIL_FINAL);
	ck_assert_uint_lt(strlen(why.text), sizeof(why.text));
	strbuf_free(&said);
	strbuf_free(&names);
}
END_TEST

UNIT_MAIN("ssh_kex_error",
    the_list_without_a_common_name_is_printed_from_both_sides,
    rsa_without_sha1_is_called_by_its_name,
    a_known_host_without_its_known_type_is_another_host,
    other_trouble_is_unreachable_and_keeps_the_librarys_words,
    a_list_of_any_length_is_cut_to_fit)
