/* snmp.c - SNMPv3 GETs through net-snmp's single-session interface.
 *
 * Called by verify/ for each SNMP probe.  A peer owns one session (one UDP
 * socket) and its GETs.  net-snmp 5.9 discovers a peer's engine ID (RFC 3414
 * section 4) by a blocking exchange; here every GET to a peer not yet known
 * sends a discovery request of its own, and the first Report lets all that wait
 * go on.  Verdicts are told from timers, never inside the library's callback,
 * where a session may not be closed.
 */
#include "io/snmp.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/library/large_fd_set.h>
#include <net-snmp/library/lcd_time.h>
#include <net-snmp/library/snmp_transport.h>
#include <net-snmp/library/snmpusm.h>

#include "base/str.h"
#include "base/xmem.h"
#include "loop/timer.h"

#define APPLICATION "traffic-capture"
/* RFC 3414 section 11.2: shorter passwords are refused. */
#define KEY_MIN    8
#define UNREADABLE "unreadable answers: another engine ID or other keys?"

static const oid sys_descr[] = {1, 3, 6, 1, 2, 1, 1, 1, 0}; /* RFC 3418 */

enum get_state { GET_DISCOVERING, GET_ASKED, GET_DECIDED };

struct get {
	struct snmp_peer *peer;
	struct get *next;
	struct get *prev;
	enum get_state state;
	/* What the library calls back with; another for each message, so that
	 * an answer to an earlier one, or to a freed GET, finds nobody. */
	uintptr_t ticket;
	int timeout_ms;
	struct timer timer;
	enum snmp_verdict verdict; /* when the timer runs */
	char reason[96];
	snmp_done *done;
	void *arg;
};

struct snmp_peer {
	struct snmp *s;
	struct snmp_peer *next;
	struct snmp_peer *prev;
	struct addr to;
	uint16_t port;
	void *session; /* NULL: not open yet */
	struct watch *watch;
	bool known; /* engine ID and user are in the library's tables */
	struct get *gets;
};

struct snmp {
	struct loop *lp;
	char *user;
	unsigned char auth[USM_AUTH_KU_LEN]; /* Ku of RFC 3414 section A.2.2 */
	size_t auth_len;
	unsigned char priv[USM_PRIV_KU_LEN];
	size_t priv_len;
	struct usmUser *nobody; /* with the empty name, of discovery */
	uintptr_t last_ticket;
	struct snmp_peer *peers;
	netsnmp_large_fd_set ready;
};

/* ---- verdicts ---- */

static void
get_free(struct get *g)
{
	if (g->prev)
		g->prev->next = g->next;
	else
		g->peer->gets = g->next;
	if (g->next)
		g->next->prev = g->prev;
	timer_clear(&g->timer);
	free(g);
}

static void
decide(struct get *g, enum snmp_verdict v, const char *reason)
{
	g->state = GET_DECIDED;
	g->verdict = v;
	str_copy(g->reason, sizeof(g->reason), reason);
	str_printable(g->reason);
	timer_set(&g->timer, 0);
}

/* Decided, or the time is up. */
static void
on_get_timer(void *arg)
{
	struct get *g = arg;
	struct get told = *g;

	/* The library drops what it still waits for. */
	if (g->state != GET_DECIDED && g->peer->session)
		snmp_sess_timeout(g->peer->session);
	get_free(g);
	told.done(told.arg, told.verdict, told.reason);
}

static struct get *
get_by_ticket(struct snmp_peer *p, uintptr_t ticket)
{
	for (struct get *g = p->gets; g; g = g->next)
		if (g->ticket == ticket && g->state != GET_DECIDED)
			return g;
	return NULL;
}

