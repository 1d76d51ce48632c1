/* paragraph.c - see paragraph.h.
 */
#include "report/paragraph.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

/* How many characters these bytes of UTF-8 are. */
static unsigned
width(const char *s, size_t len)
{
	unsigned n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)s[i] & 0xc0) != 0x80;
	return n;
}

static void
new_line(unsigned indent, struct strbuf *to)
{
	strbuf_addf(to, "\n%*s", (int)indent, "");
}

static void
add_label(const char *label, unsigned indent, struct strbuf *to)
{
	unsigned n = width(label, strlen(label));

	strbuf_add(to, label);
	if (n < indent)
		strbuf_addf(to, "%*s", (int)(indent - n), "");
	else if (n > 0)
		new_line(indent, to);
}

static void
add_words(const char *s, unsigned indent, struct strbuf *to)
{
	unsigned column = indent;

	for (s += strspn(s, " "); *s != '\0'; s += strspn(s, " ")) {
		size_t len = strcspn(s, " ");
		unsigned n = width(s, len);

		if (column > indent && column + 1 + n > PARAGRAPH_COLUMNS) {
			new_line(indent, to);
			column = indent;
		} else if (column > indent) {
			strbuf_add(to, " ");
			column++;
		}
		strbuf_add_bytes(to, s, len);
		column += n;
		s += len;
	}
}

void
paragraph(
    const char *label, unsigned indent, const char *text, struct strbuf *to)
{
	char *left = xstrdup(label), *right = xstrdup(text);

	str_printable(left);
	str_printable(right);
	if (right[strspn(right, " ")] != '\0') {
		add_label(left, indent, to);
		add_words(right, indent, to);
		strbuf_add(to, "\n");
	}
	free(left);
	free(right);
}
