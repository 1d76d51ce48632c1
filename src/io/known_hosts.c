/* known_hosts.c - see known_hosts.h.
 *
 * libssh2 keeps the entries and compares names (hashed ones too) and keys.
 * What it leaves open is decided here: it calls another type of key for a known
 * host "not found", which a naive accept-new would believe, does not name a
 * broken line, and rewrites the whole file where a line has to be added.
 */
#include "io/known_hosts.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libssh2.h>

#include "base/base64.h"
#include "base/str.h"
#include "base/xmem.h"
#include "io/host_key.h"
#include "io/known_file.h"

#define SSH_PORT      22 /* named without brackets */
#define TYPE_NAME_MAX 64 /* RFC 4251 section 6 */
#define ANY_KEY_TYPE  0

struct known_hosts {
	char *path;
	enum host_key_mode mode;
	LIBSSH2_SESSION *parser; /* never connected */
	LIBSSH2_KNOWNHOSTS *entries;
	/* Keys marked @revoked, in base64, each with a newline before and
	 * after: refused whatever host shows them. */
	struct strbuf revoked;
	known_hosts_added *added; /* NULL: nobody is told */
	void *arg;
};

static const struct {
	const char *name;
	int mask;
} key_types[] = {
    {"ecdsa-sha2-nistp256", LIBSSH2_KNOWNHOST_KEY_ECDSA_256},
    {"ecdsa-sha2-nistp384", LIBSSH2_KNOWNHOST_KEY_ECDSA_384},
    {"ecdsa-sha2-nistp521", LIBSSH2_KNOWNHOST_KEY_ECDSA_521},
    {"ssh-ed25519", LIBSSH2_KNOWNHOST_KEY_ED25519},
    {"ssh-rsa", LIBSSH2_KNOWNHOST_KEY_SSHRSA},
    {"ssh-dss", LIBSSH2_KNOWNHOST_KEY_SSHDSS},
};
#define N_KEY_TYPES (sizeof(key_types) / sizeof(key_types[0]))

static int
type_mask(const char *name)
{
	for (size_t i = 0; i < N_KEY_TYPES; i++)
		if (strcmp(key_types[i].name, name) == 0)
			return key_types[i].mask;
	return LIBSSH2_KNOWNHOST_KEY_UNKNOWN;
}

/* Split off the next word; NULL at the end of the line. */
static char *
next_word(char **rest)
{
	char *word = *rest + strspn(*rest, " \t");

	if (*word == '\0')
		return NULL;
	*rest = word + strcspn(word, " \t");
	if (**rest != '\0')
		*(*rest)++ = '\0';
	return word;
}

static bool
is_key_of(const char *key64, const char *type)
{
	size_t len;
	unsigned char *key = base64_decode(key64, strlen(key64), &len);
	char *really = key != NULL ? host_key_type(key, len) : NULL;
	bool ok = really != NULL && strcmp(really, type) == 0;

	free(really);
	free(key);
	return ok;
}

struct words {
	char *names;
	char *type;
	char *key;
};

/* Takes the line apart; NULL or what is wrong with it. */
static const char *
split_line(char *line, struct words *w)
{
	w->names = next_word(&line);
	w->type = next_word(&line);
	w->key = next_word(&line);
	if (w->names == NULL || w->type == NULL || w->key == NULL)
		return "not a host name, a key type and a key";
	/* "bits exponent modulus" of SSH 1, which nobody speaks any more. */
	if (isdigit((unsigned char)*w->type))
		return NULL;
	if (!is_key_of(w->key, w->type))
		return "not a key of that type in base64";
	return NULL;
}

/* libssh2_knownhost_readline() overlooks names of one letter, so the names are
 * taken one by one. */
static bool
add_name(struct known_hosts *k, char *name, const struct words *w)
{
	char *salt = NULL, *end;
	int form = LIBSSH2_KNOWNHOST_TYPE_PLAIN;

	if (strpbrk(name, "*?!") != NULL)
		return true; /* patterns: not supported */
	if (*name == '|') {
		if (!str_starts(name, "|1|"))
			return false;
		salt = name + 3;
		end = strchr(salt, '|');
		if (end == NULL)
			return false;
		*end = '\0';
		name = end + 1;
		form = LIBSSH2_KNOWNHOST_TYPE_SHA1;
	}
	return libssh2_knownhost_addc(k->entries, name, salt, w->key,
		   strlen(w->key), NULL, 0,
		   form | LIBSSH2_KNOWNHOST_KEYENC_BASE64 | type_mask(w->type),
		   NULL) == 0;
}

