/* web.c - libmicrohttpd in its external epoll mode, under the lab's loop.
 *
 * Nothing here knows devices or OVOC: device_rest.c and ovoc_rest.c answer.
 * A slow or missing answer is a suspended connection and a timer.
 */
#include "web.h"

#include <microhttpd.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/xmem.h"
#include "loop/timer.h"

#define CONNECTIONS_MAX 20000
#define BODY_MAX        (256 * 1024) /* scripts have a few hundred bytes */
#define PART_BUFFER     2048
#define HUNG_CHECK_MS   50 /* how soon a client that gave up is noticed */
#define ENDLESS_BYTE    'x'

struct web {
	struct loop *lp;
	struct MHD_Daemon *daemon;
	char *cert;
	char *key;
	const struct web_events *events;
	void *arg;
	struct watch *watch;
	struct timer turn; /* the library wants to run again at once */
	struct exchange *first;
	struct link *links;
};

/* One connection, from its first byte to its last. */
struct link {
	struct link *next;
	struct link **link;
	int fd;
	struct addr local;
	uint16_t port;
	bool busy; /* a request is under way */
};

/* One request and its answer. */
struct exchange {
	struct web *web;
	struct exchange *next;
	struct exchange **link;
	struct MHD_Connection *conn;
	struct link *link_of;
	struct MHD_PostProcessor *parts;
	struct strbuf body;
	bool too_big;
	bool announced; /* the handler has seen it: done() is due */
	bool suspended;
	bool step; /* a slow answer may go on by one byte */
	void *owner;
	struct web_answer answer;
	struct timer timer;
};

static void
web_turn(void *arg)
{
	struct web *w = arg;
	MHD_UNSIGNED_LONG_LONG wait;

	MHD_run(w->daemon);
	if (MHD_get_timeout(w->daemon, &wait) == MHD_YES)
		timer_set(&w->turn, (int64_t)wait);
}

static void
web_ready(void *arg, short ready)
{
	(void)ready;
	web_turn(arg);
}

static void
exchange_suspend(struct exchange *x, int64_t ms)
{
	x->suspended = true;
	MHD_suspend_connection(x->conn);
	timer_set(&x->timer, ms);
}

static void
exchange_resume(struct exchange *x)
{
	if (!x->suspended)
		return;
	x->suspended = false;
	timer_clear(&x->timer);
	MHD_resume_connection(x->conn);
	timer_set(&x->web->turn, 0);
}

static int
connection_fd(struct MHD_Connection *conn)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(conn, MHD_CONNECTION_INFO_CONNECTION_FD);

	return info ? info->connect_fd : -1;
}

/* A slow answer goes on; a hung one is looked after until the client goes. */
static void
exchange_due(void *arg)
{
	struct exchange *x = arg;
	struct pollfd p = {connection_fd(x->conn), POLLRDHUP, 0};

	if (x->answer.shape == WEB_NEVER && poll(&p, 1, 0) == 0) {
		timer_set(&x->timer, HUNG_CHECK_MS);
		return;
	}
	x->step = true;
	exchange_resume(x);
}

static ssize_t
answer_slow(void *arg, uint64_t pos, char *buf, size_t max)
{
	struct exchange *x = arg;

	if (pos >= x->answer.body.len)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (!x->step || max == 0) {
		exchange_suspend(x, WEB_SLOW_MS);
		return 0;
	}
	x->step = false;
	buf[0] = x->answer.body.s[pos];
	return 1;
}

static ssize_t
answer_cut(void *arg, uint64_t pos, char *buf, size_t max)
{
	struct exchange *x = arg;
	size_t half = x->answer.body.len / 2;

	if (pos >= half)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	size_t n = half - (size_t)pos < max ? half - (size_t)pos : max;
	memcpy(buf, x->answer.body.s + pos, n);
	return (ssize_t)n;
}

static ssize_t
answer_endless(void *arg, uint64_t pos, char *buf, size_t max)
{
	struct exchange *x = arg;
	uint64_t left = (uint64_t)x->answer.size - pos;

	if (left == 0)
		return MHD_CONTENT_READER_END_OF_STREAM;
	size_t n = left < max ? (size_t)left : max;
	memset(buf, ENDLESS_BYTE, n);
	return (ssize_t)n;
}

