/* snmp_engine.c - net-snmp's single-session interface, one session an engine.
 *
 * Called by io/snmp.  net-snmp 5.9 discovers an engine ID by a blocking
 * exchange inside the first send; here that is switched off, and discovery is a
 * request like any other.  The library's global tables of users and of engine
 * times are searched from one end to the other, and the latter is by engine ID
 * alone, which cloned devices share: both hold what is an engine's only while
 * the library works for that engine, and it is kept here.
 */
#include "io/snmp_engine.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/library/large_fd_set.h>
#include <net-snmp/library/lcd_time.h>
#include <net-snmp/library/snmp_transport.h>
#include <net-snmp/library/snmpusm.h>

#include "base/os_error.h"
#include "base/xmem.h"

#define APPLICATION "traffic-capture"
/* RFC 3414 section 11.2: shorter passwords are refused. */
#define KEY_MIN 8

static const oid sys_descr[] = {1, 3, 6, 1, 2, 1, 1, 1, 0}; /* RFC 3418 */

struct snmp_engine {
	struct snmp_library *library;
	void *handle;
	struct usmUser *user; /* ours there; NULL: it is not known yet */
	uint32_t message;     /* id of the last one sent */
	/* As the library's table of times had it; `timed` once it had. */
	bool timed;
	struct enginetime_struct times;
	snmp_engine_heard *heard;
	void *arg;
};

struct snmp_library {
	struct log *lg;
	char *user;
	unsigned char auth[USM_AUTH_KU_LEN]; /* Ku of RFC 3414 section A.2.2 */
	size_t auth_len;
	unsigned char priv[USM_PRIV_KU_LEN];
	size_t priv_len;
	struct usmUser *nobody;     /* with the empty name, of discovery */
	size_t engines;             /* that live */
	netsnmp_large_fd_set ready; /* FD_SET knows 1024 descriptors only */
};

/* --- what the library calls --- */

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

static void
hear_report(struct snmp_engine *e, uintptr_t ticket, netsnmp_pdu *pdu)
{
	int type = snmpv3_get_report_type(pdu);
	enum snmp_heard what = SNMP_HEARD_REPORT;

	if (type == SNMPERR_UNKNOWN_ENG_ID)
		what = SNMP_HEARD_ENGINE;
	if (type == SNMPERR_NOT_IN_TIME_WINDOW)
		what = SNMP_HEARD_NOT_TIME;
	e->heard(e->arg, ticket, what, report_text(type));
}

static int
on_library(
    int op, netsnmp_session *session, int reqid, netsnmp_pdu *pdu, void *magic)
{
	struct snmp_engine *e = session->myvoid;
	uintptr_t ticket = (uintptr_t)magic;

	(void)reqid;
	switch (op) {
	case NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE:
	case NETSNMP_CALLBACK_OP_SEC_ERROR: /* comes as well for a Report */
		if (pdu != NULL && pdu->command == SNMP_MSG_REPORT)
			hear_report(e, ticket, pdu);
		else if (pdu != NULL && pdu->command == SNMP_MSG_RESPONSE)
			e->heard(e->arg, ticket, SNMP_HEARD_RESPONSE, "");
		break;
	case NETSNMP_CALLBACK_OP_SEND_FAILED:
		e->heard(e->arg, ticket, SNMP_HEARD_NOT_SENT,
		    "the request could not be sent");
		break;
	default: /* RESEND is no news; time-outs are io/snmp's */
		break;
	}
	return 1;
}

static int
on_log(int major, int minor, void *message, void *arg)
{
	const struct snmp_log_message *m = message;
	struct snmp_library *l = arg;

	(void)major;
	(void)minor;
	log_write(l->lg, LOGGING_DEBUG, NULL, "snmp", "%.*s",
	    (int)strcspn(m->msg, "\n"), m->msg);
	return 0;
}

/* --- an engine --- */

