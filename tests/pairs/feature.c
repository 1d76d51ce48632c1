/* feature.c - one small function a word, and the table of them: the clock, the
 * path, what is said.
 */
#include <string.h>

#include "base/name.h"
#include "change_feature.h"
#include "feature.h"
#include "recorder_feature.h"

static int64_t
some(struct dice *d, int64_t least, int64_t most, int64_t unit)
{
	return dice_in(d, least * unit, most * unit);
}

static int64_t
either(struct dice *d, int64_t value)
{
	return dice_hit(d, 1, 2) ? value : -value;
}

void
feature_plain(struct settings *s, struct dice *d)
{
	enum side side;

	memset(s, 0, sizeof(*s));
	s->span = some(d, 150, 210, SECOND);
	s->path.base[THERE] = some(d, 5, 40, MILLI);
	s->path.base[BACK] = s->path.base[THERE];
	s->path.jitter[THERE] = some(d, 1, 4, MILLI);
	s->path.jitter[BACK] = s->path.jitter[THERE];
	s->path.hops = dice_in(d, 4, 14);
	s->clock.offset = either(d, some(d, 0, 2, SECOND));
	s->clock.drift = either(d, some(d, 0, 20, MICRO));
	for (side = SERVER; side < SIDES; side++) {
		s->recorder[side].until = s->span;
		s->recorder[side].ways = WAYS_BOTH;
		s->recorder[side].pieces = 1;
	}
	s->recorder[DEVICE].from = some(d, 1, 4, SECOND);
	s->recorder[DEVICE].until -= some(d, 1, 4, SECOND);
}

/* --- the clock --- */

static void
clock_micro(struct settings *s, struct dice *d)
{
	s->clock.offset = either(d, some(d, 1, 900, MICRO));
}

static void
clock_days(struct settings *s, struct dice *d)
{
	s->clock.offset = either(d, some(d, 1, 40, 86400 * SECOND));
}

static void
clock_ten_years(struct settings *s, struct dice *d)
{
	s->clock.offset = either(d, some(d, 3640, 3660, 86400 * SECOND));
}

static void
clock_1970(struct settings *s, struct dice *d)
{
	s->clock.offset = -EVENT_WALL * SECOND + some(d, 40, 900, SECOND);
}

static void
clock_zone(struct settings *s, struct dice *d)
{
	s->clock.offset =
	    either(d, dice_in(d, 1, 48) * 900 * SECOND) + some(d, 0, 3, MILLI);
}

static void
drift_fast(struct settings *s, struct dice *d)
{
	s->clock.drift = some(d, 60, 100, MICRO);
}

static void
drift_slow(struct settings *s, struct dice *d)
{
	s->clock.drift = -some(d, 60, 100, MICRO);
}

static void
clock_step(struct settings *s, struct dice *d)
{
	s->clock.step_at = dice_in(d, s->span / 5, s->span / 3);
	s->clock.step_by = some(d, 2, 4000, SECOND);
}

static void
clock_back(struct settings *s, struct dice *d)
{
	bool early = s->clock.offset + EVENT_WALL * SECOND < 5000 * SECOND;

	clock_step(s, d);
	/* Not before 1970. */
	s->clock.step_by = -some(d, 2, early ? 30 : 4000, SECOND);
}

/* --- the path --- */

static void
nat(struct settings *s, struct dice *d)
{
	(void)d;
	s->path.nat_device = true;
}

static void
napt(struct settings *s, struct dice *d)
{
	(void)d;
	s->path.nat_device = s->path.nat_ports = true;
}

static void
nat_server(struct settings *s, struct dice *d)
{
	(void)d;
	s->path.nat_server = true;
}

static void
fresh_ids(struct settings *s, struct dice *d)
{
	(void)d;
	s->path.fresh_ids = true;
}

static void
shifted_seq(struct settings *s, struct dice *d)
{
	(void)d;
	s->path.shifts_seq = true;
}

static void
twice(struct settings *s, struct dice *d)
{
	s->path.again = dice_in(d, 20, 120);
}

static void
reorder(struct settings *s, struct dice *d)
{
	s->path.reorder = dice_in(d, 20, 100);
	s->path.reorder_by = some(d, 20, 300, MILLI);
}

static void
jitter(struct settings *s, struct dice *d)
{
	s->path.jitter[THERE] = some(d, 20, 200, MILLI);
	s->path.jitter[BACK] = some(d, 20, 200, MILLI);
}

