/* ssh_session.c - see ssh_session.h.
 *
 * The server's first bytes are kept until the key exchange is over, because
 * libssh2 does not tell what the server offered when nothing was in common, as
 * with old firmware.  Sources: RFC 4252 (login), RFC 4253 (key exchange),
 * RFC 4256 (keyboard-interactive), the libssh2 1.10 manual pages.
 */
#include "io/ssh_session.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libssh2.h>

#include "base/os_error.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/xmem.h"
#include "io/host_key.h"
#include "io/ssh_kex_error.h"
#include "wire/ssh_kexinit.h"

/* An identification line and a KEXINIT: OpenSSH 9 needs 1.1 KiB. */
#define GREETING_MAX 4096
/* libssh2 reads lines before the banner, byte by byte, and packets that it
 * ignores, for as long as they come without a pause: a turn ends after so much,
 * and a server that has not let us in yet gets no more than LOGIN_MAX.  Later
 * libssh2 keeps whatever is no answer to anything: who sends so much more than
 * is used (our READs are for 4 MiB at once) is out to fill our memory. */
#define TURN_MAX       (2 * 1024 * 1024)
#define LOGIN_TURN_MAX (16 * 1024)
#define LOGIN_MAX      (256 * 1024)
#define UNUSED_MAX     (8 * 1024 * 1024)

enum ssh_state {
	STATE_CONNECT,
	STATE_KEX,
	STATE_METHODS,
	STATE_PASSWORD,
	STATE_KBDINT,
	STATE_KEY,
	STATE_IN,
	STATE_FAILED
};

static const char *const doing[] = {"TCP connection", "key exchange",
    "list of login methods", "login by password",
    "login by keyboard-interactive", "login by private key", "session",
    "session"};

struct ssh_session {
	enum ssh_state state;
	int fd;
	LIBSSH2_SESSION *ssh;
	struct log *lg;
	struct known_hosts *hosts;
	char *host;
	uint16_t port;
	bool only_key;
	char *username;
	char *password; /* NULL once the login was tried */
	char *key;      /* the same */
	char *pins;     /* with HOST_KEY_OR in between; NULL: none */
	char *types;    /* of the host keys known; NULL: none */
	char peer[ADDR_TEXT_MAX];
	struct strbuf greeting;
	size_t turn_left; /* to receive before the loop's next turn */
	size_t left;      /* to receive at all, unless more is used */
	bool eof;         /* the server has closed the connection */
	bool asked_twice; /* for the password: once is all we try */
	unsigned answers; /* of keyboard-interactive given */
};

/* recv(2) within the limits; libssh2 wants -errno. */
static LIBSSH2_RECV_FUNC(limited_recv)
{
	struct ssh_session *s = *abstract;
	size_t max = length < s->turn_left ? length : s->turn_left;
	ssize_t n;

	if (s->left == 0)
		return -ECONNABORTED;
	if (max > s->left)
		max = s->left;
	if (max == 0)
		return -EAGAIN;
	n = recv(socket, buffer, max, flags);
	s->eof |= n == 0 || (n < 0 && errno == ECONNRESET);
	if (n < 0)
		return errno == EINTR ? -EAGAIN : -errno;
	s->turn_left -= (size_t)n;
	s->left -= (size_t)n;
	if (s->state == STATE_KEX && s->greeting.len < GREETING_MAX)
		strbuf_add_bytes(&s->greeting, buffer, (size_t)n);
	return n;
}

static const char *
answer_for(const struct ssh_session *s,
    const LIBSSH2_USERAUTH_KBDINT_PROMPT *prompt, int n_prompts)
{
	/* An answer that is shown is a name, unless it is the only one. */
	return prompt->echo && n_prompts > 1 ? s->username : s->password;
}

static LIBSSH2_USERAUTH_KBDINT_RESPONSE_FUNC(answer_prompts)
{
	struct ssh_session *s = *abstract;

	(void)name, (void)name_len, (void)instruction, (void)instruction_len;
	if (num_prompts == 0)
		return;
	/* A second question means that the first answer was wrong.  This
	 * function cannot refuse to answer, a dead connection can. */
	if (s->answers++ > 0) {
		s->asked_twice = true;
		shutdown(s->fd, SHUT_RDWR);
		return;
	}
	for (int i = 0; i < num_prompts; i++) {
		/* libssh2 frees it. */
		responses[i].text =
		    xstrdup(answer_for(s, &prompts[i], num_prompts));
		responses[i].length = (unsigned)strlen(responses[i].text);
	}
}

