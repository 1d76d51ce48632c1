/* ssh_rig.c - see ssh_rig.h. */
#include "ssh_rig.h"

#include <check.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Without it sftp.h leaves out the server's half. */
#define WITH_SERVER 1
#include <libssh/libssh.h>
#include <libssh/server.h>
#include <libssh/sftp.h>

#include "../lab/sftp_hello.h"
#include "base/xmem.h"
#include "local.h"

#define READ_MAX      32768 /* of one answer */
#define QUEUE_WAIT_US 30000

struct server {
	struct ssh_rig_spec spec;
	ssh_key key;
	int listener;
	struct ssh_rig_seen *seen;
	bool cut; /* the one cut has been made */
};

unsigned char
ssh_rig_byte(uint64_t at)
{
	return (unsigned char)(at * 31 + (at >> 8) + (at >> 16));
}

/* --- login --- */

static int
methods(const struct ssh_rig_spec *spec)
{
	return (spec->password ? SSH_AUTH_METHOD_PASSWORD : 0) |
	       (spec->kbdint ? SSH_AUTH_METHOD_INTERACTIVE : 0) |
	       (spec->publickey ? SSH_AUTH_METHOD_PUBLICKEY : 0);
}

static void
ask(ssh_message m)
{
	const char *prompts[] = {"Password: "};
	char echo[] = {0};

	ssh_message_auth_interactive_request(m, "", "", 1, prompts, echo);
}

/* 1: in, 0: refused, -1: close the connection, 2: asked. */
static int
judge_login(struct server *sv, ssh_session session, ssh_message m)
{
	const char *given = NULL, *user = ssh_message_auth_user(m);
	int method = ssh_message_subtype(m);

	if (method == SSH_AUTH_METHOD_NONE)
		return sv->spec.none;
	if (method == SSH_AUTH_METHOD_INTERACTIVE &&
	    !ssh_message_auth_kbdint_is_response(m)) {
		ask(m);
		return 2;
	}
	if (method == SSH_AUTH_METHOD_INTERACTIVE)
		given = ssh_userauth_kbdint_getanswer(session, 0);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
	if (method == SSH_AUTH_METHOD_PASSWORD)
		given = ssh_message_auth_password(m);
#pragma GCC diagnostic pop
	sv->seen->passwords++;
	/* An answer to a prompt does not name the user again. */
	if (given != NULL && strcmp(given, RIG_PASSWORD) == 0 &&
	    (methods(&sv->spec) & method) != 0 &&
	    (user == NULL || strcmp(user, RIG_USER) == 0))
		return 1;
	if (sv->spec.fault == RIG_ASK_TWICE) {
		ask(m);
		return 2;
	}
	return sv->spec.fault == RIG_CLOSE_ON_LOGIN ? -1 : 0;
}

static bool
log_in(struct server *sv, ssh_session session)
{
	ssh_message m;
	int verdict = 0;

	while (verdict != 1 && (m = ssh_message_get(session)) != NULL) {
		if (ssh_message_type(m) != SSH_REQUEST_AUTH) {
			ssh_message_reply_default(m);
			ssh_message_free(m);
			continue;
		}
		verdict = judge_login(sv, session, m);
		if (verdict == 1)
			ssh_message_auth_reply_success(m, 0);
		if (verdict == 0) {
			ssh_message_auth_set_methods(m, methods(&sv->spec));
			ssh_message_reply_default(m);
		}
		ssh_message_free(m);
		if (verdict < 0)
			return false;
	}
	return verdict == 1;
}

static ssh_channel
open_subsystem(ssh_session session)
{
	ssh_channel channel = NULL;
	ssh_message m;

	while ((m = ssh_message_get(session)) != NULL) {
		int type = ssh_message_type(m), sub = ssh_message_subtype(m);
		bool ready = false;

		if (type == SSH_REQUEST_CHANNEL_OPEN && channel == NULL) {
			channel =
			    ssh_message_channel_request_open_reply_accept(m);
		} else if (type == SSH_REQUEST_CHANNEL &&
			   sub == SSH_CHANNEL_REQUEST_SUBSYSTEM) {
			ssh_message_channel_request_reply_success(m);
			ready = true;
		} else {
			ssh_message_reply_default(m);
		}
		ssh_message_free(m);
		if (ready)
			return channel;
	}
	return NULL;
}

/* --- files --- */

static struct ssh_rig_file *
find(struct server *sv, const char *path)
{
	for (size_t i = 0; i < 2; i++)
		if (sv->spec.files[i].path != NULL &&
		    strcmp(sv->spec.files[i].path, path) == 0)
			return &sv->spec.files[i];
	return NULL;
}

