/* tls.c - see tls.h.
 *
 * An SSL_CTX lives as long as a connection that libcurl keeps, which is longer
 * than a peer may: each has a reference to what its callbacks need.
 */
#include "io/tls.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/base64.h"
#include "base/digest.h"
#include "base/str.h"
#include "base/xmem.h"

#define PIN_MAX  64
#define TIME_MAX 24 /* RFC 3339, seconds */

enum tls_verdict {
	VERDICT_NONE,
	VERDICT_PIN,       /* not one of tls_pin */
	VERDICT_KNOWN,     /* not the one of known_pins, see `why` */
	VERDICT_TIME,      /* not yet or no longer valid */
	VERDICT_WEAK,      /* a key or a signature too weak for us */
	VERDICT_UNTRUSTED, /* its chain is not */
};

struct tls {
	int index; /* of an SSL_CTX's reference to a peer */
};

struct tls_peer {
	struct tls *tls;
	unsigned references;
	char *host;
	uint16_t port;
	enum tls_minimum minimum;
	bool insecure;
	bool fixed;
	char *pins; /* with blanks in between; NULL: none */
	struct known_pins *known;

	/* Of the last handshake: */
	enum tls_verdict verdict;
	char pin[PIN_MAX]; /* that was seen; "": none */
	const char *reason;
	char from[TIME_MAX], until[TIME_MAX];
	bool expired;
	struct fail why;
	bool asked;      /* for a certificate of ours */
	int sent, heard; /* the fatal alert, or -1 */
};

/* --- what a handshake shows --- */

static void
note_pin(struct tls_peer *p, X509 *cert)
{
	unsigned char sum[DIGEST_BYTES];
	unsigned char *der = NULL;
	int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der);
	char *text;

	if (len < 0)
		return;
	digest_of(der, (size_t)len, sum);
	OPENSSL_free(der);
	text = base64_encode(sum, sizeof(sum));
	str_copy(p->pin, sizeof(p->pin), "sha256//");
	str_copy(
	    p->pin + strlen(p->pin), sizeof(p->pin) - strlen(p->pin), text);
	free(text);
}

static void
tm_text(const struct tm *tm, char text[TIME_MAX])
{
	(void)strftime(text, TIME_MAX, "%Y-%m-%dT%H:%M:%SZ", tm);
}

static void
time_text(const ASN1_TIME *t, char text[TIME_MAX])
{
	struct tm tm;

	str_copy(text, TIME_MAX, "?");
	if (ASN1_TIME_to_tm(t, &tm) == 1)
		tm_text(&tm, text);
}

/* X509_STORE_CTX_get_error(3) */
static enum tls_verdict
verdict_of(int error)
{
	switch (error) {
	case X509_V_ERR_CERT_NOT_YET_VALID:
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return VERDICT_TIME;
	case X509_V_ERR_EE_KEY_TOO_SMALL:
	case X509_V_ERR_CA_KEY_TOO_SMALL:
	case X509_V_ERR_CA_MD_TOO_WEAK:
		return VERDICT_WEAK;
	default:
		return VERDICT_UNTRUSTED;
	}
}

static bool
judge_chain(struct tls_peer *p, X509_STORE_CTX *store)
{
	X509 *cert;
	int error;

	if (X509_verify_cert(store) == 1)
		return true;
	error = X509_STORE_CTX_get_error(store);
	p->verdict = verdict_of(error);
	p->reason = X509_verify_cert_error_string(error);
	p->expired = error == X509_V_ERR_CERT_HAS_EXPIRED;
	cert = X509_STORE_CTX_get_current_cert(store); /* the one at fault */
	if (cert != NULL) {
		time_text(X509_get0_notBefore(cert), p->from);
		time_text(X509_get0_notAfter(cert), p->until);
	}
	return false;
}

/* A pin is the whole identity: no chain, no name, no time. */
static bool
judge_key(struct tls_peer *p)
{
	if (p->pins != NULL) {
		if (p->pin[0] != '\0' && strstr(p->pins, p->pin) != NULL)
			return true;
		p->verdict = VERDICT_PIN;
		return false;
	}
	if (p->insecure)
		return true;
	if (p->pin[0] == '\0') {
		p->verdict = VERDICT_UNTRUSTED;
		p->reason = "its key cannot be read";
		return false;
	}
	if (known_pins_check(p->known, p->host, p->port, p->pin, &p->why) ==
	    FAIL_NONE)
		return true;
	p->verdict = VERDICT_KNOWN;
	return false;
}

