/* check_ovoc_login.c - how often a login that OVOC refuses is tried, in virtual
 * time: io/rest is played here, at link time.
 */
#include "agent/ovoc.h"

#include "base/xmem.h"
#include "loop/timer.h"
#include "unit.h"

#define ASK_MS 1000

struct rest_peer {
	struct timer answer;
	rest_done *done; /* NULL: idle */
	void *arg;
};

static struct world {
	struct loop *lp;
	struct resolver *resolver;
	struct ovoc_section conf;
	struct ovoc *ovoc;
	int status; /* of all answers */
	int asked, answered;
	int sent;
	int64_t sent_at; /* the last one, ms since the start */
} w;

struct rest *
rest_new(struct loop *lp, size_t keep, size_t busy)
{
	(void)lp;
	(void)keep;
	(void)busy;
	return NULL;
}

void
rest_free(struct rest *r)
{
	(void)r;
}

static void
on_timer(void *arg)
{
	struct rest_peer *p = arg;
	struct rest_answer a = {.status = w.status, .body = ""};
	rest_done *done = p->done;

	p->done = NULL;
	done(p->arg, &a);
}

struct rest_peer *
rest_peer_new(struct rest *r, const struct rest_peer_spec *spec)
{
	struct rest_peer *p = xcalloc(1, sizeof(*p));

	(void)r;
	(void)spec;
	timer_init(&p->answer, w.lp, on_timer, p);
	return p;
}

void
rest_peer_free(struct rest_peer *p)
{
	if (p == NULL)
		return;
	timer_clear(&p->answer);
	free(p);
}

void
rest_send(struct rest_peer *p, const struct rest_request *q, rest_done *done,
    void *arg)
{
	(void)q;
	ck_assert_ptr_null(p->done);
	p->done = done;
	p->arg = arg;
	w.sent++;
	w.sent_at = unit_elapsed(w.lp);
	timer_set(&p->answer, 10);
}

void
rest_cancel(struct rest_peer *p)
{
	timer_clear(&p->answer);
	p->done = NULL;
}

static void
on_done(void *arg, const struct rest_answer *a)
{
	(void)arg;
	(void)a;
	w.answered++;
}

static void
rig_new(int status)
{
	static char host[] = "192.0.2.252", user[] = "user", password[] = "any";

	w.lp = unit_loop_virtual(0);
	w.resolver = resolver_new(w.lp);
	w.conf = (struct ovoc_section){
	    .host = host, .username = user, .password = password};
	w.ovoc = ovoc_new(w.lp, w.resolver, &w.conf);
	w.status = status;
}

static void
rig_free(void)
{
	ck_assert_int_eq(w.answered, w.asked);
	ovoc_free(w.ovoc);
	resolver_free(w.resolver);
	unit_loop_free(w.lp);
}

/* A campaign asks every second until the next request goes out: the seconds
 * since the one before. */
static int64_t
pause_s(void)
{
	int64_t before = w.sent_at;
	int sent = w.sent;

	while (w.sent == sent) {
		w.asked++;
		ovoc_ask(w.ovoc, "GET", xstrdup("/"), NULL, on_done, NULL);
		loop_run_for(w.lp, ASK_MS);
	}
	ck_assert_int_eq(w.sent, sent + 1);
	return (w.sent_at - before) / 1000;
}

static void
is_refused_ever_longer(int status)
{
	static const int minutes[] = {1, 2, 4, 8, 16, 30, 30};

	w.status = status;
	for (size_t i = 0; i < sizeof(minutes) / sizeof(minutes[0]); i++) {
		int64_t s = pause_s();

		ck_assert_int_ge(s, minutes[i] * 60);
		ck_assert_int_le(s, minutes[i] * 60 + 1);
	}
}

START_TEST(pauses_double_from_a_minute_to_half_an_hour)
{
	rig_new(401);
	pause_s();
	is_refused_ever_longer(401);
	rig_free();
}
END_TEST

START_TEST(a_403_counts_like_a_401)
{
	rig_new(403);
	pause_s();
	is_refused_ever_longer(403);
	rig_free();
}
END_TEST

START_TEST(a_login_that_was_taken_begins_them_anew)
{
	rig_new(401);
	pause_s();
	pause_s();
	w.status = 200;
	ck_assert_int_ge(pause_s(), 120);
	ck_assert_int_le(pause_s(), 1);
	w.status = 401;
	pause_s();
	is_refused_ever_longer(401);
	rig_free();
}
END_TEST

START_TEST(a_server_in_trouble_has_not_refused_it)
{
	rig_new(503);
	pause_s();
	for (int i = 0; i < 10; i++)
		ck_assert_int_le(pause_s(), 1);
	rig_free();
}
END_TEST

UNIT_MAIN("ovoc_login", pauses_double_from_a_minute_to_half_an_hour,
    a_403_counts_like_a_401, a_login_that_was_taken_begins_them_anew,
    a_server_in_trouble_has_not_refused_it)
