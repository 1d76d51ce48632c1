/* secret.c - reading passwords from files, and wiping them.
 *
 * Called while the configuration is loaded.  Nothing here puts a secret into a
 * message, and every buffer that held one is overwritten.
 */
#include "base/secret.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/random.h"
#include "base/xmem.h"

enum { SECRET_MAX = 1024, KEY_MAX = 16384 };

char *
secret_copy(const char *s)
{
	return xstrdup(s);
}

void
secret_free(char *s)
{
	if (s == NULL)
		return;
	explicit_bzero(s, strlen(s));
	free(s);
}

static void
too_long(const char *path, size_t max, struct fail *why)
{
	fail_set(why, FAIL_LOCAL,
	    "%s holds more than the %zu bytes a secret may have", path, max);
}

/* What an editor of Windows leaves would be a part of the secret. */
static const char *
content_fault(const char *buf, size_t len)
{
	static const char mark[] = {'\xef', '\xbb', '\xbf'};

	if (memchr(buf, '\0', len) != NULL)
		return "holds a NUL byte: a secret must be text";
	if (len >= sizeof(mark) && memcmp(buf, mark, sizeof(mark)) == 0)
		return "begins with a byte order mark: save it as UTF-8 "
		       "without one";
	if (len > 0 && buf[len - 1] == '\r')
		return "ends in CR LF: save it with the line ends of Unix (LF)";
	return NULL;
}

static char *
check_content(
    const char *path, char *buf, size_t len, size_t max, struct fail *why)
{
	const char *fault;

	if (len > 0 && buf[len - 1] == '\n')
		len--;
	fault = content_fault(buf, len);
	if (len == 0)
		fail_set(why, FAIL_LOCAL,
		    "%s is empty: write the secret into it", path);
	else if (len > max)
		too_long(path, max, why);
	else if (fault != NULL)
		fail_set(why, FAIL_LOCAL, "%s %s", path, fault);
	else
		return xstrndup(buf, len);
	return NULL;
}

static char *
read_content(int fd, const char *path, size_t max, struct fail *why)
{
	size_t len = 0;
	char *buf = bytes_read(fd, (off_t)max + 1, &len); /* a newline */
	char *secret = NULL;

	if (buf != NULL)
		secret = check_content(path, buf, len, max, why);
	else if (errno == EFBIG)
		too_long(path, max, why);
	else
		fail_set(why, FAIL_LOCAL, "cannot read %s: %s", path,
		    strerror(errno));
	bytes_free(buf, len + 1);
	return secret;
}

enum secret_privacy
secret_privacy(const struct stat *st)
{
	bool group_is_ours = st->st_gid == 0 || st->st_gid == getegid();

	if (st->st_uid != 0 && st->st_uid != geteuid())
		return SECRET_OF_ANOTHER;
	if ((st->st_mode & (S_IRWXO | S_IWGRP)) != 0 ||
	    ((st->st_mode & S_IRGRP) != 0 && !group_is_ours))
		return SECRET_OPEN;
	return SECRET_PRIVATE;
}

static void
refuse_open(
    int fd, const char *path, enum secret_privacy privacy, struct fail *why)
{
	close(fd);
	if (privacy == SECRET_OPEN)
		fail_set(why, FAIL_LOCAL,
		    "%s is open to others than its owner: run chmod 600 %s",
		    path, path);
	else
		fail_set(why, FAIL_LOCAL,
		    "%s belongs to another user, who could change it: its "
		    "owner is to be root or user %u, who runs this",
		    path, (unsigned)geteuid());
}

/* Where a file of that name is looked for; free(3) each. */
struct places {
	char *path[3];
	int n;
	bool systemd; /* the first one is in its folder of credentials */
};

char *
secret_folder_beside(const char *folder)
{
	const char *slash = strrchr(folder, '/');
	const char *last = slash == NULL ? folder : slash + 1;

	if (slash == NULL || slash == folder || last[0] == '\0' ||
	    strcmp(last, ".") == 0 || strcmp(last, "..") == 0)
		return xasprintf("%s/../credentials", folder);
	return xasprintf("%.*s/credentials", (int)(slash - folder), folder);
}

