/* secret.h - passwords and keys: where they come from, and that they are wiped;
 * and what must not be guessed.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/fail.h"

/* A copy that secret_free() wipes.  NULL gives NULL. */
char *secret_copy(const char *s);
/* Overwrite and free.  NULL is accepted. */
void secret_free(char *s);
/* May a secret be in such a file?  It is root's or our own; nobody but its
 * owner may write it, or read it, but for the group, if that is root's or our
 * own. */
enum secret_privacy { SECRET_PRIVATE, SECRET_OPEN, SECRET_OF_ANOTHER };
enum secret_privacy secret_privacy(const struct stat *st);
/* Read the file `name`: an absolute name as it is, a relative one in
 * $CREDENTIALS_DIRECTORY (systemd.exec(5)) first, then in the folder `beside`,
 * then in the folder "credentials" beside that one.  One trailing newline is
 * dropped.  At most 1024 bytes, no NUL, not empty, no byte order mark, no line
 * end of Windows; private, unless it came from the credentials folder of
 * systemd.  NULL and a sentence in `why` otherwise; it names the file. */
char *secret_read(const char *name, const char *beside, struct fail *why);

/* The same for a private key in PEM form, of many lines and at most 16 KiB. */
char *secret_read_key(const char *name, const char *beside, struct fail *why);

/* "/etc/x/credentials" for the folder "/etc/x/conf.d"; free(3). */
char *secret_folder_beside(const char *folder);

#define SECRET_NONCE_MAX 33 /* 32 lower-case hex digits and a NUL */
/* 16 random bytes of the kernel as lower-case hex: never the same twice. */
void secret_nonce(char nonce[SECRET_NONCE_MAX]);

/* What a login by HTTP basic authentication (RFC 7617) sends behind "Basic ":
 * a peer may quote that, too.  secret_free(); NULL where there is no login. */
char *secret_basic(const char *username, const char *password);

#define SECRET_MASK "*****"
/* Put '*' over every place of `text` that holds the secret: for text from a
 * peer that was told it.  A NULL or empty secret masks nothing. */
void secret_mask(char *text, const char *secret);

#endif
