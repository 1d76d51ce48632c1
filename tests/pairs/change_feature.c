/* change_feature.c - one small function a word, and the table of them.
 */
#include "base/name.h"
#include "change_feature.h"

/* When the loss begins, or would. */
static int64_t
trouble(const struct settings *s)
{
	return s->loss.from > 0 ? s->loss.from : s->span / 2;
}

/* --- delays --- */

static void
slower(struct settings *s, struct dice *d)
{
	s->change.slow_ways =
	    (s->loss.ways & WAYS_BOTH) != 0 ? s->loss.ways : 1u << THERE;
	s->change.slow_by = dice_in(d, 15, 80) * MILLI;
	s->change.slow_from = trouble(s) - dice_in(d, 6000, 8500) * MILLI;
	s->change.slow_until = trouble(s) + 60 * SECOND;
}

/* It was over when the loss began. */
static void
slower_early(struct settings *s, struct dice *d)
{
	slower(s, d);
	s->change.slow_from -= 25 * SECOND;
	s->change.slow_until = trouble(s) - 3 * SECOND;
}

/* It began with the loss. */
static void
slower_late(struct settings *s, struct dice *d)
{
	slower(s, d);
	s->change.slow_from = trouble(s);
}

/* --- routes --- */

static void
another_route(struct settings *s, struct dice *d)
{
	s->change.route_ways =
	    (s->loss.ways & WAYS_BOTH) != 0 ? s->loss.ways : 1u << THERE;
	s->change.more =
	    dice_hit(d, 1, 2) ? dice_in(d, 1, 3) : -dice_in(d, 1, 3);
	s->change.route_from = trouble(s);
}

/* Long after the loss. */
static void
another_route_late(struct settings *s, struct dice *d)
{
	another_route(s, d);
	s->change.route_from = s->loss.until + 12 * SECOND;
}

static void
two_routes(struct settings *s, struct dice *d)
{
	another_route(s, d);
	s->change.flaps = true;
}

/* --- marks --- */

static void
marked(struct settings *s, struct dice *d)
{
	s->change.marked_ways = dice_in(d, 1, WAYS_BOTH);
	s->change.dscp[0] = dice_in(d, 1, 63);
	s->change.dscp[1] = s->change.dscp[0];
}

static void
marked_anew(struct settings *s, struct dice *d)
{
	marked(s, d);
	s->change.dscp[1] = dice_in(d, 0, s->change.dscp[0] - 1);
}

/* --- address translation --- */

/* The server learns it when the loss is over. */
static void
mapped_anew(struct settings *s)
{
	s->change.mapped_from = trouble(s);
	s->change.mapped_known =
	    s->loss.from > 0 ? s->loss.until : s->change.mapped_from;
}

static void
new_address(struct settings *s, struct dice *d)
{
	(void)d;
	s->change.new_address = true;
	mapped_anew(s);
}

static void
new_ports(struct settings *s, struct dice *d)
{
	(void)d;
	s->change.new_ports = true;
	mapped_anew(s);
}

typedef void feature(struct settings *s, struct dice *d);

static const struct word {
	const char *name;
	feature *apply;
} features[] = {
    {"slower", slower},
    {"slower-early", slower_early},
    {"slower-late", slower_late},
    {"another-route", another_route},
    {"another-route-late", another_route_late},
    {"two-routes", two_routes},
    {"marked", marked},
    {"marked-anew", marked_anew},
    {"new-address", new_address},
    {"new-ports", new_ports},
};

bool
change_feature_apply(struct settings *s, struct dice *d, const char *word)
{
	int i = NAME_FIND(features, word);

	if (i == NAME_COUNT(features))
		return false;
	features[i].apply(s, d);
	return true;
}
