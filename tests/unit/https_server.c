/* https_server.c - libmicrohttpd on a thread of its own, with a certificate
 * of its own.
 */
#include "https_server.h"

#include <microhttpd.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/str.h"
#include "base/xmem.h"
#include "local.h"
#include "unit.h"

#define HUGE_ANSWER (2 * 1024 * 1024)
#define SILENT_MAX  16 /* /silent requests of one test */

struct https_server {
	struct MHD_Daemon *daemon;
	uint16_t port;
	char *key_pem;
	char *cert_pem;
	int ca_fd;
	char ca_file[32];
	char pin[80];
	atomic_int connections;
	atomic_int requests;
	atomic_bool closing;
	struct MHD_Connection *silent[SILENT_MAX];
	atomic_int n_silent;
};

static char *
bio_text(BIO *b)
{
	char *data;
	long len = BIO_get_mem_data(b, &data);
	char *text = xstrndup(data, (size_t)len);

	BIO_free(b);
	return text;
}

static X509 *
make_cert(EVP_PKEY *key)
{
	static const char names[] =
	    "IP:127.0.0.1,IP:::1,DNS:device.example.net";
	X509 *x = X509_new();
	X509_NAME *name = X509_get_subject_name(x);
	X509_EXTENSION *e =
	    X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, names);

	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), -3600);
	X509_gmtime_adj(X509_getm_notAfter(x), 3600);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
	    (const unsigned char *)"unit test", -1, -1, 0);
	X509_set_issuer_name(x, name);
	X509_set_pubkey(x, key);
	X509_add_ext(x, e, -1);
	X509_EXTENSION_free(e);
	ck_assert_int_gt(X509_sign(x, key, EVP_sha256()), 0);
	return x;
}

static void
make_pin(struct https_server *s, EVP_PKEY *key)
{
	unsigned char *der = NULL, hash[SHA256_DIGEST_LENGTH];
	int len = i2d_PUBKEY(key, &der);

	SHA256(der, (size_t)len, hash);
	OPENSSL_free(der);
	memcpy(s->pin, "sha256//", 8);
	EVP_EncodeBlock((unsigned char *)s->pin + 8, hash, sizeof(hash));
}

static void
make_identity(struct https_server *s)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = make_cert(key);
	BIO *b = BIO_new(BIO_s_mem());

	PEM_write_bio_PrivateKey(b, key, NULL, NULL, 0, NULL, NULL);
	s->key_pem = bio_text(b);
	b = BIO_new(BIO_s_mem());
	PEM_write_bio_X509(b, cert);
	s->cert_pem = bio_text(b);
	make_pin(s, key);
	X509_free(cert);
	EVP_PKEY_free(key);
	/* A file that goes with the process, even when a test fails. */
	s->ca_fd = memfd_create("ca.pem", MFD_CLOEXEC);
	ck_assert_int_ge(s->ca_fd, 0);
	ck_assert_int_gt(write(s->ca_fd, s->cert_pem, strlen(s->cert_pem)), 0);
	snprintf(s->ca_file, sizeof(s->ca_file), "/proc/self/fd/%d", s->ca_fd);
}

static enum MHD_Result
reply(struct MHD_Connection *c, unsigned status, const char *body,
    const char *header, const char *value)
{
	struct MHD_Response *a = MHD_create_response_from_buffer(
	    strlen(body), (void *)body, MHD_RESPMEM_MUST_COPY);

	if (header)
		MHD_add_response_header(a, header, value);
	enum MHD_Result r = MHD_queue_response(c, status, a);
	MHD_destroy_response(a);
	return r;
}

static enum MHD_Result
reply_big(struct MHD_Connection *c, bool in_header)
{
	char *big = xcalloc(1, HUGE_ANSWER + 1);
	enum MHD_Result r = MHD_YES;

	memset(big, 'x', HUGE_ANSWER);
	if (!in_header) {
		r = reply(c, 200, big, NULL, NULL);
	} else {
		struct MHD_Response *a = MHD_create_response_from_buffer(
		    0, NULL, MHD_RESPMEM_PERSISTENT);
		big[1000] = '\0';
		for (int i = 0; i < HUGE_ANSWER / 1000; i++)
			MHD_add_response_header(a, "X-Big", big);
		r = MHD_queue_response(c, 200, a);
		MHD_destroy_response(a);
	}
	free(big);
	return r;
}

static ssize_t
half_then_error(void *arg, uint64_t at, char *to, size_t max)
{
	(void)arg;
	if (at >= 500)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	size_t n = max < 500 - at ? max : 500 - at;
	memset(to, 'h', n);
	return (ssize_t)n;
}

static enum MHD_Result
reply_cut(struct MHD_Connection *c)
{
	struct MHD_Response *a = MHD_create_response_from_callback(
	    1000, 500, half_then_error, NULL, NULL);
	enum MHD_Result r = MHD_queue_response(c, 200, a);

	MHD_destroy_response(a);
	return r;
}

static const char *
header_of(struct MHD_Connection *c, const char *name)
{
	const char *v = MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);

	return v ? v : "-";
}

static enum MHD_Result
reply_echo(
    struct MHD_Connection *c, const char *method, const struct strbuf *body)
{
	struct strbuf b = STRBUF_INIT;

	strbuf_addf(&b, "%s|%s|%s|%s|%s", method, header_of(c, "Content-Type"),
	    header_of(c, "Content-Length"), header_of(c, "Expect"),
	    strbuf_text(body));
	enum MHD_Result r = reply(c, 200, strbuf_text(&b), NULL, NULL);
	strbuf_free(&b);
	return r;
}