static int
connect_socket(const struct ssh_spec *spec, struct fail *why)
{
	struct sockaddr_storage ss;
	socklen_t len = addr_to_sockaddr(&spec->addr, spec->port, &ss);
	char peer[ADDR_TEXT_MAX];
	int on = 1;
	int fd =
	    socket(ss.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	addr_port_text(&spec->addr, spec->port, peer);
	if (fd < 0) {
		fail_set(why, FAIL_LOCAL, "SFTP %s: no socket: %s", peer,
		    os_error_network(errno));
		return -1;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (connect(fd, (struct sockaddr *)&ss, len) == 0 ||
	    errno == EINPROGRESS)
		return fd;
	fail_set(why, errno == EADDRNOTAVAIL ? FAIL_LOCAL : FAIL_UNREACHABLE,
	    "SFTP %s: TCP connect: %s", peer, strerror(errno));
	close(fd);
	return -1;
}

/* 1.11.1 deprecates the older function, because C has no way from a function's
 * address to a void pointer. */
static void
set_recv(LIBSSH2_SESSION *ssh)
{
#if LIBSSH2_VERSION_NUM >= 0x010b01
	libssh2_session_callback_set2(
	    ssh, LIBSSH2_CALLBACK_RECV, (libssh2_cb_generic *)limited_recv);
#else
	libssh2_session_callback_set(
	    ssh, LIBSSH2_CALLBACK_RECV, (void *)limited_recv);
#endif
}

static void
init_libssh2(struct ssh_session *s)
{
	s->ssh = libssh2_session_init_ex(NULL, NULL, NULL, s);
	if (s->ssh == NULL)
		xmem_exhausted();
	libssh2_session_set_blocking(s->ssh, 0);
	set_recv(s->ssh);
	/* Asked for another type, a server that is known could not be told
	 * from one that is not. */
	if (s->types != NULL)
		libssh2_session_method_pref(
		    s->ssh, LIBSSH2_METHOD_HOSTKEY, s->types);
}

struct ssh_session *
ssh_session_new(const struct ssh_spec *spec, struct log *lg, struct fail *why)
{
	struct ssh_session *s;
	int fd;

	fail_clear(why);
	fd = connect_socket(spec, why);
	if (fd < 0)
		return NULL;
	s = xcalloc(1, sizeof(*s));
	s->fd = fd;
	s->lg = lg;
	s->left = LOGIN_MAX;
	s->host = xstrdup(spec->host);
	s->port = spec->port;
	s->only_key = spec->only_key;
	s->username = xstrdup(spec->username);
	s->password = secret_copy(spec->password);
	s->key = secret_copy(spec->private_key);
	if (spec->n_host_keys > 0)
		s->pins =
		    str_join(spec->host_keys, spec->n_host_keys, HOST_KEY_OR);
	s->hosts = s->pins == NULL ? spec->hosts : NULL;
	if (s->hosts != NULL)
		s->types = known_hosts_types(s->hosts, s->host, s->port);
	addr_port_text(&spec->addr, spec->port, s->peer);
	init_libssh2(s);
	return s;
}

/* The steps return true when the state has changed, false to wait. */

static bool
give_up(struct ssh_session *s)
{
	s->state = STATE_FAILED;
	return true;
}

static bool
step_connect(struct ssh_session *s, struct fail *why)
{
	int err = 0;
	socklen_t len = sizeof(err);

	if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &err, &len) != 0)
		err = errno;
	if (err != 0) {
		fail_set(why, FAIL_UNREACHABLE, "SFTP %s: TCP connect: %s%s",
		    s->peer, strerror(err),
		    err == ECONNREFUSED ? ": is SSH on, and the port right?"
					: "");
		return give_up(s);
	}
	s->state = STATE_KEX;
	return true;
}

/* Our names for one list of the key exchange; "" if libssh2 cannot tell. */
static char *
own_names(const struct ssh_session *s, enum ssh_list list)
{
	struct strbuf names = STRBUF_INIT;
	const char **algs = NULL;
	/* libssh2 numbers its methods in the order of the packet. */
	int n = libssh2_session_supported_algs(s->ssh, (int)list, &algs);

	strbuf_add(&names, "");
	for (int i = 0; i < n; i++)
		strbuf_addf(&names, "%s%s", i > 0 ? "," : "", algs[i]);
	if (n > 0)
		libssh2_free(s->ssh, algs);
	return strbuf_take(&names);
}