static void
fill(netsnmp_session *ss, struct snmp_engine *e, char *name)
{
	struct snmp_library *l = e->library;

	snmp_sess_init(ss);
	ss->version = SNMP_VERSION_3;
	ss->peername = name;
	ss->retries = 0;
	ss->myvoid = e;
	ss->securityName = l->user;
	ss->securityNameLen = strlen(l->user);
	ss->securityModel = SNMP_SEC_MODEL_USM;
	ss->securityLevel = SNMP_SEC_LEVEL_AUTHPRIV;
	ss->securityAuthProto = usmHMACSHA1AuthProtocol;
	ss->securityAuthProtoLen = USM_AUTH_PROTO_SHA_LEN;
	memcpy(ss->securityAuthKey, l->auth, l->auth_len);
	ss->securityAuthKeyLen = l->auth_len;
	ss->securityPrivProto = usmAESPrivProtocol;
	ss->securityPrivProtoLen = USM_PRIV_PROTO_AES_LEN;
	memcpy(ss->securityPrivKey, l->priv, l->priv_len);
	ss->securityPrivKeyLen = l->priv_len;
}

static void
library_error(void *handle, netsnmp_session *ss, struct fail *why)
{
	char *text = NULL;
	int lib_error;
	int sys_error;

	if (handle != NULL)
		snmp_sess_error(handle, &lib_error, &sys_error, &text);
	else
		snmp_error(ss, &lib_error, &sys_error, &text);
	fail_set(why, FAIL_LOCAL, "%s", text != NULL ? text : "unknown error");
	free(text);
}

static void *
handle_open(struct snmp_engine *e, const struct addr *to, uint16_t port,
    struct fail *why)
{
	char text[ADDR_TEXT_MAX];
	netsnmp_session ss;
	void *handle;
	/* A numeric name: others are resolved, blocking. */
	char *name = xasprintf("%s:%s", to->family == AF_INET ? "udp" : "udp6",
	    addr_port_text(to, port, text));

	fill(&ss, e, name);
	handle = snmp_sess_open(&ss);
	if (handle != NULL)
		/* Cleared by the opening; the first send would block. */
		snmp_sess_session(handle)->flags |= SNMP_FLAGS_DONT_PROBE;
	else
		library_error(NULL, &ss, why);
	explicit_bzero(&ss, sizeof(ss));
	free(name);
	return handle;
}