static enum MHD_Result
reply_login(struct MHD_Connection *c)
{
	/* user:secret */
	bool ok = strcmp(header_of(c, "Authorization"),
		      "Basic dXNlcjpzZWNyZXQ=") == 0;

	return reply(c, ok ? 200 : 401, ok ? "in" : "out",
	    ok ? NULL : "WWW-Authenticate", "Basic realm=\"x\"");
}

static enum MHD_Result
reply_digest(struct MHD_Connection *c)
{
	return reply(c, 401, "out", "WWW-Authenticate",
	    "Digest realm=\"x\", nonce=\"y\", qop=\"auth\"");
}

/* Asked again when the server closes and resumes it. */
static enum MHD_Result
keep_silent(struct https_server *s, struct MHD_Connection *c)
{
	if (s->closing)
		return MHD_NO;
	ck_assert_int_lt(s->n_silent, SILENT_MAX);
	MHD_suspend_connection(c);
	s->silent[s->n_silent++] = c;
	return MHD_YES;
}

static enum MHD_Result
answer(struct https_server *s, struct MHD_Connection *c, const char *url,
    const char *method, const struct strbuf *body)
{
	if (strcmp(url, "/hello") == 0)
		return reply(c, 200, "hello", NULL, NULL);
	if (strcmp(url, "/echo") == 0)
		return reply_echo(c, method, body);
	if (strcmp(url, "/login") == 0)
		return reply_login(c);
	if (strcmp(url, "/digest") == 0)
		return reply_digest(c);
	if (strcmp(url, "/redirect") == 0)
		return reply(c, 302, "", "Location", "/hello");
	if (strcmp(url, "/forbidden") == 0)
		return reply(c, 403, "", "Connection", "keep-alive");
	if (strcmp(url, "/empty") == 0)
		return reply(c, 204, "", NULL, NULL);
	if (strcmp(url, "/big") == 0 || strcmp(url, "/header") == 0)
		return reply_big(c, strcmp(url, "/header") == 0);
	if (strcmp(url, "/cut") == 0)
		return reply_cut(c);
	if (strcmp(url, "/close") == 0)
		return reply(c, 200, "bye", "Connection", "close");
	if (strcmp(url, "/drop") == 0)
		return MHD_NO;
	if (strcmp(url, "/silent") == 0)
		return keep_silent(s, c);
	return reply(c, 418, "", NULL, NULL);
}

/* Called for the header, for each piece of the body and at its end. */
static enum MHD_Result
request_came(void *arg, struct MHD_Connection *c, const char *url,
    const char *method, const char *version, const char *data, size_t *len,
    void **context)
{
	struct https_server *s = arg;
	struct strbuf *body = *context;

	(void)version;
	if (!body) {
		*context = xcalloc(1, sizeof(*body));
		s->requests++;
		return MHD_YES;
	}
	if (*len) {
		strbuf_add_bytes(body, data, *len);
		*len = 0;
		return MHD_YES;
	}
	return answer(s, c, url, method, body);
}

static void
request_gone(void *arg, struct MHD_Connection *c, void **context,
    enum MHD_RequestTerminationCode why)
{
	(void)arg;
	(void)c;
	(void)why;
	if (*context)
		strbuf_free(*context);
	free(*context);
}

static void
connection_changed(void *arg, struct MHD_Connection *c, void **context,
    enum MHD_ConnectionNotificationCode what)
{
	struct https_server *s = arg;

	(void)c;
	(void)context;
	if (what == MHD_CONNECTION_NOTIFY_STARTED)
		s->connections++;
}

struct https_server *
https_server_new(const char *address)
{
	struct https_server *s = xcalloc(1, sizeof(*s));
	int fd = local_listen(address, 1024, &s->port);

	make_identity(s);
	s->daemon = MHD_start_daemon(MHD_USE_POLL_INTERNAL_THREAD |
					 MHD_USE_TLS | MHD_ALLOW_SUSPEND_RESUME,
	    0, NULL, NULL, request_came, s, MHD_OPTION_LISTEN_SOCKET, fd,
	    MHD_OPTION_HTTPS_MEM_KEY, s->key_pem, MHD_OPTION_HTTPS_MEM_CERT,
	    s->cert_pem, MHD_OPTION_NOTIFY_COMPLETED, request_gone, NULL,
	    MHD_OPTION_NOTIFY_CONNECTION, connection_changed, s,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)2 * HUGE_ANSWER,
	    MHD_OPTION_END);
	ck_assert_ptr_nonnull(s->daemon);
	return s;
}

void
https_server_free(struct https_server *s)
{
	s->closing = true;
	for (int i = 0; i < s->n_silent; i++)
		MHD_resume_connection(s->silent[i]);
	MHD_stop_daemon(s->daemon);
	close(s->ca_fd);
	free(s->key_pem);
	free(s->cert_pem);
	free(s);
}

uint16_t
https_server_port(const struct https_server *s)
{
	return s->port;
}

const char *
https_server_ca(const struct https_server *s)
{
	return s->ca_file;
}

const char *
https_server_pin(const struct https_server *s)
{
	return s->pin;
}

int
https_server_connections(const struct https_server *s)
{
	return s->connections;
}

int
https_server_requests(const struct https_server *s)
{
	return s->requests;
}
