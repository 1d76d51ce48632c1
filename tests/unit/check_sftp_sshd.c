/* check_sftp_sshd.c - the SFTP transfer against OpenSSH's server.
 *
 * sshd runs as a child on a port of 127.0.0.1 with host keys of its own.  Root
 * gives it a name space of mounts with an account to log in to; anybody else
 * can only be refused.  What cannot be set up is skipped, with the reason.
 */
#include "io/sftp.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <libssh/libssh.h>

#include "base/str.h"
#include "base/xmem.h"
#include "local.h"
#include "unit.h"

#define SSHD     "/usr/sbin/sshd"
#define USER     "capture-check"
#define PASSWORD "correct horse"
/* crypt(3) of it, SHA-512. */
#define HASH                                                           \
	"$6$captures$ltMtPU.mVAQLgixabZ3Sp7uOOYEyhoI16WtoLaGKew.Nikg3" \
	"14ra0JgO7V9WAYxHmV04b6XehJ5L3TKOpNZPp/"
/* New keys in mid-transfer.  libssh2 1.10 loses the old host key's 51 bytes
 * each time, which a leak check would hold against us. */
#ifdef __SANITIZE_ADDRESS__
#define REKEY ""
#else
#define REKEY "RekeyLimit 1M\n"
#endif
#define FILE_LEN (3 * 1024 * 1024 + 17)

struct rig {
	char dir[UNIT_PATH_MAX];
	uint16_t port;
	pid_t sshd; /* 0: could not be started */
	struct loop *lp;
	uint64_t at;
	unsigned wrong;
	bool logged_in;
	struct fail why;
};

static unsigned char
byte_at(uint64_t at)
{
	return (unsigned char)(at * 7 + (at >> 9));
}

static void
write_file(const struct rig *r, const char *name, const void *data, size_t len)
{
	char *path = xasprintf("%s/%s", r->dir, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, data, len), (ssize_t)len);
	close(fd);
	free(path);
}

static void
write_capture(const struct rig *r)
{
	unsigned char *data = xcalloc(1, FILE_LEN);

	for (size_t i = 0; i < FILE_LEN; i++)
		data[i] = byte_at(i);
	write_file(r, "capture.pcap", data, FILE_LEN);
	free(data);
}

/* The system's account file with one more line. */
static void
write_accounts(const struct rig *r, const char *name, const char *line)
{
	char *path = xasprintf("/etc/%s", name);
	char *old = unit_read(path);
	char *all = xasprintf("%s%s", old, line);

	write_file(r, name, all, strlen(all));
	free(all);
	free(old);
	free(path);
}

