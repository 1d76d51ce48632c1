/* rest.c - HTTPS requests through libcurl's multi interface, under the loop.
 *
 * An easy handle lives as long as its request, for with what libcurl keeps of
 * one it takes 10 KB; connections, with their TLS sessions, are in
 * io/rest_pool.
 * libcurl gets an address to connect to and never resolves: its resolver
 * makes a thread a name and waits for it.  Handles come and go outside of
 * libcurl's callbacks only (libcurl-multi(3)).
 */
#include "io/rest.h"

#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/secret.h"
#include "base/str.h"
#include "base/xmem.h"
#include "io/rest_pool.h"
#include "io/rest_trouble.h"

#define USER_AGENT "traffic-capture/" VERSION

struct rest {
	struct loop *lp;
	size_t keep, busy;
	int64_t idle_ms;
	struct tls *tls;
	struct rest_pool **pools;
	size_t n_pools;
};

struct rest_peer {
	struct rest *r;
	struct rest_pool *pool;
	struct tls_peer *tls;
	char *base; /* "https://host:port" */
	const char *username, *password, *ca_file;
	char to[2 + ADDR_TEXT_MAX];   /* CURLOPT_CONNECT_TO's: "::" and ... */
	const char *where;            /* ... the address, for messages */
	struct curl_slist connect_to; /* of these alone */

	/* The request under way. */
	CURL *easy; /* NULL: none is */
	char error[CURL_ERROR_SIZE];
	char *payload;
	size_t payload_len, payload_at;
	curl_mime *form;
	struct curl_slist *headers;
	int connect_ms, total_ms;
	rest_done *done;
	void *arg;

	/* Its answer. */
	struct strbuf body;
	size_t received;  /* with the header: what REST_BODY_MAX bounds */
	int socket_error; /* errno of a socket(2) that failed */
};

/* The options set here exist in every libcurl this compiles with. */
static void
must(CURLcode rc)
{
	if (rc == CURLE_OUT_OF_MEMORY)
		xmem_exhausted();
	assert(rc == CURLE_OK);
}

static void
list_add(struct curl_slist **list, const char *text)
{
	struct curl_slist *longer = curl_slist_append(*list, text);

	if (longer == NULL)
		xmem_exhausted();
	*list = longer;
}

static bool
take_bytes(struct rest_peer *p, size_t n)
{
	p->received += n;
	return p->received <= REST_BODY_MAX;
}

static size_t
header_received(char *data, size_t size, size_t n, void *arg)
{
	(void)data;
	return take_bytes(arg, size * n) ? size * n : 0;
}

static size_t
body_received(char *data, size_t size, size_t n, void *arg)
{
	struct rest_peer *p = arg;

	if (!take_bytes(p, size * n))
		return 0;
	strbuf_add_bytes(&p->body, data, size * n);
	return size * n;
}

/* There is no function to rewind: when a kept connection dies after a part of
 * the payload went, libcurl would send it all again, and a script could run
 * twice. */
static size_t
payload_read(char *to, size_t size, size_t n, void *arg)
{
	struct rest_peer *p = arg;
	size_t left = p->payload_len - p->payload_at;
	size_t len = size * n < left ? size * n : left;

	memcpy(to, p->payload + p->payload_at, len);
	p->payload_at += len;
	return len;
}

/* libcurl's own does not set close-on-exec. */
static curl_socket_t
open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct rest_peer *p = arg;
	int fd = socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);

	(void)purpose;
	if (fd >= 0)
		return fd;
	p->socket_error = errno;
	return CURL_SOCKET_BAD;
}

/* What became of a transfer. */

/* PRETRANSFER is when the request was about to be sent, on a new connection or
 * a kept one; APPCONNECT the end of the TLS handshake.  0: not come to. */
static bool
session_stood(const struct rest_peer *p)
{
	curl_off_t tls = 0, request = 0;

	curl_easy_getinfo(p->easy, CURLINFO_APPCONNECT_TIME_T, &tls);
	curl_easy_getinfo(p->easy, CURLINFO_PRETRANSFER_TIME_T, &request);
	return tls > 0 || request > 0;
}

/* Which of the troubles it was; those that do not depend on how far the
 * request had come are first. */
static enum rest_trouble
trouble_of(const struct rest_peer *p, CURLcode rc, bool stood, long os_error)
{
	if (rc == CURLE_SSL_CACERT_BADFILE)
		return REST_CA_FILE;
	if (p->socket_error == EMFILE || p->socket_error == ENFILE)
		return REST_FILES;
	if (p->socket_error || rc == CURLE_URL_MALFORMAT ||
	    rc == CURLE_FAILED_INIT)
		return REST_LOCAL;
	if (p->received > REST_BODY_MAX)
		return REST_ANSWER_LONG;
	if (rc == CURLE_OPERATION_TIMEDOUT)
		return stood ? REST_ANSWER_SLOW : REST_SESSION_SLOW;
	if (stood)
		return REST_ANSWER_CUT;
	if (rc != CURLE_COULDNT_CONNECT)
		return REST_NO_TLS;
	return os_error == ECONNREFUSED ? REST_REFUSED : REST_NO_CONNECTION;
}