static void
say_kex_failure(struct ssh_session *s, struct fail *why)
{
	char *ours[SSH_LISTS];
	char *error = xstrdup(ssh_session_error(s));
	struct ssh_kex_error e = {.peer = s->peer,
	    .host = s->host,
	    .port = s->port,
	    .known_types = s->types,
	    .libssh2 = libssh2_version(0),
	    .error = error,
	    .greeting = strbuf_text(&s->greeting),
	    .greeting_len = s->greeting.len,
	    .eof = s->eof};

	for (int i = 0; i < SSH_LISTS; i++) {
		ours[i] = own_names(s, (enum ssh_list)i);
		e.ours[i] = ours[i];
	}
	ssh_kex_explain(&e, s->lg, why);
	for (int i = 0; i < SSH_LISTS; i++)
		free(ours[i]);
	free(error);
}

static enum fail_kind
check_host_key(const struct ssh_session *s, struct fail *why)
{
	size_t len = 0;
	int type;
	const char *key = libssh2_session_hostkey(s->ssh, &len, &type);

	if (key == NULL)
		fail_set(
		    why, FAIL_IDENTITY, "SFTP %s: showed no host key", s->peer);
	else if (s->pins != NULL)
		host_key_check_pins(key, len, s->pins, s->peer, why);
	else if (s->hosts != NULL)
		return known_hosts_check(
		    s->hosts, s->host, s->port, key, len, why);
	return why->kind;
}

static bool
step_kex(struct ssh_session *s, struct fail *why)
{
	int rc = libssh2_session_handshake(s->ssh, s->fd);

	if (rc == LIBSSH2_ERROR_EAGAIN)
		return false;
	if (rc != 0) {
		say_kex_failure(s, why);
		return give_up(s);
	}
	strbuf_free(&s->greeting);
	if (check_host_key(s, why) != FAIL_NONE)
		return give_up(s);
	s->state = s->only_key ? STATE_IN : STATE_METHODS;
	return true;
}

static bool
logged_in(struct ssh_session *s)
{
	secret_free(s->password);
	secret_free(s->key);
	s->password = s->key = NULL;
	s->state = STATE_IN;
	s->left = UNUSED_MAX;
	return true;
}

static bool
choose_method(struct ssh_session *s, const char *offered, struct fail *why)
{
	const struct ssh_names names = {offered, strlen(offered)};

	if (s->key != NULL && ssh_names_common(&names, "publickey")) {
		s->state = STATE_KEY;
	} else if (s->key != NULL) {
		fail_set(why, FAIL_AUTH,
		    "SFTP %s: login of %s: the server takes no keys, but %s",
		    s->peer, s->username, offered);
		give_up(s);
	} else if (ssh_names_common(&names, "password")) {
		s->state = STATE_PASSWORD;
	} else if (ssh_names_common(&names, "keyboard-interactive")) {
		s->state = STATE_KBDINT;
	} else {
		fail_set(why, FAIL_AUTH,
		    "SFTP %s: login of %s: the server offers neither password "
		    "nor keyboard-interactive, but %s",
		    s->peer, s->username, offered);
		give_up(s);
	}
	return true;
}

static bool
step_methods(struct ssh_session *s, struct fail *why)
{
	const char *offered = libssh2_userauth_list(
	    s->ssh, s->username, (unsigned)strlen(s->username));

	if (offered != NULL)
		return choose_method(s, offered, why);
	if (libssh2_userauth_authenticated(s->ssh))
		return logged_in(s);
	if (libssh2_session_last_errno(s->ssh) == LIBSSH2_ERROR_EAGAIN)
		return false;
	fail_set(why, FAIL_UNREACHABLE, "SFTP %s: login of %s: %s", s->peer,
	    s->username, ssh_session_error(s));
	return give_up(s);
}

/* Three failed logins lock our address out of the device for every user, so a
 * connection that the server closes over the password counts as a refusal. */
static bool
login_failed(struct ssh_session *s, int rc, struct fail *why)
{
	/* A key that libssh2 cannot read or sign with is as good as refused. */
	bool key = s->state == STATE_KEY && rc != LIBSSH2_ERROR_SOCKET_SEND &&
		   rc != LIBSSH2_ERROR_SOCKET_RECV;
	bool refused = key || rc == LIBSSH2_ERROR_AUTHENTICATION_FAILED ||
		       rc == LIBSSH2_ERROR_PASSWORD_EXPIRED ||
		       rc == LIBSSH2_ERROR_SOCKET_DISCONNECT || s->eof ||
		       s->asked_twice;

	fail_set(why, refused ? FAIL_AUTH : FAIL_UNREACHABLE,
	    "SFTP %s: %s%s for %s: %s", s->peer, ssh_session_doing(s),
	    refused ? " refused" : "", s->username,
	    s->asked_twice ? "asked for the password again"
			   : ssh_session_error(s));
	return give_up(s);
}