static char *
beside_folder(const char *folder, const char *name)
{
	char *credentials = secret_folder_beside(folder);
	char *path = xasprintf("%s/%s", credentials, name);

	free(credentials);
	return path;
}

static void
places_of(struct places *p, const char *name, const char *beside)
{
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");

	*p = (struct places){.n = 0};
	if (name[0] == '/') {
		p->path[p->n++] = xstrdup(name);
		return;
	}
	p->systemd = credentials != NULL;
	if (p->systemd)
		p->path[p->n++] = xasprintf("%s/%s", credentials, name);
	p->path[p->n++] = xasprintf("%s/%s", beside, name);
	p->path[p->n++] = beside_folder(beside, name);
}

static void
say_unopened(
    const struct places *p, const char *path, int error, struct fail *why)
{
	if (error == EINVAL)
		fail_set(why, FAIL_LOCAL,
		    "%s is not a regular file: a secret is read from a file",
		    path);
	else if (error != ENOENT || p->n == 1)
		fail_set(why, FAIL_LOCAL, "cannot open %s: %s", path,
		    strerror(error));
	else if (p->systemd)
		fail_set(why, FAIL_LOCAL,
		    "cannot open %s: %s; there is no %s and, in "
		    "CREDENTIALS_DIRECTORY, no %s either",
		    p->path[1], strerror(error), p->path[2], p->path[0]);
	else
		fail_set(why, FAIL_LOCAL,
		    "cannot open %s: %s; there is no %s either, and "
		    "CREDENTIALS_DIRECTORY, where it could be as well, is not "
		    "set",
		    p->path[0], strerror(error), p->path[1]);
}

/* The first of the places that has it; -1: errno of the last one. */
static int
open_first(const struct places *p, struct stat *st, int *at)
{
	int fd = -1;

	for (*at = 0; *at < p->n; ++*at) {
		fd = bytes_open(p->path[*at], 0, st);
		if (fd >= 0 || errno != ENOENT)
			return fd;
	}
	--*at;
	return fd;
}

static char *
read_file(const char *name, const char *beside, size_t max, struct fail *why)
{
	struct places p;
	struct stat st;
	int at, fd;
	enum secret_privacy privacy;
	char *secret = NULL;

	places_of(&p, name, beside);
	fd = open_first(&p, &st, &at);
	privacy = fd < 0 || (p.systemd && at == 0) ? SECRET_PRIVATE
						   : secret_privacy(&st);
	if (fd < 0)
		say_unopened(&p, p.path[at], errno, why);
	else if (privacy == SECRET_PRIVATE)
		secret = read_content(fd, p.path[at], max, why);
	else
		refuse_open(fd, p.path[at], privacy, why);
	for (at = 0; at < p.n; at++)
		free(p.path[at]);
	return secret;
}

char *
secret_read(const char *name, const char *beside, struct fail *why)
{
	return read_file(name, beside, SECRET_MAX, why);
}

char *
secret_read_key(const char *name, const char *beside, struct fail *why)
{
	return read_file(name, beside, KEY_MAX, why);
}

void
secret_nonce(char nonce[SECRET_NONCE_MAX])
{
	unsigned char bytes[(SECRET_NONCE_MAX - 1) / 2];

	random_bytes(bytes, sizeof(bytes));
	digest_to_hex(bytes, sizeof(bytes), nonce);
}

char *
secret_basic(const char *username, const char *password)
{
	char *login, *sent;

	if (username == NULL || password == NULL || password[0] == '\0')
		return NULL;
	login = xasprintf("%s:%s", username, password);
	sent = base64_encode(login, strlen(login));
	secret_free(login);
	return sent;
}

void
secret_mask(char *text, const char *secret)
{
	size_t len = secret != NULL ? strlen(secret) : 0;

	if (len == 0)
		return;
	while ((text = strstr(text, secret)) != NULL) {
		memset(text, '*', len);
		text += len;
	}
}