/* `sent` is taken back where the server refused the session unread. */
static void
explain(struct fail *f, const struct rest_peer *p, CURLcode rc, bool *sent)
{
	long error = 0;
	char detail[CURL_ERROR_SIZE];
	const char *said = p->error[0] ? p->error : curl_easy_strerror(rc);
	int connect_ms =
	    p->connect_ms < p->total_ms ? p->connect_ms : p->total_ms;
	enum rest_trouble t;

	if (tls_peer_explain(p->tls, *sent,
		rc == CURLE_PEER_FAILED_VERIFICATION, p->where, said, f)) {
		*sent = false;
		return;
	}
	curl_easy_getinfo(p->easy, CURLINFO_OS_ERRNO, &error);
	t = trouble_of(p, rc, *sent, error);
	if (p->socket_error)
		said = strerror(p->socket_error);
	else if (rc == CURLE_SEND_FAIL_REWIND)
		said = "the kept connection was closed";
	else if (rc == CURLE_COULDNT_CONNECT && error)
		said = strerror((int)error);
	str_copy(detail, sizeof(detail), said);
	if (t == REST_ANSWER_LONG)
		snprintf(detail, sizeof(detail), "%d bytes", REST_BODY_MAX);
	else if (rc == CURLE_OPERATION_TIMEDOUT)
		snprintf(detail, sizeof(detail), "%d ms",
		    *sent ? p->total_ms : connect_ms);
	rest_explain(f, t, p->where, detail);
}

static void
answer_fill(struct rest_answer *a, const struct rest_peer *p, CURLcode rc)
{
	long status = 0, asked = 0;

	if (rc == CURLE_OUT_OF_MEMORY)
		xmem_exhausted();
	a->sent = session_stood(p);
	if (rc != CURLE_OK) {
		explain(&a->fail, p, rc, &a->sent);
		return;
	}
	curl_easy_getinfo(p->easy, CURLINFO_RESPONSE_CODE, &status);
	a->status = (int)status;
	curl_easy_getinfo(p->easy, CURLINFO_HTTPAUTH_AVAIL, &asked);
	a->digest_only = status == 401 && (asked & (long)CURLAUTH_DIGEST) &&
			 !(asked & (long)CURLAUTH_BASIC);
}

/* Take the transfer out of libcurl and forget what belonged to it. */
static void
request_forget(struct rest_peer *p)
{
	if (p->easy == NULL)
		return;
	rest_pool_remove(p->pool, p->easy);
	curl_easy_cleanup(p->easy);
	p->easy = NULL;
	curl_slist_free_all(p->headers);
	p->headers = NULL;
	curl_mime_free(p->form);
	p->form = NULL;
	secret_free(p->payload);
	p->payload = NULL;
	strbuf_free(&p->body);
}

static int64_t
date_of(CURL *easy)
{
	struct curl_header *h;
	CURLHcode rc = curl_easy_header(easy, "Date", 0, CURLH_HEADER, -1, &h);
	int64_t s = rc == CURLHE_OK ? curl_getdate(h->value, NULL) : -1;

	return s > 0 ? s * 1000 + 500 : 0; /* it is cut to seconds */
}

/* The peer may be gone or busy again after `done`. */
static void
request_ended(void *peer, int rc)
{
	struct rest_peer *p = peer;
	struct rest_answer a = {0};
	struct strbuf body = p->body;

	p->body = (struct strbuf)STRBUF_INIT;
	answer_fill(&a, p, (CURLcode)rc);
	a.date = date_of(p->easy);
	request_forget(p);
	a.body = strbuf_text(&body);
	a.len = body.len;
	p->done(p->arg, &a);
	strbuf_free(&body);
}

struct rest *
rest_new(struct loop *lp, size_t keep, size_t busy)
{
	struct rest *r = xcalloc(1, sizeof(*r));

	r->lp = lp;
	r->keep = keep;
	r->busy = busy;
	r->idle_ms = REST_POOL_IDLE_MS;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		xmem_exhausted();
	r->tls = tls_new();
	return r;
}

/* So many pools may be open with all their connections: more than can have a
 * request under way, so that another can be closed when one opens.  0: there
 * are not enough connections for that. */
static size_t
whole_pools(const struct rest *r)
{
	size_t n = (r->keep + REST_POOL_PEERS - 1) / REST_POOL_PEERS;

	return n > r->busy || n >= r->n_pools ? n : 0;
}

/* Where not all connections may stay open, and no whole pools, each has its
 * part. */