static void
jitter_2s(struct settings *s, struct dice *d)
{
	s->path.jitter[THERE] = some(d, 1500, 2000, MILLI);
	s->path.jitter[BACK] = some(d, 1500, 2000, MILLI);
}

static void
near(struct settings *s, struct dice *d)
{
	s->path.base[THERE] = s->path.base[BACK] = some(d, 100, 300, MICRO);
	s->path.jitter[THERE] = s->path.jitter[BACK] = some(d, 20, 60, MICRO);
}

static void
far(struct settings *s, struct dice *d)
{
	s->path.base[THERE] = s->path.base[BACK] = some(d, 180, 200, MILLI);
}

static void
slow(struct settings *s, struct dice *d)
{
	s->path.base[THERE] = s->path.base[BACK] = some(d, 1100, 1600, MILLI);
}

static void
uneven(struct settings *s, struct dice *d)
{
	enum way slow = dice_hit(d, 1, 2) ? THERE : BACK;

	s->path.base[slow] = some(d, 60, 200, MILLI);
	s->path.base[1 - slow] = some(d, 1, 20, MILLI);
}

static void
small_mtu(struct settings *s, struct dice *d)
{
	s->path.mtu = dice_in(d, 800, 1300);
	s->fragile = true;
}

/* --- what is said --- */

static void
mute(struct settings *s, struct dice *d, enum way way, unsigned kinds)
{
	s->muted[way] = kinds;
	s->muted_from = s->loss.from != 0 ? s->loss.from
					  : dice_in(d, s->span * 45 / 100,
						s->span * 55 / 100);
}

static void
no_answers(struct settings *s, struct dice *d)
{
	mute(s, d, BACK, 1u << KIND_SNMP);
	s->muted_from = 0;
}

static void
hung(struct settings *s, struct dice *d)
{
	mute(s, d, BACK, KINDS_ALL);
}

static void
asks_no_more(struct settings *s, struct dice *d)
{
	mute(s, d, THERE, KINDS_ALL);
}

static void
refuses(struct settings *s, struct dice *d)
{
	(void)d;
	s->refuses = true;
}

static void
quiet(struct settings *s, struct dice *d)
{
	(void)d;
	s->quiet = true;
}

static void
v2c(struct settings *s, struct dice *d)
{
	(void)d;
	s->v2c = s->no_ids = true;
}

static void
like_pings(struct settings *s, struct dice *d)
{
	(void)d;
	s->like_pings = s->no_ids = true;
}

static void
no_ids(struct settings *s, struct dice *d)
{
	(void)d;
	s->no_ids = true;
}

static void
fresh_ports(struct settings *s, struct dice *d)
{
	(void)d;
	s->fresh_ports = true;
}

static void
v6(struct settings *s, struct dice *d)
{
	(void)d;
	s->v6 = true;
}

static void
bulk(struct settings *s, struct dice *d)
{
	(void)d;
	s->bulk = true;
}

typedef void feature(struct settings *s, struct dice *d);

static const struct word {
	const char *name;
	feature *apply;
} features[] = {
    {"clock-micro", clock_micro},
    {"clock-days", clock_days},
    {"clock-ten-years", clock_ten_years},
    {"clock-1970", clock_1970},
    {"clock-zone", clock_zone},
    {"drift-fast", drift_fast},
    {"drift-slow", drift_slow},
    {"clock-step", clock_step},
    {"clock-back", clock_back},
    {"nat", nat},
    {"napt", napt},
    {"nat-server", nat_server},
    {"fresh-ids", fresh_ids},
    {"shifted-seq", shifted_seq},
    {"twice", twice},
    {"reorder", reorder},
    {"jitter", jitter},
    {"jitter-2s", jitter_2s},
    {"near", near},
    {"far", far},
    {"slow", slow},
    {"uneven", uneven},
    {"small-mtu", small_mtu},
    {"no-answers", no_answers},
    {"hung", hung},
    {"asks-no-more", asks_no_more},
    {"refuses", refuses},
    {"quiet", quiet},
    {"v2c", v2c},
    {"like-pings", like_pings},
    {"no-ids", no_ids},
    {"fresh-ports", fresh_ports},
    {"v6", v6},
    {"bulk", bulk},
};

bool
feature_apply(struct settings *s, struct dice *d, const char *word)
{
	int i = NAME_FIND(features, word);

	if (i == NAME_COUNT(features))
		return change_feature_apply(s, d, word) ||
		       recorder_feature_apply(s, d, word);
	features[i].apply(s, d);
	return true;
}
