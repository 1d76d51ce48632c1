/* ssh_server.c - libssh: host keys, logins, and a thread for each connection.
 *
 * device_ssh.c accepts and says what the connection is given;
 * sftp_session.c serves the file once the client has logged in.
 */
#define WITH_SERVER 1
#include "ssh_server.h"

#include <errno.h>
#include <fcntl.h>
#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <libssh/server.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "base/xmem.h"
#include "post.h"
#include "sftp_session.h"

#define STACK_SIZE   (256 * 1024) /* a thousand sessions must fit in memory */
#define MESSAGES_MAX 64           /* before the SFTP subsystem is asked for */

struct ssh_server {
	struct loop *lp;
	struct post *post;
	ssh_bind usual;
	ssh_bind other; /* with another host key */
	struct connection *first;
};

/* The thread reads the offer and writes `teller`; the loop does the rest. */
struct connection {
	struct ssh_server *server;
	struct connection *next;
	struct connection **link;
	struct sftp_offer offer;
	sftp_event_fn *event;
	void *arg;
	ssh_session session;
	char user[256]; /* of the login that is going on */
	int fd;         /* a duplicate: stays open until the thread has ended */
	pthread_t thread;
	bool joined;
	struct sftp_teller teller;
};

/* One event on its way from the thread to the loop. */
struct report {
	struct connection *c;
	struct sftp_event event;
};

static void
connection_free(struct connection *c)
{
	if (!c->joined)
		pthread_join(c->thread, NULL);
	close(c->fd);
	*c->link = c->next;
	if (c->next)
		c->next->link = c->link;
	free(c);
}

static void
report_deliver(void *arg)
{
	struct report *r = arg;

	r->c->event(r->c->arg, &r->event);
	if (r->event.what == SFTP_ENDED)
		connection_free(r->c);
	free(r);
}

static void
tell(void *arg, enum sftp_what what, const char *text)
{
	struct connection *c = arg;
	struct report *r = xcalloc(1, sizeof(*r));

	r->c = c;
	r->event.what = what;
	r->event.bytes = c->teller.bytes;
	str_copy(r->event.text, sizeof(r->event.text), text);
	post_send(c->server->post, report_deliver, r);
}

/* The replacement of this call needs libssh's own event loop in the thread. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
static const char *
password_of(ssh_message m)
{
	return ssh_message_auth_password(m);
}
#pragma GCC diagnostic pop

static bool
login_right(struct connection *c, const char *user, const char *password)
{
	bool right = !c->offer.refuse_login && user && password &&
		     strcmp(user, c->offer.username) == 0 &&
		     strcmp(password, c->offer.password) == 0;

	tell(c, right ? SFTP_LOGIN_OK : SFTP_LOGIN_REFUSED, "");
	return right;
}

static int
auth_methods(const struct sftp_offer *o)
{
	int methods = 0;

	if (!o->no_password)
		methods |= SSH_AUTH_METHOD_PASSWORD;
	if (!o->no_keyboard)
		methods |= SSH_AUTH_METHOD_INTERACTIVE;
	return methods;
}

/* RFC 4256: one prompt, then its answer.  True if the login is right. */
static bool
keyboard_login(struct connection *c, ssh_message m, bool *answered)
{
	static const char *prompts[] = {"Password: "};
	char echo[] = {0};

	if (!ssh_message_auth_kbdint_is_response(m)) {
		ssh_message_auth_interactive_request(
		    m, "", "", 1, prompts, echo);
		str_copy(c->user, sizeof(c->user), ssh_message_auth_user(m));
		*answered = true;
		return false;
	}
	return ssh_userauth_kbdint_getnanswers(c->session) == 1 &&
	       login_right(
		   c, c->user, ssh_userauth_kbdint_getanswer(c->session, 0));
}

