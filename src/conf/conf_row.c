/* conf_row.c - from a node to a value in a struct, by its row.
 *
 * One static function a type; every refusal goes through conf_row_refuse(), so
 * that each message ends with what is allowed.  Called by conf_group.c.
 */
#include "conf/conf_row.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/addr.h"
#include "base/bytes.h"
#include "base/secret.h"
#include "base/xmem.h"
#include "conf/conf_check.h"
#include "conf/conf_say.h"
#include "conf/conf_value.h"

/* Bytes in a member of an array: a host name or a file name; a ROW_LONG one. */
enum { MEMBER_MAX = 255, LONG_MOST = 4096 };

void
conf_row_refuse(const struct conf_row *row, struct conf_node *node,
    struct conf_messages *m, const char *fmt, ...)
{
	struct strbuf key = STRBUF_INIT, allowed = STRBUF_INIT;
	va_list ap;
	char *what;

	if (node->bad)
		return;
	node->bad = true;
	va_start(ap, fmt);
	what = xvasprintf(fmt, ap);
	va_end(ap);
	conf_row_name(row, &key);
	conf_row_range(row, &allowed);
	conf_error(m, &node->place, strbuf_text(&key), "%s; allowed is %s",
	    what, strbuf_text(&allowed));
	free(what);
	strbuf_free(&key);
	strbuf_free(&allowed);
}

static bool
is_kind(const struct conf_row *row, struct conf_node *node, enum conf_kind kind,
    struct conf_messages *m)
{
	if (node->kind == kind)
		return true;
	conf_row_refuse(
	    row, node, m, "a %s is the wrong type", conf_kind_name(node->kind));
	return false;
}

static void *
slot(const struct conf_row *row, void *base)
{
	return (char *)base + row->offset;
}

static void
set_pointer(const struct conf_row *row, void *base, const void *value)
{
	memcpy(slot(row, base), &value, sizeof(value));
}

static void
set_count(const struct conf_row *row, void *base, size_t n)
{
	memcpy((char *)base + row->count_offset, &n, sizeof(n));
}

static bool
in_range(const struct conf_row *row, int64_t value)
{
	if (value == 0 && (row->flags & ROW_ZERO) != 0)
		return true;
	return value >= row->min && value <= row->max;
}

static void
refuse_range(
    const struct conf_row *row, struct conf_node *node, struct conf_messages *m)
{
	if (node->kind == NODE_TEXT)
		conf_row_refuse(
		    row, node, m, "\"%.80s\" is out of range", node->text);
	else
		conf_row_refuse(
		    row, node, m, "%" PRId64 " is out of range", node->number);
}

static bool
store_bool(const struct conf_row *row, struct conf_node *node, void *base,
    struct conf_messages *m)
{
	if (!is_kind(row, node, NODE_BOOL, m))
		return false;
	if (base != NULL)
		*(bool *)slot(row, base) = node->truth;
	return true;
}

static bool
store_int(const struct conf_row *row, struct conf_node *node, void *base,
    struct conf_messages *m)
{
	if (!is_kind(row, node, NODE_INT, m))
		return false;
	if (!in_range(row, node->number)) {
		refuse_range(row, node, m);
		return false;
	}
	if (base != NULL)
		*(int *)slot(row, base) = (int)node->number;
	return true;
}

/* A duration or a size: a text with units, or a whole number. */
static bool
store_quantity(const struct conf_row *row, struct conf_node *node, void *base,
    struct conf_messages *m)
{
	bool time = row->type == ROW_DURATION;
	int64_t value = node->number;
	bool fits = true;

	if (node->kind == NODE_TEXT) {
		fits = time ? conf_duration_parse(node->text, &value)
			    : conf_size_parse(node->text, &value);
		if (!fits)
			conf_row_refuse(row, node, m, "\"%.80s\" is no %s",
			    node->text,
			    time ? "duration like \"500ms\", \"90s\" or "
				   "\"1h30m\" (or whole seconds)"
				 : "size like \"10M\" or \"1G\" (or whole "
				   "bytes)");
	} else if (!is_kind(row, node, NODE_INT, m)) {
		return false;
	} else if (time) {
		fits = !__builtin_mul_overflow(value, 1000, &value);
	}
	if (!fits || !in_range(row, value)) {
		refuse_range(row, node, m);
		return false;
	}
	if (base != NULL)
		*(int64_t *)slot(row, base) = value;
	return true;
}

static bool
is_clean(const char *text, size_t len)
{
	return str_is_utf8(text, len) && !str_has_control(text, len);
}

