/* recorder_feature.c - one small function a word, and the table of them. */
#include "base/name.h"
#include "recorder_feature.h"

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
device_forwards(struct settings *s, struct dice *d)
{
	device_copies(s, d);
	s->recorder[DEVICE].hops = true;
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
	s->recorder[side].blind_for = dice_in(d, SECOND, 4 * SECOND);
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
	s->recorder[SERVER].blind_for = dice_in(d, 3 * SECOND, 15 * SECOND);
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

typedef void feature(struct settings *s, struct dice *d);

static const struct word {
	const char *name;
	feature *apply;
} features[] = {
    {"server-copies", server_copies},
    {"device-copies", device_copies},
    {"device-forwards", device_forwards},
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
};

bool
recorder_feature_apply(struct settings *s, struct dice *d, const char *word)
{
	int i = NAME_FIND(features, word);

	if (i == NAME_COUNT(features))
		return false;
	features[i].apply(s, d);
	return true;
}
