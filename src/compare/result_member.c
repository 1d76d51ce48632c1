/* result_member.c - members of a result's JSON, each within its bounds.
 */
#include "compare/result_member.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "compare/result_json.h"

#define REAL_MOST 1e9
#define US_IN_S   1000000
#define NS_IN_US  1000

void
member_spoil(struct members *m, const char *key, const char *what)
{
	if (!m->spoilt)
		fail_set(m->why, FAIL_FINAL, "\"%s\" %s", key, what);
	m->spoilt = true;
}

/* The member; NULL: not there, or null. */
static const struct json *
get(const struct json *j, const char *key)
{
	const struct json *member = json_get(j, key);

	return json_is_null(member) ? NULL : member;
}

int64_t
member_count(
    struct members *m, const struct json *j, const char *key, int64_t most)
{
	const struct json *member = get(j, key);
	int64_t n = json_int(member, -1);

	if (member == NULL)
		return 0;
	if (n >= 0 && n <= most)
		return n;
	member_spoil(m, key, "is no count, or too high");
	return 0;
}

uint32_t
member_u32(struct members *m, const struct json *j, const char *key)
{
	return (uint32_t)member_count(m, j, key, UINT32_MAX);
}

bool
member_bool(struct members *m, const struct json *j, const char *key)
{
	const struct json *member = get(j, key);
	bool is = json_get_bool(j, key, false);

	if (member != NULL && is != json_get_bool(j, key, true))
		member_spoil(m, key, "is neither true nor false");
	return is;
}

void
member_element(struct members *m, const struct json *j, const char *key,
    char *to, size_t size)
{
	const char *text = json_text(j, NULL);

	to[0] = '\0';
	if (text == NULL)
		member_spoil(m, key, "is no text");
	else if (!str_copy(to, size, text))
		member_spoil(m, key, "is too long");
	str_printable(to);
}

void
member_text(struct members *m, const struct json *j, const char *key, char *to,
    size_t size)
{
	const struct json *member = get(j, key);

	to[0] = '\0';
	if (member != NULL)
		member_element(m, member, key, to, size);
}

int64_t
member_time(struct members *m, const struct json *j, const char *key)
{
	const struct json *member = get(j, key);
	const char *text = json_text(member, "");
	size_t len = strlen(text);
	int64_t ns = 0;

	if (member == NULL)
		return 0;
	/* Without a zone it would be a time of this host's. */
	if (len == 0 || text[len - 1] != 'Z' || !clock_typed_read(text, &ns)) {
		member_spoil(m, key, "is no time");
		return 0;
	}
	return ns;
}

/* A number of `one` a microsecond; long double, so that none is lost. */
static bool
get_us(struct members *m, const struct json *j, const char *key, int one,
    int64_t *us)
{
	const struct json *member = get(j, key);
	double value = json_number(member, NAN);
	long double n = (long double)value * one;

	if (member == NULL)
		return false;
	if (!(fabs(value) <= (double)RESULT_SECONDS_MAX * US_IN_S / one)) {
		member_spoil(m, key, "is no span of time, or too long");
		return false;
	}
	*us = (int64_t)(n + (n < 0 ? -0.5L : 0.5L));
	return true;
}

bool
member_seconds(
    struct members *m, const struct json *j, const char *key, int64_t *ns)
{
	int64_t us;

	if (!get_us(m, j, key, US_IN_S, &us))
		return false;
	*ns = us * NS_IN_US;
	return true;
}

int64_t
member_ms(struct members *m, const struct json *j, const char *key)
{
	int64_t us;

	if (!get_us(m, j, key, US_IN_S / 1000, &us))
		return -1;
	if (us < 0)
		member_spoil(m, key, "is below 0");
	return us * NS_IN_US;
}

double
member_real(struct members *m, const struct json *j, const char *key)
{
	const struct json *member = get(j, key);
	double value = json_number(member, NAN);

	if (member != NULL && !(fabs(value) <= REAL_MOST))
		member_spoil(m, key, "is no number, or too high");
	return value;
}

int
member_name(struct members *m, const struct json *j, const char *key,
    int (*find)(const char *name), int n)
{
	int value = find(json_get_text(j, key, ""));

	if (value < n)
		return value;
	member_spoil(m, key, "is none of the words that it may be");
	return 0;
}

const struct json *
member_array(
    struct members *m, const struct json *j, const char *key, int most, int *n)
{
	const struct json *array = get(j, key);
	size_t count = json_count(array);

	*n = 0;
	if (array == NULL)
		return NULL;
	if (!json_is_array(array) || count > (size_t)most) {
		member_spoil(m, key, "is no array, or too long");
		return NULL;
	}
	*n = (int)count;
	return array;
}
