/* check_tls.c - io/tls under io/rest, against real servers as old devices are:
 * openssl's s_server and gnutls-serv, children of the test.
 */
#include "io/tls.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "io/rest.h"
#include "local.h"
#include "unit.h"

#define OPENSSL    "/usr/bin/openssl"
#define GNUTLS     "/usr/bin/gnutls-serv"
#define ARGS_MAX   24
#define START_MS   10000 /* until a server listens */
#define DAY        86400L
#define NO_PIN     "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define PATH_MORE  32
#define YEAR       (365 * DAY)
#define OLD_DEVICE "if it is an old device, set tls_minimum = \"1.0\""

/* A key and a certificate of its own for 127.0.0.1, valid for days around now.
 */
struct identity {
	int bits; /* of RSA */
	long from, until;
	bool sha1;
};
static const struct identity plain = {2048, -DAY, DAY, false};
static const struct identity old = {1024, -DAY, DAY, true};

struct rig {
	char folder[UNIT_PATH_MAX];
	char cert[UNIT_PATH_MAX + PATH_MORE], key[UNIT_PATH_MAX + PATH_MORE];
	char pins[UNIT_PATH_MAX + PATH_MORE];
	struct loop *lp;
	struct rest *rest;
	struct rest_peer_spec spec;
	uint16_t port;
	pid_t pid;
	struct rest_answer a;
};

/* --- an identity --- */

static X509 *
make_cert(EVP_PKEY *key, const struct identity *id)
{
	X509 *x = X509_new();
	X509_NAME *name = X509_get_subject_name(x);
	X509_EXTENSION *e = X509V3_EXT_conf_nid(
	    NULL, NULL, NID_subject_alt_name, "IP:127.0.0.1");

	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), id->from);
	X509_gmtime_adj(X509_getm_notAfter(x), id->until);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
	    (const unsigned char *)"old device", -1, -1, 0);
	X509_set_issuer_name(x, name);
	X509_set_pubkey(x, key);
	X509_add_ext(x, e, -1);
	X509_EXTENSION_free(e);
	ck_assert_int_gt(
	    X509_sign(x, key, id->sha1 ? EVP_sha1() : EVP_sha256()), 0);
	return x;
}

static void
write_identity(const struct rig *r, const struct identity *id)
{
	EVP_PKEY *key = EVP_RSA_gen((unsigned)id->bits);
	X509 *cert = make_cert(key, id);
	FILE *f = fopen(r->key, "we");

	ck_assert_int_eq(
	    PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL), 1);
	fclose(f);
	f = fopen(r->cert, "we");
	ck_assert_int_eq(PEM_write_X509(f, cert), 1);
	fclose(f);
	X509_free(cert);
	EVP_PKEY_free(key);
}

/* --- a server --- */