/* True once the client is in; every other message is answered. */
static bool
auth_message(struct connection *c, ssh_message m)
{
	int kind = ssh_message_subtype(m);
	bool answered = false;
	bool in = false;

	if (ssh_message_type(m) != SSH_REQUEST_AUTH) {
		ssh_message_reply_default(m);
		return false;
	}
	if (kind == SSH_AUTH_METHOD_PASSWORD && !c->offer.no_password)
		in = login_right(c, ssh_message_auth_user(m), password_of(m));
	else if (kind == SSH_AUTH_METHOD_INTERACTIVE && !c->offer.no_keyboard)
		in = keyboard_login(c, m, &answered);
	if (in) {
		ssh_message_auth_reply_success(m, 0);
	} else if (!answered) {
		ssh_message_auth_set_methods(m, auth_methods(&c->offer));
		ssh_message_reply_default(m);
	}
	return in;
}

static bool
login(struct connection *c)
{
	ssh_set_auth_methods(c->session, auth_methods(&c->offer));
	for (int i = 0; i < MESSAGES_MAX; i++) {
		ssh_message m = ssh_message_get(c->session);
		if (!m)
			return false;
		bool in = auth_message(c, m);
		ssh_message_free(m);
		if (in)
			return true;
	}
	return false;
}

/* A session channel with the sftp subsystem; NULL if none was asked for. */
static ssh_channel
channel_wait(struct connection *c)
{
	ssh_channel channel = NULL;

	for (int i = 0; i < MESSAGES_MAX; i++) {
		ssh_message m = ssh_message_get(c->session);
		bool sftp = false;
		if (!m)
			return NULL;
		int type = ssh_message_type(m);
		int kind = ssh_message_subtype(m);
		if (type == SSH_REQUEST_CHANNEL_OPEN &&
		    kind == SSH_CHANNEL_SESSION && !channel) {
			channel =
			    ssh_message_channel_request_open_reply_accept(m);
		} else if (type == SSH_REQUEST_CHANNEL && channel &&
			   kind == SSH_CHANNEL_REQUEST_SUBSYSTEM &&
			   strcmp(ssh_message_channel_request_subsystem(m),
			       "sftp") == 0) {
			ssh_message_channel_request_reply_success(m);
			sftp = true;
		} else {
			ssh_message_reply_default(m);
		}
		ssh_message_free(m);
		if (sftp)
			return channel;
	}
	return NULL;
}

/* Let the client be the one who ends the connection. */
static void
client_wait(struct connection *c)
{
	ssh_message m;

	while ((m = ssh_message_get(c->session)) != NULL) {
		ssh_message_reply_default(m);
		ssh_message_free(m);
	}
}

static void *
connection_run(void *arg)
{
	struct connection *c = arg;

	if (ssh_handle_key_exchange(c->session) == SSH_OK && login(c)) {
		ssh_channel channel = channel_wait(c);
		if (channel) {
			tell(c, SFTP_STARTED, "");
			sftp_session_run(
			    c->session, channel, &c->offer, &c->teller);
			client_wait(c);
		}
	}
	ssh_disconnect(c->session);
	ssh_free(c->session);
	tell(c, SFTP_ENDED, "");
	return NULL;
}

static bool
key_failed(struct fail *why, const char *what)
{
	fail_set(why, FAIL_LOCAL, "SSH host key: %s failed", what);
	return false;
}

/* Load the key at `path`, or make it and keep it there. */
static bool
key_open(const char *path, ssh_key *key, struct fail *why)
{
	if (access(path, F_OK) == 0)
		return ssh_pki_import_privkey_file(
			   path, NULL, NULL, NULL, key) == SSH_OK ||
		       key_failed(why, path);
	if (ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, key) != SSH_OK)
		return key_failed(why, "making a key");
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return key_failed(why, path);
	close(fd);
	return ssh_pki_export_privkey_file(*key, NULL, NULL, NULL, path) ==
		   SSH_OK ||
	       key_failed(why, path);
}

