/* identity.c - makes keys and certificates with GnuTLS (RFC 5280).
 *
 * lab.c opens it once; web servers ask for a certificate a group of addresses.
 * The other files of tests/lab know nothing of X.509.
 */
#include "identity.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/str.h"
#include "base/xmem.h"

#define DAY          (24 * 60 * 60)
#define CA_DAYS      3650
#define SERVER_DAYS  365 /* browsers and some libraries refuse much more */
#define EARLY_DAYS   100
#define BACK_DATED   DAY /* clocks that are a little behind */
#define SERIAL_BYTES 16

/* A key pair with its PEM text, and the authority that signs for it. */
struct variant {
	gnutls_x509_privkey_t key;
	char *key_pem;
};

struct authority {
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t cert;
};

struct identity {
	struct authority own;
	struct authority strange;
	struct variant variants[IDENTITY_VARIANTS];
};

static bool
failed(int rc, struct fail *why, const char *what)
{
	if (rc >= 0)
		return false;
	fail_set(
	    why, FAIL_LOCAL, "TLS identity: %s: %s", what, gnutls_strerror(rc));
	return true;
}

static bool
file_write(
    const char *path, mode_t mode, const gnutls_datum_t *d, struct fail *why)
{
	int fd = open(
	    path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
	bool good = fd >= 0 && fchmod(fd, mode) == 0 &&
		    write(fd, d->data, d->size) == (ssize_t)d->size;

	if (!good)
		fail_set(why, FAIL_LOCAL, "cannot write %s: %s", path,
		    strerror(errno));
	if (fd >= 0)
		close(fd);
	return good;
}

static bool
key_make(gnutls_x509_privkey_t *key, struct fail *why)
{
	unsigned bits = GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1);

	gnutls_x509_privkey_init(key);
	return !failed(
	    gnutls_x509_privkey_generate(*key, GNUTLS_PK_ECDSA, bits, 0), why,
	    "making a key");
}

/* Load the key at `path`, or make it and keep it there. */
static bool
key_open(gnutls_x509_privkey_t *key, const char *path, struct fail *why)
{
	gnutls_datum_t pem = {NULL, 0};
	bool good;

	if (gnutls_load_file(path, &pem) == 0) {
		gnutls_x509_privkey_init(key);
		good = !failed(
		    gnutls_x509_privkey_import(*key, &pem, GNUTLS_X509_FMT_PEM),
		    why, path);
		gnutls_free(pem.data);
		return good;
	}
	if (!key_make(key, why) ||
	    failed(gnutls_x509_privkey_export2(*key, GNUTLS_X509_FMT_PEM, &pem),
		why, "exporting a key"))
		return false;
	good = file_write(path, 0600, &pem, why);
	gnutls_free(pem.data);
	return good;
}

static bool
key_text(struct variant *v, struct fail *why)
{
	gnutls_datum_t pem;

	if (failed(
		gnutls_x509_privkey_export2(v->key, GNUTLS_X509_FMT_PEM, &pem),
		why, "exporting a key"))
		return false;
	v->key_pem = xstrndup((const char *)pem.data, pem.size);
	gnutls_free(pem.data);
	return true;
}

/* What every certificate has: serial number, name, key and dates. */
static bool
cert_start(gnutls_x509_crt_t *cert, gnutls_x509_privkey_t key, const char *name,
    int days, struct fail *why)
{
	unsigned char serial[SERIAL_BYTES];
	time_t now = time(NULL);

	if (failed(gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof(serial)), why,
		"random number"))
		return false;
	serial[0] &= 0x7f; /* positive: RFC 5280, section 4.1.2.2 */
	gnutls_x509_crt_init(cert);
	gnutls_x509_crt_set_version(*cert, 3);
	gnutls_x509_crt_set_serial(*cert, serial, sizeof(serial));
	gnutls_x509_crt_set_activation_time(*cert, now - BACK_DATED);
	gnutls_x509_crt_set_expiration_time(*cert, now + (time_t)days * DAY);
	gnutls_x509_crt_set_dn_by_oid(*cert, GNUTLS_OID_X520_COMMON_NAME, 0,
	    name, (unsigned)strlen(name));
	return !failed(
	    gnutls_x509_crt_set_key(*cert, key), why, "certificate key");
}