/* SSL_CTX_set_cert_verify_callback(3) */
static int
on_certificate(X509_STORE_CTX *store, void *arg)
{
	struct tls_peer *p = arg;

	note_pin(p, X509_STORE_CTX_get0_cert(store));
	if (tls_peer_by_chain(p))
		return judge_chain(p, store);
	if (judge_key(p))
		return 1;
	X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
	return 0;
}

/* SSL_CTX_set_msg_callback(3) */
static void
on_message(int sent, int version, int type, const void *data, size_t len,
    SSL *ssl, void *arg)
{
	struct tls_peer *p = arg;
	const unsigned char *b = data;

	(void)version;
	(void)ssl;
	if (type == SSL3_RT_HANDSHAKE && !sent && len > 0 &&
	    b[0] == SSL3_MT_CERTIFICATE_REQUEST)
		p->asked = true;
	if (type != SSL3_RT_ALERT || len < 2 || b[0] != SSL3_AL_FATAL)
		return;
	if (sent)
		p->sent = b[1];
	else
		p->heard = b[1];
}

/* --- preparing one --- */

static void
peer_release(struct tls_peer *p)
{
	if (p == NULL || --p->references > 0)
		return;
	free(p->pins);
	free(p->host);
	free(p);
}

/* CRYPTO_EX_free, see CRYPTO_get_ex_new_index(3) */
static void
on_context_freed(void *parent, void *peer, CRYPTO_EX_DATA *data, int index,
    long argl, void *argp)
{
	(void)parent;
	(void)data;
	(void)index;
	(void)argl;
	(void)argp;
	peer_release(peer);
}

struct tls *
tls_new(void)
{
	struct tls *t = xcalloc(1, sizeof(*t));

	t->index =
	    SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, on_context_freed);
	if (t->index < 0)
		xmem_exhausted();
	return t;
}

void
tls_free(struct tls *t)
{
	if (t == NULL)
		return;
	CRYPTO_free_ex_index(CRYPTO_EX_INDEX_SSL_CTX, t->index);
	free(t);
}

struct tls_peer *
tls_peer_new(struct tls *t, const struct tls_spec *spec)
{
	struct tls_peer *p = xcalloc(1, sizeof(*p));

	p->tls = t;
	p->references = 1;
	p->host = xstrdup(spec->host);
	p->port = spec->port;
	p->minimum = spec->minimum;
	p->insecure = spec->insecure;
	p->fixed = spec->fixed;
	p->known = spec->known;
	if (spec->n_pins > 0)
		p->pins = str_join(spec->pins, spec->n_pins, " ");
	tls_peer_begin(p);
	return p;
}

void
tls_peer_free(struct tls_peer *p)
{
	peer_release(p);
}

bool
tls_peer_by_chain(const struct tls_peer *p)
{
	return p->pins == NULL && !p->insecure && p->known == NULL;
}

void
tls_peer_begin(struct tls_peer *p)
{
	p->verdict = VERDICT_NONE;
	p->pin[0] = '\0';
	p->asked = false;
	p->sent = p->heard = -1;
}

/* SSL_CTX_set_security_level(3): level 0 allows keys of any size, and what is
 * signed with SHA-1, which TLS 1.0 and 1.1 cannot do without. */
static void
allow_old(SSL_CTX *ctx)
{
	(void)SSL_CTX_set_cipher_list(ctx, "DEFAULT:@SECLEVEL=0");
	SSL_CTX_set_security_level(ctx, 0);
	SSL_CTX_set_options(ctx, SSL_OP_LEGACY_SERVER_CONNECT);
}

void
tls_peer_prepare(struct tls_peer *p, void *ssl_ctx)
{
	static const int versions[] = {
	    [TLS_MINIMUM_1_0] = TLS1_VERSION,
	    [TLS_MINIMUM_1_1] = TLS1_1_VERSION,
	    [TLS_MINIMUM_1_2] = TLS1_2_VERSION,
	};
	SSL_CTX *ctx = ssl_ctx;

	if (SSL_CTX_set_ex_data(ctx, p->tls->index, p) != 1)
		xmem_exhausted();
	p->references++;
	SSL_CTX_set_min_proto_version(ctx, versions[p->minimum]);
	if (p->minimum != TLS_MINIMUM_1_2)
		allow_old(ctx);
	/* Nobody is judged again on a session that stands. */
	SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_cert_verify_callback(ctx, on_certificate, p);
	SSL_CTX_set_msg_callback(ctx, on_message);
	SSL_CTX_set_msg_callback_arg(ctx, p);
}

/* --- what went wrong --- */

/* Alerts that stay the same if asked again (RFC 8446 section 6.2); the others
 * are of broken bytes, or of a server that is in trouble itself. */