/* The rules that hold for every text, then the row's own. */
static bool
text_ok(const struct conf_row *row, struct conf_node *node, const char *text,
    struct conf_messages *m)
{
	int64_t len = (int64_t)strlen(text);
	bool array = row->type >= ROW_TEXTS;
	int most = (row->flags & ROW_LONG) != 0 ? LONG_MOST : MEMBER_MAX;

	if (!is_clean(text, (size_t)len)) {
		conf_row_refuse(row, node, m,
		    "the text has control characters or is not UTF-8");
		return false;
	}
	if (len > (array ? most : row->max)) {
		conf_row_refuse(row, node, m,
		    "\"%.80s\" cannot be used: it has %" PRId64 " bytes", text,
		    len);
		return false;
	}
	if ((!array && !in_range(row, len)) ||
	    (row->valid != NULL && !row->valid(text))) {
		conf_row_refuse(row, node, m, "\"%.80s\" cannot be used", text);
		return false;
	}
	return true;
}

/* Many devices have it from one place: it is looked at once for a row. */
static bool
own_text_ok(
    const struct conf_row *row, struct conf_node *node, struct conf_messages *m)
{
	if (node->good != row && !text_ok(row, node, node->text, m))
		return false;
	node->good = row;
	return true;
}

static bool
store_text(const struct conf_row *row, struct conf_node *node, void *base,
    struct conf_messages *m)
{
	if (!is_kind(row, node, NODE_TEXT, m))
		return false;
	if ((row->flags & ROW_NONE) != 0 && node->text[0] == '\0')
		return true;
	if (!own_text_ok(row, node, m))
		return false;
	if (base != NULL)
		set_pointer(row, base, node->text);
	return true;
}

/* A FIFO has none, and does not hold us up. */
static bool
has_certificate(const char *path)
{
	struct stat st;
	int fd = bytes_open(path, 0, &st);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	char line[256];
	bool found = false;

	while (f != NULL && !found && fgets(line, sizeof(line), f) != NULL)
		found = strncmp(line, "-----BEGIN", 10) == 0 &&
			strstr(line, "CERTIFICATE-----") != NULL;
	if (f != NULL)
		fclose(f);
	return found;
}

static bool
store_path(const struct conf_row *row, struct conf_node *node, void *base,
    struct conf_messages *m)
{
	char *path;

	if (!is_kind(row, node, NODE_TEXT, m) ||
	    !text_ok(row, node, node->text, m))
		return false;
	if (base == NULL)
		return true;
	if (node->text[0] == '\0' || node->text[0] == '/' ||
	    node->source == NULL)
		path = node->text;
	else
		path = arena_take(node->memory->values,
		    xasprintf("%s/%s", node->source->folder, node->text));
	if (path[0] != '\0' && access(path, R_OK) != 0)
		conf_row_refuse(
		    row, node, m, "cannot read %s: %s", path, strerror(errno));
	else if (path[0] != '\0' && !has_certificate(path))
		conf_row_refuse(
		    row, node, m, "%s holds no certificate in PEM form", path);
	set_pointer(row, base, path);
	return !node->bad;
}

/* Which rule it broke, without telling more of it than one character. */
static void
refuse_secret(const struct conf_row *row, struct conf_node *node,
    const char *secret, const char *word, struct conf_messages *m)
{
	int64_t len = (int64_t)strlen(secret);
	size_t i = 0;

	/* One that only may not be the first stands behind an 'a'. */
	for (char two[] = {'a', secret[0], '\0'}; secret[i] != '\0'; i++) {
		two[1] = secret[i];
		if (row->valid != NULL && !row->valid(i == 0 ? two + 1 : two))
			break;
	}
	if (len < row->min || len > row->max)
		conf_row_refuse(row, node, m,
		    "this %s cannot be used: it is too %s", word,
		    len < row->min ? "short" : "long");
	else if (secret[i] > ' ' && secret[i] <= '~')
		conf_row_refuse(row, node, m,
		    "this %s cannot be used: its character %zu is a %c", word,
		    i + 1, secret[i]);
	else
		conf_row_refuse(row, node, m,
		    "this %s cannot be used: its character %zu is %s", word,
		    i + 1, secret[i] == ' ' ? "a blank" : "not ASCII");
}

/* The rules for a password, or a key, wherever it came from.  It is never
 * quoted. */
