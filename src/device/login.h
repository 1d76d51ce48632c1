/* login.h - a login by SSH, once: does SFTP begin?  Nothing is fetched.
 *
 * One method, one try: three refused logins lock an address out.
 */
#ifndef DEVICE_LOGIN_H
#define DEVICE_LOGIN_H

#include "device/reach.h"

struct sftp;
/* FAIL_NONE: it is logged in, and has left. */
typedef void login_done(void *arg, const struct fail *why);

struct login { /* embedded; the fields are its own */
	struct reach *reach;
	struct ticket ticket;
	struct sftp *sftp; /* NULL: none is under way */
	login_done *done;
	void *arg;
};

void login_init(
    struct login *l, struct reach *reach, login_done *done, void *arg);
/* At the address in use, in the line for limits.sftp.  `done` runs once, from
 * the loop. */
void login_try(struct login *l);
/* Harmless when none is tried; `done` will not run. */
void login_cancel(struct login *l);

#endif
