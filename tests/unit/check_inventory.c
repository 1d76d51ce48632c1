/* check_inventory.c - devices of files of their own, and those that a program
 * prints: what they may say, and what follows if it cannot be had. */
#include "conf/inventory.h"

#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/xmem.h"
#include "conf_rig.h"

#define COMMON                                                               \
	CONF_RIG_QUIET CONF_RIG_DEFAULTS                                     \
	    "groups = ( { name = \"north\"; username = \"n\"; interfaces = " \
	    "[ \"eth-lan\" ]; } );\n"
#define WITH_FILE COMMON "devices_csv = \"i.csv\";\n"

/* --- devices_csv --- */

static struct conf_rig *
rig_of(const char *csv)
{
	struct conf_rig *r = conf_rig_with(WITH_FILE);

	conf_rig_file(r, "i.csv", "%s", csv);
	return r;
}

static void
wrong(const char *csv, const char *has, const char *also)
{
	struct conf_rig *r = rig_of(csv);

	conf_rig_wrong(r, has, also);
	conf_rig_free(r);
}

START_TEST(a_row_is_a_device_and_its_columns_are_keys)
{
	struct conf_rig *r =
	    rig_of("address,name,group,interfaces,rest_port,skip,tls_pin\n"
		   "192.0.2.1,\"one, two\",north,,444,,\n"
		   "192.0.2.2,,,eth-wan cellular-wan,,no,\n"
		   "192.0.2.3,,,\"eth-wan; eth-lan,\",,0,"
		   "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
	struct campaign_conf *c = conf_rig_right(r);
	struct device_entry *d = c->devices[0];

	ck_assert_uint_eq(c->n_devices, 3);
	ck_assert_str_eq(d->address, "192.0.2.1");
	ck_assert_str_eq(d->name, "one, two");
	ck_assert_str_eq(d->username, "n");
	ck_assert_str_eq(d->interfaces[0], "eth-lan");
	ck_assert_int_eq(d->rest_port, 444);
	ck_assert_int_eq(d->place.line, 2);
	ck_assert_ptr_nonnull(strstr(d->place.file, "/i.csv"));
	d = c->devices[1];
	ck_assert_str_eq(d->username, "Admin");
	ck_assert_uint_eq(d->n_interfaces, 2);
	ck_assert_str_eq(d->interfaces[1], "cellular-wan");
	ck_assert_int_eq(d->rest_port, 443);
	d = c->devices[2];
	ck_assert_uint_eq(d->n_interfaces, 2);
	ck_assert_str_eq(d->interfaces[1], "eth-lan");
	ck_assert_uint_eq(d->n_tls_pins, 1);
	conf_rig_free(r);
}
END_TEST

START_TEST(files_add_up_as_lists_do)
{
	struct conf_rig *r = rig_of("address,interfaces\n192.0.2.1,eth-wan\n");
	char *path = conf_rig_path(r, "k.csv");
	struct campaign_conf *c;

	conf_rig_file(r, "j.csv", "address;interfaces\n192.0.2.2;eth-wan\n");
	conf_rig_file(r, "k.csv", "interfaces\taddress\neth-wan\t192.0.2.3\n");
	conf_rig_file(
	    r, "b.conf", "devices_csv = [ \"j.csv\", \"%s\" ];\n", path);
	conf_rig_file(r, "c.conf", "%s", CONF_RIG_DEVICE);
	conf_rig_file(r, "d.conf", "devices_csv = \"\";\n");
	c = conf_rig_right(r);
	ck_assert_uint_eq(c->n_devices, 4);
	ck_assert_str_eq(c->devices[0]->address, "192.0.2.218");
	ck_assert_str_eq(c->devices[1]->address, "192.0.2.1");
	ck_assert_str_eq(c->devices[3]->address, "192.0.2.3");
	free(path);
	conf_rig_free(r);
}
END_TEST

START_TEST(an_included_file_names_one_beside_itself)
{
	struct conf_rig *r = conf_rig_with(COMMON);
	char *sub = conf_rig_path(r, "sub");

	ck_assert_int_eq(mkdir(sub, 0700), 0);
	conf_rig_file(
	    r, "sub/i.csv", "address,interfaces\na.example,eth-wan\n");
	conf_rig_file(r, "sub/i.inc", "devices_csv = \"i.csv\";\n");
	conf_rig_file(r, "b.conf", "@include \"sub/i.inc\"\n");
	ck_assert_str_eq(conf_rig_right(r)->devices[0]->address, "a.example");
	free(sub);
	conf_rig_free(r);
}
END_TEST

START_TEST(the_first_row_is_checked)
{
	wrong("adress,interfaces\n192.0.2.1,eth-wan\n",
	    "i.csv:1: devices.adress: unknown key; the nearest known one is "
	    "devices.address",
	    NULL);
	wrong("address,address\n192.0.2.1,192.0.2.1\n",
	    "i.csv:1: columns 1 and 2 are both address; allowed is each key "
	    "once",
	    NULL);
	wrong("address,,name\n192.0.2.1,,x\n", "i.csv:1: column 2 has no name",
	    NULL);
	wrong("name,interfaces\nx,eth-wan\n",
	    "i.csv:1: there is no column address; the first row names the keys",
	    NULL);
	wrong("", "i.csv: there is nothing in it", NULL);
	wrong("\n\n,\n", "i.csv: there is nothing in it", NULL);
	wrong("address\n", "there is no device", NULL);
}
END_TEST

START_TEST(a_cell_is_told_with_its_line_and_key)
{
	wrong("address,interfaces\n\n192.0.2.1,eth-x\n",
	    "i.csv:3: devices.interfaces: type msbr has no interface", NULL);
	wrong("address,interfaces,rest_port\n192.0.2.1,eth-wan,x\n",
	    "i.csv:2: devices.rest_port: a text is the wrong type; allowed is "
	    "a whole number, 1..65535",
	    NULL);
	wrong("address,interfaces,skip\n192.0.2.1,eth-wan,maybe\n",
	    "i.csv:2: devices.skip: \"maybe\" is the wrong type; allowed is "
	    "true or false",
	    NULL);
	wrong("address,interfaces,note\n192.0.2.1,eth-wan,\"a\nb\"\n",
	    "i.csv:2: devices.note: the text has control characters", NULL);
	wrong("address,interfaces,group\n192.0.2.1,eth-wan,nrth\n",
	    "i.csv:2: devices.group: there is no group \"nrth\"; the nearest "
	    "one is \"north\"",
	    NULL);
	wrong("address,interfaces\n,eth-wan\n",
	    "i.csv:2: devices.address: is missing", NULL);
	wrong("address,interfaces\n192.0.2.1,eth-wan\n192.0.2.1,eth-wan\n",
	    "i.csv:3: devices.address: 192.0.2.1 is the same device as in",
	    "i.csv:2;");
	wrong("address,interfaces,password,password_file\n"
	      "192.0.2.1,eth-wan,x,y\n",
	    "i.csv:2: devices.password", "password is set as well, in line 2");
}
END_TEST

START_TEST(all_that_is_wrong_is_told_at_once)
{
	struct conf_rig *r =
	    rig_of("address,interfaces,colour\n192.0.2.1,eth-wan\n"
		   "192.0.2.2,eth-x,red\n192.0.2.3,eth-y,\n");
	const char *e;

	conf_rig_file(r, "b.conf", "campaign = { windw = 1; };\n");
	ck_assert_ptr_null(conf_rig_campaign(r));
	e = strbuf_text(&r->m.errors);
	ck_assert_uint_eq(r->m.n_errors, 5);
	ck_assert_ptr_nonnull(strstr(e, "i.csv:1: devices.colour: unknown"));
	ck_assert_ptr_nonnull(strstr(e, "i.csv:2: this row has 2 cells and "
					"the first row 3"));
	ck_assert_ptr_nonnull(strstr(e, "i.csv:3: devices.interfaces"));
	ck_assert_ptr_nonnull(strstr(e, "i.csv:4: devices.interfaces"));
	conf_rig_free(r);
}
END_TEST

START_TEST(a_file_of_another_shape_is_no_flood)
{
	struct strbuf csv = STRBUF_INIT;
	struct conf_rig *r;

	strbuf_add(&csv, "address,name\n");
	for (int i = 0; i < 1000; i++)
		strbuf_add(&csv, "1\n");
	r = rig_of(csv.s);
	ck_assert_ptr_null(conf_rig_campaign(r));
	ck_assert_uint_eq(r->m.n_errors, 21);
	ck_assert_ptr_nonnull(strstr(strbuf_text(&r->m.errors),
	    "i.csv: 980 more rows have another number of cells"));
	strbuf_free(&csv);
	conf_rig_free(r);
}
END_TEST

START_TEST(the_file_itself_may_be_wrong)
{
	struct conf_rig *r = conf_rig_with(WITH_FILE);

	conf_rig_wrong(
	    r, "a.conf:4: devices_csv: cannot read ", "i.csv: No such file");
	conf_rig_file(r, "i.csv", "address\n\"192.0.2.1\n");
	conf_rig_wrong(r, "i.csv:2: a cell of this row begins with a quote",
	    "never closed");
	conf_rig_file(r, "a.conf", "%s", COMMON "devices_csv = \".\";\n");
	conf_rig_wrong(r, "devices_csv: cannot read", "allowed is a file");
	conf_rig_file(r, "a.conf", "%s", COMMON "devices_csv = 1;\n");
	conf_rig_wrong(r,
	    "a.conf:4: devices_csv: a whole number is the wrong type",
	    "allowed is one, or an array [ ] of 1 to 64");
	conf_rig_file(r, "a.conf", "%s", COMMON "device_csv = \"i.csv\";\n");
	conf_rig_wrong(r, "a.conf:4: device_csv: unknown section",
	    "the nearest known one is devices_csv");
	conf_rig_free(r);
}
END_TEST

START_TEST(a_password_wants_a_private_file)
{
	struct conf_rig *r =
	    rig_of("address,interfaces,password\n192.0.2.1,eth-wan,pass\n");

	ck_assert_str_eq(conf_rig_right(r)->devices[0]->password, "pass");
	conf_rig_mode(r, "i.csv", 0644);
	conf_rig_wrong(r, "i.csv:2: devices.password:",
	    "holds a password and others can read it");
	conf_rig_free(r);
}
END_TEST

START_TEST(ten_thousand_rows_are_read_in_a_blink)
{
	struct strbuf csv = STRBUF_INIT;
	struct conf_rig *r;
	int64_t begun;

	strbuf_add(&csv, "address,name,group,interfaces,note\n");
	for (int i = 0; i < 10000; i++)
		strbuf_addf(&csv,
		    "10.%d.%d.1,branch %d,north,eth-wan,\"a note, %d\"\n",
		    i / 200, i % 200, i, i);
	r = rig_of(csv.s);
	begun = clock_mono_ms();
	ck_assert_uint_eq(conf_rig_right(r)->n_devices, 10000);
	/* 60 ms on a quiet machine; wide, for one that is not. */
	ck_assert_int_lt(clock_mono_ms() - begun, 3000);
	strbuf_free(&csv);
	conf_rig_free(r);
}
END_TEST

/* --- skip --- */

START_TEST(skipped_devices_are_kept_apart)
{
	struct conf_rig *r =
	    rig_of("address,interfaces,skip\n192.0.2.1,eth-wan,TRUE\n"
		   "192.0.2.2,eth-wan,f\n192.0.2.3,eth-wan,1\n");
	const char *glob = "192.0.2.3";
	struct strbuf text = STRBUF_INIT;
	struct campaign_conf *c = conf_rig_right(r);

	ck_assert_uint_eq(c->n_devices, 1);
	ck_assert_str_eq(c->devices[0]->address, "192.0.2.2");
	ck_assert_uint_eq(c->n_skipped, 2);
	ck_assert_str_eq(c->skipped[1]->address, "192.0.2.3");
	campaign_conf_print(c, &text);
	ck_assert_ptr_nonnull(strstr(strbuf_text(&text), "\tskip = true;\n"));
	strbuf_free(&text);
	ck_assert_ptr_null(campaign_conf_unmatched(c, &glob, 1));
	ck_assert_uint_eq(campaign_conf_select(c, &glob, 1), 0);
	ck_assert_uint_eq(c->n_skipped, 1);
	ck_assert(c->partial);
	conf_rig_free(r);
}
END_TEST

/* Each device, also one that is skipped, is in one of them. */
START_TEST(shards_share_all_devices)
{
	struct conf_rig *r =
	    rig_of("address,interfaces,skip\n192.0.2.1,eth-wan,\n"
		   "192.0.2.2,eth-wan,\n192.0.2.3,eth-wan,1\n"
		   "192.0.2.4,eth-wan,\n192.0.2.5,eth-wan,1\n");
	size_t taking = 0, skipped = 0;

	for (int i = 0; i < 3; i++) {
		struct campaign_conf *c;

		r->shard = (struct shard){i, 3};
		c = conf_rig_right(r);
		taking += c->n_devices;
		skipped += c->n_skipped;
		ck_assert(!c->partial);
		ck_assert_int_eq(campaign_conf_port(c), 20001 + i);
		for (size_t d = 0; d < c->n_devices; d++)
			ck_assert_int_eq(shard_index(c->devices[d]->address,
					     c->devices[d]->rest_port, 3),
			    i);
	}
	ck_assert_uint_eq(taking, 3);
	ck_assert_uint_eq(skipped, 2);
	r->shard = (struct shard){900, 1000};
	conf_rig_file(r, "c.conf", "campaign = { listen_port = 65000; };");
	conf_rig_wrong(r, "c.conf:1: campaign.listen_port: shard 900 listens",
	    "65900, which is no port; allowed is 64635 here");
	conf_rig_free(r);
}
END_TEST

START_TEST(a_skipped_device_is_still_the_same_device)
{
	wrong("address,interfaces,skip\n192.0.2.1,eth-wan,1\n"
	      "192.0.2.1,eth-wan,\n",
	    "i.csv:3: devices.address: 192.0.2.1 is the same device", NULL);
}
END_TEST

/* --- devices_command --- */

#define OLD_MS INT64_C(1795910400000) /* 2026-11-29T00:00:00Z */

/* What the program prints, or why it does not; the last list; what is kept. */
static struct {
	const char *prints, *last;
	int runs, reads;
	char kept[256];
} fake;

static char *
give(const char *text, const char *none, size_t *len, struct fail *why)
{
	char *copy;

	if (text == NULL) {
		fail_set(why, FAIL_LOCAL, "%s", none);
		return NULL;
	}
	*len = strlen(text);
	copy = bytes_grow(NULL, 0, *len + 1);
	memcpy(copy, text, *len);
	return copy;
}

static char *
fake_run(
    void *arg, const struct campaign_conf *c, size_t *len, struct fail *why)
{
	(void)arg;
	fake.runs++;
	ck_assert_uint_ge(c->inventory.n_program, 1);
	ck_assert_int_eq(c->inventory.program[0][0], '/');
	return give(fake.prints, "it ended with status 1", len, why);
}

static char *
fake_last(void *arg, const struct campaign_conf *c, size_t *len, int64_t *when,
    struct fail *why)
{
	(void)arg;
	(void)c;
	fake.reads++;
	*when = OLD_MS;
	return give(fake.last, "cannot read it: No such file", len, why);
}

static void
fake_keep(
    void *arg, const struct campaign_conf *c, const char *text, size_t len)
{
	(void)arg;
	(void)c;
	ck_assert_uint_lt(len, sizeof(fake.kept));
	memcpy(fake.kept, text, len + 1);
}

static struct conf_lists lists = {fake_run, fake_last, fake_keep, NULL, false};

static struct conf_rig *
rig_of_program(const char *prints, const char *last)
{
	struct conf_rig *r =
	    conf_rig_with(COMMON "devices_command = [ \"list\", \"-x\" ];\n");

	memset(&fake, 0, sizeof(fake));
	fake.prints = prints;
	fake.last = last;
	lists.last_first = false;
	r->lists = &lists;
	return r;
}

#define GOOD  "address,group,type\n192.0.2.1,north,msbr\n192.0.2.2,north,\n"
#define OLDER "address,group\n192.0.2.9,north\n"

START_TEST(its_rows_are_devices_beside_the_others)
{
	struct conf_rig *r = rig_of_program(GOOD, OLDER);
	struct strbuf text = STRBUF_INIT;
	struct campaign_conf *c;

	conf_rig_file(r, "b.conf", "%s", CONF_RIG_DEVICE);
	c = conf_rig_right(r);
	ck_assert_uint_eq(c->n_devices, 3);
	ck_assert_str_eq(c->devices[0]->address, "192.0.2.218");
	ck_assert_str_eq(c->devices[1]->address, "192.0.2.1");
	ck_assert_str_eq(c->devices[2]->username, "n");
	ck_assert_str_eq(c->devices[2]->password, "secret");
	ck_assert_str_eq(fake.kept, GOOD);
	ck_assert_str_eq(strbuf_text(&r->m.warnings), "");
	ck_assert_uint_eq(c->inventory.n_listed, 2);
	ck_assert_ptr_null(c->inventory.kept_why);
	ck_assert_ptr_nonnull(strstr(c->devices[1]->place.file, "output of /"));
	campaign_conf_print(c, &text);
	ck_assert_ptr_nonnull(strstr(text.s, "# 2 of the devices: as /"));
	ck_assert_ptr_null(strstr(text.s, "devices_command"));
	strbuf_free(&text);
	conf_rig_free(r);
}
END_TEST

START_TEST(a_list_of_less_than_half_is_taken_with_a_warning)
{
	static const char last[] = "address,group\n192.0.2.1,north\n"
				   "192.0.2.2,north\n192.0.2.3,north\n"
				   "192.0.2.4,north\n";
	struct conf_rig *r = rig_of_program(GOOD, last);
	struct campaign_conf *c = conf_rig_right(r);
	const char *w;

	ck_assert_str_eq(strbuf_text(&r->m.warnings), "");
	ck_assert_uint_eq(c->n_devices, 2);
	fake.prints = "address,group\n192.0.2.1,north\n";
	c = conf_rig_right(r);
	w = strbuf_text(&r->m.warnings);
	ck_assert_msg(strstr(w, "a.conf:4: devices_command: /") != NULL &&
			  strstr(w, "/list printed 1 device, and about 4 for "
				    "an earlier run; is the list whole?\n"),
	    "%s", w);
	ck_assert_uint_eq(c->n_devices, 1);
	ck_assert_ptr_null(c->inventory.kept_why);
	ck_assert_str_eq(fake.kept, fake.prints);
	conf_rig_free(r);
}
END_TEST

START_TEST(a_later_file_replaces_the_program_or_takes_it_away)
{
	struct conf_rig *r = rig_of_program(GOOD, NULL);
	struct campaign_conf *c;

	conf_rig_file(r, "b.conf", "devices_command = \"/bin/other\";\n");
	c = conf_rig_right(r);
	ck_assert_str_eq(c->inventory.program[0], "/bin/other");
	ck_assert_uint_eq(c->inventory.n_program, 1);
	conf_rig_file(r, "b.conf", "devices_command = \"\";\n");
	conf_rig_wrong(r, "there is no device", NULL);
	ck_assert_int_eq(fake.runs, 1);
	conf_rig_free(r);
}
END_TEST

START_TEST(it_is_not_run_for_a_configuration_that_is_wrong)
{
	struct conf_rig *r = rig_of_program(GOOD, NULL);

	conf_rig_file(r, "b.conf", "campaign = { windw = 1; };\n");
	conf_rig_wrong(r, "campaign.windw", NULL);
	ck_assert_int_eq(fake.runs, 0);
	conf_rig_free(r);
}
END_TEST

/* The last list is used, and why is told. */
static void
uses_last(const char *prints, const char *detail, const char *why)
{
	struct conf_rig *r = rig_of_program(prints, OLDER);
	struct campaign_conf *c = conf_rig_right(r);
	const char *w = strbuf_text(&r->m.warnings);

	ck_assert_uint_eq(c->n_devices, 1);
	ck_assert_str_eq(c->devices[0]->address, "192.0.2.9");
	ck_assert_msg(detail == NULL || strstr(w, detail) != NULL, "%s", w);
	ck_assert_msg(strstr(w, "a.conf:4: devices_command: /") != NULL &&
			  strstr(w, why) != NULL &&
			  strstr(w, "/list: ") != NULL &&
			  strstr(w, "; its list of 2026-11-29T00:00:00.000Z "
				    "is used, ") != NULL &&
			  strstr(w, " old, 1 device\n") != NULL,
	    "%s", w);
	ck_assert_str_eq(fake.kept, "");
	ck_assert_int_eq(c->inventory.kept_at, OLD_MS);
	ck_assert_str_eq(c->inventory.kept_why, why);
	conf_rig_free(r);
}

START_TEST(without_a_new_list_the_last_good_one_is_used)
{
	uses_last(NULL, NULL, "it ended with status 1");
}
END_TEST

START_TEST(a_list_with_any_fault_is_not_used)
{
	uses_last("address\n", "list: there is no device in it",
	    "1 error in the list");
	uses_last("\n", "list: there is nothing in it", "1 error in the list");
	uses_last("address,group\n192.0.2.1,north\n192.0.2.2,nor",
	    "its last line has no end; was it cut off?",
	    "2 errors in the list");
	uses_last("address,group\n192.0.2.1,north\n192.0.2.2\n",
	    "/list:3: this row has 1 cell and the first row 2",
	    "1 error in the list");
	uses_last("<html>\n<body>Sign in</body>\n",
	    "/list:1: devices.<html>: unknown key", "1 error in the list");
	uses_last("\x7f"
		  "ELF\xff\n",
	    "/list:1: this line is not UTF-8 text", "1 error in the list");
	uses_last("address,group\n192.0.2.1,north\n192.0.2.1,north\n",
	    "/list:3: devices.address: 192.0.2.1 is the same device as in",
	    "1 error in the list");
	uses_last("address,group\nnot a host,north\n",
	    "/list:2: devices.address: \"not a host\" cannot be used",
	    "1 error in the list");
	uses_last("address,group\n192.0.2.1,sooth\n",
	    "/list:2: devices.group: there is no group \"sooth\"",
	    "1 error in the list");
}
END_TEST

START_TEST(it_cannot_say_what_groups_are_for)
{
	static const char *const keys[] = {"username", "password",
	    "password_file", "agent", "rest_port", "tls_minimum", "ssh_port",
	    "tls_pin", "host_key"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		char *prints =
		    xasprintf("address,group,%s\n192.0.2.1,north,\n", keys[i]);
		char *detail = xasprintf("/list:1: column 3 is %s: a list of "
					 "devices_command may have address, "
					 "name, type, note, interfaces, "
					 "ovoc_address, skip and group;",
		    keys[i]);

		uses_last(prints, detail, "1 error in the list");
		free(prints);
		free(detail);
	}
}
END_TEST

START_TEST(without_any_list_it_is_an_error)
{
	struct conf_rig *r = rig_of_program(NULL, NULL);

	conf_rig_wrong(r, "a.conf:4: devices_command: /",
	    "/list: it ended with status 1; and of its last list: cannot read "
	    "it: No such file");
	fake.last = "address\n1.2.3.4.5\n";
	conf_rig_wrong(r,
	    "/list: it ended with status 1; and of its last "
	    "list: 2 errors in the list",
	    NULL);
	conf_rig_free(r);
}
END_TEST

START_TEST(what_finds_devices_again_takes_the_last_list)
{
	struct conf_rig *r = rig_of_program(GOOD, OLDER);
	struct campaign_conf *c;

	lists.last_first = true;
	c = conf_rig_right(r);
	ck_assert_str_eq(c->devices[0]->address, "192.0.2.9");
	ck_assert_ptr_null(c->inventory.kept_why);
	ck_assert_int_eq(fake.runs, 0);
	ck_assert_str_eq(strbuf_text(&r->m.warnings), "");
	fake.last = NULL;
	c = conf_rig_right(r);
	ck_assert_uint_eq(c->n_devices, 2);
	ck_assert_int_eq(fake.runs, 1);
	conf_rig_free(r);
}
END_TEST

START_TEST(its_devices_may_be_skipped)
{
	struct conf_rig *r = rig_of_program(
	    "address,group,skip\n192.0.2.1,north,t\n192.0.2.2,north,f\n", NULL);
	struct campaign_conf *c = conf_rig_right(r);

	ck_assert_uint_eq(c->n_devices, 1);
	ck_assert_uint_eq(c->n_skipped, 1);
	ck_assert_uint_eq(c->inventory.n_listed, 2);
	conf_rig_free(r);
}
END_TEST

UNIT_MAIN("inventory", a_row_is_a_device_and_its_columns_are_keys,
    files_add_up_as_lists_do, an_included_file_names_one_beside_itself,
    the_first_row_is_checked, a_cell_is_told_with_its_line_and_key,
    all_that_is_wrong_is_told_at_once, a_file_of_another_shape_is_no_flood,
    the_file_itself_may_be_wrong, a_password_wants_a_private_file,
    ten_thousand_rows_are_read_in_a_blink, skipped_devices_are_kept_apart,
    shards_share_all_devices, a_skipped_device_is_still_the_same_device,
    its_rows_are_devices_beside_the_others,
    a_list_of_less_than_half_is_taken_with_a_warning,
    a_later_file_replaces_the_program_or_takes_it_away,
    it_is_not_run_for_a_configuration_that_is_wrong,
    without_a_new_list_the_last_good_one_is_used,
    a_list_with_any_fault_is_not_used, it_cannot_say_what_groups_are_for,
    without_any_list_it_is_an_error,
    what_finds_devices_again_takes_the_last_list, its_devices_may_be_skipped)