static const char *
report_text(int type)
{
	switch (type) {
	case SNMPERR_UNKNOWN_USER_NAME:
		return "unknown user name";
	case SNMPERR_AUTHENTICATION_FAILURE:
		return "authentication failure (wrong auth password)";
	case SNMPERR_DECRYPTION_ERR:
		return "decryption error (wrong priv password)";
	case SNMPERR_NOT_IN_TIME_WINDOW:
		return "not in time window";
	case SNMPERR_UNSUPPORTED_SEC_LEVEL:
		return "unsupported security level";
	case SNMPERR_UNKNOWN_ENG_ID:
		return "unknown engine ID";
	default:
		return snmp_api_errstring(type);
	}
}

/* ---- what the library calls ---- */

static void
on_report(struct get *g, netsnmp_pdu *pdu)
{
	int type = snmpv3_get_report_type(pdu);

	/* Only after we return does the library copy the engine ID into the
	 * session: on_ready() goes on from there. */
	if (g->state == GET_DISCOVERING && type == SNMPERR_UNKNOWN_ENG_ID)
		return;
	if (type == SNMPERR_NOT_IN_TIME_WINDOW) {
		/* The library sends the GET once more, with the right time. */
		g->verdict = SNMP_REPORTED;
		str_copy(g->reason, sizeof(g->reason), report_text(type));
		return;
	}
	decide(g, SNMP_REPORTED, report_text(type));
}

static int
on_library(
    int op, netsnmp_session *session, int reqid, netsnmp_pdu *pdu, void *magic)
{
	struct get *g = get_by_ticket(session->myvoid, (uintptr_t)magic);

	(void)reqid;
	if (!g)
		return 1;
	switch (op) {
	case NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE:
		if (pdu && pdu->command == SNMP_MSG_REPORT)
			on_report(g, pdu);
		else if (pdu && pdu->command == SNMP_MSG_RESPONSE)
			decide(g, SNMP_ANSWERED, "");
		break;
	case NETSNMP_CALLBACK_OP_SEND_FAILED:
		decide(g, SNMP_TROUBLE, "the request could not be sent");
		break;
	case NETSNMP_CALLBACK_OP_SEC_ERROR: /* also told of each Report */
		if (pdu && pdu->command == SNMP_MSG_REPORT)
			on_report(g, pdu);
		break;
	default: /* RESEND is no news; time-outs are told by our timers */
		break;
	}
	return 1;
}

static int
on_log(int major, int minor, void *message, void *arg)
{
	const struct snmp_log_message *m = message;
	struct snmp *s = arg;

	(void)major;
	(void)minor;
	log_write(loop_log(s->lp), LOGGING_DEBUG, NULL, "snmp", "%.*s",
	    (int)strcspn(m->msg, "\n"), m->msg);
	return 0;
}

/* ---- sending ---- */

/* What a connected UDP socket heard from the network (udp(7)): 0 or an errno.
 * Taken away before a send, which would fail with it otherwise. */
static int
take_socket_error(struct snmp_peer *p)
{
	int error = 0;
	socklen_t len = sizeof(error);
	int fd = snmp_sess_transport(p->session)->sock;

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		return errno;
	return error;
}

static void
decide_by_library(struct get *g, void *session, netsnmp_session *ss)
{
	char *text = NULL;
	int lib_error;
	int sys_error;

	if (session)
		snmp_sess_error(session, &lib_error, &sys_error, &text);
	else
		snmp_error(ss, &lib_error, &sys_error, &text);
	decide(g, SNMP_TROUBLE, text ? text : "unknown error");
	free(text);
}

static void
get_send(struct get *g, netsnmp_pdu *pdu)
{
	struct snmp_peer *p = g->peer;

	g->ticket = ++p->s->last_ticket;
	snmp_sess_session(p->session)->timeout = g->timeout_ms * 1000L;
	(void)take_socket_error(p);
	if (snmp_sess_async_send(
		p->session, pdu, on_library, (void *)g->ticket))
		return;
	snmp_free_pdu(pdu);
	decide_by_library(g, p->session, NULL);
}

/* RFC 3414 section 4: a request with an empty user name is answered by a Report
 * that has the engine ID, its boots and its time. */
