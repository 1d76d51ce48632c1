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

static const char *
read_all(struct verdict *v, const struct json *j)
{
	const struct json *clock = json_get(j, "clock");
	const struct json *classes = json_get(j, "classes");
	const struct json *letters = json_get(j, "exchanges");
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
