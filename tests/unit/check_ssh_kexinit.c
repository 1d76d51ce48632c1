/* check_ssh_kexinit.c - an SSH server's offer, from its first bytes. */
#include "wire/ssh_kexinit.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "ssh_greeting.h"
#include "unit.h"

static const char *const lists[SSH_GREETING_LISTS] = {
    "curve25519-sha256,ecdh-sha2-nistp256", "rsa-sha2-512,rsa-sha2-256",
    "aes128-ctr", "aes256-ctr", "hmac-sha2-256", "hmac-sha1", "none",
    "none,zlib", "", ""};

/* A greeting whose identification line is `head`. */
static struct strbuf
greeting(const char *head)
{
	return ssh_greeting(head, lists);
}

static void
expect_names(const struct ssh_names *n, const char *text)
{
	ck_assert_uint_eq(n->len, strlen(text));
	ck_assert_int_eq(memcmp(n->text, text, n->len), 0);
}

START_TEST(version_and_lists_are_found)
{
	static const char *const heads[] = {"SSH-2.0-AudioCodes\r\n",
	    "SSH-2.0-AudioCodes\n", "Welcome\r\n\r\nSSH-2.0-AudioCodes\r\n"};

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		struct strbuf b = greeting(heads[i]);
		struct ssh_kexinit k;

		ck_assert(ssh_kexinit_decode(&k, b.s, b.len));
		expect_names(&k.version, "SSH-2.0-AudioCodes");
		for (int l = 0; l < SSH_LISTS; l++)
			expect_names(&k.lists[l], lists[l]);
		strbuf_free(&b);
	}
}
END_TEST

START_TEST(what_is_cut_off_is_refused)
{
	struct strbuf b = greeting("SSH-2.0-x\r\n");
	struct ssh_kexinit k;
	size_t version = strlen("SSH-2.0-x\r\n");

	for (size_t n = 0; n < b.len; n++) {
		/* Of its exact size, so that a sanitizer sees an over-read. */
		char *cut = malloc(n + (n == 0));

		memcpy(cut, b.s, n);
		ck_assert(!ssh_kexinit_decode(&k, cut, n));
		ck_assert_uint_eq(k.version.len, n < version ? 0 : 9);
		free(cut);
	}
	ck_assert(ssh_kexinit_decode(&k, b.s, b.len));
	strbuf_free(&b);
}
END_TEST

START_TEST(changed_bytes_never_lead_beyond_the_end)
{
	unsigned seed = (unsigned)time(NULL);
	struct strbuf b = greeting("SSH-2.0-x\r\n");

	printf("seed %u\n", seed);
	srand(seed);
	for (int i = 0; i < 20000; i++) {
		struct ssh_kexinit k;
		char *copy = malloc(b.len);

		memcpy(copy, b.s, b.len);
		for (int n = rand() % 4; n >= 0; n--)
			copy[(size_t)rand() % b.len] = (char)rand();
		if (!ssh_kexinit_decode(&k, copy, b.len)) {
			free(copy);
			continue;
		}
		for (int l = 0; l < SSH_LISTS; l++) {
			ck_assert(k.lists[l].text >= copy);
			ck_assert(
			    k.lists[l].text + k.lists[l].len <= copy + b.len);
			ssh_names_common(&k.lists[l], "aes128-ctr,none");
		}
		free(copy);
	}
	strbuf_free(&b);
}
END_TEST

START_TEST(other_protocols_have_no_version)
{
	static const char http[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
	struct ssh_kexinit k;

	ck_assert(!ssh_kexinit_decode(&k, http, strlen(http)));
	ck_assert_uint_eq(k.version.len, 0);
	ck_assert(!ssh_kexinit_decode(&k, "", 0));
}
END_TEST

START_TEST(names_are_compared_whole)
{
	const struct ssh_names theirs = {"ssh-rsa-cert,aes128-ctr,none", 28};
	const struct ssh_names nothing = {NULL, 0};

	ck_assert(ssh_names_common(&theirs, "none"));
	ck_assert(ssh_names_common(&theirs, "x,aes128-ctr"));
	ck_assert(ssh_names_common(&theirs, "ssh-rsa-cert,y"));
	ck_assert(!ssh_names_common(&theirs, "ssh-rsa"));
	ck_assert(!ssh_names_common(&theirs, "aes128-ct,aes128-ctrl"));
	ck_assert(!ssh_names_common(&theirs, ""));
	ck_assert(!ssh_names_common(&theirs, ",,"));
	ck_assert(!ssh_names_common(&nothing, "none"));
}
END_TEST

START_TEST(every_list_has_a_title)
{
	for (int l = 0; l < SSH_LISTS; l++)
		ck_assert_str_ne(ssh_list_title((enum ssh_list)l), "");
}
END_TEST

UNIT_MAIN("ssh_kexinit", version_and_lists_are_found,
    what_is_cut_off_is_refused, changed_bytes_never_lead_beyond_the_end,
    other_protocols_have_no_version, names_are_compared_whole,
    every_list_has_a_title)