static bool
fingerprint_write(ssh_key key, const char *path, struct fail *why)
{
	unsigned char *hash = NULL;
	size_t len = 0;

	if (ssh_get_publickey_hash(
		key, SSH_PUBLICKEY_HASH_SHA256, &hash, &len) != 0)
		return key_failed(why, "its fingerprint");
	char *text =
	    ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, len);
	FILE *f = fopen(path, "we");
	bool good = f && text && fprintf(f, "%s\n", text) > 0;
	if (f && fclose(f) != 0)
		good = false;
	ssh_string_free_char(text);
	ssh_clean_pubkey_hash(&hash);
	return good || key_failed(why, path);
}

/* `key` then belongs to the result. */
static ssh_bind
bind_new(ssh_key key)
{
	ssh_bind b = ssh_bind_new();
	bool no = false;

	ssh_bind_options_set(b, SSH_BIND_OPTIONS_PROCESS_CONFIG, &no);
	ssh_bind_options_set(b, SSH_BIND_OPTIONS_BANNER, "AudioCodes");
	ssh_bind_options_set(b, SSH_BIND_OPTIONS_IMPORT_KEY, key);
	return b;
}

static bool
keys_open(struct ssh_server *s, const char *folder, struct fail *why)
{
	char *path = xasprintf("%s/ssh-host-key", folder);
	char *print = xasprintf("%s/ssh-fingerprint", folder);
	ssh_key key = NULL;
	ssh_key other = NULL;
	bool good =
	    key_open(path, &key, why) && fingerprint_write(key, print, why);

	if (good && ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &other) != SSH_OK)
		good = key_failed(why, "making a key");
	if (good) {
		s->usual = bind_new(key);
		s->other = bind_new(other);
	} else {
		ssh_key_free(key);
	}
	free(path);
	free(print);
	return good;
}

struct ssh_server *
ssh_server_new(struct loop *lp, const char *folder, struct fail *why)
{
	struct ssh_server *s = xcalloc(1, sizeof(*s));

	s->lp = lp;
	ssh_init();
	s->post = post_new(lp, why);
	if (s->post && keys_open(s, folder, why))
		return s;
	ssh_server_free(s);
	return NULL;
}

static bool
thread_start(struct connection *c)
{
	pthread_attr_t attr;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	int rc = pthread_create(&c->thread, &attr, connection_run, c);
	pthread_attr_destroy(&attr);
	return rc == 0;
}

bool
ssh_server_add(struct ssh_server *s, int fd, const struct sftp_offer *offer,
    sftp_event_fn *event, void *arg)
{
	struct connection *c = xcalloc(1, sizeof(*c));

	/* libssh wants a blocking descriptor for its blocking calls. */
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
	c->server = s;
	c->offer = *offer;
	c->event = event;
	c->arg = arg;
	c->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	c->teller = (struct sftp_teller){tell, c, 0, c->fd};
	c->session = ssh_new();
	if (c->fd >= 0 && c->session &&
	    ssh_bind_accept_fd(offer->other_key ? s->other : s->usual,
		c->session, fd) == SSH_OK &&
	    thread_start(c)) {
		c->next = s->first;
		c->link = &s->first;
		if (c->next)
			c->next->link = &c->next;
		s->first = c;
		return true;
	}
	if (c->session)
		ssh_free(c->session);
	else
		close(fd);
	if (c->fd >= 0)
		close(c->fd);
	free(c);
	return false;
}

void
ssh_server_drop(struct ssh_server *s, const void *arg)
{
	for (struct connection *c = s->first; c; c = c->next)
		if (c->arg == arg)
			shutdown(c->fd, SHUT_RDWR);
}

void
ssh_server_free(struct ssh_server *s)
{
	if (!s)
		return;
	for (struct connection *c = s->first; c; c = c->next)
		shutdown(c->fd, SHUT_RDWR);
	for (struct connection *c = s->first; c; c = c->next) {
		pthread_join(c->thread, NULL);
		c->joined = true;
	}
	/* The last reports free the connections. */
	post_free(s->post);
	if (s->usual)
		ssh_bind_free(s->usual);
	if (s->other)
		ssh_bind_free(s->other);
	ssh_finalize();
	free(s);
}