static void
run(const char *const argv[])
{
	int null = open("/dev/null", O_RDWR);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	execv(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

static bool
is_listening(uint16_t port)
{
	struct sockaddr_storage ss;
	struct addr to = local_addr("127.0.0.1");
	socklen_t len = addr_to_sockaddr(&to, port, &ss);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool is = connect(fd, (struct sockaddr *)&ss, len) == 0;

	close(fd);
	return is;
}

static void
start(struct rig *r, const char *const argv[])
{
	const struct timespec moment = {0, 5 * 1000 * 1000};
	int64_t limit = clock_mono_ms() + START_MS;

	r->pid = fork();
	if (r->pid == 0)
		run(argv);
	while (!is_listening(r->port) && clock_mono_ms() < limit)
		nanosleep(&moment, NULL);
}

static void
stop(struct rig *r)
{
	if (r->pid <= 0)
		return;
	kill(r->pid, SIGKILL);
	waitpid(r->pid, NULL, 0);
	r->pid = 0;
}

/* `words` are further arguments, with blanks in between. */
static void
split(const char *argv[ARGS_MAX], size_t n, char *words)
{
	char *rest = NULL;

	for (char *w = strtok_r(words, " ", &rest); w != NULL;
	     w = strtok_r(NULL, " ", &rest)) {
		ck_assert_uint_lt(n, ARGS_MAX - 1);
		argv[n++] = w;
	}
	argv[n] = NULL;
}

static void
start_openssl(struct rig *r, const char *more)
{
	char port[8];
	char *words = xstrdup(more);
	const char *argv[ARGS_MAX] = {OPENSSL, "s_server", "-quiet", "-www",
	    "-accept", port, "-cert", r->cert, "-key", r->key};

	snprintf(port, sizeof(port), "%u", r->port);
	split(argv, 10, words);
	start(r, argv);
	free(words);
}

static void
start_gnutls(struct rig *r, const char *priority)
{
	char port[8];
	const char *argv[ARGS_MAX] = {GNUTLS, "--quiet", "--http", "--port",
	    port, "--x509certfile", r->cert, "--x509keyfile", r->key,
	    "--priority", priority, NULL};

	snprintf(port, sizeof(port), "%u", r->port);
	start(r, argv);
}

/* --- the rig --- */

static bool
is_there(const char *program)
{
	if (access(program, X_OK) == 0)
		return true;
	printf("skipped: there is no %s on this host\n", program);
	return false;
}

static struct rig *
rig_new(const struct identity *id)
{
	struct rig *r = xcalloc(1, sizeof(*r));

	signal(SIGPIPE, SIG_IGN);
	unit_folder(r->folder);
	snprintf(r->cert, sizeof(r->cert), "%s/cert.pem", r->folder);
	snprintf(r->key, sizeof(r->key), "%s/key.pem", r->folder);
	snprintf(r->pins, sizeof(r->pins), "%s/known_pins", r->folder);
	r->lp = unit_loop();
	r->rest = rest_new(r->lp, 4, 4);
	r->port = local_free_port(SOCK_STREAM, "127.0.0.1");
	write_identity(r, id);
	r->spec = (struct rest_peer_spec){.host = "127.0.0.1",
	    .addr = local_addr("127.0.0.1"),
	    .port = r->port,
	    .username = "user",
	    .password = "secret",
	    .tls.insecure = true};
	return r;
}

static void
rig_free(struct rig *r)
{
	stop(r);
	rest_free(r->rest);
	unit_loop_free(r->lp);
	known_pins_free(r->spec.tls.known);
	free(r);
}

static void
on_answer(void *arg, const struct rest_answer *a)
{
	struct rig *r = arg;

	r->a = *a;
	loop_stop(r->lp);
}

/* One request, on a connection of its own. */
static void
get(struct rig *r)
{
	struct rest_peer *peer = rest_peer_new(r->rest, &r->spec);
	const struct rest_request q = {.method = "GET",
	    .path = "/",
	    .connect_ms = 5000,
	    .total_ms = 10000};

	rest_send(peer, &q, on_answer, r);
	loop_run(r->lp);
	rest_peer_free(peer);
}

static void
expect_answer(struct rig *r)
{
	get(r);
	ck_assert_msg(r->a.fail.kind == FAIL_NONE, "%s", r->a.fail.text);
	ck_assert_int_eq(r->a.status, 200);
}

static void
expect(struct rig *r, enum fail_kind kind, const char *words)
{
	get(r);
	ck_assert_msg(strstr(r->a.fail.text, words) != NULL, "\"%s\" not in %s",
	    words, r->a.fail.text);
	ck_assert_int_eq(r->a.fail.kind, kind);
	ck_assert(!r->a.sent);
}

/* Refused with the library's reason and the key to set, which helps. */
static void
expect_old(struct rig *r, const char *reason)
{
	expect(r, FAIL_FINAL, reason);
	ck_assert_ptr_nonnull(strstr(r->a.fail.text, OLD_DEVICE));
	r->spec.tls.minimum = TLS_MINIMUM_1_0;
	expect_answer(r);
	rig_free(r);
}

/* --- old devices --- */

START_TEST(tls_1_0_works_where_it_is_allowed)
{
	struct rig *r;

	if (!is_there(OPENSSL))
		return;
	r = rig_new(&old);
	start_openssl(r, "-tls1 -cipher ALL:@SECLEVEL=0");
	expect(r, FAIL_FINAL, "protocol");
	r->spec.tls.minimum = TLS_MINIMUM_1_1;
	expect(r, FAIL_FINAL, "protocol");
	r->spec.tls.minimum = TLS_MINIMUM_1_2;
	expect_old(r, "protocol");
}
END_TEST

START_TEST(a_small_dh_group_works_where_it_is_allowed)
{
	/* RFC 2409's group 2, of 1024 bits, as PEM. */
	static const char group[] =
	    "-----BEGIN DH PARAMETERS-----\n"
	    "MIGHAoGBAP//////////yQ/aoiFowjTExmKLgNwc0SkCTgiKZ8x0Agu+pjsTmyJR\n"
	    "Sgh5jjQE3e+VGbPNOkMbMCsKbfJfFDdP4TVtbVHCReSFtXZiXn7G9ExC6aY37WsL\n"
	    "/1y29Aa37e44a/taiZ+lrp8kEXxLH+ZJKGZR7OZTgf//////////AgEC\n"
	    "-----END DH PARAMETERS-----\n";
	char path[UNIT_PATH_MAX + PATH_MORE];
	char *more;
	struct rig *r;

	if (!is_there(OPENSSL))
		return;
	r = rig_new(&plain);
	snprintf(path, sizeof(path), "%s/dh.pem", r->folder);
	unit_write(path, group);
	more = xasprintf("-tls1_2 -cipher DHE-RSA-AES128-SHA:@SECLEVEL=0 "
			 "-dhparam %s",
	    path);
	start_openssl(r, more);
	free(more);
	expect_old(r, "dh key too small");
}
END_TEST

START_TEST(no_secure_renegotiation_works_where_it_is_allowed)
{
	struct rig *r;

	if (!is_there(GNUTLS))
		return;
	r = rig_new(&plain);
	start_gnutls(
	    r, "NORMAL:-VERS-ALL:+VERS-TLS1.2:%DISABLE_SAFE_RENEGOTIATION");
	expect_old(r, "unsafe legacy renegotiation disabled");
}
END_TEST

START_TEST(gnutls_with_tls_1_0_and_a_small_key_works_where_it_is_allowed)
{
	struct rig *r;

	if (!is_there(GNUTLS))
		return;
	r = rig_new(&old);
	start_gnutls(r,
	    "NONE:+VERS-TLS1.0:+AES-128-CBC:+SHA1:+RSA:+DHE-RSA:+COMP-NULL:"
	    "+SIGN-ALL:%DISABLE_SAFE_RENEGOTIATION:%VERIFY_ALLOW_SIGN_WITH_"
	    "SHA1:%PROFILE_VERY_WEAK");
	expect_old(r, "protocol");
}
END_TEST

START_TEST(a_small_key_that_a_ca_vouches_for_works_where_it_is_allowed)
{
	struct rig *r;

	if (!is_there(OPENSSL))
		return;
	r = rig_new(&old);
	start_openssl(r, "-cipher ALL:@SECLEVEL=0");
	r->spec.tls.insecure = false;
	r->spec.ca_file = r->cert;
	expect_old(r, "key too");
}
END_TEST

/* --- refused for good --- */

START_TEST(nothing_in_common_is_final)
{
	struct rig *r;

	if (!is_there(OPENSSL))
		return;
	r = rig_new(&plain);
	start_openssl(r, "-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256");
	expect(r, FAIL_FINAL, "handshake failure");
	r->spec.tls.minimum = TLS_MINIMUM_1_0;
	expect(r, FAIL_FINAL, "update it, or its TLS settings");
	r->spec.tls.minimum = TLS_MINIMUM_1_2;
	r->spec.tls.fixed = true;
	expect(r, FAIL_FINAL, "update it, or its TLS settings");
	rig_free(r);
}
END_TEST

START_TEST(a_demand_for_a_client_certificate_is_final)
{
	static const char *const versions[] = {
	    "-tls1_2 -Verify 1 -verify_return_error",
	    "-tls1_3 -Verify 1 -verify_return_error"};
	struct rig *r;

	if (!is_there(OPENSSL))
		return;
	for (size_t i = 0; i < 2; i++) {
		r = rig_new(&plain);
		start_openssl(r, versions[i]);
		expect(r, FAIL_FINAL, "demands a client certificate");
		rig_free(r);
	}
}
END_TEST

START_TEST(a_wish_for_a_client_certificate_is_none)
{
	struct rig *r;

	if (!is_there(OPENSSL))
		return;
	r = rig_new(&plain);
	start_openssl(r, "-verify 1");
	expect_answer(r);
	rig_free(r);
}
END_TEST

/* --- identities --- */

static void
expect_dates(const struct identity *id, const char *words)
{
	char until[32], now[32];
	time_t t = time(NULL);
	time_t end = t + id->until;
	struct rig *r = rig_new(id);
	struct tm tm;

	start_openssl(r, "");
	r->spec.tls.insecure = false;
	r->spec.ca_file = r->cert;
	expect(r, FAIL_IDENTITY, words);
	/* The seconds may have gone on. */
	strftime(until, sizeof(until), "to %Y-%m-%dT%H:", gmtime_r(&end, &tm));
	strftime(now, sizeof(now), "says %Y-%m-%dT%H:", gmtime_r(&t, &tm));
	ck_assert_msg(strstr(r->a.fail.text, now) != NULL, "%s not in %s", now,
	    r->a.fail.text);
	ck_assert_msg(strstr(r->a.fail.text, until) != NULL, "%s not in %s",
	    until, r->a.fail.text);
	ck_assert_ptr_nonnull(strstr(r->a.fail.text, "tls_pin"));
	rig_free(r);
}

START_TEST(a_certificate_out_of_its_time_names_both_times_and_the_clock)
{
	static const struct identity early = {2048, YEAR, 2 * YEAR, false};
	static const struct identity late = {2048, -2 * YEAR, -YEAR, false};

	if (!is_there(OPENSSL))
		return;
	expect_dates(&early, "not yet valid");
	expect_dates(&late, "no longer valid");
}
END_TEST

/* What a sentence says must fit, wherever it is. */
START_TEST(the_pin_that_was_seen_can_be_pasted)
{
	char pin[64] = "";
	const char *pins[] = {NO_PIN, pin};
	const char *at;
	struct rig *r;

	if (!is_there(OPENSSL))
		return;
	r = rig_new(&plain);
	start_openssl(r, "");
	r->spec.tls.insecure = false;
	expect(r, FAIL_IDENTITY, "set tls_pin = \"sha256//");
	at = strstr(r->a.fail.text, "sha256//");
	memcpy(pin, at, 52);
	ck_assert_int_eq(at[52], '"');
	r->spec.tls.pins = pins;
	r->spec.tls.n_pins = 1;
	expect(r, FAIL_IDENTITY, pin);
	ck_assert_ptr_nonnull(strstr(r->a.fail.text, "change tls_pin"));
	r->spec.tls.n_pins = 2;
	expect_answer(r);
	rig_free(r);
}
END_TEST

START_TEST(accept_new_keeps_the_first_key_and_refuses_another)
{
	struct fail why;
	char *text;
	struct rig *r;

	if (!is_there(OPENSSL))
		return;
	r = rig_new(&old);
	r->spec.tls.insecure = false;
	r->spec.tls.known = known_pins_load(r->pins, &why);
	start_openssl(r, "-cipher ALL:@SECLEVEL=0");
	expect_answer(r);
	expect_answer(r);
	text = unit_read(r->pins);
	ck_assert_ptr_nonnull(strstr(text, "]:"));
	ck_assert_ptr_nonnull(strstr(text, " sha256//"));
	ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1);
	free(text);
	/* Another device, or somebody between here and there. */
	stop(r);
	write_identity(r, &plain);
	start_openssl(r, "");
	expect(r, FAIL_IDENTITY, "shows another TLS key than before");
	rig_free(r);
}
END_TEST

UNIT_MAIN("tls", tls_1_0_works_where_it_is_allowed,
    a_small_dh_group_works_where_it_is_allowed,
    no_secure_renegotiation_works_where_it_is_allowed,
    gnutls_with_tls_1_0_and_a_small_key_works_where_it_is_allowed,
    a_small_key_that_a_ca_vouches_for_works_where_it_is_allowed,
    nothing_in_common_is_final, a_demand_for_a_client_certificate_is_final,
    a_wish_for_a_client_certificate_is_none,
    a_certificate_out_of_its_time_names_both_times_and_the_clock,
    the_pin_that_was_seen_can_be_pasted,
    accept_new_keeps_the_first_key_and_refuses_another)