static bool
step_login(struct ssh_session *s, struct fail *why)
{
	unsigned len = (unsigned)strlen(s->username);
	int rc;

	if (s->state == STATE_KEY)
		rc = libssh2_userauth_publickey_frommemory(s->ssh, s->username,
		    len, NULL, 0, s->key, strlen(s->key), NULL);
	else if (s->state == STATE_PASSWORD)
		rc = libssh2_userauth_password_ex(s->ssh, s->username, len,
		    s->password, (unsigned)strlen(s->password), NULL);
	else
		rc = libssh2_userauth_keyboard_interactive_ex(
		    s->ssh, s->username, len, answer_prompts);
	if (rc == LIBSSH2_ERROR_EAGAIN)
		return false;
	return rc == 0 ? logged_in(s) : login_failed(s, rc, why);
}

static bool
step(struct ssh_session *s, struct fail *why)
{
	switch (s->state) {
	case STATE_CONNECT:
		return step_connect(s, why);
	case STATE_KEX:
		return step_kex(s, why);
	case STATE_METHODS:
		return step_methods(s, why);
	case STATE_PASSWORD:
	case STATE_KBDINT:
	case STATE_KEY:
		return step_login(s, why);
	case STATE_IN:
	case STATE_FAILED:
		break;
	}
	return false;
}

void
ssh_session_turn(struct ssh_session *s)
{
	int on = 1;

	s->turn_left = s->state == STATE_IN ? TURN_MAX : LOGIN_TURN_MAX;
	/* A server without TCP_NODELAY holds its second packet in a row back
	 * until the first is acknowledged, else in 40 ms; tcp(7): the kernel
	 * soon forgets it. */
	setsockopt(s->fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
}

enum ssh_progress
ssh_session_step(struct ssh_session *s, struct fail *why)
{
	fail_clear(why);
	while (step(s, why))
		continue;
	if (s->state == STATE_IN)
		return SSH_LOGGED_IN;
	return s->state == STATE_FAILED ? SSH_FAILED : SSH_WAITING;
}

int
ssh_session_fd(const struct ssh_session *s)
{
	return s->fd;
}

short
ssh_session_events(const struct ssh_session *s)
{
	int directions;
	short events = 0;

	if (s->state == STATE_CONNECT)
		return POLLOUT;
	directions = libssh2_session_block_directions(s->ssh);
	if (directions & LIBSSH2_SESSION_BLOCK_OUTBOUND)
		events |= POLLOUT;
	if (directions & LIBSSH2_SESSION_BLOCK_INBOUND || events == 0)
		events |= POLLIN;
	return events;
}

bool
ssh_session_connected(const struct ssh_session *s)
{
	return s->state != STATE_CONNECT;
}

const char *
ssh_session_doing(const struct ssh_session *s)
{
	return doing[s->state];
}

const char *
ssh_session_peer(const struct ssh_session *s)
{
	return s->peer;
}

const char *
ssh_session_error(const struct ssh_session *s)
{
	char *text = NULL;

	if (s->eof)
		return "the server closed the connection";
	if (s->left == 0)
		return s->state == STATE_IN
			   ? "the server sent too much that nobody asked for"
			   : "the server sent too much before a login";
	libssh2_session_last_error(s->ssh, &text, NULL, 0);
	return text != NULL && *text != '\0' ? text : "unknown error";
}

void
ssh_session_used(struct ssh_session *s, size_t n)
{
	/* Packets, padding and MACs are far less than an eighth. */
	s->left += n + n / 8;
	if (s->left > UNUSED_MAX)
		s->left = UNUSED_MAX;
}

LIBSSH2_SESSION *
ssh_session_handle(const struct ssh_session *s)
{
	return s->ssh;
}

void
ssh_session_shut(struct ssh_session *s, bool polite)
{
	if (polite)
		libssh2_session_disconnect(s->ssh, "done");
	shutdown(s->fd, SHUT_RDWR);
	s->turn_left = SIZE_MAX; /* no more than the kernel still holds */
}

void
ssh_session_free(struct ssh_session *s)
{
	if (s == NULL)
		return;
	/* On a silent peer libssh2_session_free() says EAGAIN for ever, after
	 * this it ends in one call. */
	ssh_session_shut(s, false);
	libssh2_session_free(s->ssh);
	close(s->fd);
	strbuf_free(&s->greeting);
	secret_free(s->key);
	secret_free(s->password);
	free(s->types);
	free(s->pins);
	free(s->username);
	free(s->host);
	free(s);
}
