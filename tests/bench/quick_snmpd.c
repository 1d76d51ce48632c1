/* quick_snmpd.c - SNMP engines on all addresses of this host, a different one
 * on each, that answer a GET with what was asked, at once.
 *
 * usage: quick_snmpd PORT AUTH PRIV
 *
 * Any user has these passwords (SHA-1, AES-128; RFC 3414, RFC 3826).  The
 * answer is the request with another tag, so no value is in it.  It prints
 * `ready`.
 */
#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "stamps.h"

#define KEY      20 /* SHA-1's */
#define EXPANDED 1048576
#define BOOTS    7
#define TAG_GET  0xa0
#define TAG_GOT  0xa2

static const unsigned char engine_head[] = {0x80, 0, 0x1f, 0x88, 1};
#define ENGINE (sizeof(engine_head) + 4)

struct daemon {
	int fd;
	unsigned char auth[KEY], priv[KEY]; /* not localized */
};

/* One BER value within a message. */
struct ber {
	unsigned char *at;
	size_t len;
};

struct request {
	struct ber id, flags, engine, boots, time, auth, priv, data;
};

/* Take the next value off `in`. */
static bool
take(struct ber *in, struct ber *value)
{
	size_t head = 2, len, n;

	if (in->len < 2)
		return false;
	len = in->at[1];
	if (len >= 0x80) {
		n = len & 0x7f;
		if (n > 2 || in->len < 2 + n)
			return false;
		for (len = 0; head < 2 + n; head++)
			len = len << 8 | in->at[head];
	}
	if (in->len - head < len)
		return false;
	*value = (struct ber){in->at + head, len};
	in->at += head + len;
	in->len -= head + len;
	return true;
}

static bool
parse(struct ber whole, struct request *q)
{
	struct ber message, version, header, size, outer, security, user;

	return take(&whole, &message) && take(&message, &version) &&
	       take(&message, &header) && take(&header, &q->id) &&
	       take(&header, &size) && take(&header, &q->flags) &&
	       q->flags.len == 1 && take(&message, &outer) &&
	       take(&outer, &security) && take(&security, &q->engine) &&
	       take(&security, &q->boots) && take(&security, &q->time) &&
	       take(&security, &user) && take(&security, &q->auth) &&
	       take(&security, &q->priv) && take(&message, &q->data);
}

static void
master_key(const char *password, unsigned char key[KEY])
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	size_t len = strlen(password);

	EVP_DigestInit_ex(c, EVP_sha1(), NULL);
	for (size_t i = 0; i < EXPANDED; i++)
		EVP_DigestUpdate(c, password + i % len, 1);
	EVP_DigestFinal_ex(c, key, NULL);
	EVP_MD_CTX_free(c);
}

static void
localize(const unsigned char key[KEY], const struct ber *engine,
    unsigned char out[KEY])
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();

	EVP_DigestInit_ex(c, EVP_sha1(), NULL);
	EVP_DigestUpdate(c, key, KEY);
	EVP_DigestUpdate(c, engine->at, engine->len);
	EVP_DigestUpdate(c, key, KEY);
	EVP_DigestFinal_ex(c, out, NULL);
	EVP_MD_CTX_free(c);
}

static void
put32(unsigned char *to, const struct ber *value)
{
	memset(to, 0, 4);
	for (size_t i = 0; i < value->len && i < 4; i++)
		to[3 - i] = value->at[value->len - 1 - i];
}

static void
crypt_data(const struct request *q, const unsigned char *key, bool encrypt)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	unsigned char iv[16];
	int len;

	put32(iv, &q->boots);
	put32(iv + 4, &q->time);
	memcpy(iv + 8, q->priv.at, 8);
	EVP_CipherInit_ex(c, EVP_aes_128_cfb128(), NULL, key, iv, encrypt);
	EVP_CipherUpdate(c, q->data.at, &len, q->data.at, (int)q->data.len);
	EVP_CIPHER_CTX_free(c);
}

/* The PDU's tag: it stands behind context engine and name. */
static unsigned char *
tag_of(const struct request *q)
{
	struct ber data = q->data, scoped, engine, name;

	if (!take(&data, &scoped) || !take(&scoped, &engine) ||
	    !take(&scoped, &name) || scoped.len == 0 || scoped.at[0] != TAG_GET)
		return NULL;
	return scoped.at;
}

/* Make the answer of the request, in place. */
static bool
answer_get(const struct daemon *d, struct request *q, struct ber whole)
{
	unsigned char key[KEY], mac[EVP_MAX_MD_SIZE], *tag;

	if (q->auth.len != 12 || q->priv.len != 8)
		return false;
	localize(d->priv, &q->engine, key);
	crypt_data(q, key, false);
	tag = tag_of(q);
	if (tag == NULL)
		return false;
	*tag = TAG_GOT;
	crypt_data(q, key, true);
	q->flags.at[0] = 3;
	memset(q->auth.at, 0, 12);
	localize(d->auth, &q->engine, key);
	HMAC(EVP_sha1(), key, KEY, whole.at, whole.len, mac, NULL);
	memcpy(q->auth.at, mac, 12);
	return true;
}

