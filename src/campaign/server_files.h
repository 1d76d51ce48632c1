/* server_files.h - the captures of the OVOC servers come home.
 *
 * An event goes to the host of its agent, which writes the row `Retrieve server
 * capture`.  Agents without sftp have none.
 */
#ifndef CAMPAIGN_SERVER_FILES_H
#define CAMPAIGN_SERVER_FILES_H

#include "campaign/server_host.h"

struct server_files;

/* As of server_host.h. */
struct server_files *server_files_new(
    const struct tools *t, server_host_done *done, void *arg);
/* Who tells of the servers' clocks; without, none is known. */
void server_files_use_clock(
    struct server_files *s, server_host_clock *clock, void *arg);
/* What is under way is dropped without a word.  NULL is accepted. */
void server_files_free(struct server_files *s);
/* Its row is to come, and `done`; false: neither, its server has no sftp. */
bool server_files_add(struct server_files *s, struct past_event *event);
/* Whatever is left, or added later, is done now or in the next turn, with a row
 * that says why. */
void server_files_abandon(struct server_files *s, const char *why);

#endif
