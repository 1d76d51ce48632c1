/* check_conf_sftp.c - agents' sftp: how the server's captures come here. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "conf_rig.h"

#define AGENT(inside) "agents = ( { address = \"192.0.2.252\"; " inside " } );"
#define SFTP(inside)  AGENT("sftp = { " inside " };")
#define LOGIN         "username = \"capture\"; "
#define PASSWORD      LOGIN "password_file = \"ovoc-ssh\"; "
#define KEY           LOGIN "private_key_file = \"ovoc-key\"; "

/* As ssh-keygen -t ed25519 writes it, and with a passphrase. */
#define PLAIN                                                                \
	"-----BEGIN OPENSSH PRIVATE KEY-----\n"                              \
	"b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtz\n" \
	"-----END OPENSSH PRIVATE KEY-----\n"
#define LOCKED                                                              \
	"-----BEGIN OPENSSH PRIVATE KEY-----\n"                             \
	"b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABA\n" \
	"-----END OPENSSH PRIVATE KEY-----\n"

static struct conf_rig *
with(const char *text)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE);

	conf_rig_file(r, "b.conf", "%s", text);
	conf_rig_file(r, "ovoc-ssh", "pa ss\n");
	conf_rig_file(r, "ovoc-key", "%s", PLAIN);
	conf_rig_file(r, "locked", "%s", LOCKED);
	return r;
}

static void
wrong(const char *text, const char *has, const char *also)
{
	struct conf_rig *r = with(text);

	conf_rig_wrong(r, has, also);
	conf_rig_free(r);
}

static const struct agent_sftp *
right(struct conf_rig *r)
{
	return &conf_rig_right(r)->agents[0]->sftp;
}

START_TEST(without_the_group_there_is_no_sftp)
{
	struct conf_rig *r = with(AGENT("port = 20002;"));

	ck_assert_ptr_null(right(r)->username);
	ck_assert_int_eq(right(r)->port, 0);
	conf_rig_free(r);
}
END_TEST

START_TEST(with_it_the_defaults_are_those_of_an_agent)
{
	struct conf_rig *r = with(SFTP(PASSWORD));
	const struct agent_sftp *s = right(r);

	ck_assert_str_eq(s->username, "capture");
	ck_assert_str_eq(s->password, "pa ss");
	ck_assert_ptr_null(s->private_key);
	ck_assert_int_eq(s->port, 22);
	ck_assert_str_eq(s->directory, "/var/lib/traffic-capture-agent");
	ck_assert_uint_eq(s->n_host_keys, 0);
	conf_rig_free(r);
}
END_TEST

START_TEST(every_key_can_be_set)
{
	struct conf_rig *r = with(SFTP(
	    KEY "port = 2222; directory = \"/\"; host_key = "
		"\"SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\";"));
	const struct agent_sftp *s = right(r);

	ck_assert_ptr_null(s->password);
	/* As in the file, but for its last line end. */
	ck_assert_int_eq(strlen(s->private_key), strlen(PLAIN) - 1);
	ck_assert_int_eq(strncmp(s->private_key, PLAIN, strlen(PLAIN) - 1), 0);
	ck_assert_int_eq(s->port, 2222);
	ck_assert_str_eq(s->directory, "/");
	ck_assert_uint_eq(s->n_host_keys, 1);
	conf_rig_free(r);
}
END_TEST

START_TEST(agents_of_one_address_merge_key_by_key)
{
	struct conf_rig *r = with(SFTP(PASSWORD "port = 2222;"));

	conf_rig_file(r, "c.conf", "%s", SFTP("port = 2223;"));
	ck_assert_int_eq(right(r)->port, 2223);
	ck_assert_str_eq(right(r)->username, "capture");
	conf_rig_free(r);
}
END_TEST

