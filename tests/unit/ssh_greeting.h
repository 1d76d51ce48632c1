/* ssh_greeting.h - the first bytes of an SSH server, made for tests. */
#ifndef UNIT_SSH_GREETING_H
#define UNIT_SSH_GREETING_H

#include "base/str.h"

#define SSH_GREETING_LISTS 10

/* `head` (lines before the packets, with their ends), an SSH_MSG_IGNORE, and
 * SSH_MSG_KEXINIT with these lists. */
struct strbuf ssh_greeting(
    const char *head, const char *const lists[SSH_GREETING_LISTS]);

#endif