static bool
secret_ok(const struct conf_row *row, struct conf_node *node,
    const char *secret, struct conf_messages *m)
{
	const char *word =
	    strstr(row->key, "password") != NULL ? "password" : "key";

	if (strcmp(secret, SECRET_MASK) == 0)
		conf_row_refuse(row, node, m,
		    SECRET_MASK " is the mask that --check prints, not a %s",
		    word);
	else if (!is_clean(secret, strlen(secret)))
		conf_row_refuse(row, node, m,
		    "the %s has control characters or is not UTF-8", word);
	else if (!in_range(row, (int64_t)strlen(secret)) ||
		 (row->valid != NULL && !row->valid(secret)))
		refuse_secret(row, node, secret, word, m);
	else
		return true;
	return false;
}

/* May a password stand in the file that the node is from? */
static bool
source_ok(
    const struct conf_row *row, struct conf_node *node, struct conf_messages *m)
{
	const struct conf_source *s = node->source;

	if (s == NULL || s->privacy == SECRET_PRIVATE)
		return true;
	if (s->privacy == SECRET_OPEN)
		conf_row_refuse(row, node, m,
		    "%s holds a password and others can read it: chmod 0600 "
		    "%s, or 0640 with a group of root or of this program",
		    s->path, s->path);
	else
		conf_row_refuse(row, node, m,
		    "%s holds a password and belongs to another user: its "
		    "owner is to be root or who runs this program",
		    s->path);
	return false;
}

static bool
store_secret(const struct conf_row *row, struct conf_node *node, void *base,
    struct conf_messages *m)
{
	if (!is_kind(row, node, NODE_TEXT, m) ||
	    !secret_ok(row, node, node->text, m))
		return false;
	if (!source_ok(row, node, m))
		return false;
	if (base != NULL)
		set_pointer(row, base, node->text);
	return true;
}

static bool
key_ok(const struct conf_row *row, struct conf_node *node, const char *key,
    struct conf_messages *m)
{
	const char *fault = conf_key_fault(key);

	if (fault != NULL)
		conf_row_refuse(row, node, m, "%s %s", node->text, fault);
	return fault == NULL;
}

static bool
store_secret_file(const struct conf_row *row, struct conf_node *node,
    void *base, struct conf_messages *m)
{
	const char *beside = node->source == NULL ? "." : node->source->folder;
	bool key = row->type == ROW_KEY_FILE;
	struct fail why = {0};

	if (!is_kind(row, node, NODE_TEXT, m))
		return false;
	if (node->text[0] == '\0' && (row->flags & ROW_NONE) != 0)
		return true;
	if (node->text[0] == '\0') {
		conf_row_refuse(row, node, m, "the file's name is empty");
		return false;
	}
	if (base == NULL)
		return true;
	/* Defaults reach many devices: the file is read once. */
	if (node->secret == NULL)
		node->secret = arena_take(
		    node->memory->values, (key ? secret_read_key : secret_read)(
					      node->text, beside, &why));
	if (node->secret == NULL)
		conf_row_refuse(row, node, m, "%s", why.text);
	else if (node->good == row ||
		 (key ? key_ok : secret_ok)(row, node, node->secret, m))
		node->good = row;
	if (!node->bad)
		set_pointer(row, base, node->secret);
	return !node->bad;
}

/* Number of the word in "a|b|c", or -1. */
static int
word_number(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (int i = 0;; i++) {
		size_t n = strcspn(words, "|");

		if (n == len && memcmp(words, word, n) == 0)
			return i;
		if (words[n] == '\0')
			return -1;
		words += n + 1;
	}
}

static bool
store_word(const struct conf_row *row, struct conf_node *node, void *base,
    struct conf_messages *m)
{
	int number;

	if (!is_kind(row, node, NODE_TEXT, m))
		return false;
	number = word_number(row->words, node->text);
	if (number < 0) {
		conf_row_refuse(
		    row, node, m, "\"%.80s\" is unknown", node->text);
		return false;
	}
	if (base != NULL && row->type == ROW_SWITCH)
		*(bool *)slot(row, base) = number == 1;
	else if (base != NULL)
		memcpy(slot(row, base), &number, sizeof(number));
	return true;
}

static bool
store_address(const struct conf_row *row, struct conf_node *node, void *base,
    struct conf_messages *m)
{
	struct addr a;

	if (!is_kind(row, node, NODE_TEXT, m))
		return false;
	if (!addr_parse(&a, node->text)) {
		conf_row_refuse(
		    row, node, m, "\"%.80s\" is no address", node->text);
		return false;
	}
	if (base != NULL)
		*(struct addr *)slot(row, base) = a;
	return true;
}

