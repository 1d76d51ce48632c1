/* words.c - words that have parts, and the choice of a mixture. */
#include <stdio.h>
#include <string.h>

#include "base/name.h"
#include "base/str.h"
#include "feature.h"
#include "words.h"

static const char *const links[] = {"ethernet", "vlan", "qinq", "pppoe", "mpls",
    "sll", "sll2", "raw", "ipv4", "null", "loop", "ppp", "ppp-serial"};
static const char *const formats[] = {"pcap", "nano", "swapped", "swapped-nano",
    "modified", "pcapng", "pcapng-nano"};
static const char *const damages[] = {
    "whole", "empty", "zero", "cut", "garbage", "length"};
static const char *const ways[] = {"", "there", "back", "both"};

static const struct kinds {
	const char *name;
	unsigned set;
} kinds[] = {
    {"snmp", 1u << KIND_SNMP},
    {"trap", 1u << KIND_TRAP},
    {"icmp", 1u << KIND_ICMP},
    {"https", 1u << KIND_TCP},
    {"udp", 1u << KIND_UDP},
    {"all", KINDS_ALL},
};

static const struct how {
	const char *name;
	enum loss_how how;
	unsigned least, most; /* of `n` */
} hows[] = {
    {"span", LOSS_ALL, 0, 0},
    {"good", LOSS_ALL, 0, 0},
    {"always", LOSS_ALL, 0, 0},
    {"every", LOSS_EVERY, 3, 3},
    {"above", LOSS_ABOVE, 600, 1000},
    {"random", LOSS_RANDOM, 10, 50},
    {"bursts", LOSS_BURSTS, 4, 12},
    {"one", LOSS_ONE, 1, 1},
    {"pieces", LOSS_PIECES, 300, 1000},
    {"flows", LOSS_FLOWS, 3, 4},
    {"first", LOSS_FIRST, 0, 0},
    {"rate", LOSS_RATE, 15, 25},
};

/* When it begins and ends: "always" is all the time, and so are those that
 * lose a part. */
static void
loss_when(struct settings *s, struct dice *d, const char *how)
{
	s->loss.from = 0;
	s->loss.until = s->span + 60 * SECOND;
	if (strcmp(how, "span") != 0 && strcmp(how, "good") != 0 &&
	    strcmp(how, "one") != 0)
		return;
	s->loss.from = dice_in(d, s->span * 45 / 100, s->span * 55 / 100);
	if (strcmp(how, "span") == 0)
		s->loss.until =
		    s->loss.from + dice_in(d, 18 * SECOND, 28 * SECOND);
}

static bool
loss_apply(struct settings *s, struct dice *d, const char *word)
{
	char kind[16], way[16], how[16];
	int k, w, h;

	if (sscanf(word, "%15[^/]/%15[^/]/%15s", kind, way, how) != 3)
		return false;
	k = NAME_FIND(kinds, kind);
	w = NAME_FIND(ways, way);
	h = NAME_FIND(hows, how);
	if (k == NAME_COUNT(kinds) || w == NAME_COUNT(ways) ||
	    h == NAME_COUNT(hows))
		return false;
	s->loss.kinds = kinds[k].set;
	s->loss.ways = w;
	s->loss.how = hows[h].how;
	s->loss.n = dice_in(d, hows[h].least, hows[h].most);
	loss_when(s, d, how);
	return true;
}

static bool
shape_one(struct recorder *r, const char *shape)
{
	int i;

	i = NAME_FIND(links, shape);
	if (i < NAME_COUNT(links)) {
		r->link = i;
		return true;
	}
	i = NAME_FIND(formats, shape);
	if (i < NAME_COUNT(formats)) {
		r->format = i;
		return true;
	}
	i = NAME_FIND(damages, shape);
	if (i == NAME_COUNT(damages))
		return false;
	r->damage = i;
	return true;
}

static bool
shape_apply(struct settings *s, const char *word)
{
	const char *shape = strchr(word, ':') + 1;
	bool good = true;

	if (!str_starts(word, "device:"))
		good = shape_one(&s->recorder[SERVER], shape);
	if (!str_starts(word, "server:"))
		good = good && shape_one(&s->recorder[DEVICE], shape);
	return good;
}

/* --- mixtures --- */

/* One of the words of a row, or none: `n` times in 100. */
static const struct chance {
	unsigned n;
	const char *words[12];
} chances[] = {
    {75, {"clock-micro", "clock-days", "clock-ten-years", "clock-1970",
	     "clock-zone"}},
    {60, {"drift-fast", "drift-slow"}},
    {10, {"clock-step", "clock-back"}},
    {40, {"nat", "napt", "nat-server"}},
    {30, {"fresh-ids"}},
    {25, {"twice"}},
    {25, {"reorder"}},
    {60, {"jitter", "near", "far", "uneven", "uneven", "jitter-2s"}},
    {20, {"server-copies", "device-copies"}},
    {25, {"snap", "snap-96"}},
    {20, {"super", "super", "device-super"}},
    {15, {"small-mtu"}},
    {25, {"server-drops", "device-drops", "device-drops-much"}},
    {15, {"server-blind", "device-blind", "hole"}},
    {25, {"device-late", "device-short", "server-late", "server-short"}},
    {25, {"pieces", "overlap", "shuffled", "device-pieces"}},
    {20, {"v2c", "no-ids", "like-pings"}},
    {30, {"device:vlan", "device:pppoe", "device:sll", "device:sll2",
	     "device:raw", "device:pcapng", "device:nano", "device:swapped",
	     "server:pcapng-nano"}},
    {15, {"bulk"}},
    {10, {"v6"}},
    {15, {"fresh-ports"}},
};

static void
mixed_loss(struct settings *s, struct dice *d)
{
	static const char *const what[] = {
	    "snmp", "snmp", "icmp", "https", "all", "all"};
	static const char *const how[] = {
	    "span", "good", "random", "every", "above", "bursts"};
	char word[64];

	if (dice_hit(d, 35, 100))
		return;
	snprintf(word, sizeof(word), "%s/%s/%s",
	    what[dice_in(d, 0, NAME_COUNT(what) - 1)],
	    ways[dice_in(d, 1, WAYS_BOTH)],
	    how[dice_in(d, 0, NAME_COUNT(how) - 1)]);
	loss_apply(s, d, word);
}

static bool
mixture(struct settings *s, struct dice *d)
{
	int i, n;
	bool good = true;

	s->mixture = true;
	mixed_loss(s, d);
	for (i = 0; i < NAME_COUNT(chances); i++) {
		if (!dice_hit(d, chances[i].n, 100))
			continue;
		for (n = 0; chances[i].words[n] != NULL; n++)
			;
		good = good && words_apply(s, d,
				   chances[i].words[dice_in(d, 0, n - 1)]);
	}
	return good;
}

static bool
word_apply(struct settings *s, struct dice *d, const char *word)
{
	if (strcmp(word, "mixture") == 0)
		return mixture(s, d);
	if (str_starts(word, "lose="))
		return loss_apply(s, d, word + strlen("lose="));
	if (strchr(word, ':') != NULL)
		return shape_apply(s, word);
	return feature_apply(s, d, word);
}

bool
words_apply(struct settings *s, struct dice *d, const char *words)
{
	char word[64];
	int used;

	while (sscanf(words, "%63s%n", word, &used) == 1) {
		if (!word_apply(s, d, word))
			return false;
		words += used;
	}
	return true;
}
