/* conf_text.c - reads, joins and scans the text of a configuration file.
 *
 * One pass over the characters knows strings, comments, numbers and brackets
 * the way libconfig's scanner does, and nothing else of its grammar.  Called
 * by conf_file.c, which gives the joined text to the library.
 */
#include "conf/conf_text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <linux/magic.h>

#include "base/bytes.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/xmem.h"
#include "conf/conf_say.h"
#include "conf/conf_syntax.h"

enum {
	INCLUDE_DEPTH = 10, /* libconfig's own limit; ends a cycle as well */
	NESTING = 8,        /* brackets in brackets; a device has three */
	NUMBER_MAX = 40,    /* digits: far beyond 64 bits */
	/* No configuration is longer: 50000 devices take 10 MB. */
	FILE_MOST = 64 * 1024 * 1024
};

struct scan {
	struct conf_text *out;
	struct conf_sources_read *sources;
	struct conf_messages *m;
	struct conf_source *source;
	const char *s;
	size_t len, pos;
	int line;
	size_t copied; /* what of `s` is in `out` already, and its line */
	int copied_line;
	int depth, nesting;
	bool ok;
};

struct conf_source *
conf_source_new(struct conf_sources_read *all, const char *path)
{
	struct arena *values = all->memory->values;
	struct conf_source *source = arena_alloc(values, 1, sizeof(*source));
	const char *slash = strrchr(path, '/');

	source->path = arena_text(values, path);
	if (slash == NULL)
		source->folder = arena_text(values, ".");
	else
		source->folder = arena_text_n(
		    values, path, slash == path ? 1 : (size_t)(slash - path));
	all->v = xreallocarray(all->v, all->n + 1, sizeof(all->v[0]));
	all->v[all->n++] = source;
	return source;
}