static bool
authority_make(struct authority *ca, const char *name, struct fail *why)
{
	if (!cert_start(&ca->cert, ca->key, name, CA_DAYS, why))
		return false;
	gnutls_x509_crt_set_basic_constraints(ca->cert, 1, 0);
	gnutls_x509_crt_set_key_usage(ca->cert, GNUTLS_KEY_KEY_CERT_SIGN);
	return !failed(gnutls_x509_crt_sign2(
			   ca->cert, ca->cert, ca->key, GNUTLS_DIG_SHA256, 0),
	    why, "signing the authority");
}

/* Load ca.pem, or make it for the key that is there. */
static bool
authority_open(struct authority *ca, const char *folder, struct fail *why)
{
	char *key_path = xasprintf("%s/ca.key", folder);
	char *path = xasprintf("%s/ca.pem", folder);
	gnutls_datum_t pem = {NULL, 0};
	bool good = false;

	if (!key_open(&ca->key, key_path, why))
		goto out;
	if (gnutls_load_file(path, &pem) == 0) {
		gnutls_x509_crt_init(&ca->cert);
		good = !failed(
		    gnutls_x509_crt_import(ca->cert, &pem, GNUTLS_X509_FMT_PEM),
		    why, path);
	} else if (authority_make(ca, "traffic-capture-lab", why) &&
		   !failed(gnutls_x509_crt_export2(
			       ca->cert, GNUTLS_X509_FMT_PEM, &pem),
		       why, "exporting the authority")) {
		good = file_write(path, 0644, &pem, why);
	}
out:
	gnutls_free(pem.data);
	free(key_path);
	free(path);
	return good;
}

/* "sha256//" and the base64 of SHA-256 over the public key's DER (RFC 7469,
 * section 2.4, in curl's spelling). */
static bool
pin_write(const struct identity *id, const char *folder, struct fail *why)
{
	gnutls_pubkey_t pub;
	gnutls_datum_t der, text;
	unsigned char hash[32];
	gnutls_datum_t raw = {hash, sizeof(hash)};

	gnutls_privkey_t priv;

	gnutls_pubkey_init(&pub);
	gnutls_privkey_init(&priv);
	int rc = gnutls_privkey_import_x509(
	    priv, id->variants[IDENTITY_USUAL].key, 0);
	if (rc >= 0)
		rc = gnutls_pubkey_import_privkey(pub, priv, 0, 0);
	if (rc >= 0)
		rc = gnutls_pubkey_export2(pub, GNUTLS_X509_FMT_DER, &der);
	gnutls_privkey_deinit(priv);
	gnutls_pubkey_deinit(pub);
	if (failed(rc, why, "exporting the public key"))
		return false;
	gnutls_hash_fast(GNUTLS_DIG_SHA256, der.data, der.size, hash);
	gnutls_free(der.data);
	if (failed(gnutls_base64_encode2(&raw, &text), why, "base64"))
		return false;
	char *line = xasprintf("sha256//%.*s\n", (int)text.size, text.data);
	char *path = xasprintf("%s/tls-pin", folder);
	gnutls_datum_t d = {(unsigned char *)line, (unsigned)strlen(line)};
	bool good = file_write(path, 0644, &d, why);
	gnutls_free(text.data);
	free(line);
	free(path);
	return good;
}

