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
span_starts(struct span t, const char *prefix)
{
	size_t n = strlen(prefix);

	return t.len >= n && strncasecmp(t.s, prefix, n) == 0;
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

/* Where `what` is in `t`, without regard to case; t.len if it is not. */
static size_t
span_find(struct span t, const char *what)
{
	for (size_t i = 0; i < t.len; i++) {
		if (span_starts(span_from(t, i), what))
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

/* True if `t` is one numeric address, with blanks around it or not. */
static bool
span_address(struct span t, struct addr *a)
{
	char text[ADDR_TEXT_MAX];

	t = span_trim(t);
	return str_copy_n(text, sizeof(text), t.s, t.len) &&
	       addr_parse(a, text);
}

/* What one comma field may be, and where it goes: the first of a kind. */
struct fields {
	struct span name, text, address, unique_id, severity;
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
		if (keys[i].to->s == NULL)
			*keys[i].to = span_from(field, strlen(keys[i].key));
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

/* Find ` with Severity <word>. Description: `, the fixed middle of the
 * documented form: `*head` is what is before it, `*tail` what follows. */
static bool
read_middle(
    struct span t, struct span *head, struct span *severity, struct span *tail)
{
	static const char with[] = " with Severity ";
	static const char then[] = ". Description:";
	size_t from = 0;

	for (;;) {
		size_t at = from + span_find(span_from(t, from), with);
		size_t end;

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
		if (end && span_starts(*tail, then)) {
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

/* `Title: <Alarm|Event> <name>, received from <node>, <ip> with Severity <s>.
 * Description: <source>, <text>`; `t` begins at the title. */
static bool
read_titled(struct span t, struct fields *f)
{
	static const char from[] = ", received from ";
	struct span head, tail, node;
	size_t at;

	if (!read_middle(t, &head, &f->severity, &tail))
		return false;
	head = span_trim(span_from(head, strlen("Title:")));
	if (!span_starts(head, "Alarm ") && !span_starts(head, "Event "))
		return false;
	head = span_from(head, strlen("Alarm "));
	at = span_find(head, from);
	if (at == head.len)
		return false;
	f->name = (struct span){head.s, at};
	node = span_from(head, at + strlen(from));
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

enum alarm_parse
alarm_parse(const void *data, size_t len, struct alarm *a)
{
	struct span t = {data, len};
	struct fields f = {0};

	memset(a, 0, sizeof(*a));
	if (len > ALARM_MAX)
		return ALARM_MALFORMED;
	while (t.len && (!t.s[t.len - 1] || isspace(t.s[t.len - 1] & 0xff)))
		t.len--;
	if (!t.len)
		return ALARM_EMPTY;
	if (memchr(t.s, '\0', t.len) != NULL || !read_body(t, &f) ||
	    !span_trim(f.name).len || !span_address(f.address, &a->address)) {
		memset(a, 0, sizeof(*a));
		return ALARM_MALFORMED;
	}
	span_copy(a->name, sizeof(a->name), f.name);
	span_copy(a->text, sizeof(a->text), f.text);
	span_copy(a->unique_id, sizeof(a->unique_id), f.unique_id);
	span_copy(a->severity, sizeof(a->severity), f.severity);
	return ALARM_OK;
}

static bool
same_text(const char *a, const char *b)
{
	struct span x = span_trim((struct span){a, strlen(a)});
	struct span y = span_trim((struct span){b, strlen(b)});

	return x.len == y.len && strncasecmp(x.s, y.s, x.len) == 0;
}

bool
alarm_matches(const struct alarm *a, const char *name, const char *text)
{
	return same_text(a->name, name) && same_text(a->text, text);
}