static void
get_discover(struct get *g)
{
	netsnmp_pdu *pdu = snmp_pdu_create(SNMP_MSG_GET);

	if (!pdu)
		xmem_exhausted();
	pdu->version = SNMP_VERSION_3;
	pdu->securityName = xstrdup("");
	pdu->securityNameLen = 0;
	pdu->securityLevel = SNMP_SEC_LEVEL_NOAUTH;
	pdu->securityModel = SNMP_SEC_MODEL_USM;
	g->state = GET_DISCOVERING;
	get_send(g, pdu);
}

static void
get_ask(struct get *g)
{
	netsnmp_pdu *pdu = snmp_pdu_create(SNMP_MSG_GET);

	if (!pdu)
		xmem_exhausted();
	snmp_add_null_var(pdu, sys_descr, OID_LENGTH(sys_descr));
	g->state = GET_ASKED;
	get_send(g, pdu);
}

/* ---- a peer ---- */

/* The session has its engine ID now: give the library the user's localized
 * keys, and ask what waits. */
static void
peer_discovered(struct snmp_peer *p)
{
	netsnmp_session *session = snmp_sess_session(p->session);
	int rc = usm_create_user_from_session(session);

	p->known = rc == SNMPERR_SUCCESS;
	for (struct get *g = p->gets; g; g = g->next) {
		if (g->state != GET_DISCOVERING)
			continue;
		if (p->known)
			get_ask(g);
		else
			decide(g, SNMP_TROUBLE, snmp_api_errstring(rc));
	}
}

static void
note_unreachable(struct snmp_peer *p, int error)
{
	const char *text =
	    error == ECONNREFUSED ? "port unreachable" : strerrordesc_np(error);

	for (struct get *g = p->gets; g; g = g->next)
		if (g->state != GET_DECIDED && text)
			str_copy(g->reason, sizeof(g->reason), text);
}

/* The library drops what it cannot read or has no user for, a Report from an
 * engine that is another one now among it, and tells no request of it. */
static void
note_unreadable(struct snmp_peer *p)
{
	for (struct get *g = p->gets; g; g = g->next)
		if (g->state != GET_DECIDED)
			str_copy(g->reason, sizeof(g->reason), UNREADABLE);
}

static void
on_ready(void *arg, short ready)
{
	struct snmp_peer *p = arg;
	netsnmp_session *session = snmp_sess_session(p->session);
	netsnmp_large_fd_set *set = &p->s->ready;
	int fd = snmp_sess_transport(p->session)->sock;
	int error = ready & POLLERR ? take_socket_error(p) : 0;

	if (error)
		note_unreachable(p, error);
	if (!(ready & POLLIN))
		return;
	session->s_snmp_errno = SNMPERR_SUCCESS;
	NETSNMP_LARGE_FD_SET(fd, set);
	(void)snmp_sess_read2(p->session, set);
	NETSNMP_LARGE_FD_CLR(fd, set);
	if (session->s_snmp_errno == SNMPERR_BAD_PARSE)
		note_unreadable(p);
	if (!p->known && session->securityEngineIDLen)
		peer_discovered(p);
}

/* Connected, so that the kernel drops what others send: a Report is not
 * authenticated. */
