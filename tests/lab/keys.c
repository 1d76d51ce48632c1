/* keys.c - one row of a table, one key of the scenario.
 *
 * Used by scenario.c alone.  libconfig wraps integers that do not fit without
 * an error, so only its type INT and INT64 within the range are taken.
 */
#include "keys.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/xmem.h"

struct unit {
	const char *suffix;
	int64_t factor;
};
static const struct unit spans[] = {
    {"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};
static const struct unit sizes[] = {
    {"", 1}, {"k", 1000}, {"M", 1000000}, {"G", 1000000000}};

#define MEASURE_MAX 1000000000 /* the number before a unit: no overflow */

void
problem_add(
    struct problems *p, const config_setting_t *where, const char *fmt, ...)
{
	const char *file = config_setting_source_file(where);
	va_list ap;

	strbuf_addf(&p->text, "%s:%u: ", file ? file : "built-in scenario",
	    config_setting_source_line(where));
	va_start(ap, fmt);
	strbuf_vaddf(&p->text, fmt, ap);
	va_end(ap);
	strbuf_add(&p->text, "\n");
	p->n++;
}

static bool
measure_parse(
    const char *text, const struct unit *units, size_t n, int64_t *out)
{
	char number[16];
	size_t digits = strspn(text, "0123456789");
	int64_t value;

	if (!str_copy_n(number, sizeof(number), text, digits) ||
	    !str_to_int64(number, 0, MEASURE_MAX, &value))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(text + digits, units[i].suffix) == 0) {
			*out = value * units[i].factor;
			return true;
		}
	}
	return false;
}

static bool
number_read(const config_setting_t *s, int64_t min, int64_t max, int64_t *out)
{
	int type = config_setting_type(s);

	if (type == CONFIG_TYPE_INT)
		*out = config_setting_get_int(s);
	else if (type == CONFIG_TYPE_INT64)
		*out = config_setting_get_int64(s);
	else
		return false;
	return *out >= min && *out <= max;
}

static bool
span_read(const config_setting_t *s, int64_t *out)
{
	if (number_read(s, 0, MEASURE_MAX, out)) {
		*out *= 1000;
		return true;
	}
	const char *text = config_setting_get_string(s);
	return text && measure_parse(
			   text, spans, sizeof(spans) / sizeof(spans[0]), out);
}

static bool
size_read(const config_setting_t *s, int64_t *out)
{
	if (number_read(s, 0, INT64_MAX, out))
		return true;
	const char *text = config_setting_get_string(s);
	return text && measure_parse(
			   text, sizes, sizeof(sizes) / sizeof(sizes[0]), out);
}

static bool
choice_read(const config_setting_t *s, const char *choices, int *out)
{
	const char *text = config_setting_get_string(s);

	if (!text)
		return false;
	for (int i = 0; *choices != '\0'; i++) {
		size_t len = strcspn(choices, " ");
		if (strlen(text) == len && strncmp(text, choices, len) == 0) {
			*out = i;
			return true;
		}
		choices += len + (choices[len] == ' ');
	}
	return false;
}

static bool
text_read(const config_setting_t *s, char **out)
{
	const char *text = config_setting_get_string(s);

	if (!text)
		return false;
	free(*out);
	*out = xstrdup(text);
	return true;
}

static bool
address_read(const config_setting_t *s, struct addr *out)
{
	const char *text = config_setting_get_string(s);

	return text && addr_parse(out, text);
}

static bool
bool_read(const config_setting_t *s, bool *out)
{
	if (config_setting_type(s) != CONFIG_TYPE_BOOL)
		return false;
	*out = config_setting_get_bool(s) != 0;
	return true;
}

static void
value_read(struct problems *p, const config_setting_t *s, const struct key *k,
    void *target)
{
	void *field = (char *)target + k->at;

	switch (k->type) {
	case KEY_TEXT:
		if (!text_read(s, field))
			problem_add(p, s, "%s must be a text", k->name);
		return;
	case KEY_BOOL:
		if (!bool_read(s, field))
			problem_add(p, s, "%s must be true or false", k->name);
		return;
	case KEY_NUMBER:
		if (!number_read(s, k->min, k->max, field))
			problem_add(p, s,
			    "%s must be a whole number from %lld to %lld",
			    k->name, k->min, k->max);
		return;
	case KEY_DURATION:
		if (!span_read(s, field))
			problem_add(p, s,
			    "%s must be a time like \"500ms\", \"2s\", \"3m\", "
			    "\"1h\" or a number of seconds",
			    k->name);
		return;
	case KEY_SIZE:
		if (!size_read(s, field))
			problem_add(p, s,
			    "%s must be a size like \"200k\", \"10M\", \"1G\" "
			    "or a number of bytes",
			    k->name);
		return;
	case KEY_ADDRESS:
		if (!address_read(s, field))
			problem_add(p, s, "%s must be an IPv4 or IPv6 address",
			    k->name);
		return;
	case KEY_CHOICE:
		if (!choice_read(s, k->choices, field))
			problem_add(
			    p, s, "%s must be one of: %s", k->name, k->choices);
		return;
	case KEY_GROUP:
		return;
	}
}

/* The row of this name; NULL and the nearest other name otherwise. */
static const struct key *
row_find(
    const struct key *table, size_t n, const char *name, const char **nearest)
{
	unsigned best = 3; /* more edits than this are no slip of the finger */

	*nearest = NULL;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
		unsigned far = str_distance(table[i].name, name);
		if (far < best) {
			best = far;
			*nearest = table[i].name;
		}
	}
	return NULL;
}

void
keys_read(struct problems *p, const config_setting_t *group,
    const struct key *table, size_t n, void *target)
{
	if (config_setting_type(group) != CONFIG_TYPE_GROUP) {
		problem_add(p, group, "expected a group: { ... }");
		return;
	}
	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *s =
		    config_setting_get_elem(group, (unsigned)i);
		const char *name = config_setting_name(s);
		const char *nearest;
		const struct key *k = row_find(table, n, name, &nearest);

		if (k)
			value_read(p, s, k, target);
		else
			problem_add(p, s, "unknown key `%s`%s%s%s", name,
			    nearest ? ": did you mean `" : "",
			    nearest ? nearest : "", nearest ? "`?" : "");
	}
}

void
keys_free(const struct key *table, size_t n, void *target)
{
	for (size_t i = 0; i < n; i++) {
		if (table[i].type != KEY_TEXT)
			continue;
		char **text = (char **)(void *)((char *)target + table[i].at);
		free(*text);
		*text = NULL;
	}
}
