/* rest_pool.c - see rest_pool.h.
 */
#include "io/rest_pool.h"

#include <assert.h>
#include <curl/curl.h>
#include <poll.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "loop/timer.h"

/* Between two pools that close. */
#define STEP_MS 20

struct rest_pool {
	struct loop *lp;
	size_t index;
	rest_pool_ended *ended;
	CURLM *multi;       /* NULL: there is no connection */
	struct timer timer; /* libcurl's */
	struct timer ends;  /* one has ended as it began */
	struct timer idle;
	int64_t idle_ms;
	long keep;
	size_t peers;
	size_t busy;        /* transfers under way */
	int64_t idle_since; /* where there is none */
	bool reaping;
};

struct rest_socket {
	struct rest_pool *p;
	curl_socket_t fd;
	struct watch *watch;
};

/* A message is gone with its handle's removal: take from it, then act. */
static void
reap(void *arg)
{
	struct rest_pool *p = arg;
	CURLMsg *m;
	int left;

	p->reaping = true;
	while ((m = curl_multi_info_read(p->multi, &left)) != NULL) {
		CURLcode rc = m->data.result;
		char *peer = NULL;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &peer);
		p->ended(peer, (int)rc);
	}
	p->reaping = false;
}

/* libcurl's sockets and timer (curl_multi_socket_action(3)). */

static void
act(struct rest_pool *p, curl_socket_t fd, int mask)
{
	int running;

	loop_doing(p->lp, "REST");
	curl_multi_socket_action(p->multi, fd, mask, &running);
	reap(p);
}

static void
socket_ready(void *arg, short ready)
{
	struct rest_socket *s = arg;
	int mask = (ready & (POLLIN | POLLHUP) ? CURL_CSELECT_IN : 0) |
		   (ready & POLLOUT ? CURL_CSELECT_OUT : 0) |
		   (ready & (POLLERR | POLLNVAL) ? CURL_CSELECT_ERR : 0);

	act(s->p, s->fd, mask);
}

static void
timer_due(void *arg)
{
	act(arg, CURL_SOCKET_TIMEOUT, 0);
}

static int
socket_wanted(CURL *easy, curl_socket_t fd, int what, void *arg, void *mine)
{
	struct rest_pool *p = arg;
	struct rest_socket *s = mine;
	short events = 0;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (s != NULL)
			watch_free(s->watch);
		free(s);
		return 0;
	}
	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		events |= POLLIN;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		events |= POLLOUT;
	if (s != NULL) {
		watch_set(s->watch, events);
		return 0;
	}
	s = xcalloc(1, sizeof(*s));
	s->p = p;
	s->fd = fd;
	s->watch = watch_new(p->lp, fd, events, socket_ready, s);
	curl_multi_assign(p->multi, fd, s);
	return 0;
}

static int
timer_wanted(CURLM *multi, long ms, void *arg)
{
	struct rest_pool *p = arg;

	(void)multi;
	if (ms < 0)
		timer_clear(&p->timer);
	else
		timer_set(&p->timer, ms);
	return 0;
}

/* --- life --- */

static void
open_multi(struct rest_pool *p)
{
	p->multi = curl_multi_init();
	if (p->multi == NULL)
		xmem_exhausted();
	curl_multi_setopt(p->multi, CURLMOPT_SOCKETFUNCTION, socket_wanted);
	curl_multi_setopt(p->multi, CURLMOPT_SOCKETDATA, p);
	curl_multi_setopt(p->multi, CURLMOPT_TIMERFUNCTION, timer_wanted);
	curl_multi_setopt(p->multi, CURLMOPT_TIMERDATA, p);
	/* The default, four times the transfers under way, closes kept
	 * connections whenever transfers end; 0 would mean that default. */
	curl_multi_setopt(p->multi, CURLMOPT_MAXCONNECTS, p->keep);
}

void
rest_pool_close(struct rest_pool *p)
{
	assert(!p->reaping);
	if (p->multi != NULL)
		curl_multi_cleanup(p->multi);
	p->multi = NULL;
	timer_clear(&p->timer);
	timer_clear(&p->ends);
	timer_clear(&p->idle);
}

static void
on_idle(void *arg)
{
	struct rest_pool *p = arg;

	loop_doing(p->lp, "REST");
	rest_pool_close(p);
	xmem_trim();
}

struct rest_pool *
rest_pool_new(struct loop *lp, size_t index, rest_pool_ended *ended)
{
	struct rest_pool *p = xcalloc(1, sizeof(*p));

	p->lp = lp;
	p->index = index;
	p->ended = ended;
	p->keep = 1;
	p->idle_ms = REST_POOL_IDLE_MS;
	timer_init(&p->timer, lp, timer_due, p);
	timer_init(&p->ends, lp, reap, p);
	timer_init(&p->idle, lp, on_idle, p);
	return p;
}

void
rest_pool_free(struct rest_pool *p)
{
	rest_pool_close(p);
	free(p);
}

bool
rest_pool_join(struct rest_pool *p)
{
	if (p->peers == REST_POOL_PEERS)
		return false;
	p->peers++;
	return true;
}

void
rest_pool_leave(struct rest_pool *p)
{
	p->peers--;
}

void
rest_pool_keep(struct rest_pool *p, size_t connections, int64_t idle_ms)
{
	p->keep = connections > 0 ? (long)connections : 1L;
	p->idle_ms = idle_ms;
	if (p->multi != NULL)
		curl_multi_setopt(p->multi, CURLMOPT_MAXCONNECTS, p->keep);
}

bool
rest_pool_is_open(const struct rest_pool *p)
{
	return p->multi != NULL;
}

int64_t
rest_pool_idle_since(const struct rest_pool *p)
{
	bool idle = p->multi != NULL && p->busy == 0 && !p->reaping;

	return idle ? p->idle_since : INT64_MAX;
}

/* Now: libcurl would begin all that are new in one go, and that many TLS
 * sessions are a long turn of the loop.  An end is told later, not to who is
 * beginning it. */
static void
begin(struct rest_pool *p)
{
	int running;

	if (p->reaping)
		return; /* libcurl does: most have a connection already */
	loop_doing(p->lp, "REST");
	curl_multi_socket_action(p->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	if ((size_t)running < p->busy)
		timer_set(&p->ends, 0);
}

void
rest_pool_add(struct rest_pool *p, void *easy)
{
	if (p->multi == NULL)
		open_multi(p);
	timer_clear(&p->idle);
	p->busy++;
	if (curl_multi_add_handle(p->multi, easy) != CURLM_OK)
		xmem_exhausted();
	begin(p);
}

void
rest_pool_remove(struct rest_pool *p, void *easy)
{
	curl_multi_remove_handle(p->multi, easy);
	if (--p->busy > 0)
		return;
	p->idle_since = loop_now(p->lp);
	timer_set(&p->idle, p->idle_ms + (int64_t)p->index * STEP_MS);
}
