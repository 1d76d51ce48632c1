/* check_secret.c - where secrets are read from, and which files are refused. */
#include "base/secret.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "unit.h"

struct place {
	char folder[UNIT_PATH_MAX];
	char path[80]; /* folder/s */
};

static struct place
enter(void)
{
	struct place p;

	unsetenv("CREDENTIALS_DIRECTORY");
	unit_folder(p.folder);
	snprintf(p.path, sizeof(p.path), "%s/s", p.folder);
	return p;
}

static void
place_below(struct place *p, const char *name)
{
	size_t len = strlen(p->folder);

	snprintf(p->folder + len, sizeof(p->folder) - len, "%s", name);
	ck_assert_int_eq(mkdir(p->folder, 0700), 0);
	snprintf(p->path, sizeof(p->path), "%.70s/s", p->folder);
}

static void
leave(struct place *p)
{
	unlink(p->path);
	ck_assert_int_eq(rmdir(p->folder), 0);
}

static void
put(struct place *p, const void *data, size_t len, mode_t mode)
{
	FILE *f = fopen(p->path, "w");

	ck_assert_ptr_nonnull(f);
	fwrite(data, 1, len, f);
	fclose(f);
	chmod(p->path, mode);
}

static void
expect(const char *name, const char *beside, const char *secret)
{
	struct fail why = {0};
	char *s = secret_read(name, beside, &why);

	ck_assert_msg(s != NULL, "%s", why.text);
	ck_assert_str_eq(s, secret);
	secret_free(s);
}

/* Refused, and the sentence holds the name of that file and `word`. */
static void
refuse_at(
    const struct place *beside, const struct place *file, const char *word)
{
	struct fail why = {0};

	ck_assert_ptr_null(secret_read("s", beside->folder, &why));
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	ck_assert_msg(strstr(why.text, file->path) != NULL, "%s", why.text);
	ck_assert_msg(strstr(why.text, word) != NULL, "%s", why.text);
}

static void
refuse(const struct place *p, const char *word)
{
	refuse_at(p, p, word);
}

START_TEST(one_trailing_newline_is_dropped)
{
	struct place p = enter();

	put(&p, "pass word\n", 10, 0640);
	expect("s", p.folder, "pass word");
	expect(p.path, "/nowhere", "pass word");
	put(&p, "two\n\n", 5, 0600);
	expect("s", p.folder, "two\n");
	put(&p, "none", 4, 0400);
	expect("s", p.folder, "none");
	leave(&p);
}
END_TEST

START_TEST(a_file_open_to_others_is_refused_with_the_remedy)
{
	struct place p = enter();
	char chmod_line[128];

	snprintf(chmod_line, sizeof(chmod_line), "chmod 600 %s", p.path);
	put(&p, "x", 1, 0644);
	refuse(&p, chmod_line);
	put(&p, "x", 1, 0602);
	refuse(&p, chmod_line);
	put(&p, "x", 1, 0620);
	refuse(&p, chmod_line);
	put(&p, "x", 1, 0640);
	expect(p.path, "/nowhere", "x");
	if (getuid() == 0) {
		ck_assert_int_eq(chown(p.path, 0, 12345), 0);
		refuse(&p, chmod_line);
	}
	leave(&p);
}
END_TEST

START_TEST(the_credentials_folder_comes_first_and_may_be_open)
{
	struct place p = enter(), systemd = enter();

	put(&p, "beside", 6, 0600);
	put(&systemd, "from systemd", 12, 0444);
	setenv("CREDENTIALS_DIRECTORY", systemd.folder, 1);
	expect("s", p.folder, "from systemd");
	expect(p.path, "/nowhere", "beside");
	unlink(systemd.path);
	expect("s", p.folder, "beside");
	put(&p, "beside", 6, 0644);
	refuse(&p, "chmod");
	leave(&systemd);
	leave(&p);
}
END_TEST

/* By hand, what the units hand on is found where they have it from. */
START_TEST(the_credentials_beside_the_folder_come_last)
{
	struct place top = enter(), conf = top, of = top;

	place_below(&conf, "/conf.d");
	place_below(&of, "/credentials");
	put(&of, "credential", 10, 0600);
	expect("s", conf.folder, "credential");
	ck_assert_int_eq(chdir(conf.folder), 0);
	expect("s", ".", "credential");
	ck_assert_int_eq(chdir("/"), 0);
	put(&of, "credential", 10, 0644);
	refuse_at(&conf, &of, "chmod 600");
	put(&conf, "beside", 6, 0600);
	expect("s", conf.folder, "beside");
	unlink(of.path);
	unlink(conf.path);
	refuse_at(&conf, &of, "CREDENTIALS_DIRECTORY");
	leave(&of);
	leave(&conf);
	leave(&top);
}
END_TEST

START_TEST(size_and_content_are_limited)
{
	struct place p = enter();
	char big[1026];

	memset(big, 'k', sizeof(big));
	put(&p, "", 0, 0600);
	refuse(&p, "empty");
	put(&p, "\n", 1, 0600);
	refuse(&p, "empty");
	put(&p, "a\0b", 3, 0600);
	refuse(&p, "NUL");
	put(&p, big, 1025, 0600);
	refuse(&p, "1024");
	big[1024] = '\n';
	put(&p, big, 1026, 0600);
	refuse(&p, "1024");
	put(&p, big, 1025, 0600);
	big[1024] = '\0';
	expect("s", p.folder, big);
	leave(&p);
}
END_TEST