/* STATUS messages (draft-ietf-secsh-filexfer-02 section 7) of a request that
 * was never made, for as long as somebody takes them. */
static void
send_junk(sftp_client_message m)
{
	static unsigned char status[30000];
	uint32_t len = htonl(sizeof(status) - 4), id = htonl(0x7fff0000);

	memcpy(status, &len, sizeof(len));
	status[4] = SSH_FXP_STATUS;
	memcpy(status + 5, &id, sizeof(id));
	for (int i = 0; i < 40000; i++)
		if (ssh_channel_write(
			m->sftp->channel, status, sizeof(status)) < 0)
			return;
}

static void
reply_stat(struct server *sv, sftp_client_message m)
{
	struct ssh_rig_file *f = find(sv, m->filename);
	struct sftp_attributes_struct a = {0};

	if (sv->spec.fault == RIG_MUTE_STAT)
		return;
	if (sv->spec.fault == RIG_JUNK) {
		send_junk(m);
		return;
	}
	if (sv->spec.fault == RIG_DENY) {
		sftp_reply_status(m, SSH_FX_PERMISSION_DENIED, "no");
		return;
	}
	if (f == NULL) {
		sftp_reply_status(m, SSH_FX_NO_SUCH_FILE, "none");
		return;
	}
	a.flags = SSH_FILEXFER_ATTR_SIZE | SSH_FILEXFER_ATTR_ACMODTIME;
	a.size = f->announced != 0 ? f->announced : f->size;
	a.mtime = f->mtime;
	a.atime = f->mtime;
	sftp_reply_attr(m, &a);
}

static void
reply_open(struct server *sv, sftp_client_message m)
{
	struct ssh_rig_file *f = find(sv, m->filename);
	ssh_string handle;

	if (f == NULL) {
		sftp_reply_status(m, SSH_FX_NO_SUCH_FILE, "none");
		return;
	}
	strncpy(sv->seen->opened, f->path, sizeof(sv->seen->opened) - 1);
	sv->seen->reads = 0;
	handle = sftp_handle_alloc(m->sftp, f);
	sftp_reply_handle(m, handle);
	ssh_string_free(handle);
}

static void
note_read(struct server *sv, sftp_client_message m)
{
	if (sv->seen->reads++ == 0) {
		sv->seen->first_offset = m->offset;
		/* What else the client sends without an answer. */
		usleep(QUEUE_WAIT_US);
		if (ssh_channel_poll(m->sftp->channel, 0) > 0)
			sv->seen->queued++;
	}
	if (m->len > sv->seen->longest_read)
		sv->seen->longest_read = m->len;
}

static void
reply_data(const struct ssh_rig_file *f, sftp_client_message m, uint64_t end)
{
	static unsigned char data[READ_MAX];
	size_t n = m->len < READ_MAX ? m->len : READ_MAX;

	if (m->offset >= f->size) {
		sftp_reply_status(m, SSH_FX_EOF, "end");
		return;
	}
	if (n > end - m->offset)
		n = (size_t)(end - m->offset);
	for (size_t i = 0; i < n; i++)
		data[i] = ssh_rig_byte(m->offset + i);
	sftp_reply_data(m, data, (int)n);
}

/* False to close the connection. */
static bool
reply_read(struct server *sv, sftp_client_message m)
{
	const struct ssh_rig_file *f = sftp_handle(m->sftp, m->handle);
	uint64_t end = f->size;
	bool limited = sv->spec.fault == RIG_MUTE_READ ||
		       (sv->spec.fault == RIG_CUT && !sv->cut);

	note_read(sv, m);
	if (limited && m->offset >= sv->spec.limit) {
		sv->cut = true;
		return sv->spec.fault == RIG_MUTE_READ;
	}
	if (limited && sv->spec.limit < end)
		end = sv->spec.limit;
	reply_data(f, m, end);
	return true;
}

static bool
answer(struct server *sv, sftp_client_message m)
{
	switch (sftp_client_message_get_type(m)) {
	case SSH_FXP_STAT:
		reply_stat(sv, m);
		return true;
	case SSH_FXP_OPEN:
		reply_open(sv, m);
		return true;
	case SSH_FXP_READ:
		return reply_read(sv, m);
	case SSH_FXP_CLOSE:
		sftp_reply_status(m, SSH_FX_OK, "closed");
		return true;
	default:
		sftp_reply_status(m, SSH_FX_OP_UNSUPPORTED, "no");
		return true;
	}
}

