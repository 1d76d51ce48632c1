/* known_pins.c - see known_pins.h.
 *
 * A campaign has thousands of devices, so entries are found in a search tree.
 */
#include "io/known_pins.h"

#include <errno.h>
#include <search.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xmem.h"
#include "io/known_file.h"

#define HTTPS_PORT 443 /* named without brackets */
#define PIN_START  "sha256//"
#define PIN_LEN    (sizeof(PIN_START) - 1 + 44)

struct known_pin {
	char *name;
	struct strbuf pins; /* with a blank after each */
};

struct known_pins {
	char *path;
	void *entries;           /* tsearch(3) */
	known_pins_added *added; /* NULL: nobody is told */
	void *arg;
};

static int
pin_cmp(const void *a, const void *b)
{
	const struct known_pin *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static struct known_pin *
find(const struct known_pins *k, char *name)
{
	const struct known_pin key = {.name = name};
	void *const *found = tfind(&key, &k->entries, pin_cmp);

	return found != NULL ? *found : NULL;
}

static void
add(struct known_pins *k, char *name, const char *pin)
{
	struct known_pin *e = find(k, name);

	if (e == NULL) {
		e = xcalloc(1, sizeof(*e));
		e->name = xstrdup(name);
		if (tsearch(e, &k->entries, pin_cmp) == NULL)
			xmem_exhausted();
	}
	strbuf_addf(&e->pins, "%s ", pin);
}

static const char *
take_line(void *arg, char *line)
{
	static const char blanks[] = " \t";
	char *rest = NULL;
	char *name = strtok_r(line, blanks, &rest);
	const char *pin = strtok_r(NULL, blanks, &rest);

	if (name == NULL || pin == NULL || !str_starts(pin, PIN_START) ||
	    strlen(pin) != PIN_LEN)
		return "not a host name and a pin (sha256//...)";
	str_lower(name);
	add(arg, name, pin);
	return NULL;
}

struct known_pins *
known_pins_load(const char *path, struct fail *why)
{
	struct known_pins *k = xcalloc(1, sizeof(*k));

	fail_clear(why);
	k->path = xstrdup(path);
	if (known_file_read(path, take_line, k, why) &&
	    known_file_can_write(path, why))
		return k;
	known_pins_free(k);
	return NULL;
}

static void
pin_free(void *p)
{
	struct known_pin *e = p;

	strbuf_free(&e->pins);
	free(e->name);
	free(e);
}

void
known_pins_free(struct known_pins *k)
{
	if (k == NULL)
		return;
	tdestroy(k->entries, pin_free);
	free(k->path);
	free(k);
}

void
known_pins_on_added(struct known_pins *k, known_pins_added *added, void *arg)
{
	k->added = added;
	k->arg = arg;
}

static enum fail_kind
accept_pin(struct known_pins *k, char *name, const char *pin, struct fail *why)
{
	char *line = xasprintf("%s %s", name, pin);

	if (!known_file_add(k->path, line)) {
		fail_set(why, FAIL_LOCAL,
		    "cannot record the TLS key of %s in %s: %s", name, k->path,
		    strerror(errno));
	} else {
		add(k, name, pin);
		if (k->added != NULL)
			k->added(k->arg, name, pin);
	}
	free(line);
	return why->kind;
}

enum fail_kind
known_pins_check(struct known_pins *k, const char *host, uint16_t port,
    const char *pin, struct fail *why)
{
	char name[KNOWN_NAME_MAX];
	const struct known_pin *e;

	fail_clear(why);
	known_file_name(name, host, port, HTTPS_PORT);
	e = find(k, name);
	if (e == NULL)
		return accept_pin(k, name, pin, why);
	if (strstr(strbuf_text(&e->pins), pin) == NULL)
		fail_set(why, FAIL_IDENTITY,
		    "%s shows another TLS key than before, %s; if rightly so, "
		    "remove its line from %s",
		    name, pin, k->path);
	return why->kind;
}
