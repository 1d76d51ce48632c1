/* alarm.c - OVOC's alarms as they arrive by UDP syslog.
 *
 * Called for each datagram on the campaign's socket that is no answer of an
 * agent.  A datagram holds text that devices supply, so the form is decided by
 * what comes first in it, and the first of two like fields counts: text can
 * then not pretend to be another device's alarm.
 */
#include "wire/alarm.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"

#define ALARM_MAX 4096 /* bytes of a datagram; OVOC's have some 300 */

/* A part of the datagram. */
struct span {
	const char *s;
	size_t len;
};

static bool
is_same(const char *a, const char *b, size_t n)
{
	return strncasecmp(a, b, n) == 0;
}

static bool
span_starts(struct span t, const char *prefix)
{
	size_t n = strlen(prefix);

	return t.len >= n && is_same(t.s, prefix, n);
}

static bool
span_equal(struct span a, struct span b)
{
	return a.len == b.len && is_same(a.s, b.s, a.len);
}

static struct span
span_from(struct span t, size_t offset)
{
	return (struct span){t.s + offset, t.len - offset};
}

static struct span
span_trim(struct span t)
{
	while (t.len && isspace((unsigned char)t.s[0]))
		t = span_from(t, 1);
	while (t.len && isspace((unsigned char)t.s[t.len - 1]))
		t.len--;
	return t;
}

/* Where `what` is in `t`, without regard to case; t.len if it is not.  Most
 * bytes of an alarm are looked at here: those that it cannot begin with are
 * passed over. */
static size_t
span_find(struct span t, const char *what)
{
	const char lower = (char)tolower((unsigned char)what[0]);
	const char upper = (char)toupper((unsigned char)what[0]);

	for (size_t i = 0; i < t.len; i++) {
		if ((t.s[i] == lower || t.s[i] == upper) &&
		    span_starts(span_from(t, i), what))
			return i;
	}
	return t.len;
}

static void
span_copy(char *dst, size_t size, struct span t)
{
	t = span_trim(t);
	str_copy_n(dst, size, t.s, t.len);
	str_printable(dst);
}

/* One device: an address, one of IPv6 perhaps in brackets, or a host name. */
static bool
span_device(struct span t, struct alarm *a)
{
	t = span_trim(t);
	if (t.len > 2 && t.s[0] == '[' && t.s[t.len - 1] == ']')
		t = (struct span){t.s + 1, t.len - 2};
	if (!str_copy_n(a->device, sizeof(a->device), t.s, t.len))
		return false;
	return addr_parse(&a->address, a->device) || host_valid(a->device);
}

/* What one comma field may be, and where it goes: the first of a kind. */
struct fields {
	struct span name, text, address, unique_id, severity;
	struct span other; /* a second address, which is another one */
};

static void
take_name(struct span field, struct fields *f)
{
	static const char key[] = "New Alarm";
	size_t at = span_find(field, key);

	if (at == field.len || f->name.s != NULL)
		return;
	field = span_trim(span_from(field, at + strlen(key)));
	if (span_starts(field, "-"))
		f->name = span_from(field, 1);
}

static void
take_field(struct span field, struct fields *f)
{
	const struct {
		const char *key;
		struct span *to;
	} keys[] = {
	    {"Description:", &f->text},
	    {"IP Address:", &f->address},
	    {"Unique ID:", &f->unique_id},
	    {"Severity:", &f->severity},
	};

	field = span_trim(field);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (!span_starts(field, keys[i].key))
			continue;
		field = span_trim(span_from(field, strlen(keys[i].key)));
		if (keys[i].to->s == NULL)
			*keys[i].to = field;
		else if (keys[i].to == &f->address &&
			 !span_equal(field, f->address))
			f->other = field;
		return;
	}
	take_name(field, f);
}

/* `... New Alarm - <name>, Source:<..>, Description:<text>, ...` */
static bool
read_fields(struct span t, struct fields *f)
{
	for (;;) {
		size_t end = span_find(t, ",");

		take_field((struct span){t.s, end}, f);
		if (end == t.len)
			break;
		t = span_from(t, end + 1);
	}
	return f->name.s != NULL && f->text.s != NULL && f->address.s != NULL;
}

/* Find ` with Severity <word>.`, any blanks and `Description:`, the fixed
 * middle of the documented form: `*head` is what is before it, `*tail` what
 * follows. */
static bool
read_middle(
    struct span t, struct span *head, struct span *severity, struct span *tail)
{
	static const char with[] = " with Severity ";
	static const char then[] = "Description:";
	size_t from = 0;

	for (;;) {
		size_t at = from + span_find(span_from(t, from), with);
		size_t end;
		bool dot;

		if (at == t.len)
			return false;
		from = at + strlen(with);
		*tail = span_from(t, from);
		for (end = 0; end < tail->len; end++) {
			if (!isalpha((unsigned char)tail->s[end]))
				break;
		}
		*severity = (struct span){tail->s, end};
		*tail = span_from(*tail, end);
		dot = tail->len > 0 && tail->s[0] == '.';
		if (dot)
			*tail = span_trim(span_from(*tail, 1));
		if (end > 0 && dot && span_starts(*tail, then)) {
			*head = (struct span){t.s, at};
			*tail = span_trim(span_from(*tail, strlen(then)));
			return true;
		}
	}
}

/* `<source>, <text>`: the source may be the node's name, commas and all. */
static struct span
text_of(struct span description, struct span node)
{
	size_t comma;

	if (node.len && node.len < description.len &&
	    memcmp(description.s, node.s, node.len) == 0 &&
	    description.s[node.len] == ',')
		return span_from(description, node.len + 1);
	comma = span_find(description, ",");
	if (comma == description.len)
		return description;
	return span_from(description, comma + 1);
}