static void
serve_files(struct server *sv, ssh_session session, ssh_channel channel)
{
	sftp_session sftp = sftp_server_new(session, channel);
	sftp_client_message m;
	bool more = sftp != NULL && sftp_hello(channel);

	while (more && (m = sftp_get_client_message(sftp)) != NULL) {
		more = answer(sv, m);
		sftp_client_message_free(m);
	}
}

static void
serve_session(struct server *sv, ssh_session session)
{
	ssh_channel channel;

	ssh_set_auth_methods(session, methods(&sv->spec));
	if (ssh_handle_key_exchange(session) != SSH_OK || !log_in(sv, session))
		return;
	channel = open_subsystem(session);
	if (channel != NULL)
		serve_files(sv, session, channel);
}

static void
serve(struct server *sv, int fd)
{
	ssh_bind bind = ssh_bind_new();
	ssh_session session = ssh_new();
	bool no = false;

	ssh_bind_options_set(bind, SSH_BIND_OPTIONS_PROCESS_CONFIG, &no);
	ssh_bind_options_set(
	    bind, SSH_BIND_OPTIONS_IMPORT_KEY, ssh_key_dup(sv->key));
	if (sv->spec.host_key_algorithms != NULL)
		ssh_bind_options_set(bind, SSH_BIND_OPTIONS_HOSTKEY_ALGORITHMS,
		    sv->spec.host_key_algorithms);
	if (ssh_bind_accept_fd(bind, session, fd) == SSH_OK)
		serve_session(sv, session);
	ssh_disconnect(session);
	ssh_free(session);
	ssh_bind_free(bind);
}

static void
flood(int fd)
{
	static const char line[] = "not yet, wait for it\r\n";

	while (send(fd, line, sizeof(line) - 1, MSG_NOSIGNAL) > 0)
		continue;
	close(fd);
}

static void
serve_all(struct server *sv)
{
	for (;;) {
		int fd = accept(sv->listener, NULL, NULL), on = 1;

		if (fd < 0)
			_exit(0);
		if (sv->spec.fault != RIG_NAGLE)
			setsockopt(
			    fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		sv->seen->sessions++;
		if (sv->spec.fault == RIG_CLOSE_AT_ONCE)
			close(fd);
		else if (sv->spec.fault == RIG_FLOOD)
			flood(fd);
		else if (sv->spec.fault != RIG_NO_BANNER)
			serve(sv, fd);
	}
}

/* --- start and stop --- */

static ssh_key
make_key(struct ssh_rig *r, const char *type)
{
	enum ssh_keytypes_e kind = SSH_KEYTYPE_ED25519;
	int bits = 0;
	ssh_key key = NULL;
	unsigned char *hash = NULL;
	size_t len;
	char *print;

	if (type != NULL && strcmp(type, "ecdsa") == 0) {
		kind = SSH_KEYTYPE_ECDSA;
		bits = 256;
	} else if (type != NULL && strcmp(type, "rsa") == 0) {
		kind = SSH_KEYTYPE_RSA;
		bits = 2048;
	}
	ck_assert_int_eq(ssh_pki_generate(kind, bits, &key), SSH_OK);
	ck_assert_int_eq(ssh_pki_export_pubkey_base64(key, &r->key64), SSH_OK);
	ck_assert_int_eq(
	    ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &len),
	    0);
	print = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, len);
	r->fingerprint = xstrdup(print);
	r->key_name = kind == SSH_KEYTYPE_ED25519 ? "ssh-ed25519"
		      : kind == SSH_KEYTYPE_RSA   ? "ssh-rsa"
						  : "ecdsa-sha2-nistp256";
	ssh_string_free_char(print);
	ssh_clean_pubkey_hash(&hash);
	return key;
}

void
ssh_rig_start(struct ssh_rig *r, const struct ssh_rig_spec *spec)
{
	struct server sv = {.spec = *spec};

	sv.key = make_key(r, spec->key_type);
	sv.listener = local_listen("127.0.0.1", 16, &r->port);
	sv.seen = mmap(NULL, sizeof(*sv.seen), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(sv.seen, MAP_FAILED);
	r->seen = sv.seen;
	r->pid = fork();
	ck_assert_int_ge(r->pid, 0);
	if (r->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve_all(&sv);
	}
	close(sv.listener);
	ssh_key_free(sv.key);
}

void
ssh_rig_stop(struct ssh_rig *r)
{
	kill(r->pid, SIGKILL);
	waitpid(r->pid, NULL, 0);
	munmap((void *)r->seen, sizeof(*r->seen));
	ssh_string_free_char(r->key64);
	free(r->fingerprint);
}
