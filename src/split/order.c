/* order.c - see order.h. */
#include "split/order.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/name.h"
#include "base/str.h"

static const struct {
	const char *name;
	bool has_drops, has_addrs, has_text;
} kinds[] = {
    [ORDER_ADD] = {"add", .has_addrs = true, .has_text = true},
    [ORDER_END] = {"end", .has_text = false},
    [ORDER_LISTENING] = {"listening", .has_drops = true},
    [ORDER_ENDED] = {"ended", .has_drops = true},
    [ORDER_FAILED] = {"failed", .has_drops = true, .has_text = true},
};

size_t
order_format(char to[ORDER_MAX], const struct order *o)
{
	char address[ADDR_TEXT_MAX];
	struct strbuf b = STRBUF_INIT;
	size_t len;

	strbuf_addf(&b, "%s %" PRIu64, kinds[o->kind].name, o->id);
	if (kinds[o->kind].has_drops)
		strbuf_addf(&b, " %" PRId64, o->drops);
	for (size_t i = 0; kinds[o->kind].has_addrs && i < o->n_addrs; i++)
		strbuf_addf(&b, " %s", addr_text(&o->addrs[i], address));
	if (kinds[o->kind].has_text)
		strbuf_addf(&b, " %s", o->text);
	len = b.len < ORDER_MAX ? b.len : 0;
	if (len > 0)
		memcpy(to, strbuf_text(&b), len + 1);
	strbuf_free(&b);
	return len;
}

/* The next word, NULL: there is none; what follows it is in *rest. */
static char *
next_word(char **rest)
{
	char *word = *rest, *blank = strchr(word, ' ');

	if (word[0] == '\0')
		return NULL;
	if (blank != NULL)
		*blank = '\0';
	*rest = blank != NULL ? blank + 1 : word + strlen(word);
	return word;
}

static bool
take_number(char **rest, int64_t *number)
{
	const char *word = next_word(rest);

	return word != NULL && str_to_int64(word, 0, INT64_MAX, number);
}

/* A path begins with '/', no address has one. */
static bool
take_addrs(char **rest, struct order *o)
{
	while ((*rest)[0] != '/' && o->n_addrs < ORDER_ADDRS_MAX) {
		const char *word = next_word(rest);

		if (word == NULL || !addr_parse(&o->addrs[o->n_addrs++], word))
			return false;
	}
	return o->n_addrs > 0 && (*rest)[0] == '/';
}

static bool
take_kind(char **rest, struct order *o)
{
	const char *word = next_word(rest);
	int kind = word != NULL ? NAME_FIND(kinds, word) : NAME_COUNT(kinds);

	o->kind = (enum order_kind)kind;
	return kind < NAME_COUNT(kinds);
}

bool
order_parse(struct order *o, char *message)
{
	char *rest = message;
	int64_t id;

	*o = (struct order){.kind = ORDER_ADD};
	if (!take_kind(&rest, o) || !take_number(&rest, &id))
		return false;
	o->id = (uint64_t)id;
	if (kinds[o->kind].has_drops && !take_number(&rest, &o->drops))
		return false;
	if (kinds[o->kind].has_addrs && !take_addrs(&rest, o))
		return false;
	if (!kinds[o->kind].has_text)
		return rest[0] == '\0';
	o->text = rest;
	return rest[0] != '\0';
}