/* Put a value around what is there from `from` on; all is short. */
static size_t
wrap(unsigned char *out, size_t from, size_t len, unsigned char tag)
{
	memmove(out + from + 2, out + from, len - from);
	out[from] = tag;
	out[from + 1] = (unsigned char)(len - from);
	return len + 2;
}

static size_t
add(unsigned char *out, size_t len, unsigned char tag, const void *value,
    size_t n)
{
	out[len] = tag;
	out[len + 1] = (unsigned char)n;
	memcpy(out + len + 2, value, n);
	return len + 2 + n;
}

/* The Report that tells the engine: usmStatsUnknownEngineIDs.0 is 1. */
static size_t
answer_discovery(const struct request *q, const unsigned char engine[ENGINE],
    unsigned char *out)
{
	static const unsigned char report[] = {0xa8, 0x1e, 2, 1, 0, 2, 1, 0, 2,
	    1, 0, 0x30, 0x13, 0x30, 0x11, 6, 10, 0x2b, 6, 1, 6, 3, 15, 1, 1, 4,
	    0, 0x41, 3, 0, 0, 1};
	static const unsigned char size[] = {0, 0xff, 0xe3}, number[] = {3};
	static const unsigned char none[] = {0}, boots[] = {BOOTS},
				   time[] = {9};
	size_t len = add(out, 0, 2, number, 1), header = len, security;

	len = add(out, len, 2, q->id.at, q->id.len);
	len = add(out, len, 2, size, sizeof(size));
	len = add(out, len, 4, none, 1);
	len = add(out, len, 2, number, 1);
	security = len = wrap(out, header, len, 0x30);
	len = add(out, len, 4, engine, ENGINE);
	len = add(out, len, 2, boots, 1);
	len = add(out, len, 2, time, 1);
	for (int i = 0; i < 3; i++)
		len = add(out, len, 4, none, 0);
	len = wrap(out, security, len, 0x30);
	header = len = wrap(out, security, len, 4);
	len = add(out, len, 4, engine, ENGINE);
	len = add(out, len, 4, none, 0);
	memcpy(out + len, report, sizeof(report));
	len = wrap(out, header, len + sizeof(report), 0x30);
	return wrap(out, 0, len, 0x30);
}

static size_t
answer(const struct daemon *d, unsigned char *data, size_t len,
    const struct in_addr *here, unsigned char *report, unsigned char **out)
{
	unsigned char engine[ENGINE];
	struct ber whole = {data, len};
	struct request q;

	if (!parse(whole, &q))
		return 0;
	memcpy(engine, engine_head, sizeof(engine_head));
	memcpy(engine + sizeof(engine_head), here, 4);
	if (q.engine.len != ENGINE) {
		*out = report;
		return answer_discovery(&q, engine, report);
	}
	*out = data;
	return answer_get(d, &q, whole) ? len : 0;
}

/* One datagram, from the address that it was sent to. */
static void
serve(const struct daemon *d)
{
	unsigned char data[2048], report[256], *out;
	char control[256];
	struct sockaddr_in from;
	struct iovec io = {data, sizeof(data)};
	struct msghdr m = {
	    &from, sizeof(from), &io, 1, control, sizeof(control), 0};
	ssize_t len = recvmsg(d->fd, &m, 0);
	struct in_pktinfo *info = NULL;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); len > 0 && c != NULL;
	     c = CMSG_NXTHDR(&m, c))
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			info = (struct in_pktinfo *)CMSG_DATA(c);
			m.msg_control = c;
			m.msg_controllen = CMSG_SPACE(sizeof(*info));
			break;
		}
	if (info == NULL)
		return;
	info->ipi_ifindex = 0;
	info->ipi_spec_dst = info->ipi_addr;
	io.iov_len =
	    answer(d, data, (size_t)len, &info->ipi_addr, report, &out);
	if (io.iov_len == 0)
		return;
	io.iov_base = out;
	sendmsg(d->fd, &m, 0);
}

int
main(int argc, char **argv)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	struct daemon d;
	int on = 1;

	if (argc != 4) {
		fprintf(stderr, "usage: quick_snmpd PORT AUTH PRIV\n");
		return 2;
	}
	master_key(argv[2], d.auth);
	master_key(argv[3], d.priv);
	at.sin_port = htons((uint16_t)atoi(argv[1]));
	d.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (d.fd < 0 ||
	    setsockopt(d.fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)) != 0 ||
	    bind(d.fd, (struct sockaddr *)&at, sizeof(at)) != 0) {
		perror("quick_snmpd");
		return 1;
	}
	stamp_prepare(d.fd);
	puts("ready");
	fflush(stdout);
	for (;;)
		serve(&d);
}