static bool
array_ok(
    const struct conf_row *row, struct conf_node *node, struct conf_messages *m)
{
	if (!is_kind(row, node, NODE_ARRAY, m))
		return false;
	if (!in_range(row, (int64_t)node->n_children)) {
		conf_row_refuse(row, node, m, "%zu members is out of range",
		    node->n_children);
		return false;
	}
	for (size_t i = 0; i < node->n_children; i++) {
		struct conf_node *child = node->child[i];

		if (child->kind != NODE_TEXT) {
			conf_row_refuse(row, node, m,
			    "a %s in it is the wrong type",
			    conf_kind_name(child->kind));
			return false;
		}
		if (!text_ok(row, node, child->text, m))
			return false;
	}
	return true;
}

/* One text instead of an array. */
static bool
store_lone(const struct conf_row *row, struct conf_node *node, void *base,
    struct conf_messages *m)
{
	char **texts;

	if (node->text[0] == '\0' && (row->flags & ROW_NONE) != 0)
		return true;
	if (!own_text_ok(row, node, m))
		return false;
	if (base == NULL)
		return true;
	texts = arena_alloc(node->memory->values, 1, sizeof(*texts));
	texts[0] = node->text;
	set_count(row, base, 1);
	set_pointer(row, base, texts);
	return true;
}

static bool
store_array(const struct conf_row *row, struct conf_node *node, void *base,
    struct conf_messages *m)
{
	struct arena *values = node->memory->values;
	size_t n = node->n_children;
	char **texts;
	struct addr *addrs;
	struct prefix *prefixes;

	if (node->kind == NODE_TEXT && (row->flags & ROW_LONE) != 0)
		return store_lone(row, node, base, m);
	if (node->good != row && !array_ok(row, node, m))
		return false;
	node->good = row;
	if (base == NULL || n == 0)
		return true;
	set_count(row, base, n);
	if (row->type == ROW_TEXTS) {
		texts = arena_alloc(values, n, sizeof(*texts));
		for (size_t i = 0; i < n; i++)
			texts[i] = node->child[i]->text;
		set_pointer(row, base, texts);
	} else if (row->type == ROW_ADDRESSES) {
		addrs = arena_alloc(values, n, sizeof(*addrs));
		for (size_t i = 0; i < n; i++)
			addr_parse(&addrs[i], node->child[i]->text);
		set_pointer(row, base, addrs);
	} else {
		prefixes = arena_alloc(values, n, sizeof(*prefixes));
		for (size_t i = 0; i < n; i++)
			prefix_parse(&prefixes[i], node->child[i]->text);
		set_pointer(row, base, prefixes);
	}
	return true;
}

bool
conf_row_store(const struct conf_row *row, struct conf_node *node, void *base,
    struct conf_messages *m)
{
	if (node->bad)
		return false;
	switch (row->type) {
	case ROW_BOOL:
		return store_bool(row, node, base, m);
	case ROW_INT:
		return store_int(row, node, base, m);
	case ROW_DURATION:
	case ROW_SIZE:
		return store_quantity(row, node, base, m);
	case ROW_TEXT:
		return store_text(row, node, base, m);
	case ROW_PATH:
		return store_path(row, node, base, m);
	case ROW_SECRET:
		return store_secret(row, node, base, m);
	case ROW_SECRET_FILE:
	case ROW_KEY_FILE:
		return store_secret_file(row, node, base, m);
	case ROW_SWITCH:
	case ROW_CHOICE:
		return store_word(row, node, base, m);
	case ROW_ADDRESS:
		return store_address(row, node, base, m);
	case ROW_TEXTS:
	case ROW_ADDRESSES:
	case ROW_PREFIXES:
		return store_array(row, node, base, m);
	}
	return false;
}

struct conf_node *
conf_row_node(const struct conf_row *row, const struct conf_memory *memory,
    const char *text)
{
	bool number = row->type <= ROW_SIZE;
	struct conf_node *n;
	int64_t value;

	if (number && str_to_int64(text, 0, INT64_MAX, &value)) {
		n = conf_node_new(memory, row->key, NODE_INT);
		n->number = value;
		return n;
	}
	if (row->type != ROW_BOOL)
		return conf_node_text(memory, row->key, text, strlen(text));
	if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
		return NULL;
	n = conf_node_new(memory, row->key, NODE_BOOL);
	n->truth = text[0] == 't';
	return n;
}