static void
share_keep(struct rest *r)
{
	size_t each =
	    whole_pools(r) > 0 ? REST_POOL_PEERS : r->keep / r->n_pools;

	for (size_t i = 0; i < r->n_pools; i++)
		rest_pool_keep(r->pools[i], each, r->idle_ms);
}

void
rest_close_idle_after(struct rest *r, int64_t ms)
{
	r->idle_ms = ms;
	share_keep(r);
}

/* A pool is to be opened: where too many are, the one that has waited longest
 * for a request is closed. */
static void
make_room(struct rest *r)
{
	size_t whole = whole_pools(r), open = 0;
	int64_t since = INT64_MAX;
	struct rest_pool *oldest = NULL;

	for (size_t i = 0; i < r->n_pools; i++) {
		struct rest_pool *p = r->pools[i];

		open += rest_pool_is_open(p);
		if (rest_pool_idle_since(p) < since) {
			since = rest_pool_idle_since(p);
			oldest = p;
		}
	}
	if (whole > 0 && open >= whole && oldest != NULL)
		rest_pool_close(oldest);
}

/* The newest with room: most devices stay for the night. */
static struct rest_pool *
join_pool(struct rest *r)
{
	size_t n = r->n_pools;

	for (size_t i = n; i-- > 0;)
		if (rest_pool_join(r->pools[i]))
			return r->pools[i];
	r->pools = xreallocarray(r->pools, n + 1, sizeof(r->pools[0]));
	r->pools[n] = rest_pool_new(r->lp, n, request_ended);
	r->n_pools++;
	share_keep(r);
	rest_pool_join(r->pools[n]);
	return r->pools[n];
}

void
rest_free(struct rest *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->n_pools; i++)
		rest_pool_free(r->pools[i]);
	free(r->pools);
	tls_free(r->tls);
	curl_global_cleanup();
	free(r);
}

static CURLcode
prepare_session(CURL *easy, void *ssl_ctx, void *arg)
{
	struct rest_peer *p = arg;

	(void)easy;
	tls_peer_prepare(p->tls, ssl_ctx);
	return CURLE_OK;
}

static void
set_identity(CURL *e, struct rest_peer *p)
{
	bool chain = tls_peer_by_chain(p->tls);

	must(curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, chain ? 1L : 0L));
	must(curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, chain ? 2L : 0L));
	must(curl_easy_setopt(e, CURLOPT_SSL_CTX_FUNCTION, prepare_session));
	must(curl_easy_setopt(e, CURLOPT_SSL_CTX_DATA, p));
	if (p->ca_file != NULL && p->ca_file[0])
		must(curl_easy_setopt(e, CURLOPT_CAINFO, p->ca_file));
	/* A folder of CAs would be read anew for every connection. */
	must(curl_easy_setopt(e, CURLOPT_CAPATH, NULL));
}

static void
set_login(CURL *e, const struct rest_peer *p)
{
	const char *password = p->password != NULL ? p->password : "";

	if (p->username == NULL)
		return;
	/* Basic alone is sent at once: no first try without it. */
	must(curl_easy_setopt(e, CURLOPT_HTTPAUTH, CURLAUTH_BASIC));
	must(curl_easy_setopt(e, CURLOPT_USERNAME, p->username));
	must(curl_easy_setopt(e, CURLOPT_PASSWORD, password));
}

static void
set_manners(CURL *e)
{
	long http = CURL_HTTP_VERSION_1_1;

	must(curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L));
	must(curl_easy_setopt(e, CURLOPT_PROXY, ""));
	must(curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "https"));
	must(curl_easy_setopt(e, CURLOPT_HTTP_VERSION, http));
	must(curl_easy_setopt(e, CURLOPT_PATH_AS_IS, 1L));
	must(curl_easy_setopt(e, CURLOPT_USERAGENT, USER_AGENT));
	/* The cache, of addresses, is walked at every request's end. */
	must(curl_easy_setopt(e, CURLOPT_DNS_CACHE_TIMEOUT, 0L));
}

static void
set_callbacks(CURL *e, struct rest_peer *p)
{
	must(curl_easy_setopt(e, CURLOPT_PRIVATE, p));
	must(curl_easy_setopt(e, CURLOPT_ERRORBUFFER, p->error));
	must(curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, open_socket));
	must(curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, p));
	must(curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, header_received));
	must(curl_easy_setopt(e, CURLOPT_HEADERDATA, p));
	must(curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, body_received));
	must(curl_easy_setopt(e, CURLOPT_WRITEDATA, p));
	must(curl_easy_setopt(e, CURLOPT_READFUNCTION, payload_read));
	must(curl_easy_setopt(e, CURLOPT_READDATA, p));
}

