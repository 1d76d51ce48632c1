/* conf_value.c - durations and sizes: text to number and back.
 *
 * Used by the rows of the configuration tables for values, ranges and
 * defaults.  Every step is checked for overflow: the text is the user's.
 */
#include "conf/conf_value.h"

#include <inttypes.h>
#include <string.h>

#include "base/xmem.h"

struct unit {
	const char *name;
	int64_t factor;
};

static const struct unit durations[] = {
    {"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}};
static const struct unit sizes[] = {
    {"T", 1000000000000}, {"G", 1000000000}, {"M", 1000000}, {"k", 1000}};

enum {
	N_DURATIONS = sizeof(durations) / sizeof(durations[0]),
	N_SIZES = sizeof(sizes) / sizeof(sizes[0])
};

/* Read digits; false if there are none or too many. */
static bool
take_number(const char **text, int64_t *value)
{
	const char *p = *text;

	*value = 0;
	for (; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(*value, 10, value) ||
		    __builtin_add_overflow(*value, *p - '0', value))
			return false;
	if (p == *text)
		return false;
	*text = p;
	return true;
}

/* The unit that the letters at `text` spell, or -1; skips them. */
static int
take_unit(const char **text, const struct unit *units, int n)
{
	size_t len = strcspn(*text, "0123456789");

	for (int i = 0; i < n; i++)
		if (strlen(units[i].name) == len &&
		    memcmp(units[i].name, *text, len) == 0) {
			*text += len;
			return i;
		}
	return -1;
}

bool
conf_duration_parse(const char *text, int64_t *ms)
{
	int64_t total = 0, part;
	int last = -1, unit;

	do {
		if (!take_number(&text, &part))
			return false;
		unit = take_unit(&text, durations, N_DURATIONS);
		if (unit <= last)
			return false;
		last = unit;
		if (__builtin_mul_overflow(
			part, durations[unit].factor, &part) ||
		    __builtin_add_overflow(total, part, &total))
			return false;
	} while (*text != '\0');
	*ms = total;
	return true;
}

bool
conf_size_parse(const char *text, int64_t *bytes)
{
	int64_t number;
	int unit;

	if (!take_number(&text, &number))
		return false;
	unit = take_unit(&text, sizes, N_SIZES);
	if (unit < 0 || *text != '\0')
		return false;
	return !__builtin_mul_overflow(number, sizes[unit].factor, bytes);
}

void
conf_duration_text(int64_t ms, struct strbuf *to)
{
	if (ms == 0)
		strbuf_add(to, "0s");
	for (int i = 0; i < N_DURATIONS; i++) {
		int64_t part = ms / durations[i].factor;

		if (part > 0)
			strbuf_addf(
			    to, "%" PRId64 "%s", part, durations[i].name);
		ms -= part * durations[i].factor;
	}
}

void
conf_size_text(int64_t bytes, struct strbuf *to)
{
	for (int i = 0; i < N_SIZES; i++)
		if (bytes > 0 && bytes % sizes[i].factor == 0) {
			strbuf_addf(to, "%" PRId64 "%s",
			    bytes / sizes[i].factor, sizes[i].name);
			return;
		}
	strbuf_add_int(to, bytes);
}