static struct MHD_Response *
answer_response(struct exchange *x)
{
	struct web_answer *a = &x->answer;

	switch ((enum web_shape)a->shape) {
	case WEB_SLOW:
		return MHD_create_response_from_callback(
		    a->body.len, PART_BUFFER, answer_slow, x, NULL);
	case WEB_CUT:
		return MHD_create_response_from_callback(
		    a->body.len, PART_BUFFER, answer_cut, x, NULL);
	case WEB_ENDLESS:
		return MHD_create_response_from_callback(
		    MHD_SIZE_UNKNOWN, 16384, answer_endless, x, NULL);
	case WEB_WHOLE:
	case WEB_NEVER:
		break;
	}
	return MHD_create_response_from_buffer(a->body.len,
	    (void *)(uintptr_t)strbuf_text(&a->body), MHD_RESPMEM_MUST_COPY);
}

static enum MHD_Result
answer_queue(struct exchange *x)
{
	struct MHD_Response *r = answer_response(x);

	MHD_add_response_header(r, "Content-Type", "application/json");
	if (x->answer.code == MHD_HTTP_UNAUTHORIZED)
		MHD_add_response_header(
		    r, "WWW-Authenticate", "Basic realm=\"lab\"");
	if (x->answer.close)
		MHD_add_response_header(r, "Connection", "close");
	enum MHD_Result ok =
	    MHD_queue_response(x->conn, (unsigned)x->answer.code, r);
	MHD_destroy_response(r);
	return ok;
}

static void
body_add(struct exchange *x, const char *data, size_t len)
{
	if (x->body.len + len > BODY_MAX)
		x->too_big = true;
	else
		strbuf_add_bytes(&x->body, data, len);
}

static enum MHD_Result
part_data(void *arg, enum MHD_ValueKind kind, const char *key,
    const char *filename, const char *content_type, const char *encoding,
    const char *data, uint64_t off, size_t len)
{
	struct exchange *x = arg;

	(void)kind;
	(void)filename;
	(void)content_type;
	(void)encoding;
	(void)off;
	if (strcmp(key, "file") == 0)
		body_add(x, data, len);
	return MHD_YES;
}

static struct exchange *
exchange_new(struct web *w, struct MHD_Connection *conn)
{
	static const char form[] = "multipart/form-data";
	struct exchange *x = xcalloc(1, sizeof(*x));

	x->web = w;
	x->conn = conn;
	x->link_of =
	    MHD_get_connection_info(conn, MHD_CONNECTION_INFO_SOCKET_CONTEXT)
		->socket_context;
	x->link_of->busy = true;
	x->next = w->first;
	x->link = &w->first;
	if (x->next)
		x->next->link = &x->next;
	w->first = x;
	timer_init(&x->timer, w->lp, exchange_due, x);
	const char *type = MHD_lookup_connection_value(
	    conn, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_TYPE);
	if (type && strncasecmp(type, form, strlen(form)) == 0)
		x->parts =
		    MHD_create_post_processor(conn, PART_BUFFER, part_data, x);
	return x;
}

static void
exchange_free(struct exchange *x)
{
	timer_clear(&x->timer);
	if (x->parts)
		MHD_destroy_post_processor(x->parts);
	strbuf_free(&x->body);
	strbuf_free(&x->answer.body);
	*x->link = x->next;
	if (x->next)
		x->next->link = x->link;
	free(x);
}

static void
link_notify(void *arg, struct MHD_Connection *conn, void **state,
    enum MHD_ConnectionNotificationCode what)
{
	struct web *w = arg;
	struct sockaddr_storage ss = {0};
	socklen_t len = sizeof(ss);
	struct link *l = *state;

	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		*l->link = l->next;
		if (l->next)
			l->next->link = l->link;
		free(l);
		return;
	}
	*state = l = xcalloc(1, sizeof(*l));
	l->next = w->links;
	l->link = &w->links;
	if (l->next)
		l->next->link = &l->next;
	w->links = l;
	l->fd = connection_fd(conn);
	if (getsockname(l->fd, (struct sockaddr *)&ss, &len) == 0)
		addr_from_sockaddr(&l->local, &l->port, &ss);
}

/* The request is complete: ask for the answer. */
static enum MHD_Result
exchange_answer(struct exchange *x, const char *url, const char *method)
{
	struct web *w = x->web;
	const struct link *l = x->link_of;
	struct web_request rq = {
	    .method = method, .path = url, .local = l->local, .port = l->port};
	char *password = NULL;
	char *username =
	    MHD_basic_auth_get_username_password(x->conn, &password);

	rq.username = username;
	rq.password = password;
	rq.filter = MHD_lookup_connection_value(
	    x->conn, MHD_GET_ARGUMENT_KIND, "filter");
	rq.expects = MHD_lookup_connection_value(x->conn, MHD_HEADER_KIND,
			 MHD_HTTP_HEADER_EXPECT) != NULL;
	rq.body = strbuf_text(&x->body);
	x->answer.code = x->too_big ? 413 : 500;
	x->announced = true;
	if (!x->too_big)
		w->events->request(w->arg, &rq, &x->answer);
	x->owner = rq.owner;
	MHD_free(username);
	MHD_free(password);
	if (x->answer.shape == WEB_NEVER) {
		exchange_suspend(x, HUNG_CHECK_MS);
		return MHD_YES;
	}
	return answer_queue(x);
}

