/* standing.c - why a device goes on, or does not.
 */
#include "device/standing.h"

bool
standing_is_well(const struct standing *s)
{
	return s->failure.kind == FAIL_NONE;
}

void
standing_fail(struct standing *s, const struct fail *why)
{
	if (standing_is_well(s) || fail_is_refusal(why))
		s->failure = *why;
}

void
standing_abandon(struct standing *s, const char *why, const char *doing)
{
	if (standing_is_well(s) && (!s->interrupted || s->recover_only))
		fail_set(&s->failure, FAIL_FINAL, "%s, while %s", why, doing);
}

bool
standing_wants_file(
    const struct standing *s, const struct round *r, bool earlier)
{
	struct round_wish w = {
	    .failure = &s->failure,
	    .interrupted = s->interrupted,
	    .earlier = earlier,
	    .keep_quiet = s->conf->campaign.keep_quiet_captures,
	};

	return round_wants_file(r, &w);
}

int
standing_next_event(const struct standing *s, const struct round *r)
{
	/* A capture that vanished was no event: it is armed for again. */
	int next = r->event + !r->vanished;
	bool last = next > s->conf->campaign.events_per_device;

	if (!standing_is_well(s) || s->interrupted || s->window_over || last)
		return 0;
	return next;
}

void
standing_forgive(struct standing *s, bool lasting)
{
	if (lasting)
		return;
	if (s->recover_only && s->unrecovered.kind == FAIL_NONE)
		s->unrecovered = s->failure;
	fail_clear(&s->failure);
}

bool
standing_ends(struct standing *s, bool more)
{
	if (standing_is_well(s) && (s->interrupted || !more))
		s->failure = s->unrecovered;
	return !standing_is_well(s) || s->interrupted ||
	       (s->window_over && !more);
}
