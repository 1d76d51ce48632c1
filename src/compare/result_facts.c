/* result_facts.c - see result_facts.h.
 */
#include "compare/result_facts.h"

#include <string.h>

#include "base/str.h"

/* A wider bound says nothing about a crystal, which is rarely off by more. */
#define DRIFT_SHOWN_PPM 20.0

int
result_held(int n, int max)
{
	return n < max ? n : max;
}

bool
result_seen(const struct loss_tally *t)
{
	return t->sent > 0 || t->arrived > 0 || t->lost > 0 || t->unknown > 0;
}

bool
result_judged(const struct compare_result *r)
{
	for (int kind = 0; kind < TRAFFIC_COUNT; kind++)
		for (int way = 0; way < WAY_COUNT; way++)
			if (result_seen(&r->tally[kind][way]))
				return true;
	return false;
}

bool
result_clock_bounded(const struct result_clock *c)
{
	return c->known && c->error != INT64_MAX;
}

bool
result_drift_shown(const struct result_clock *c)
{
	return result_clock_bounded(c) && c->drift_error < DRIFT_SHOWN_PPM;
}

const char *
result_end_point(const struct addr *a, uint16_t port, char buf[ADDR_TEXT_MAX])
{
	return port != 0 ? addr_port_text(a, port, buf) : addr_text(a, buf);
}

/* "192.0.2.1:443" and "[2001:db8::1]:443" are cut behind the address; returns
 * the port's text, NULL: there is none. */
static char *
cut_port(char *text)
{
	char *colon = strrchr(text, ':');

	if (colon == NULL || colon == text)
		return NULL;
	if (text[0] == '[' ? colon[-1] != ']' : strchr(text, ':') != colon)
		return NULL;
	*colon = '\0';
	return colon + 1;
}

bool
result_end_point_read(const char *text, struct addr *a, uint16_t *port)
{
	char copy[ADDR_TEXT_MAX], *end;
	int64_t n = 0;

	if (!str_copy(copy, sizeof(copy), text))
		return false;
	end = cut_port(copy);
	if (end != NULL && !str_to_int64(end, 1, UINT16_MAX, &n))
		return false;
	*port = (uint16_t)n;
	if (copy[0] != '[')
		return addr_parse(a, copy);
	copy[strlen(copy) - 1] = '\0';
	return end != NULL && addr_parse(a, copy + 1);
}