START_TEST(what_is_printed_has_the_group_and_loads_again)
{
	struct conf_rig *r = with(SFTP(PASSWORD));
	struct strbuf text = STRBUF_INIT;

	campaign_conf_print(conf_rig_right(r), &text);
	ck_assert_ptr_nonnull(strstr(strbuf_text(&text),
	    "\t\tsftp = {\n\t\t\tport = 22;\n\t\t\tusername = \"capture\";\n"
	    "\t\t\tpassword_file = \"*****\";\n"
	    "\t\t\tdirectory = \"/var/lib/traffic-capture-agent\";\n"
	    "\t\t};\n"));
	strbuf_free(&text);
	conf_rig_free(r);
	r = with(AGENT("port = 20002;"));
	campaign_conf_print(conf_rig_right(r), &text);
	ck_assert_ptr_null(strstr(strbuf_text(&text), "sftp = {"));
	strbuf_free(&text);
	conf_rig_free(r);
}
END_TEST

START_TEST(exactly_one_of_password_and_key_is_needed)
{
	wrong(SFTP(LOGIN), "b.conf:1: agents.sftp: neither password_file",
	    "allowed is one of them");
	wrong(SFTP(LOGIN "password_file = \"\"; private_key_file = \"\";"),
	    "agents.sftp: neither password_file", NULL);
	wrong(SFTP(PASSWORD "private_key_file = \"ovoc-key\";"),
	    "agents.sftp: password_file is set as well", NULL);
	wrong(SFTP("password_file = \"ovoc-ssh\";"),
	    "b.conf:1: agents.sftp.username: is missing", NULL);
}
END_TEST

START_TEST(a_wrong_value_is_told_by_its_key)
{
	wrong(SFTP(PASSWORD "prot = 1;"),
	    "b.conf:1: agents.sftp.prot: unknown key; the nearest known one "
	    "is agents.sftp.port",
	    NULL);
	wrong(AGENT("sftp = \"capture\";"),
	    "b.conf:1: agents.sftp: a text is the wrong type",
	    "allowed is a group, { ... }");
	wrong(SFTP(PASSWORD "port = 0;"),
	    "b.conf:1: agents.sftp.port: 0 is out of range", "1..65535");
	wrong(SFTP(PASSWORD "directory = \"captures\";"),
	    "agents.sftp.directory: \"captures\" cannot be used",
	    "an absolute name");
	wrong(SFTP(PASSWORD "host_key = \"MD5:1\";"),
	    "agents.sftp.host_key: \"MD5:1\" cannot be used", NULL);
}
END_TEST

START_TEST(a_key_must_be_one_without_a_passphrase)
{
	wrong(SFTP(LOGIN "private_key_file = \"ovoc-ssh\";"),
	    "agents.sftp.private_key_file: ovoc-ssh is no private key in PEM",
	    NULL);
	wrong(SFTP(LOGIN "private_key_file = \"locked\";"),
	    "agents.sftp.private_key_file: locked has a passphrase",
	    "ssh-keygen -p");
	wrong(SFTP(LOGIN "private_key_file = \"none\";"),
	    "agents.sftp.private_key_file: cannot open", NULL);
}
END_TEST

START_TEST(its_file_is_private)
{
	struct conf_rig *r = with(SFTP(KEY));

	conf_rig_mode(r, "ovoc-key", 0644);
	conf_rig_wrong(
	    r, "agents.sftp.private_key_file: ", "is open to others");
	conf_rig_free(r);
}
END_TEST

START_TEST(credentials_are_looked_up_first)
{
	struct conf_rig *r = with(SFTP(LOGIN "private_key_file = \"cred\";"));
	char *folder = conf_rig_path(r, "credentials");

	ck_assert_int_eq(mkdir(folder, 0700), 0);
	conf_rig_file(r, "credentials/cred", "%s", PLAIN);
	setenv("CREDENTIALS_DIRECTORY", folder, 1);
	ck_assert_ptr_nonnull(right(r)->private_key);
	unsetenv("CREDENTIALS_DIRECTORY");
	free(folder);
	conf_rig_free(r);
}
END_TEST

UNIT_MAIN("conf_sftp", without_the_group_there_is_no_sftp,
    with_it_the_defaults_are_those_of_an_agent, every_key_can_be_set,
    agents_of_one_address_merge_key_by_key,
    what_is_printed_has_the_group_and_loads_again,
    exactly_one_of_password_and_key_is_needed, a_wrong_value_is_told_by_its_key,
    a_key_must_be_one_without_a_passphrase, its_file_is_private,
    credentials_are_looked_up_first)