/* `<name>, received from <node>`, with or without a blank behind the comma. */
static bool
split_name(struct span t, struct span *name, struct span *node)
{
	static const char from[] = "received from ";

	for (size_t at = 0; at < t.len; at++) {
		if (t.s[at] != ',')
			continue;
		*node = span_trim(span_from(t, at + 1));
		if (!span_starts(*node, from))
			continue;
		*name = (struct span){t.s, at};
		*node = span_from(*node, strlen(from));
		return true;
	}
	return false;
}

/* `Title: <Alarm|Event> <name>, received from <node>, <ip> with Severity <s>.
 * Description: <source>, <text>`; `t` begins at the title. */
static bool
read_titled(struct span t, struct fields *f)
{
	struct span head, tail, node;
	size_t at;

	if (!read_middle(t, &head, &f->severity, &tail))
		return false;
	head = span_trim(span_from(head, strlen("Title:")));
	if (!span_starts(head, "Alarm ") && !span_starts(head, "Event "))
		return false;
	head = span_from(head, strlen("Alarm "));
	if (!split_name(head, &f->name, &node))
		return false;
	/* From the right: names of nodes may hold commas. */
	for (at = node.len; at && node.s[at - 1] != ','; at--)
		;
	if (!at)
		return false;
	f->address = span_from(node, at);
	node.len = at - 1;
	f->text = text_of(tail, span_trim(node));
	return true;
}

static bool
read_body(struct span t, struct fields *f)
{
	size_t title = span_find(t, "Title:");
	size_t alarm = span_find(t, "New Alarm");

	if (title < alarm)
		return read_titled(span_from(t, title), f);
	return alarm < t.len && read_fields(t, f);
}

/* How long is what stands for white space at the beginning of what is not
 * empty: itself, or a line end as relays write it? */
static size_t
blank_len(struct span t)
{
	if (isspace((unsigned char)t.s[0]))
		return 1;
	if (t.s[0] != '#')
		return 0;
	return span_starts(t, "#012") || span_starts(t, "#015") ? 4 : 0;
}

/* Runs of white space become one blank. */
static struct span
fold(struct span t, char buf[ALARM_MAX])
{
	size_t n = 0, blank;

	while (t.len > 0) {
		blank = blank_len(t);
		if (blank == 0)
			buf[n++] = t.s[0];
		else if (n == 0 || buf[n - 1] != ' ')
			buf[n++] = ' ';
		t = span_from(t, blank == 0 ? 1 : blank);
	}
	return span_trim((struct span){buf, n});
}

static enum alarm_parse
fill(struct alarm *a, const struct fields *f)
{
	if (f->other.s != NULL)
		return ALARM_AMBIGUOUS;
	if (span_trim(f->name).len == 0 || !span_device(f->address, a))
		return ALARM_MALFORMED;
	span_copy(a->name, sizeof(a->name), f->name);
	span_copy(a->text, sizeof(a->text), f->text);
	span_copy(a->unique_id, sizeof(a->unique_id), f->unique_id);
	span_copy(a->severity, sizeof(a->severity), f->severity);
	return ALARM_OK;
}

enum alarm_parse
alarm_parse(const void *data, size_t len, struct alarm *a)
{
	char buf[ALARM_MAX];
	struct span t = {data, len};
	struct fields f = {0};
	enum alarm_parse how = ALARM_MALFORMED;

	memset(a, 0, sizeof(*a));
	if (len > ALARM_MAX)
		return ALARM_MALFORMED;
	while (t.len > 0 && (t.s[t.len - 1] == '\0' ||
				isspace((unsigned char)t.s[t.len - 1])))
		t.len--;
	t = fold(t, buf);
	if (t.len == 0)
		return ALARM_EMPTY;
	if (memchr(t.s, '\0', t.len) == NULL && read_body(t, &f))
		how = fill(a, &f);
	if (how != ALARM_OK)
		memset(a, 0, sizeof(*a));
	return how;
}

/* --- what it says --- */

static struct span
span_of(const char *text)
{
	return span_trim((struct span){text, strlen(text)});
}

static bool
has_here(struct span t, struct span what)
{
	return what.len > 0 && t.len >= what.len &&
	       is_same(t.s, what.s, what.len);
}

/* Does the text begin with `what`, to the end of a word? */
static bool
begins(struct span t, struct span what)
{
	t = span_trim(t);
	return has_here(t, what) &&
	       (t.len == what.len || !isalnum((unsigned char)t.s[what.len]));
}

/* Source and text may both hold commas: any part may be the text. */
static bool
has_part(struct span t, struct span what)
{
	size_t comma;

	while (!begins(t, what)) {
		comma = span_find(t, ",");
		if (comma == t.len)
			return false;
		t = span_from(t, comma + 1);
	}
	return true;
}

enum alarm_says
alarm_says(const struct alarm *a, const char *name, const char *text)
{
	char buf[ALARM_MAX];
	struct span what = fold(span_of(text), buf);
	struct span said = span_of(a->text);

	if (!span_equal(span_of(a->name), span_of(name)))
		return ALARM_OTHER_NAME;
	if (span_equal(span_of(a->severity), span_of("clear")) ||
	    span_equal(span_of(a->severity), span_of("cleared")))
		return ALARM_CLEAR;
	if (has_part(said, what))
		return ALARM_LOST;
	for (; said.len > 0; said = span_from(said, 1))
		if (has_here(said, what))
			return ALARM_NEAR;
	return ALARM_OTHER_TEXT;
}