static void scan_error(struct scan *sc, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
scan_error(struct scan *sc, const char *fmt, ...)
{
	struct conf_place at = {sc->source->path, sc->line};
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	conf_error(sc->m, &at, NULL, "%s", text);
	free(text);
	sc->ok = false;
}

/* Make room for `more` bytes and the NUL. */
static void
text_reserve(struct conf_text *t, size_t more)
{
	size_t least = t->len + more + 1;
	size_t cap = least > 2 * t->cap ? least : 2 * t->cap;

	if (least <= t->cap)
		return;
	t->s = bytes_grow(t->s, t->cap, cap);
	t->cap = cap;
}

static void
text_add(struct conf_text *t, const char *s, size_t len)
{
	text_reserve(t, len);
	memcpy(t->s + t->len, s, len);
	t->len += len;
}

static void
text_start_line(struct conf_text *t, const struct conf_source *source, int line)
{
	if (t->n_lines == t->cap_lines) {
		t->cap_lines = t->cap_lines == 0 ? 64 : t->cap_lines * 2;
		t->lines =
		    xreallocarray(t->lines, t->cap_lines, sizeof(t->lines[0]));
	}
	t->lines[t->n_lines++] = (struct conf_text_line){source, line};
}

static void
text_end_line(struct conf_text *t)
{
	if (t->mid_line)
		text_add(t, "\n", 1);
	t->mid_line = false;
}

/* Copy what was scanned and not yet copied. */
static void
scan_flush(struct scan *sc)
{
	while (sc->copied < sc->pos) {
		const char *from = sc->s + sc->copied;
		size_t len = sc->pos - sc->copied;
		const char *end = memchr(from, '\n', len);

		if (end != NULL)
			len = (size_t)(end - from) + 1;
		if (!sc->out->mid_line)
			text_start_line(sc->out, sc->source, sc->copied_line);
		text_add(sc->out, from, len);
		sc->out->mid_line = end == NULL;
		sc->copied += len;
		sc->copied_line += end != NULL;
	}
}

/* Leave characters out of the text. */
static void
scan_drop(struct scan *sc, size_t len)
{
	scan_flush(sc);
	sc->pos += len;
	sc->copied = sc->pos;
	sc->copied_line = sc->line;
}

static void
scan_step(struct scan *sc)
{
	if (sc->s[sc->pos] == '\n')
		sc->line++;
	sc->pos++;
}

static bool
scan_sees(const struct scan *sc, const char *word)
{
	return str_starts(sc->s + sc->pos, word);
}

/* Step to the first of `stop` and over it; false if it never comes. */
static bool
scan_past(struct scan *sc, const char *stop)
{
	const char *found = strstr(sc->s + sc->pos, stop);
	size_t end =
	    found == NULL ? sc->len : (size_t)(found - sc->s) + strlen(stop);

	while (sc->pos < end)
		scan_step(sc);
	return found != NULL;
}

static void
scan_comment(struct scan *sc)
{
	int first = sc->line;

	if (!scan_sees(sc, "/*")) {
		scan_past(sc, "\n");
		return;
	}
	if (!scan_past(sc, "*/"))
		scan_error(sc,
		    "the comment of line %d is never closed; end "
		    "it with */",
		    first);
}

/* A quote is missing that should have closed the text of line `first`: what
 * follows would be read inside out. */
static void
scan_not_closed(struct scan *sc, int first)
{
	if (sc->pos >= sc->len) {
		scan_error(sc,
		    "syntax error at the end of the file; is it cut off? The "
		    "text of line %d is never closed by a quote",
		    first);
	} else {
		sc->line = first;
		scan_error(sc,
		    "syntax error: a text that begins in this line is not "
		    "closed in it; a quote is missing");
	}
	sc->pos = sc->len;
}

/* No text goes over the end of its line. */
static void
scan_string(struct scan *sc)
{
	int first = sc->line;

	scan_step(sc);
	for (;;) {
		sc->pos += strcspn(sc->s + sc->pos, "\"\\\n");
		if (sc->pos >= sc->len || sc->s[sc->pos] == '"')
			break;
		if (scan_sees(sc, "\\x00"))
			scan_error(sc, "\\x00 cannot be part of a text");
		if (sc->s[sc->pos] == '\\' && sc->pos + 1 < sc->len)
			scan_step(sc);
		scan_step(sc);
	}
	if (sc->pos >= sc->len || sc->line > first)
		scan_not_closed(sc, first);
	else
		scan_step(sc);
}

static void
scan_name(struct scan *sc)
{
	sc->pos++; /* whatever it is, it is behind us */
	sc->pos += conf_name_length(sc->s + sc->pos);
}

/* Length of a whole number at `s` (0: something else), without its L's. */
static size_t
integer_length(const char *s, size_t *suffix)
{
	size_t sign = *s == '+' || *s == '-';
	bool hex = s[sign] == '0' && (s[sign + 1] | 32) == 'x';
	size_t from = sign + (hex ? 2 : 0);
	size_t digits =
	    strspn(s + from, hex ? "0123456789abcdefABCDEF" : "0123456789");

	char next = s[from + digits];

	*suffix = strspn(s + from + digits, "L");
	/* A point or an exponent follows: a number of another type. */
	if (digits == 0 || next == '.' || next == 'e' || next == 'E')
		return 0;
	return from + digits;
}

static void
scan_number(struct scan *sc)
{
	char text[NUMBER_MAX + 1];
	size_t suffix;
	size_t len = integer_length(sc->s + sc->pos, &suffix);
	bool fits = str_copy_n(text, sizeof(text), sc->s + sc->pos, len);
	long long value;

	if (len == 0) {
		sc->pos++;
		sc->pos += strspn(sc->s + sc->pos, "0123456789.eE+-");
		return;
	}
	errno = 0;
	value = strtoll(text, NULL, strpbrk(text, "xX") != NULL ? 16 : 10);
	if (!fits || errno == ERANGE)
		scan_error(sc,
		    "the number %s does not fit; whole numbers are at most "
		    "9223372036854775807",
		    text);
	sc->pos += len;
	if (suffix == 0 && (value < INT_MIN || value > INT_MAX)) {
		scan_flush(sc);
		text_add(sc->out, "L", 1);
	}
	sc->pos += suffix;
}

static void
scan_bracket(struct scan *sc)
{
	if (strchr("([{", sc->s[sc->pos]) == NULL)
		sc->nesting--;
	else if (++sc->nesting == NESTING + 1)
		scan_error(sc,
		    "brackets are nested too deeply; a configuration needs "
		    "at most %d levels",
		    (int)NESTING);
	sc->pos++;
}

static void scan_file(struct scan *outer, const char *path, struct scan *sc);

static char *
beside(const struct conf_source *source, const char *name)
{
	return name[0] == '/' ? xstrdup(name)
			      : xasprintf("%s/%s", source->folder, name);
}

/* `@include "name"`, alone on its line. */
static void
scan_include(struct scan *sc)
{
	static const char word[] = "@include";
	const char *s = sc->s + sc->pos, *open, *close;
	struct scan inner = {0};
	char *name, *path;

	open = str_starts(s, word) ? s + strlen(word) : s;
	open += strspn(open, " \t");
	close = *open == '"' ? strpbrk(open + 1, "\"\n") : NULL;
	if (close == NULL || *close != '"') {
		scan_error(sc, "@ begins no setting; @include \"file\" reads "
			       "another file");
		sc->pos++;
		return;
	}
	name = xstrndup(open + 1, (size_t)(close - open) - 1);
	path = beside(sc->source, name);
	scan_drop(sc, (size_t)(close - s) + 1);
	text_end_line(sc->out);
	if (sc->depth == INCLUDE_DEPTH)
		scan_error(sc,
		    "%s: more than %d files include one another; is this "
		    "file included by itself?",
		    name, (int)INCLUDE_DEPTH);
	else
		scan_file(sc, path, &inner);
	sc->nesting = inner.out == NULL ? sc->nesting : inner.nesting;
	sc->ok = sc->ok && (inner.out == NULL || inner.ok);
	free(name);
	free(path);
}

static void
scan_token(struct scan *sc)
{
	char c = sc->s[sc->pos];

	switch (c) {
	case '"':
		scan_string(sc);
		return;
	case '#':
		scan_comment(sc);
		return;
	case '/':
		if (scan_sees(sc, "//") || scan_sees(sc, "/*"))
			scan_comment(sc);
		else
			scan_step(sc);
		return;
	case '@':
		scan_include(sc);
		return;
	case '(':
	case '[':
	case '{':
	case '}':
	case ']':
	case ')':
		scan_bracket(sc);
		return;
	case '+':
	case '-':
	case '.':
		scan_number(sc);
		return;
	default:
		if (c >= '0' && c <= '9')
			scan_number(sc);
		else if (c == '*' || (c | 32) >= 'a')
			scan_name(sc);
		else
			scan_step(sc);
	}
}

static bool
encoding_ok(struct scan *sc)
{
	const char *end, *s = sc->s;

	if (str_starts(s, "\xef\xbb\xbf")) {
		scan_error(sc, "the file begins with a byte order mark; save "
			       "it as UTF-8 without one");
		return false;
	}
	if (strlen(s) == sc->len && str_is_utf8(s, sc->len))
		return true;
	for (; s < sc->s + sc->len; s = end + 1, sc->line++) {
		end = memchr(s, '\n', (size_t)(sc->s + sc->len - s));
		if (end == NULL)
			end = sc->s + sc->len;
		if (!str_is_utf8(s, (size_t)(end - s)) ||
		    memchr(s, '\0', (size_t)(end - s)) != NULL)
			break;
	}
	scan_error(sc, "this line is not UTF-8 text; save the file as UTF-8");
	return false;
}

/* A pipe that somebody fills, as /dev/fd/N is; a FIFO of the file system may
 * never have anything in it. */
static bool
is_pipe(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && fs.f_type == PIPEFS_MAGIC;
}

/* A file, a device, or a pipe.  NULL with errno set: ESPIPE for a FIFO. */
static char *
read_file(const char *path, size_t *len, struct stat *st)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	int error = 0;

	if (fd < 0)
		return NULL;
	if (fstat(fd, st) != 0)
		error = errno;
	else if (S_ISFIFO(st->st_mode) && !is_pipe(fd))
		error = ESPIPE;
	else if (fcntl(fd, F_SETFL, 0) != 0) /* what is slow is waited for */
		error = errno;
	else
		return bytes_read(fd, FILE_MOST, len);
	close(fd);
	errno = error;
	return NULL;
}