static enum MHD_Result
web_access(void *arg, struct MHD_Connection *conn, const char *url,
    const char *method, const char *version, const char *data, size_t *len,
    void **state)
{
	struct exchange *x = *state;

	(void)version;
	if (!x) {
		*state = exchange_new(arg, conn);
		return MHD_YES;
	}
	if (*len > 0) {
		if (x->parts)
			MHD_post_process(x->parts, data, *len);
		else
			body_add(x, data, *len);
		*len = 0;
		return MHD_YES;
	}
	if (x->announced) /* a hung request whose client has gone */
		return MHD_NO;
	return exchange_answer(x, url, method);
}

static void
web_completed(void *arg, struct MHD_Connection *conn, void **state,
    enum MHD_RequestTerminationCode why)
{
	struct web *w = arg;
	struct exchange *x = *state;

	(void)conn;
	(void)why;
	if (!x)
		return;
	*state = NULL;
	x->link_of->busy = false;
	if (x->announced)
		w->events->done(w->arg, x->owner);
	exchange_free(x);
}

/* Broken TLS handshakes and cut connections are everyday business here. */
__attribute__((format(printf, 2, 0))) static void
web_log(void *arg, const char *fmt, va_list ap)
{
	struct web *w = arg;

	log_vwrite(loop_log(w->lp), LOGGING_DEBUG, NULL, "https", fmt, ap);
}

struct web *
web_new(struct loop *lp, const char *cert_pem, const char *key_pem,
    const char *priority, const struct web_events *events, void *arg,
    struct fail *why)
{
	struct web *w = xcalloc(1, sizeof(*w));
	unsigned flags = MHD_USE_EPOLL | MHD_USE_TLS |
			 MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME |
			 MHD_USE_ERROR_LOG;

	w->lp = lp;
	w->events = events;
	w->arg = arg;
	w->cert = xstrdup(cert_pem);
	w->key = xstrdup(key_pem);
	timer_init(&w->turn, lp, web_turn, w);
	w->daemon = MHD_start_daemon(flags, 0, NULL, NULL, web_access, w,
	    MHD_OPTION_EXTERNAL_LOGGER, web_log, w, MHD_OPTION_NOTIFY_COMPLETED,
	    web_completed, w, MHD_OPTION_NOTIFY_CONNECTION, link_notify, w,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
	    MHD_OPTION_HTTPS_MEM_CERT, w->cert, MHD_OPTION_HTTPS_MEM_KEY,
	    w->key, MHD_OPTION_HTTPS_PRIORITIES, priority, MHD_OPTION_END);
	const union MHD_DaemonInfo *info =
	    !w->daemon
		? NULL
		: MHD_get_daemon_info(w->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	if (info) {
		w->watch = watch_new(lp, info->epoll_fd, POLLIN, web_ready, w);
		return w;
	}
	fail_set(why, FAIL_LOCAL, "cannot start the HTTPS server");
	web_free(w);
	return NULL;
}

void
web_add(struct web *w, int fd)
{
	struct sockaddr_storage ss = {0};
	socklen_t len = sizeof(ss);

	/* The library closes the descriptor when it does not take it. */
	if (getpeername(fd, (struct sockaddr *)&ss, &len) != 0)
		close(fd);
	else if (MHD_add_connection(
		     w->daemon, fd, (struct sockaddr *)&ss, len) == MHD_YES)
		timer_set(&w->turn, 0);
}

void
web_drop(struct web *w, const struct addr *local)
{
	for (struct link *l = w->links; l; l = l->next)
		if (!l->busy && addr_cmp(&l->local, local) == 0)
			shutdown(l->fd, SHUT_RDWR);
}

void
web_free(struct web *w)
{
	if (!w)
		return;
	for (struct exchange *x = w->first; x; x = x->next)
		exchange_resume(x);
	timer_clear(&w->turn);
	watch_free(w->watch);
	if (w->daemon)
		MHD_stop_daemon(w->daemon);
	free(w->cert);
	free(w->key);
	free(w);
}