static bool
is_refusal(int alert)
{
	switch (alert) {
	case SSL_AD_HANDSHAKE_FAILURE:
	case SSL_AD_BAD_CERTIFICATE:
	case SSL_AD_UNSUPPORTED_CERTIFICATE:
	case SSL_AD_CERTIFICATE_REVOKED:
	case SSL_AD_CERTIFICATE_EXPIRED:
	case SSL_AD_CERTIFICATE_UNKNOWN:
	case SSL_AD_ILLEGAL_PARAMETER:
	case SSL_AD_UNKNOWN_CA:
	case SSL_AD_ACCESS_DENIED:
	case SSL_AD_PROTOCOL_VERSION:
	case SSL_AD_INSUFFICIENT_SECURITY:
	case SSL_AD_MISSING_EXTENSION:
	case SSL_AD_UNSUPPORTED_EXTENSION:
	case SSL_AD_UNRECOGNIZED_NAME:
	case SSL_AD_CERTIFICATE_REQUIRED:
	case SSL_AD_NO_APPLICATION_PROTOCOL:
		return true;
	default:
		return false;
	}
}

/* In TLS 1.3 it comes when our side of the handshake is over. */
static bool
wants_certificate(const struct tls_peer *p)
{
	return p->heard == SSL_AD_CERTIFICATE_REQUIRED ||
	       (p->asked && is_refusal(p->heard));
}

/* "error:0A000102:SSL routines::unsupported protocol": the last part. */
static const char *
reason_of(const char *said)
{
	const char *colon = strrchr(said, ':');

	return colon != NULL && colon[1] != '\0' ? colon + 1 : said;
}

static void
say_refused(const struct tls_peer *p, const char *where, const char *reason,
    struct fail *f)
{
	const char *advice = "update it, or its TLS settings";

	if (!p->fixed && p->minimum != TLS_MINIMUM_1_0)
		advice = "if it is an old device, set tls_minimum = \"1.0\" "
			 "for it";
	fail_set(
	    f, FAIL_FINAL, "%s: TLS refused: %.90s; %s", where, reason, advice);
}

static void
say_time(const struct tls_peer *p, const char *where, struct fail *f)
{
	char now[TIME_MAX];
	time_t t = time(NULL);
	struct tm tm;

	tm_text(gmtime_r(&t, &tm), now);
	fail_set(f, FAIL_IDENTITY,
	    "%s: its certificate is %s valid: it is for %s to %s, and the "
	    "clock of this host says %s; set the clock that is wrong, or renew "
	    "it%s",
	    where, p->expired ? "no longer" : "not yet", p->from, p->until, now,
	    p->fixed ? "" : ", or set tls_pin");
}

static void
say_untrusted(const struct tls_peer *p, const char *where, const char *reason,
    struct fail *f)
{
	if (p->fixed || p->pin[0] == '\0')
		fail_set(f, FAIL_IDENTITY,
		    "%s: certificate not accepted: %.80s; name its CA in "
		    "ca_file, or set tls = \"insecure\"",
		    where, reason);
	else
		fail_set(f, FAIL_IDENTITY,
		    "%s: certificate not accepted: %.60s; name its CA in "
		    "ca_file, or compare the key and set tls_pin = \"%s\"",
		    where, reason, p->pin);
}

static bool
explain_verdict(const struct tls_peer *p, const char *where, struct fail *f)
{
	switch (p->verdict) {
	case VERDICT_NONE:
		return false;
	case VERDICT_PIN:
		fail_set(f, FAIL_IDENTITY,
		    "%s: its key %s is not in tls_pin: is it another device?  "
		    "If it has a new certificate, change tls_pin",
		    where, p->pin);
		return true;
	case VERDICT_KNOWN:
		*f = p->why;
		return true;
	case VERDICT_TIME:
		say_time(p, where, f);
		return true;
	case VERDICT_WEAK:
		say_refused(p, where, p->reason, f);
		return true;
	case VERDICT_UNTRUSTED:
		say_untrusted(p, where, p->reason, f);
		return true;
	}
	return false;
}

bool
tls_peer_explain(const struct tls_peer *p, bool stood, bool name,
    const char *where, const char *said, struct fail *f)
{
	char reason[80] = "it is for another name than ";

	if (explain_verdict(p, where, f))
		return true;
	if (name) {
		str_copy(reason + strlen(reason),
		    sizeof(reason) - strlen(reason), p->host);
		say_untrusted(p, where, reason, f);
		return true;
	}
	if (wants_certificate(p)) {
		fail_set(f, FAIL_FINAL,
		    "%s: TLS refused: it demands a client certificate, which "
		    "is not supported; switch that off on the device",
		    where);
		return true;
	}
	if (stood || (!is_refusal(p->sent) && !is_refusal(p->heard)))
		return false;
	say_refused(p, where, reason_of(said), f);
	return true;
}