static bool
engine_connect(struct snmp_engine *e, const struct addr *to, uint16_t port)
{
	int fd = snmp_engine_fd(e);
	struct sockaddr_storage ss;
	socklen_t len = addr_to_sockaddr(to, port, &ss);

	(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	return connect(fd, (struct sockaddr *)&ss, len) == 0;
}

struct snmp_engine *
snmp_engine_new(struct snmp_library *l, const struct addr *to, uint16_t port,
    snmp_engine_heard *heard, void *arg, struct fail *why)
{
	struct snmp_engine *e = xcalloc(1, sizeof(*e));

	e->library = l;
	e->heard = heard;
	e->arg = arg;
	e->handle = handle_open(e, to, port, why);
	if (e->handle == NULL) {
		free(e);
		return NULL;
	}
	if (!engine_connect(e, to, port)) {
		fail_set(why, FAIL_LOCAL, "%s", os_error_network(errno));
		snmp_sess_close(e->handle);
		free(e);
		return NULL;
	}
	l->engines++;
	return e;
}

void
snmp_engine_free(struct snmp_engine *e)
{
	if (e == NULL)
		return;
	if (e->user != NULL)
		usm_free_user(e->user);
	snmp_sess_close(e->handle);
	e->library->engines--;
	free(e);
}

int
snmp_engine_fd(const struct snmp_engine *e)
{
	return snmp_sess_transport(e->handle)->sock;
}

/* --- users and times --- */

static Enginetime
times_entry(const struct snmp_engine *e)
{
	netsnmp_session *session = snmp_sess_session(e->handle);

	return search_enginetime_list(
	    session->securityEngineID, (u_int)session->securityEngineIDLen);
}

static void
times_lend(const struct snmp_engine *e)
{
	netsnmp_session *session = snmp_sess_session(e->handle);
	Enginetime entry;

	if (!e->timed)
		return;
	if (set_enginetime(session->securityEngineID,
		(u_int)session->securityEngineIDLen, 0, 0,
		0) != SNMPERR_SUCCESS)
		return;
	entry = times_entry(e);
	if (entry == NULL)
		return;
	entry->engineTime = e->times.engineTime;
	entry->engineBoot = e->times.engineBoot;
	entry->lastReceivedEngineTime = e->times.lastReceivedEngineTime;
	entry->authenticatedFlag = e->times.authenticatedFlag;
}

static void
times_take(struct snmp_engine *e)
{
	Enginetime entry = times_entry(e);

	if (entry != NULL) {
		e->times = *entry;
		e->timed = true;
	}
	free_etimelist();
}

/* Before the library works for the engine: what its tables are to hold. */
static void
lend(const struct snmp_engine *e)
{
	if (e->user != NULL)
		usm_add_user(e->user);
	times_lend(e);
}

/* And after: nothing is left there for another engine of this ID. */
static void
take(struct snmp_engine *e)
{
	times_take(e);
	if (e->user != NULL)
		usm_remove_user(e->user);
}

/* The user's localized keys are made once an engine. */
static void
make_user(struct snmp_engine *e)
{
	netsnmp_session *session = snmp_sess_session(e->handle);

	if (usm_create_user_from_session(session) != SNMPERR_SUCCESS)
		return;
	e->user = usm_get_user(session->securityEngineID,
	    session->securityEngineIDLen, e->library->user);
	if (e->user != NULL)
		usm_remove_user(e->user);
}

/* --- messages --- */

static netsnmp_pdu *
new_get(void)
{
	netsnmp_pdu *pdu = snmp_pdu_create(SNMP_MSG_GET);

	if (pdu == NULL)
		xmem_exhausted();
	return pdu;
}

static bool
send_pdu(struct snmp_engine *e, netsnmp_pdu *pdu, uintptr_t ticket,
    int timeout_ms, struct fail *why)
{
	int sent;

	snmp_sess_session(e->handle)->timeout = timeout_ms * 1000L;
	/* An error of an earlier message would be taken for this one's. */
	(void)snmp_engine_take_error(e);
	lend(e);
	sent = snmp_sess_async_send(e->handle, pdu, on_library, (void *)ticket);
	take(e);
	if (sent) {
		/* The library keeps it until its answer or its time. */
		e->message = (uint32_t)pdu->msgid;
		return true;
	}
	library_error(e->handle, NULL, why);
	snmp_free_pdu(pdu);
	return false;
}

/* RFC 3414 section 4: a request with an empty user name is answered by a Report
 * that has the engine ID, its boots and its time. */
bool
snmp_engine_discover(
    struct snmp_engine *e, uintptr_t ticket, int timeout_ms, struct fail *why)
{
	netsnmp_pdu *pdu = new_get();

	pdu->version = SNMP_VERSION_3;
	pdu->securityName = xstrdup("");
	pdu->securityNameLen = 0;
	pdu->securityLevel = SNMP_SEC_LEVEL_NOAUTH;
	pdu->securityModel = SNMP_SEC_MODEL_USM;
	return send_pdu(e, pdu, ticket, timeout_ms, why);
}

bool
snmp_engine_get(
    struct snmp_engine *e, uintptr_t ticket, int timeout_ms, struct fail *why)
{
	netsnmp_pdu *pdu = new_get();

	snmp_add_null_var(pdu, sys_descr, OID_LENGTH(sys_descr));
	return send_pdu(e, pdu, ticket, timeout_ms, why);
}

uint32_t
snmp_engine_message(const struct snmp_engine *e)
{
	return e->message;
}

int
snmp_engine_take_error(struct snmp_engine *e)
{
	int error = 0;
	socklen_t len = sizeof(error);

	if (getsockopt(snmp_engine_fd(e), SOL_SOCKET, SO_ERROR, &error, &len) <
	    0)
		return errno;
	return error;
}

bool
snmp_engine_read(struct snmp_engine *e)
{
	netsnmp_session *session = snmp_sess_session(e->handle);
	netsnmp_large_fd_set *ready = &e->library->ready;
	int fd = snmp_engine_fd(e);

	session->s_snmp_errno = SNMPERR_SUCCESS;
	NETSNMP_LARGE_FD_SET(fd, ready);
	lend(e);
	(void)snmp_sess_read2(e->handle, ready);
	take(e);
	NETSNMP_LARGE_FD_CLR(fd, ready);
	/* The engine ID is in the session only now, not yet in on_library(). */
	if (e->user == NULL && session->securityEngineIDLen)
		make_user(e);
	return session->s_snmp_errno != SNMPERR_BAD_PARSE;
}

bool
snmp_engine_known(const struct snmp_engine *e)
{
	return e->user != NULL;
}

void
snmp_engine_expire(struct snmp_engine *e)
{
	snmp_sess_timeout(e->handle);
}

/* --- the library --- */

/* Without these the library reads MIBs and configuration files and makes
 * folders (netsnmp_config_api(3), snmp.conf(5)); some of it heeds the
 * environment only. */
static void
library_start(struct snmp_library *l)
{
	static const int off[] = {NETSNMP_DS_LIB_DONT_READ_CONFIGS,
	    NETSNMP_DS_LIB_DONT_PERSIST_STATE,
	    NETSNMP_DS_LIB_DISABLE_PERSISTENT_LOAD,
	    NETSNMP_DS_LIB_DISABLE_PERSISTENT_SAVE};

	setenv("MIBS", "", 1);
	setenv("MIBDIRS", "/dev/null", 1);
	setenv("SNMPCONFPATH", "/nonexistent", 1);
	setenv("SNMP_PERSISTENT_DIR", "/dev/null", 1);
	for (size_t i = 0; i < sizeof(off) / sizeof(off[0]); i++)
		netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, off[i], 1);
	snmp_disable_log();
	snmp_enable_calllog();
	snmp_register_callback(
	    SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_LOGGING, on_log, l);
	init_snmp(APPLICATION);
}