static const char *
read_entry(struct known_hosts *k, char *line)
{
	struct words w;
	const char *wrong = split_line(line, &w);
	char *next;

	if (wrong != NULL || isdigit((unsigned char)*w.type))
		return wrong;
	for (char *name = w.names; name != NULL; name = next) {
		next = strchr(name, ',');
		if (next != NULL)
			*next++ = '\0';
		if (!add_name(k, name, &w))
			return "a host name is neither plain nor hashed";
	}
	return NULL;
}

/* Certificates are not supported, so an authority vouches for nothing here. */
static const char *
read_marked(struct known_hosts *k, char *line)
{
	const char *mark = next_word(&line);
	struct words w;
	const char *wrong = split_line(line, &w);

	if (wrong == NULL && strcmp(mark, "@revoked") == 0)
		strbuf_addf(&k->revoked, "\n%s\n", w.key);
	else if (wrong == NULL && strcmp(mark, "@cert-authority") != 0)
		wrong = "unknown mark (sshd(8): @cert-authority, @revoked)";
	return wrong;
}

static const char *
read_line(void *arg, char *line)
{
	struct known_hosts *k = arg;

	return *line == '@' ? read_marked(k, line) : read_entry(k, line);
}

struct known_hosts *
known_hosts_load(const char *path, enum host_key_mode mode, struct fail *why)
{
	struct known_hosts *k = xcalloc(1, sizeof(*k));

	fail_clear(why);
	k->path = xstrdup(path);
	k->mode = mode;
	k->parser = libssh2_session_init();
	if (k->parser == NULL)
		xmem_exhausted();
	k->entries = libssh2_knownhost_init(k->parser);
	if (k->entries == NULL)
		xmem_exhausted();
	/* A night's first key must not be the first to find that out. */
	if (!known_file_read(path, read_line, k, why) ||
	    (mode == HOST_KEYS_ACCEPT_NEW &&
		!known_file_can_write(path, why))) {
		known_hosts_free(k);
		return NULL;
	}
	return k;
}

void
known_hosts_free(struct known_hosts *k)
{
	if (k == NULL)
		return;
	libssh2_knownhost_free(k->entries);
	libssh2_session_free(k->parser);
	strbuf_free(&k->revoked);
	free(k->path);
	free(k);
}

void
known_hosts_on_added(struct known_hosts *k, known_hosts_added *added, void *arg)
{
	k->added = added;
	k->arg = arg;
}

/* Hashes are made of it, too. */
static void
entry_name(char name[KNOWN_NAME_MAX], const char *host, uint16_t port)
{
	known_file_name(name, host, port, SSH_PORT);
}

/* A LIBSSH2_KNOWNHOST_CHECK value; on a mismatch `known` is the key that this
 * name has instead. */
static int
look_up(const struct known_hosts *k, const char *name, const char *key64,
    int mask, const struct libssh2_knownhost **known)
{
	struct libssh2_knownhost *found = NULL;
	int rc = libssh2_knownhost_check(k->entries, name, key64, strlen(key64),
	    LIBSSH2_KNOWNHOST_TYPE_PLAIN | LIBSSH2_KNOWNHOST_KEYENC_BASE64 |
		mask,
	    &found);

	if (known != NULL)
		*known = found;
	return rc;
}

static bool
has_type(const struct known_hosts *k, const char *name, int mask)
{
	/* "-" is no base64, so it equals no key. */
	return look_up(k, name, "-", mask, NULL) ==
	       LIBSSH2_KNOWNHOST_CHECK_MISMATCH;
}

static char *
types_of(const struct known_hosts *k, const char *name)
{
	struct strbuf types = STRBUF_INIT;

	for (size_t i = 0; i < N_KEY_TYPES; i++)
		if (has_type(k, name, key_types[i].mask))
			strbuf_addf(&types, "%s%s", types.len > 0 ? "," : "",
			    key_types[i].name);
	if (types.len > 0)
		return strbuf_take(&types);
	strbuf_free(&types);
	return NULL;
}

char *
known_hosts_types(const struct known_hosts *k, const char *host, uint16_t port)
{
	char name[KNOWN_NAME_MAX];

	entry_name(name, host, port);
	return types_of(k, name);
}

static bool
is_revoked(const struct known_hosts *k, const char *key64)
{
	char *line = xasprintf("\n%s\n", key64);
	bool yes = strstr(strbuf_text(&k->revoked), line) != NULL;

	free(line);
	return yes;
}

struct shown_key {
	char *type;
	char *print;
	char *text; /* base64 */
};

static void
believe(struct known_hosts *k, const char *name, const struct shown_key *key)
{
	if (libssh2_knownhost_addc(k->entries, name, NULL, key->text,
		strlen(key->text), NULL, 0,
		LIBSSH2_KNOWNHOST_TYPE_PLAIN | LIBSSH2_KNOWNHOST_KEYENC_BASE64 |
		    type_mask(key->type),
		NULL) != 0)
		xmem_exhausted();
	if (k->added != NULL)
		k->added(k->arg, name, key->type, key->print);
}

