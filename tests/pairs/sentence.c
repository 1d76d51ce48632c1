/* sentence.c - one table: what was lost and how, and the words.
 *
 * The wording is the program's; these are expressions which any wording of
 * the tables of the verdicts has, or must not have.
 */
#include "sentence.h"

#define NEVER_THERE                                          \
	"never (reach|got to|arrived at) ?(ed )?the device|" \
	"(dead|lost|only) (towards|on the way to) the device|way there"
#define NEVER_BACK                                                     \
	"never (arrived|reached) (at )?(the )?(OVOC|server)|way back|" \
	"from the device to (the )?OVOC"
#define LOSS_WORDS                                                             \
	"never|nothing reached|did not (reach|arrive)|lost|dead|larger|third|" \
	"filtered|drop|refused"

/* 0 is any. */
static const struct rule {
	unsigned kinds, ways;
	const char *must, *mustnot;
} rules[] = {
    {1u << KIND_SNMP, 1u << THERE, "SNMP", "all traffic|HTTPS only"},
    {1u << KIND_SNMP, 1u << BACK, "SNMP", "all traffic|HTTPS only"},
    {1u << KIND_SNMP, WAYS_BOTH, "SNMP", "all traffic|HTTPS only"},
    {1u << KIND_ICMP, 1u << THERE, "ICMP|ping", "SNMP .*never"},
    {1u << KIND_ICMP, 1u << BACK, "ICMP|ping", "SNMP .*never"},
    {1u << KIND_TCP, 1u << THERE, "TCP|HTTPS|443", "SNMP .*never"},
    {1u << KIND_TCP, 1u << BACK, "TCP|HTTPS|443", "SNMP .*never"},
    {1u << KIND_TRAP, 1u << BACK, "trap|keepalive|message|SNMP",
	"SNMP request.* never"},
    {0, 1u << THERE, "device|way there", NEVER_BACK "|both directions"},
    {0, 1u << BACK, "back|OVOC|server|from the device",
	NEVER_THERE "|both directions"},
    {0, 0, LOSS_WORDS, NULL},
    {KINDS_ALL, WAYS_BOTH, "both|neither|either|nothing|line", NULL},
    {KINDS_ALL, 0, NULL, "only (UDP|SNMP|HTTPS)|HTTPS only"},
};

static const struct how_rule {
	enum loss_how how;
	const char *must;
} how_rules[] = {
    {LOSS_EVERY, "third|every 3"},
    {LOSS_ABOVE, "larger|above|MTU|longer|bigger"},
    {LOSS_PIECES, "fragment|piece|larger|MTU"},
    {LOSS_FLOWS, "same connection|same port|parallel"},
    {LOSS_FIRST, "first packet"},
    {LOSS_RATE, "a second|rate"},
};

static void
write_rule(FILE *f, const char *must, const char *mustnot)
{
	if (must != NULL)
		fprintf(f, "must %s\n", must);
	if (mustnot != NULL)
		fprintf(f, "mustnot %s\n", mustnot);
}

static void
write_loss_rules(FILE *f, const struct loss *l)
{
	const struct rule *r;
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		r = &rules[i];
		if ((r->kinds == 0 || r->kinds == l->kinds) &&
		    (r->ways == 0 || r->ways == l->ways))
			write_rule(f, r->must, r->mustnot);
	}
	for (i = 0; i < sizeof(how_rules) / sizeof(how_rules[0]); i++) {
		if (how_rules[i].how == l->how)
			write_rule(f, how_rules[i].must, NULL);
	}
}

/* Nobody lost anything, but somebody did not send. */
static void
write_muted_rules(FILE *f, const struct settings *s)
{
	if (s->muted[THERE] != 0)
		write_rule(
		    f, "stopped|no longer|did not ask|sent nothing", NULL);
	else if (s->muted[BACK] == KINDS_ALL)
		write_rule(f, "silent|hung|sent nothing|did not answer", NULL);
	else if (s->muted[BACK] != 0)
		write_rule(f, "not answer", "silent|hung");
	if (s->refuses)
		write_rule(f, "refused|198\\.51\\.100\\.1", NULL);
}

void
sentence_write(FILE *f, const struct truth *t, const struct settings *s)
{
	bool lost = false;
	int i;

	for (i = 0; i < KIND_COUNT * WAYS; i++)
		lost = lost || t->tally[i / WAYS][i % WAYS].lost_most > 0;
	write_muted_rules(f, s);
	if (t->status == 1u << 3)
		write_rule(f, "cannot", NULL);
	if (!lost || (t->status & 1u << 1) == 0)
		write_rule(f, NULL,
		    "never (reached|arrived)|did not (reach|arrive)|"
		    "lost (on|between|towards)");
	else if (t->status == 1u << 1 && !s->mixture)
		write_loss_rules(f, &s->loss);
}