START_TEST(a_key_has_many_lines_and_more_room)
{
	struct place p = enter();
	struct fail why = {0};
	char big[16386];
	char *key;

	put(&p, "-----BEGIN\nabc\n-----END\n", 24, 0600);
	key = secret_read_key("s", p.folder, &why);
	ck_assert_str_eq(key, "-----BEGIN\nabc\n-----END");
	secret_free(key);
	memset(big, 'k', sizeof(big));
	put(&p, big, 16384, 0600);
	key = secret_read_key("s", p.folder, &why);
	ck_assert_uint_eq(strlen(key), 16384);
	secret_free(key);
	put(&p, big, 16385, 0600);
	ck_assert_ptr_null(secret_read_key("s", p.folder, &why));
	ck_assert_ptr_nonnull(strstr(why.text, "16384"));
	/* Private as any. */
	put(&p, "k", 1, 0644);
	ck_assert_ptr_null(secret_read_key("s", p.folder, &why));
	ck_assert_ptr_nonnull(strstr(why.text, "chmod 600"));
	leave(&p);
}
END_TEST

START_TEST(what_windows_leaves_in_a_file_is_refused)
{
	struct place p = enter();

	put(&p, "secret\r\n", 8, 0600);
	refuse(&p, "CR LF");
	put(&p, "secret\r", 7, 0600);
	refuse(&p, "CR LF");
	put(&p, "\xef\xbb\xbfsecret", 9, 0600);
	refuse(&p, "byte order mark");
	put(&p, "\xff\xfes\0e\0", 6, 0600);
	refuse(&p, "NUL");
	leave(&p);
}
END_TEST

START_TEST(a_file_of_another_user_is_refused)
{
	struct place p = enter();

	put(&p, "x", 1, 0600);
	/* Only root may give a file away. */
	if (geteuid() == 0) {
		ck_assert_int_eq(chown(p.path, 54321, 0), 0);
		refuse(&p, "another user");
		setenv("CREDENTIALS_DIRECTORY", p.folder, 1);
		expect("s", "/nowhere", "x");
		unsetenv("CREDENTIALS_DIRECTORY");
	}
	leave(&p);
}
END_TEST

START_TEST(only_regular_files_are_read)
{
	struct place p = enter();

	refuse(&p, "No such file");
	ck_assert_int_eq(mkfifo(p.path, 0600), 0);
	refuse(&p, "regular");
	unlink(p.path);
	ck_assert_int_eq(mkdir(p.path, 0700), 0);
	refuse(&p, "regular");
	rmdir(p.path);
	leave(&p);
}
END_TEST

START_TEST(copies_are_their_own)
{
	char *s = secret_copy("abc");

	ck_assert_str_eq(s, "abc");
	secret_free(s);
	ck_assert_ptr_null(secret_copy(NULL));
	secret_free(NULL);
}
END_TEST

START_TEST(a_nonce_is_never_the_same_twice)
{
	char a[SECRET_NONCE_MAX], b[SECRET_NONCE_MAX];

	secret_nonce(a);
	secret_nonce(b);
	ck_assert_uint_eq(strspn(a, "0123456789abcdef"), 32);
	ck_assert_uint_eq(strlen(a), 32);
	ck_assert_str_ne(a, b);
}
END_TEST

START_TEST(a_secret_in_a_text_is_masked_wherever_it_stands)
{
	char text[] = "auth-key Secret-01 is bad: Secret-01";

	secret_mask(text, "Secret-01");
	ck_assert_str_eq(text, "auth-key ********* is bad: *********");
	secret_mask(text, NULL);
	secret_mask(text, "");
	ck_assert_str_eq(text, "auth-key ********* is bad: *********");
}
END_TEST

START_TEST(a_basic_login_is_what_goes_into_the_header)
{
	char *sent = secret_basic("Aladdin", "open sesame"); /* RFC 7617 */

	ck_assert_str_eq(sent, "QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
	secret_free(sent);
	ck_assert_ptr_null(secret_basic("Aladdin", NULL));
	ck_assert_ptr_null(secret_basic("Aladdin", ""));
	ck_assert_ptr_null(secret_basic(NULL, "open sesame"));
}
END_TEST

UNIT_MAIN("secret", a_basic_login_is_what_goes_into_the_header,
    a_secret_in_a_text_is_masked_wherever_it_stands,
    one_trailing_newline_is_dropped,
    a_file_open_to_others_is_refused_with_the_remedy,
    the_credentials_folder_comes_first_and_may_be_open,
    the_credentials_beside_the_folder_come_last, size_and_content_are_limited,
    a_key_has_many_lines_and_more_room,
    what_windows_leaves_in_a_file_is_refused, a_file_of_another_user_is_refused,
    only_regular_files_are_read, copies_are_their_own,
    a_nonce_is_never_the_same_twice)