static void
open_easy(struct rest_peer *p)
{
	p->easy = curl_easy_init();
	if (p->easy == NULL)
		xmem_exhausted();
	set_manners(p->easy);
	set_callbacks(p->easy, p);
	must(curl_easy_setopt(p->easy, CURLOPT_CONNECT_TO, &p->connect_to));
	set_login(p->easy, p);
	set_identity(p->easy, p);
}

struct rest_peer *
rest_peer_new(struct rest *r, const struct rest_peer_spec *spec)
{
	struct rest_peer *p = xcalloc(1, sizeof(*p));
	char authority[HOST_PORT_MAX];
	struct tls_spec tls = spec->tls;

	p->r = r;
	p->pool = join_pool(r);
	p->base = xasprintf(
	    "https://%s", host_port_text(authority, spec->host, spec->port));
	p->username = spec->username;
	p->password = spec->password;
	p->ca_file = spec->ca_file;
	str_copy(p->to, sizeof(p->to), "::");
	p->where = addr_port_text(&spec->addr, spec->port, p->to + 2);
	p->connect_to.data = p->to;
	tls.host = spec->host;
	tls.port = spec->port;
	p->tls = tls_peer_new(r->tls, &tls);
	return p;
}

void
rest_peer_free(struct rest_peer *p)
{
	if (p == NULL)
		return;
	request_forget(p);
	rest_pool_leave(p->pool);
	tls_peer_free(p->tls);
	free(p->base);
	free(p);
}

/* RFC 7578: one part, `file`, named cli.txt. */
static void
put_form(struct rest_peer *p)
{
	curl_off_t len = (curl_off_t)p->payload_len;
	curl_mimepart *part = NULL;

	p->form = curl_mime_init(p->easy);
	if (p->form != NULL)
		part = curl_mime_addpart(p->form);
	if (part == NULL)
		xmem_exhausted();
	must(curl_mime_name(part, "file"));
	must(curl_mime_filename(part, "cli.txt"));
	must(curl_mime_type(part, "application/octet-stream"));
	must(curl_mime_data_cb(part, len, payload_read, NULL, NULL, p));
	must(curl_easy_setopt(p->easy, CURLOPT_MIMEPOST, p->form));
}

/* A payload, or with NULL none, which is said as well (RFC 9110, 8.6). */
static void
put_plain(struct rest_peer *p, const char *type)
{
	curl_off_t len = (curl_off_t)p->payload_len;
	const char *whole = p->payload != NULL ? NULL : "";

	list_add(&p->headers, type);
	must(curl_easy_setopt(p->easy, CURLOPT_POSTFIELDSIZE_LARGE, len));
	must(curl_easy_setopt(p->easy, CURLOPT_POSTFIELDS, whole));
	must(curl_easy_setopt(p->easy, CURLOPT_POST, 1L));
}

static void
put_payload(struct rest_peer *p, const struct rest_request *q)
{
	const char *text = q->script != NULL ? q->script : q->json;

	p->payload = secret_copy(text);
	p->payload_len = text != NULL ? strlen(text) : 0;
	p->payload_at = 0;
	if (q->script != NULL)
		put_form(p);
	else if (q->json != NULL)
		put_plain(p, "Content-Type: application/json");
	else if (strcmp(q->method, "GET") && strcmp(q->method, "DELETE"))
		put_plain(p, "Content-Type:");
	else
		must(curl_easy_setopt(p->easy, CURLOPT_HTTPGET, 1L));
	/* Some servers never answer 100 Continue. */
	list_add(&p->headers, "Expect:");
	must(curl_easy_setopt(p->easy, CURLOPT_HTTPHEADER, p->headers));
	must(curl_easy_setopt(p->easy, CURLOPT_CUSTOMREQUEST, q->method));
}

void
rest_send(struct rest_peer *p, const struct rest_request *q, rest_done *done,
    void *arg)
{
	char *url = xasprintf("%s%s", p->base, q->path);

	assert(p->easy == NULL);
	open_easy(p);
	p->done = done;
	p->arg = arg;
	p->connect_ms = q->connect_ms;
	p->total_ms = q->total_ms;
	p->error[0] = '\0';
	tls_peer_begin(p->tls);
	p->received = 0;
	p->socket_error = 0;
	must(curl_easy_setopt(p->easy, CURLOPT_URL, url));
	secret_free(url);
	must(curl_easy_setopt(
	    p->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)q->connect_ms));
	must(curl_easy_setopt(p->easy, CURLOPT_TIMEOUT_MS, (long)q->total_ms));
	must(curl_easy_setopt(p->easy, CURLOPT_CONNECT_ONLY, (long)q->session));
	put_payload(p, q);
	if (!rest_pool_is_open(p->pool))
		make_room(p->r);
	rest_pool_add(p->pool, p->easy);
}

void
rest_cancel(struct rest_peer *p)
{
	request_forget(p);
}