static enum fail_kind
accept_key(struct known_hosts *k, const char *name, const struct shown_key *key,
    struct fail *why)
{
	char *line = xasprintf("%s %s %s", name, key->type, key->text);

	if (known_file_add(k->path, line))
		believe(k, name, key);
	else
		fail_set(why, FAIL_LOCAL,
		    "cannot record the host key of %s in %s: %s", name, k->path,
		    strerror(errno));
	free(line);
	return why->kind;
}

static void
say_changed(const struct known_hosts *k, const char *name, const char *print,
    const struct libssh2_knownhost *known, struct fail *why)
{
	size_t len = 0;
	unsigned char *blob =
	    known != NULL ? base64_decode(known->key, strlen(known->key), &len)
			  : NULL;
	char *old = host_key_fingerprint(blob, len);

	fail_set(why, FAIL_IDENTITY,
	    "host key of %s changed to %s from %s; "
	    "if rightly so: ssh-keygen -R '%s' -f %s",
	    name, print, old, name, k->path);
	free(old);
	free(blob);
}

static void
say_other_type(const struct known_hosts *k, const char *name, const char *type,
    const char *print, struct fail *why)
{
	char *types = types_of(k, name);

	fail_set(why, FAIL_IDENTITY,
	    "%s shows an %s host key (%s) but is known by %s; "
	    "if rightly so: ssh-keygen -R '%s' -f %s",
	    name, type, print, types != NULL ? types : "another type", name,
	    k->path);
	free(types);
}

static enum fail_kind
judge_new(struct known_hosts *k, const char *host, uint16_t port,
    const struct shown_key *key, struct fail *why)
{
	char name[KNOWN_NAME_MAX], plain[KNOWN_NAME_MAX];

	entry_name(name, host, port);
	entry_name(plain, host, SSH_PORT);
	/* As ssh(1) does: a key known for the host without a port will do. */
	if (look_up(k, plain, key->text, type_mask(key->type), NULL) ==
	    LIBSSH2_KNOWNHOST_CHECK_MATCH)
		return FAIL_NONE;
	if (k->mode == HOST_KEYS_ACCEPT_NEW)
		return accept_key(k, name, key, why);
	fail_set(why, FAIL_IDENTITY,
	    "host key of %s is not known (%s); compare it and add it: "
	    "ssh-keyscan -t %s -p %u %s >> %s",
	    name, key->print, key->type, (unsigned)port, host, k->path);
	return why->kind;
}

static enum fail_kind
judge(struct known_hosts *k, const char *host, uint16_t port,
    const struct shown_key *key, struct fail *why)
{
	char name[KNOWN_NAME_MAX];
	const struct libssh2_knownhost *known;

	entry_name(name, host, port);
	if (is_revoked(k, key->text)) {
		fail_set(why, FAIL_IDENTITY,
		    "host key of %s (%s) is marked @revoked in %s", name,
		    key->print, k->path);
		return why->kind;
	}
	switch (look_up(k, name, key->text, type_mask(key->type), &known)) {
	case LIBSSH2_KNOWNHOST_CHECK_MATCH:
		return FAIL_NONE;
	case LIBSSH2_KNOWNHOST_CHECK_MISMATCH:
		say_changed(k, name, key->print, known, why);
		return why->kind;
	case LIBSSH2_KNOWNHOST_CHECK_NOTFOUND:
		break;
	default:
		xmem_exhausted(); /* libssh2 fails here for memory alone */
	}
	if (!has_type(k, name, ANY_KEY_TYPE))
		return judge_new(k, host, port, key, why);
	say_other_type(k, name, key->type, key->print, why);
	return why->kind;
}

enum fail_kind
known_hosts_check(struct known_hosts *k, const char *host, uint16_t port,
    const void *key, size_t len, struct fail *why)
{
	struct shown_key shown;
	enum fail_kind kind;

	fail_clear(why);
	shown.type = host_key_type(key, len);
	shown.print = host_key_fingerprint(key, len);
	shown.text = base64_encode(key, len);
	if (type_mask(shown.type) != LIBSSH2_KNOWNHOST_KEY_UNKNOWN) {
		kind = judge(k, host, port, &shown, why);
	} else {
		kind = FAIL_IDENTITY;
		fail_set(why, kind, "%s shows a host key of no known type (%s)",
		    host, shown.type);
	}
	free(shown.type);
	free(shown.print);
	free(shown.text);
	return kind;
}