/* The user of discovery requests. */
static struct usmUser *
empty_user_add(void)
{
	struct usmUser *user = usm_create_user();

	if (user == NULL)
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

struct snmp_library *
snmp_library_new(struct log *lg, const char *user, const char *auth,
    const char *priv, struct fail *why)
{
	struct snmp_library *l = xcalloc(1, sizeof(*l));

	l->lg = lg;
	l->user = xstrdup(user);
	l->auth_len = sizeof(l->auth);
	l->priv_len = sizeof(l->priv);
	netsnmp_large_fd_set_init(&l->ready, FD_SETSIZE); /* grows */
	library_start(l);
	l->nobody = empty_user_add();
	/* RFC 3826 section 1.2: the priv key is made with the auth hash. */
	if (!key_make(auth, l->auth, &l->auth_len, "auth", why) ||
	    !key_make(priv, l->priv, &l->priv_len, "priv", why)) {
		snmp_library_free(l);
		return NULL;
	}
	return l;
}

void
snmp_library_free(struct snmp_library *l)
{
	if (l == NULL)
		return;
	assert(l->engines == 0);
	/* No snmp_shutdown(): the library loses memory at each new start, and
	 * it frees what callbacks were given. */
	usm_remove_user(l->nobody);
	usm_free_user(l->nobody);
	snmp_unregister_callback(
	    SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_LOGGING, on_log, l, 1);
	snmp_disable_log();
	netsnmp_large_fd_set_cleanup(&l->ready);
	explicit_bzero(l->auth, sizeof(l->auth));
	explicit_bzero(l->priv, sizeof(l->priv));
	free(l->user);
	free(l);
}