static bool
peer_connect(struct snmp_peer *p)
{
	int fd = snmp_sess_transport(p->session)->sock;
	struct sockaddr_storage ss;
	socklen_t len = addr_to_sockaddr(&p->to, p->port, &ss);

	(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	if (connect(fd, (struct sockaddr *)&ss, len) < 0)
		return false;
	p->watch = watch_new(p->s->lp, fd, POLLIN, on_ready, p);
	return true;
}

static void
session_fill(netsnmp_session *ss, struct snmp_peer *p, char *name)
{
	struct snmp *s = p->s;

	snmp_sess_init(ss);
	ss->version = SNMP_VERSION_3;
	ss->peername = name;
	ss->retries = 0;
	ss->myvoid = p;
	ss->securityName = s->user;
	ss->securityNameLen = strlen(s->user);
	ss->securityModel = SNMP_SEC_MODEL_USM;
	ss->securityLevel = SNMP_SEC_LEVEL_AUTHPRIV;
	ss->securityAuthProto = usmHMACSHA1AuthProtocol;
	ss->securityAuthProtoLen = USM_AUTH_PROTO_SHA_LEN;
	memcpy(ss->securityAuthKey, s->auth, s->auth_len);
	ss->securityAuthKeyLen = s->auth_len;
	ss->securityPrivProto = usmAESPrivProtocol;
	ss->securityPrivProtoLen = USM_PRIV_PROTO_AES_LEN;
	memcpy(ss->securityPrivKey, s->priv, s->priv_len);
	ss->securityPrivKeyLen = s->priv_len;
}

/* False, and `g` decided, if there is no socket to be had. */
static bool
peer_open(struct snmp_peer *p, struct get *g)
{
	char text[ADDR_TEXT_MAX];
	netsnmp_session ss;
	char *name;

	if (p->session)
		return true;
	name = xasprintf("%s:%s", p->to.family == AF_INET ? "udp" : "udp6",
	    addr_port_text(&p->to, p->port, text));
	session_fill(&ss, p, name);
	p->session = snmp_sess_open(&ss);
	if (!p->session)
		decide_by_library(g, NULL, &ss);
	explicit_bzero(&ss, sizeof(ss));
	free(name);
	if (!p->session)
		return false;
	/* snmp_sess_open() clears it, and the first send would block. */
	snmp_sess_session(p->session)->flags |= SNMP_FLAGS_DONT_PROBE;
	if (peer_connect(p))
		return true;
	decide(g, SNMP_TROUBLE, strerrordesc_np(errno));
	snmp_sess_close(p->session);
	p->session = NULL;
	return false;
}

static bool
engine_shared(const struct snmp_peer *p)
{
	netsnmp_session *mine = snmp_sess_session(p->session);

	for (struct snmp_peer *o = p->s->peers; o; o = o->next) {
		netsnmp_session *theirs;

		if (o == p || !o->known)
			continue;
		theirs = snmp_sess_session(o->session);
		if (theirs->securityEngineIDLen == mine->securityEngineIDLen &&
		    memcmp(theirs->securityEngineID, mine->securityEngineID,
			mine->securityEngineIDLen) == 0)
			return true;
	}
	return false;
}

/* The library's table of users is global and never shrinks by itself; a device
 * that shows another engine ID each time would fill it. */
static void
peer_forget_user(struct snmp_peer *p)
{
	netsnmp_session *session = snmp_sess_session(p->session);
	struct usmUser *user;

	if (engine_shared(p))
		return;
	user = usm_get_user(session->securityEngineID,
	    session->securityEngineIDLen, p->s->user);
	if (!user)
		return;
	usm_remove_user(user);
	usm_free_user(user);
}

struct snmp_peer *
snmp_peer_new(struct snmp *s, const struct addr *to, uint16_t port)
{
	struct snmp_peer *p = xcalloc(1, sizeof(*p));

	p->s = s;
	p->to = *to;
	p->port = port;
	p->next = s->peers;
	if (s->peers)
		s->peers->prev = p;
	s->peers = p;
	return p;
}

void
snmp_peer_free(struct snmp_peer *p)
{
	if (!p)
		return;
	while (p->gets)
		get_free(p->gets);
	watch_free(p->watch);
	if (p->known)
		peer_forget_user(p);
	if (p->session)
		snmp_sess_close(p->session);
	if (p->prev)
		p->prev->next = p->next;
	else
		p->s->peers = p->next;
	if (p->next)
		p->next->prev = p->prev;
	/* Engine times can only be dropped all at once. */
	if (!p->s->peers)
		free_etimelist();
	free(p);
}

void
snmp_get(struct snmp_peer *p, int timeout_ms, snmp_done *done, void *arg)
{
	struct get *g = xcalloc(1, sizeof(*g));

	g->peer = p;
	g->timeout_ms = timeout_ms;
	g->verdict = SNMP_SILENT;
	g->done = done;
	g->arg = arg;
	g->next = p->gets;
	if (p->gets)
		p->gets->prev = g;
	p->gets = g;
	timer_init(&g->timer, p->s->lp, on_get_timer, g);
	timer_set(&g->timer, timeout_ms);
	if (!peer_open(p, g))
		return;
	if (p->known)
		get_ask(g);
	else
		get_discover(g);
}

/* ---- the library ---- */

/* Without these the library reads MIBs and configuration files and makes
 * folders (netsnmp_config_api(3), snmp.conf(5)); it knows the environment
 * only, so it is told there. */
static void
library_start(struct snmp *s)
{
	setenv("MIBS", "", 1);
	setenv("MIBDIRS", "/dev/null", 1);
	setenv("SNMPCONFPATH", "/nonexistent", 1);
	setenv("SNMP_PERSISTENT_DIR", "/dev/null", 1);
	netsnmp_ds_set_boolean(
	    NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_READ_CONFIGS, 1);
	netsnmp_ds_set_boolean(
	    NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
	netsnmp_ds_set_boolean(
	    NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DISABLE_PERSISTENT_LOAD, 1);
	netsnmp_ds_set_boolean(
	    NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DISABLE_PERSISTENT_SAVE, 1);
	snmp_disable_log();
	snmp_enable_calllog();
	snmp_register_callback(
	    SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_LOGGING, on_log, s);
	init_snmp(APPLICATION);
}

/* The user of discovery requests. */
static struct usmUser *
empty_user_add(void)
{
	struct usmUser *user = usm_create_user();

	if (!user)
		xmem_exhausted();
	user->name = xstrdup("");
	user->secName = xstrdup("");
	usm_add_user(user);
	return user;
}

static bool
key_make(const char *passphrase, unsigned char *key, size_t *len,
    const char *what, struct fail *why)
{
	size_t n = strlen(passphrase);

	if (n >= KEY_MIN &&
	    generate_Ku(usmHMACSHA1AuthProtocol, USM_AUTH_PROTO_SHA_LEN,
		(const u_char *)passphrase, n, key, len) == SNMPERR_SUCCESS)
		return true;
	fail_set(why, FAIL_FINAL,
	    "SNMP: the %s password makes no key; give it at least %d "
	    "characters",
	    what, KEY_MIN);
	return false;
}

struct snmp *
snmp_new(struct loop *lp, const char *user, const char *auth, const char *priv,
    struct fail *why)
{
	struct snmp *s = xcalloc(1, sizeof(*s));

	s->lp = lp;
	s->user = xstrdup(user);
	s->auth_len = sizeof(s->auth);
	s->priv_len = sizeof(s->priv);
	netsnmp_large_fd_set_init(&s->ready, FD_SETSIZE); /* grows */
	library_start(s);
	s->nobody = empty_user_add();
	/* RFC 3826 section 1.2: the priv key is made with the auth hash. */
	if (!key_make(auth, s->auth, &s->auth_len, "auth", why) ||
	    !key_make(priv, s->priv, &s->priv_len, "priv", why)) {
		snmp_free(s);
		return NULL;
	}
	return s;
}

void
snmp_free(struct snmp *s)
{
	if (!s)
		return;
	while (s->peers)
		snmp_peer_free(s->peers);
	/* No snmp_shutdown(): it loses memory at each new start, and frees
	 * what callbacks were given. */
	usm_remove_user(s->nobody);
	usm_free_user(s->nobody);
	snmp_unregister_callback(
	    SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_LOGGING, on_log, s, 1);
	snmp_disable_log();
	netsnmp_large_fd_set_cleanup(&s->ready);
	explicit_bzero(s->auth, sizeof(s->auth));
	explicit_bzero(s->priv, sizeof(s->priv));
	free(s->user);
	free(s);
}