struct identity *
identity_open(const char *folder, struct fail *why)
{
	struct identity *id = xcalloc(1, sizeof(*id));
	char *path = xasprintf("%s/server.key", folder);
	struct variant *v = id->variants;
	bool good = authority_open(&id->own, folder, why) &&
		    key_open(&v[IDENTITY_USUAL].key, path, why) &&
		    key_make(&v[IDENTITY_OTHER_KEY].key, why) &&
		    key_make(&v[IDENTITY_STRANGER].key, why) &&
		    key_make(&v[IDENTITY_EARLY].key, why) &&
		    key_make(&v[IDENTITY_OLD].key, why) &&
		    key_make(&id->strange.key, why) &&
		    authority_make(&id->strange, "nobody-knows-me", why) &&
		    pin_write(id, folder, why);

	for (int i = 0; i < IDENTITY_VARIANTS && good; i++)
		good = key_text(&v[i], why);
	free(path);
	if (good)
		return id;
	identity_close(id);
	return NULL;
}

static int
names_add(gnutls_x509_crt_t cert, const struct addr *addrs, size_t n_addrs,
    const char *const *names, size_t n_names)
{
	int rc = 0;

	for (size_t i = 0; i < n_addrs && rc >= 0; i++)
		rc = gnutls_x509_crt_set_subject_alt_name(cert,
		    GNUTLS_SAN_IPADDRESS, addrs[i].ip,
		    addrs[i].family == AF_INET ? 4 : 16, GNUTLS_FSAN_APPEND);
	for (size_t i = 0; i < n_names && rc >= 0; i++)
		if (names[i])
			rc = gnutls_x509_crt_set_subject_alt_name(cert,
			    GNUTLS_SAN_DNSNAME, names[i],
			    (unsigned)strlen(names[i]), GNUTLS_FSAN_APPEND);
	return rc;
}

char *
identity_issue(struct identity *id, enum identity_variant variant,
    const struct addr *addrs, size_t n_addrs, const char *const *names,
    size_t n_names, struct fail *why)
{
	struct authority *ca =
	    variant == IDENTITY_STRANGER ? &id->strange : &id->own;
	gnutls_x509_crt_t cert = NULL;
	gnutls_datum_t pem;
	char *text = NULL;

	if (!cert_start(
		&cert, id->variants[variant].key, "device", SERVER_DAYS, why))
		goto out;
	if (variant == IDENTITY_EARLY)
		gnutls_x509_crt_set_activation_time(
		    cert, time(NULL) + EARLY_DAYS * DAY);
	gnutls_x509_crt_set_basic_constraints(cert, 0, -1);
	gnutls_x509_crt_set_key_usage(cert, GNUTLS_KEY_DIGITAL_SIGNATURE);
	gnutls_x509_crt_set_key_purpose_oid(cert, GNUTLS_KP_TLS_WWW_SERVER, 0);
	int rc = names_add(cert, addrs, n_addrs, names, n_names);
	if (failed(rc, why, "certificate names"))
		goto out;
	rc = gnutls_x509_crt_sign2(
	    cert, ca->cert, ca->key, GNUTLS_DIG_SHA256, 0);
	if (failed(rc, why, "signing a certificate"))
		goto out;
	rc = gnutls_x509_crt_export2(cert, GNUTLS_X509_FMT_PEM, &pem);
	if (failed(rc, why, "exporting a certificate"))
		goto out;
	text = xstrndup((const char *)pem.data, pem.size);
	gnutls_free(pem.data);
out:
	if (cert)
		gnutls_x509_crt_deinit(cert);
	return text;
}

const char *
identity_key(const struct identity *id, enum identity_variant variant)
{
	return id->variants[variant].key_pem;
}

static void
authority_free(struct authority *ca)
{
	if (ca->key)
		gnutls_x509_privkey_deinit(ca->key);
	if (ca->cert)
		gnutls_x509_crt_deinit(ca->cert);
}

void
identity_close(struct identity *id)
{
	if (!id)
		return;
	authority_free(&id->own);
	authority_free(&id->strange);
	for (int i = 0; i < IDENTITY_VARIANTS; i++) {
		if (id->variants[i].key)
			gnutls_x509_privkey_deinit(id->variants[i].key);
		free(id->variants[i].key_pem);
	}
	free(id);
}