static const char *
read_error(int error)
{
	switch (error) {
	case EISDIR:
		return "is a folder";
	case ESPIPE:
		return "is a FIFO; allowed is a file";
	case EFBIG:
		return "longer than 64 MiB";
	default:
		return strerror(error);
	}
}

/* Scan one file into outer->out; `sc` is what is known of it at its end, zero
 * if it could not be read. */
static void
scan_file(struct scan *outer, const char *path, struct scan *sc)
{
	struct stat st;
	size_t len = 0;
	char *bytes = read_file(path, &len, &st);

	if (bytes == NULL) {
		struct conf_place at = {path, 0};

		if (outer->source != NULL)
			at = (struct conf_place){
			    outer->source->path, outer->line};
		conf_error(outer->m, &at, NULL, "cannot read %s: %s", path,
		    read_error(errno));
		outer->ok = false;
		return;
	}
	*sc = *outer;
	sc->source = conf_source_new(sc->sources, path);
	if (S_ISREG(st.st_mode))
		sc->source->privacy = secret_privacy(&st);
	sc->s = bytes;
	sc->len = len;
	sc->pos = sc->copied = 0;
	sc->line = sc->copied_line = 1;
	sc->depth++;
	sc->ok = true;
	if (encoding_ok(sc)) {
		text_reserve(sc->out, len + 2); /* ends of the last line */
		while (sc->pos < sc->len)
			scan_token(sc);
		scan_flush(sc);
		text_end_line(sc->out);
	}
	bytes_free(bytes, len + 1);
	sc->s = NULL;
}

bool
conf_text_read(struct conf_text *t, const char *path,
    struct conf_sources_read *sources, struct conf_messages *m)
{
	struct scan start = {.out = t, .sources = sources, .m = m, .ok = true};
	struct scan sc = {0};

	scan_file(&start, path, &sc);
	text_add(t, "\n", 1);
	t->s[t->len] = '\0';
	return start.ok && sc.ok;
}

void
conf_text_free(struct conf_text *t)
{
	bytes_free(t->s, t->cap);
	free(t->lines);
	*t = (struct conf_text){0};
}

const struct conf_text_line *
conf_text_line(const struct conf_text *t, int line)
{
	static const struct conf_text_line none = {NULL, 0};

	if (t->n_lines == 0)
		return &none;
	if (line < 1)
		line = 1;
	if ((size_t)line > t->n_lines)
		line = (int)t->n_lines;
	return &t->lines[line - 1];
}
