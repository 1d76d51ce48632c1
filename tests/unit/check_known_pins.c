/* check_known_pins.c - the first TLS key of a server is kept, another refused.
 */
#include "io/known_pins.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/str.h"
#include "unit.h"

#define PIN_A "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define PIN_B "sha256//BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB="

struct rig {
	char path[UNIT_PATH_MAX + 32];
	struct known_pins *k;
	struct fail why;
};

/* With `text` in the file; NULL: there is none yet, nor its folder. */
static struct rig
rig_new(const char *text)
{
	struct rig r = {.k = NULL};
	char folder[UNIT_PATH_MAX];

	unit_folder(folder);
	snprintf(r.path, sizeof(r.path), "%s%s/known_pins", folder,
	    text == NULL ? "/below" : "");
	if (text != NULL)
		unit_write(r.path, text);
	r.k = known_pins_load(r.path, &r.why);
	return r;
}

static enum fail_kind
check(struct rig *r, const char *host, int port, const char *pin)
{
	return known_pins_check(r->k, host, (uint16_t)port, pin, &r->why);
}

START_TEST(the_first_is_kept_and_another_refused)
{
	struct rig r = rig_new(NULL);
	char *text;
	struct stat st;

	ck_assert_ptr_nonnull(r.k);
	ck_assert_int_eq(check(&r, "192.0.2.1", 443, PIN_A), FAIL_NONE);
	ck_assert_int_eq(check(&r, "192.0.2.1", 443, PIN_A), FAIL_NONE);
	ck_assert_int_eq(check(&r, "Branch.net", 8443, PIN_B), FAIL_NONE);
	ck_assert_int_eq(check(&r, "192.0.2.1", 443, PIN_B), FAIL_IDENTITY);
	ck_assert_ptr_nonnull(strstr(r.why.text, PIN_B));
	ck_assert_ptr_nonnull(strstr(r.why.text, r.path));
	known_pins_free(r.k);
	text = unit_read(r.path);
	ck_assert_str_eq(
	    text, "192.0.2.1 " PIN_A "\n[branch.net]:8443 " PIN_B "\n");
	free(text);
	ck_assert_int_eq(stat(r.path, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0600);
	/* Another run of the program. */
	r.k = known_pins_load(r.path, &r.why);
	ck_assert_int_eq(check(&r, "branch.NET", 8443, PIN_A), FAIL_IDENTITY);
	ck_assert_int_eq(check(&r, "branch.NET", 8443, PIN_B), FAIL_NONE);
	ck_assert_int_eq(check(&r, "branch.net", 443, PIN_A), FAIL_NONE);
	known_pins_free(r.k);
}
END_TEST

START_TEST(people_may_edit_the_file)
{
	struct rig r = rig_new("# both units\n\n  Ha.example.net\t" PIN_A
			       "\r\nha.example.net " PIN_B);

	ck_assert_ptr_nonnull(r.k);
	ck_assert_int_eq(check(&r, "ha.example.net", 443, PIN_A), FAIL_NONE);
	ck_assert_int_eq(check(&r, "ha.example.net", 443, PIN_B), FAIL_NONE);
	/* A last line without its end is ended first. */
	ck_assert_int_eq(check(&r, "2001:db8::1", 443, PIN_B), FAIL_NONE);
	known_pins_free(r.k);
	r.k = known_pins_load(r.path, &r.why);
	ck_assert_ptr_nonnull(r.k);
	ck_assert_int_eq(check(&r, "2001:db8::1", 443, PIN_A), FAIL_IDENTITY);
	known_pins_free(r.k);
}
END_TEST

START_TEST(a_broken_line_is_named)
{
	static const char *const bad[] = {"host", "host sha256//", "host x",
	    "host SHA256:" PIN_A, "host " PIN_A "="};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char text[200];
		struct rig r;

		snprintf(text, sizeof(text), "a " PIN_A "\n%s\n", bad[i]);
		r = rig_new(text);
		ck_assert_ptr_null(r.k);
		ck_assert_int_eq(r.why.kind, FAIL_LOCAL);
		ck_assert_ptr_nonnull(strstr(r.why.text, "known_pins:2: "));
	}
}
END_TEST

static void
on_added(void *arg, const char *name, const char *pin)
{
	strbuf_addf(arg, "%s %s;", name, pin);
}

START_TEST(what_is_added_is_told_once)
{
	struct rig r = rig_new(NULL);
	struct strbuf told = STRBUF_INIT;

	known_pins_on_added(r.k, on_added, &told);
	ck_assert_int_eq(check(&r, "192.0.2.1", 8443, PIN_A), FAIL_NONE);
	ck_assert_int_eq(check(&r, "192.0.2.1", 8443, PIN_A), FAIL_NONE);
	ck_assert_int_eq(check(&r, "192.0.2.1", 8443, PIN_B), FAIL_IDENTITY);
	ck_assert_str_eq(told.s, "[192.0.2.1]:8443 " PIN_A ";");
	strbuf_free(&told);
	known_pins_free(r.k);
}
END_TEST

START_TEST(a_folder_that_cannot_be_made_is_told_at_the_start)
{
	struct fail why;

	ck_assert_ptr_null(
	    known_pins_load("/proc/none/below/known_pins", &why));
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	ck_assert_ptr_nonnull(strstr(why.text, "ssh.known_hosts"));
}
END_TEST

UNIT_MAIN("known_pins", the_first_is_kept_and_another_refused,
    people_may_edit_the_file, what_is_added_is_told_once,
    a_broken_line_is_named, a_folder_that_cannot_be_made_is_told_at_the_start)
