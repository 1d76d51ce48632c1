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

/* Also where else a file of a relative name could have been. */
static void
say_unopened(const char *path, bool relative, int error, struct fail *why)
{
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");

	if (error == EINVAL)
		fail_set(why, FAIL_LOCAL,
		    "%s is not a regular file: a secret is read from a file",
		    path);
	else if (!relative)
		fail_set(why, FAIL_LOCAL, "cannot open %s: %s", path,
		    strerror(error));
	else if (credentials != NULL)
		fail_set(why, FAIL_LOCAL,
		    "cannot open %s: %s; it is not in CREDENTIALS_DIRECTORY "
		    "(%s) either",
		    path, strerror(error), credentials);
	else
		fail_set(why, FAIL_LOCAL,
		    "cannot open %s: %s; CREDENTIALS_DIRECTORY, where it could "
		    "be as well, is not set",
		    path, strerror(error));
}

static char *
read_file(const char *name, const char *beside, size_t max, struct fail *why)
{
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");
	bool from_systemd = credentials != NULL && name[0] != '/';
	char *path = from_systemd     ? xasprintf("%s/%s", credentials, name)
		     : name[0] == '/' ? xstrdup(name)
				      : xasprintf("%s/%s", beside, name);
	struct stat st;
	int fd = bytes_open(path, 0, &st);
	enum secret_privacy privacy;
	char *secret = NULL;

	if (fd < 0 && errno == ENOENT && from_systemd) {
		free(path);
		from_systemd = false;
		path = xasprintf("%s/%s", beside, name);
		fd = bytes_open(path, 0, &st);
	}
	privacy = fd < 0 || from_systemd ? SECRET_PRIVATE : secret_privacy(&st);
	if (fd < 0)
		say_unopened(path, name[0] != '/', errno, why);
	else if (privacy == SECRET_PRIVATE)
		secret = read_content(fd, path, max, why);
	else
		refuse_open(fd, path, privacy, why);
	free(path);
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
