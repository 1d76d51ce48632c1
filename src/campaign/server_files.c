/* server_files.c - the captures of the OVOC servers come home.
 *
 * Events whose server has kept nothing, and those behind an abandon, wait here
 * for the next turn of the loop.
 */
#include "campaign/server_files.h"

#include <stdlib.h>
#include <sys/queue.h>

#include "base/xmem.h"
#include "campaign/server_fetch.h"

struct skipped {
	struct past_event *event;
	STAILQ_ENTRY(skipped) next;
};

struct server_files {
	struct server_host_env env;
	struct server_host **hosts; /* of the agents that had events so far */
	size_t n_hosts;
	STAILQ_HEAD(, skipped) skipped; /* their rows are written */
	struct timer tell;
	char *abandoned; /* why; NULL: it goes on */
	server_host_clock *clock;
	void *clock_arg;
};

static struct server_clock
clock_of(void *arg, const struct agent_entry *agent)
{
	const struct server_files *s = arg;

	return s->clock != NULL ? s->clock(s->clock_arg, agent)
				: (struct server_clock){.known = false};
}

static void
on_tell(void *arg)
{
	struct server_files *s = arg;
	struct skipped *one;

	while ((one = STAILQ_FIRST(&s->skipped)) != NULL) {
		struct past_event *event = one->event;

		STAILQ_REMOVE_HEAD(&s->skipped, next);
		free(one);
		s->env.done(s->env.arg, event);
	}
}

static void
skip(struct server_files *s, struct past_event *event, const char *why)
{
	struct skipped *one = xcalloc(1, sizeof(*one));

	server_fetch_skip(s->env.tools, event, why);
	one->event = event;
	STAILQ_INSERT_TAIL(&s->skipped, one, next);
	timer_set(&s->tell, 0);
}

static struct server_host *
host_of(struct server_files *s, const struct agent_entry *agent)
{
	for (size_t i = 0; i < s->n_hosts; i++)
		if (server_host_agent(s->hosts[i]) == agent)
			return s->hosts[i];
	s->hosts = xreallocarray(s->hosts, s->n_hosts + 1, sizeof(*s->hosts));
	s->hosts[s->n_hosts] = server_host_new(&s->env, agent);
	return s->hosts[s->n_hosts++];
}

struct server_files *
server_files_new(const struct tools *t, server_host_done *done, void *arg)
{
	struct server_files *s = xcalloc(1, sizeof(*s));

	s->env = (struct server_host_env){.tools = t,
	    .gate = t->server_gate,
	    .clock = clock_of,
	    .clock_arg = s,
	    .done = done,
	    .arg = arg};
	STAILQ_INIT(&s->skipped);
	timer_init(&s->tell, t->lp, on_tell, s);
	return s;
}

void
server_files_use_clock(
    struct server_files *s, server_host_clock *clock, void *arg)
{
	s->clock = clock;
	s->clock_arg = arg;
}

void
server_files_free(struct server_files *s)
{
	struct skipped *one;

	if (s == NULL)
		return;
	for (size_t i = 0; i < s->n_hosts; i++)
		server_host_free(s->hosts[i]);
	while ((one = STAILQ_FIRST(&s->skipped)) != NULL) {
		STAILQ_REMOVE_HEAD(&s->skipped, next);
		free(one);
	}
	timer_clear(&s->tell);
	free(s->abandoned);
	free(s->hosts);
	free(s);
}

bool
server_files_add(struct server_files *s, struct past_event *event)
{
	const struct round *r = &event->round;

	if (event->conf->agent->sftp.username == NULL)
		return false;
	/* Without a STOP that was kept, the files have no final name. */
	if (!r->kept)
		skip(s, event,
		    lack_text(r->captured ? LACK_STOP : LACK_CAPTURE));
	else if (s->abandoned != NULL)
		skip(s, event, s->abandoned);
	else
		server_host_add(host_of(s, event->conf->agent), event);
	return true;
}

void
server_files_abandon(struct server_files *s, const char *why)
{
	if (s->abandoned == NULL)
		s->abandoned = xstrdup(why);
	for (size_t i = 0; i < s->n_hosts; i++)
		server_host_abandon(s->hosts[i], why);
}
