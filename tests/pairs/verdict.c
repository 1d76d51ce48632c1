/* verdict.c - from its JSON. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "base/json.h"
#include "base/str.h"
#include "verdict.h"

#define JSON_MAX (1u << 20) /* far more than a result ever has */

/* base/json gives whole numbers only; its text has all of them. */
static double
number(const struct json *object, const char *key)
{
	const struct json *value = json_get(object, key);
	struct strbuf text = STRBUF_INIT;
	double number;

	if (value == NULL)
		return 0;
	json_write(value, 0, &text);
	number = strtod(strbuf_text(&text), NULL);
	strbuf_free(&text);
	return number;
}

static void
read_class(struct verdict *v, const struct json *j)
{
	struct verdict_class *c = &v->classes[v->n_classes];

	if (v->n_classes == VERDICT_CLASSES)
		return;
	v->n_classes++;
	str_copy(c->kind, sizeof(c->kind), json_get_text(j, "protocol", ""));
	str_copy(c->way, sizeof(c->way), json_get_text(j, "direction", ""));
	str_copy(c->grade, sizeof(c->grade), json_get_text(j, "grade", ""));
	str_copy(c->first, sizeof(c->first), json_get_text(j, "first", ""));
	str_copy(c->last, sizeof(c->last), json_get_text(j, "last", ""));
	c->sent = json_get_int(j, "sent", -1);
	c->arrived = json_get_int(j, "arrived", -1);
	c->lost = json_get_int(j, "lost", -1);
	c->at_least = json_get_int(j, "atLeast", c->lost);
	c->unknown = json_get_int(j, "unknown", 0);
	c->incomplete = json_get_int(j, "incomplete", 0);
}

static void
read_letter(struct verdict *v, const struct json *j)
{
	struct verdict_letter *l = &v->letters[v->n_letters];

	if (v->n_letters == VERDICT_LETTERS ||
	    strcmp(json_get_text(j, "asker", ""), "ovoc") != 0)
		return;
	v->n_letters++;
	str_copy(l->kind, sizeof(l->kind), json_get_text(j, "kind", ""));
	l->letter = json_get_text(j, "letter", "")[0];
}

static void
add_path(struct verdict *v, const struct json *j, const char *what,
    const char *from, double a, double b)
{
	struct verdict_path *p = &v->paths[v->n_paths];

	if (v->n_paths == VERDICT_PATHS)
		return;
	v->n_paths++;
	str_copy(p->way, sizeof(p->way), json_get_text(j, "direction", ""));
	str_copy(p->what, sizeof(p->what), what);
	str_copy(p->from, sizeof(p->from), json_get_text(j, from, ""));
	p->a = a;
	p->b = b;
}

/* Of "address:port", is it another address? */
static bool
is_moved(const char *before, const char *now)
{
	const char *port = strrchr(before, ':'), *other = strrchr(now, ':');

	return port == NULL || other == NULL || port - before != other - now ||
	       strncmp(before, now, (size_t)(port - before)) != 0;
}

static void
read_path(struct verdict *v, const struct json *j)
{
	const char *before = json_get_text(j, "mappingBefore", "");
	const char *now = json_get_text(j, "mapping", "");

	if (json_get(j, "slowerByMs") != NULL)
		add_path(v, j, "slower", "slowerFrom", number(j, "slowerByMs"),
		    number(j, "slowerByMs"));
	if (json_get(j, "hops") != NULL)
		add_path(v, j, "route", "routeFrom", number(j, "hopsBefore"),
		    number(j, "hops"));
	if (json_get(j, "dscpPackets") != NULL)
		add_path(v, j, "dscp", "", number(j, "dscpSent"),
		    number(j, "dscpSeen"));
	if (json_get(j, "mapping") != NULL)
		add_path(v, j, "mapping", "mappingFrom",
		    number(j, "mappingLost") > 0, is_moved(before, now));
}

static const char *
read_all(struct verdict *v, const struct json *j)
{
	const struct json *clock = json_get(j, "clock");
	const struct json *classes = json_get(j, "classes");
	const struct json *letters = json_get(j, "exchanges");
	const struct json *paths = json_get(j, "paths");
	size_t i;

	if (json_get_int(j, "schema", 0) != 1)
		return "schema is not 1";
	str_copy(
	    v->sentence, sizeof(v->sentence), json_get_text(j, "sentence", ""));
	if (v->sentence[0] == '\0')
		return "there is no sentence";
	str_copy(v->grade, sizeof(v->grade), json_get_text(j, "grade", ""));
	v->status = json_get_int(j, "exitStatus", -1);
	v->clock_known = json_get_bool(clock, "known", false);
	v->offset = number(clock, "offsetSeconds");
	v->error = number(clock, "errorSeconds");
	for (i = 0; i < json_count(classes); i++)
		read_class(v, json_at(classes, i));
	for (i = 0; i < json_count(letters); i++)
		read_letter(v, json_at(letters, i));
	for (i = 0; i < json_count(paths); i++)
		read_path(v, json_at(paths, i));
	return NULL;
}

bool
verdict_read(struct verdict *v, const char *path, const char **why)
{
	struct stat st;
	struct json *j;
	size_t len;
	char *text = bytes_read(bytes_open(path, 0, &st), JSON_MAX, &len);

	memset(v, 0, sizeof(*v));
	*why = "there is no JSON";
	if (text == NULL)
		return false;
	j = json_parse(text, len);
	bytes_free(text, len + 1);
	if (j == NULL)
		return false;
	*why = read_all(v, j);
	json_free(j);
	return *why == NULL;
}

struct verdict_class *
verdict_find(struct verdict *v, const char *kind, const char *way)
{
	unsigned i;

	for (i = 0; i < v->n_classes; i++) {
		if (strcmp(v->classes[i].kind, kind) == 0 &&
		    strcmp(v->classes[i].way, way) == 0)
			return &v->classes[i];
	}
	return NULL;
}