/* A pair of a type that libssh2 can sign with; the account's is USER. */
static void
write_keys(const struct rig *r, const char *name)
{
	char *path = xasprintf("%s/%s", r->dir, name);
	pid_t pid = fork();
	int status = 1;

	if (pid == 0) {
		execlp("ssh-keygen", "ssh-keygen", "-q", "-t", "ed25519", "-N",
		    "", "-f", path, (char *)NULL);
		_exit(127);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	free(path);
}

static void
write_setup(const struct rig *r, enum ssh_keytypes_e type, const char *more)
{
	char *path = xasprintf("%s/key", r->dir);
	char *conf = xasprintf("Port %u\nListenAddress 127.0.0.1\n"
			       "PidFile none\nHostKey %s\n"
			       "Subsystem sftp internal-sftp\n%s",
	    (unsigned)r->port, path, more);
	mode_t old = umask(077);
	ssh_key key = NULL;

	ck_assert_int_eq(
	    ssh_pki_generate(type, type == SSH_KEYTYPE_RSA ? 2048 : 0, &key),
	    SSH_OK);
	ck_assert_int_eq(
	    ssh_pki_export_privkey_file(key, NULL, NULL, NULL, path), SSH_OK);
	ssh_key_free(key);
	umask(old);
	write_file(r, "sshd_config", conf, strlen(conf));
	write_capture(r);
	write_keys(r, USER);
	write_keys(r, "other");
	if (geteuid() == 0) {
		write_accounts(r, "passwd",
		    USER ":x:64711:64711::/nonexistent:/usr/sbin/nologin\n");
		write_accounts(
		    r, "shadow", USER ":" HASH ":19000:0:99999:7:::\n");
	}
	free(conf);
	free(path);
}

/* In the child: mounts of its own, so that the system keeps its accounts. */
static bool
mount_accounts(const struct rig *r)
{
	char *passwd = xasprintf("%s/passwd", r->dir);
	char *shadow = xasprintf("%s/shadow", r->dir);

	return unshare(CLONE_NEWNS) == 0 &&
	       mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("tmpfs", "/run", "tmpfs", 0, "mode=755") == 0 &&
	       mkdir("/run/sshd", 0755) == 0 && mkdir("/run/lib", 0755) == 0 &&
	       mkdir("/run/lib/captures", 0755) == 0 &&
	       mount(r->dir, "/run/lib/captures", NULL, MS_BIND, NULL) == 0 &&
	       mount(passwd, "/etc/passwd", NULL, MS_BIND, NULL) == 0 &&
	       mount(shadow, "/etc/shadow", NULL, MS_BIND, NULL) == 0;
}

static void
become_sshd(const struct rig *r, int err)
{
	char *conf = xasprintf("%s/sshd_config", r->dir);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(err, STDERR_FILENO);
	if (geteuid() == 0 && !mount_accounts(r))
		dprintf(err, "mounts of our own: %s\n", strerror(errno));
	else
		execl(SSHD, SSHD, "-D", "-e", "-f", conf, (char *)NULL);
	_exit(1);
}

/* True once sshd says that it listens; else its last words are printed. */
static bool
wait_for_sshd(int err)
{
	FILE *f = fdopen(err, "r");
	char line[256], last[256] = "it said nothing";
	bool up = false;

	while (!up && fgets(line, sizeof(line), f) != NULL) {
		up = strstr(line, "Server listening on") != NULL;
		str_copy(last, sizeof(last), line);
	}
	if (!up)
		printf("skipped, no sshd: %s\n", last);
	/* Left open: sshd goes on writing to it. */
	return up;
}

static struct rig *
rig_new(enum ssh_keytypes_e type, const char *more)
{
	struct rig *r = xcalloc(1, sizeof(*r));
	int err[2];

	unit_folder(r->dir);
	ck_assert_int_eq(chmod(r->dir, 0755), 0);
	r->port = local_free_port(SOCK_STREAM, "127.0.0.1");
	write_setup(r, type, more);
	ck_assert_int_eq(pipe2(err, O_CLOEXEC), 0);
	r->sshd = fork();
	if (r->sshd == 0)
		become_sshd(r, err[1]);
	close(err[1]);
	if (!wait_for_sshd(err[0])) {
		waitpid(r->sshd, NULL, 0);
		r->sshd = 0;
	}
	r->lp = unit_loop();
	return r;
}

static void
rig_free(struct rig *r)
{
	if (r->sshd > 0) {
		kill(r->sshd, SIGTERM);
		waitpid(r->sshd, NULL, 0);
	}
	unit_loop_free(r->lp);
	free(r);
}

static uint64_t
on_opened(void *arg, const struct sftp_file *f)
{
	(void)arg;
	ck_assert_uint_eq(f->size, FILE_LEN);
	return 0;
}

static bool
on_data(void *arg, const void *data, size_t len)
{
	struct rig *r = arg;
	const unsigned char *b = data;

	for (size_t i = 0; i < len; i++)
		r->wrong += b[i] != byte_at(r->at + i);
	r->at += len;
	return true;
}

static void
on_done(void *arg, bool logged_in, const struct fail *why)
{
	struct rig *r = arg;

	r->logged_in = logged_in;
	r->why = *why;
	loop_stop(r->lp);
}

static void
fetch_by(struct rig *r, const char *password, const char *key, const char *path,
    bool narrow)
{
	static const struct sftp_events events = {on_opened, on_data, on_done};
	const char *files[] = {"/nonexistent.pcap", path};
	struct sftp_spec spec = {.addr = local_addr("127.0.0.1"),
	    .port = r->port,
	    .host = "127.0.0.1",
	    .username = USER,
	    .password = password,
	    .private_key = key,
	    .files = files,
	    .n_files = 2,
	    .narrow = narrow,
	    .connect_ms = 5000,
	    .stall_ms = 5000};

	r->at = 0;
	sftp_start(r->lp, &spec, &events, r);
	loop_run(r->lp);
}

static void
fetch(struct rig *r, const char *password, bool narrow)
{
	char *path = xasprintf("%s/capture.pcap", r->dir);

	fetch_by(r, password, NULL, path, narrow);
	free(path);
}

/* By the key in this file of the folder. */
static void
fetch_by_key(struct rig *r, const char *name, const char *path)
{
	char *file = xasprintf("%s/%s", r->dir, name);
	char *key = unit_read(file);

	fetch_by(r, NULL, key, path, false);
	free(key);
	free(file);
}

static void
expect_file(const struct rig *r)
{
	ck_assert_msg(r->why.kind == FAIL_NONE, "%s", r->why.text);
	ck_assert_uint_eq(r->at, FILE_LEN);
	ck_assert_uint_eq(r->wrong, 0);
}

static bool
can_log_in(void)
{
	if (geteuid() != 0)
		printf("skipped: only root can give sshd an account\n");
	return geteuid() == 0;
}

START_TEST(a_file_comes_whole_by_password_wide_and_narrow)
{
	struct rig *r;

	if (!can_log_in())
		return;
	r = rig_new(SSH_KEYTYPE_ED25519, "UsePAM no\n" REKEY);
	for (int narrow = 0; r->sshd > 0 && narrow < 2; narrow++) {
		fetch(r, PASSWORD, narrow);
		expect_file(r);
	}
	rig_free(r);
}
END_TEST

START_TEST(a_file_comes_whole_by_keyboard_interactive)
{
	struct rig *r;

	if (!can_log_in())
		return;
	r = rig_new(SSH_KEYTYPE_ED25519,
	    "UsePAM yes\nPasswordAuthentication no\n"
	    "KbdInteractiveAuthentication yes\n");
	if (r->sshd > 0) {
		fetch(r, PASSWORD, false);
		expect_file(r);
	}
	rig_free(r);
}
END_TEST

START_TEST(a_wrong_password_is_refused)
{
	struct rig *r = rig_new(SSH_KEYTYPE_ED25519, "UsePAM no\n");

	if (r->sshd > 0) {
		fetch(r, "wrong", false);
		ck_assert_msg(r->why.kind == FAIL_AUTH, "%s", r->why.text);
		ck_assert(!r->logged_in);
	}
	rig_free(r);
}
END_TEST

START_TEST(an_rsa_key_alone_is_too_new_for_libssh2_before_1_11)
{
	struct rig *r = rig_new(SSH_KEYTYPE_RSA, "UsePAM no\n");

	if (r->sshd > 0) {
		fetch(r, "wrong", false);
		ck_assert_msg(r->why.kind == FAIL_AUTH ||
				  strstr(r->why.text, "rsa-sha2-512") != NULL,
		    "%s", r->why.text);
	}
	rig_free(r);
}
END_TEST

/* What traffic-capture.conf(5) shows, SFTP from an OVOC server: an account that
 * may read the captures, by its key alone, and nothing else. */
#define ACCOUNT(more)                                     \
	"UsePAM no\nMatch User " USER "\n"                \
	"\tForceCommand internal-sftp -R\n"               \
	"\tAuthenticationMethods publickey\n"             \
	"\tAuthorizedKeysFile /run/lib/captures/%u.pub\n" \
	"\tDisableForwarding yes\n\tPermitTTY no\n" more

START_TEST(the_manuals_account_reads_by_its_key_and_nothing_else)
{
	struct rig *r;
	char *path;

	if (!can_log_in())
		return;
	r = rig_new(SSH_KEYTYPE_ED25519, ACCOUNT(""));
	path = xasprintf("%s/capture.pcap", r->dir);
	if (r->sshd > 0) {
		fetch_by_key(r, USER, path);
		expect_file(r);
		/* It has no password, even if it had one. */
		fetch_by(r, PASSWORD, NULL, path, false);
		ck_assert_msg(r->why.kind == FAIL_AUTH, "%s", r->why.text);
		ck_assert_ptr_nonnull(
		    strstr(r->why.text, "offers neither password"));
	}
	free(path);
	rig_free(r);
}
END_TEST

START_TEST(in_a_chroot_the_folder_is_as_the_account_sees_it)
{
	struct rig *r;

	if (!can_log_in())
		return;
	r = rig_new(
	    SSH_KEYTYPE_ED25519, ACCOUNT("\tChrootDirectory /run/lib\n"));
	if (r->sshd > 0) {
		fetch_by_key(r, USER, "/captures/capture.pcap");
		expect_file(r);
	}
	rig_free(r);
}
END_TEST

START_TEST(another_key_is_refused_and_a_broken_one_not_even_tried)
{
	struct rig *r = rig_new(SSH_KEYTYPE_ED25519, "UsePAM no\n");
	char *path = xasprintf("%s/capture.pcap", r->dir);

	if (r->sshd > 0) {
		fetch_by_key(r, "other", path);
		ck_assert_msg(r->why.kind == FAIL_AUTH, "%s", r->why.text);
		ck_assert(!r->logged_in);
		fetch_by_key(r, "sshd_config", path);
		ck_assert_msg(r->why.kind == FAIL_AUTH, "%s", r->why.text);
		ck_assert_ptr_nonnull(strstr(r->why.text, "private key"));
	}
	free(path);
	rig_free(r);
}
END_TEST

UNIT_MAIN("sftp_sshd", a_file_comes_whole_by_password_wide_and_narrow,
    a_file_comes_whole_by_keyboard_interactive, a_wrong_password_is_refused,
    an_rsa_key_alone_is_too_new_for_libssh2_before_1_11,
    the_manuals_account_reads_by_its_key_and_nothing_else,
    in_a_chroot_the_folder_is_as_the_account_sees_it,
    another_key_is_refused_and_a_broken_one_not_even_tried)
