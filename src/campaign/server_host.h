/* server_host.h - one OVOC server, and the events whose files it has.
 *
 * One session at a time, which goes from event to event and stays a while for
 * the next.  Each file waits while devices' own files wait or come, but for no
 * more than a minute.  What refuses the login, or shows another host key, is
 * not asked again.
 */
#ifndef CAMPAIGN_SERVER_HOST_H
#define CAMPAIGN_SERVER_HOST_H

#include "campaign/past_event.h"
#include "campaign/server_plan.h"

struct server_host;

/* The event's row is written, whatever has come of its files. */
typedef void server_host_done(void *arg, struct past_event *event);
/* What is known of its clock now. */
typedef struct server_clock server_host_clock(
    void *arg, const struct agent_entry *agent);

struct server_host_env {
	const struct tools *tools;
	struct gate *gate; /* of all servers' sessions */
	server_host_clock *clock;
	void *clock_arg;
	server_host_done
	    *done; /* from the loop, or from server_host_abandon() */
	void *arg;
};

/* The environment outlives it. */
struct server_host *server_host_new(
    const struct server_host_env *env, const struct agent_entry *agent);
/* What is under way is dropped without a word.  NULL is accepted. */
void server_host_free(struct server_host *h);
const struct agent_entry *server_host_agent(const struct server_host *h);
/* The event stays where it is until it is done. */
void server_host_add(struct server_host *h, struct past_event *event);
/* Every event that is left is done now, with a row that says why. */
void server_host_abandon(struct server_host *h, const char *why);

#endif
