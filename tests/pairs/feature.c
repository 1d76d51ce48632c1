/* feature.c - one small function a word, and the table of them. */
#include <string.h>

#include "base/name.h"
#include "feature.h"

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

/* --- the recorders --- */

static struct recorder *
one_of(struct settings *s, struct dice *d)
{
	return &s->recorder[dice_hit(d, 1, 2) ? DEVICE : SERVER];
}

static void
server_copies(struct settings *s, struct dice *d)
{
	(void)d;
	s->recorder[SERVER].copies = true;
}

static void
device_copies(struct settings *s, struct dice *d)
{
	(void)d;
	s->recorder[DEVICE].copies = true;
}

static void
snap_96(struct settings *s, struct dice *d)
{
	(void)d;
	s->recorder[DEVICE].snaplen = 96;
}

static void
snap(struct settings *s, struct dice *d)
{
	one_of(s, d)->snaplen = dice_in(d, 96, 200);
}

static void
super(struct settings *s, struct dice *d)
{
	(void)d;
	s->recorder[SERVER].super = s->bulk = true;
}

static void
device_super(struct settings *s, struct dice *d)
{
	(void)d;
	s->recorder[DEVICE].super = s->bulk = true;
}

static void
server_drops(struct settings *s, struct dice *d)
{
	s->recorder[SERVER].drops = dice_in(d, 20, 500);
}

static void
device_drops(struct settings *s, struct dice *d)
{
	s->recorder[DEVICE].drops = dice_in(d, 20, 500);
}

static void
device_drops_much(struct settings *s, struct dice *d)
{
	(void)d;
	s->recorder[DEVICE].drops = 500;
}

static void
blind_for(struct settings *s, struct dice *d, enum side side)
{
	s->recorder[side].blind_at = dice_in(d, s->span / 5, s->span / 3);
	s->recorder[side].blind_for = some(d, 1, 4, SECOND);
}

static void
server_blind(struct settings *s, struct dice *d)
{
	blind_for(s, d, SERVER);
}

static void
device_blind(struct settings *s, struct dice *d)
{
	blind_for(s, d, DEVICE);
}

static void
device_late(struct settings *s, struct dice *d)
{
	s->recorder[DEVICE].from = dice_in(d, s->span / 5, s->span / 4);
}

static void
device_very_late(struct settings *s, struct dice *d)
{
	s->recorder[DEVICE].from =
	    dice_in(d, s->span * 7 / 10, s->span * 3 / 4);
}

static void
device_short(struct settings *s, struct dice *d)
{
	s->recorder[DEVICE].until =
	    dice_in(d, s->span * 3 / 4, s->span * 4 / 5);
}

static void
server_late(struct settings *s, struct dice *d)
{
	s->recorder[SERVER].from = dice_in(d, s->span / 5, s->span / 4);
}

static void
server_short(struct settings *s, struct dice *d)
{
	s->recorder[SERVER].until =
	    dice_in(d, s->span * 3 / 4, s->span * 4 / 5);
}

static void
no_common_time(struct settings *s, struct dice *d)
{
	(void)d;
	s->recorder[SERVER].until = s->span * 4 / 10;
	s->recorder[DEVICE].from = s->span * 6 / 10;
}

static void
pieces(struct settings *s, struct dice *d)
{
	s->recorder[SERVER].pieces = dice_in(d, 2, 5);
}

static void
hole(struct settings *s, struct dice *d)
{
	s->recorder[SERVER].pieces = 2;
	s->recorder[SERVER].hole = true;
	s->recorder[SERVER].blind_at = dice_in(d, s->span / 5, s->span / 3);
	s->recorder[SERVER].blind_for = some(d, 3, 15, SECOND);
}

static void
overlap(struct settings *s, struct dice *d)
{
	pieces(s, d);
	s->recorder[SERVER].overlap = true;
}

static void
shuffled(struct settings *s, struct dice *d)
{
	pieces(s, d);
	s->recorder[SERVER].shuffled = true;
}

static void
device_pieces(struct settings *s, struct dice *d)
{
	s->recorder[DEVICE].pieces = dice_in(d, 2, 3);
}

static void
tunnel_esp(struct settings *s, struct dice *d)
{
	(void)d;
	s->recorder[DEVICE].tunnel = TUNNEL_ESP;
}

static void
tunnel_udp(struct settings *s, struct dice *d)
{
	(void)d;
	s->recorder[DEVICE].tunnel = TUNNEL_UDP;
}

static void
device_hears_only(struct settings *s, struct dice *d)
{
	(void)d;
	s->recorder[DEVICE].ways = 1u << THERE;
}

static void
device_speaks_only(struct settings *s, struct dice *d)
{
	(void)d;
	s->recorder[DEVICE].ways = 1u << BACK;
}

static void
server_hears_only(struct settings *s, struct dice *d)
{
	(void)d;
	s->recorder[SERVER].ways = 1u << BACK;
}

/* --- what is said --- */

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
    {"uneven", uneven},
    {"small-mtu", small_mtu},
    {"server-copies", server_copies},
    {"device-copies", device_copies},
    {"snap-96", snap_96},
    {"snap", snap},
    {"super", super},
    {"device-super", device_super},
    {"server-drops", server_drops},
    {"device-drops", device_drops},
    {"device-drops-much", device_drops_much},
    {"server-blind", server_blind},
    {"device-blind", device_blind},
    {"device-late", device_late},
    {"device-very-late", device_very_late},
    {"device-short", device_short},
    {"server-late", server_late},
    {"server-short", server_short},
    {"no-common-time", no_common_time},
    {"pieces", pieces},
    {"hole", hole},
    {"overlap", overlap},
    {"shuffled", shuffled},
    {"device-pieces", device_pieces},
    {"tunnel-esp", tunnel_esp},
    {"tunnel-udp", tunnel_udp},
    {"device-hears-only", device_hears_only},
    {"device-speaks-only", device_speaks_only},
    {"server-hears-only", server_hears_only},
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
		return false;
	features[i].apply(s, d);
	return true;
}
