/* device_script.c - the CLI scripts a device is sent, and its answers.
 *
 * The scripts are written line by line through a text that first only counts:
 * so their memory is allocated once, and no freed block keeps a copy of the
 * SNMP keys.  How a script travels is io/rest's matter.
 */
#include "wire/device_script.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/xmem.h"
#include "wire/peer_words.h"

/* What the output of `show` begins with. */
static const char shown_phrase[] = "Debug capture physical is";

/* A script being written; `s` is NULL while its length is counted. */
struct text {
	char *s;
	size_t len;
};

typedef void script_writer(struct text *t, const struct device_script *s);

/* Add one line made of the words up to NULL. */
static void __attribute__((sentinel))
line(struct text *t, const char *word, ...)
{
	va_list ap;

	va_start(ap, word);
	for (; word != NULL; word = va_arg(ap, const char *)) {
		size_t n = strlen(word);

		if (t->s != NULL)
			memcpy(t->s + t->len, word, n);
		t->len += n;
	}
	va_end(ap);
	if (t->s != NULL)
		t->s[t->len] = '\n';
	t->len++;
}

static char *
script_new(script_writer *write, const struct device_script *s)
{
	struct text t = {NULL, 0};

	write(&t, s);
	t.s = xcalloc(t.len + 1, 1);
	t.len = 0;
	write(&t, s);
	return t.s;
}

static void
debug_capture(struct text *t, const struct device_script *s, const char *what)
{
	line(t, "debug capture ", s->family, " physical ", what, NULL);
}

static void
write_user(struct text *t, const struct device_script *s)
{
	if (s->snmp_user == NULL)
		return;
	line(t, "configure system", NULL);
	line(t, " no snmp v3-users where username ", s->snmp_user, NULL);
	line(t, " snmp v3-users new", NULL);
	line(t, "  user ", s->snmp_user, NULL);
	line(t, "  auth-protocol sha-1", NULL);
	line(t, "  priv-protocol aes-128", NULL);
	line(t, "  auth-key ", s->snmp_auth, NULL);
	line(t, "  priv-key ", s->snmp_priv, NULL);
	line(t, " exit", NULL);
	line(t, "exit", NULL);
}

static void
write_forget_user(struct text *t, const struct device_script *s)
{
	if (s->snmp_user == NULL)
		return;
	line(t, "configure system", NULL);
	line(t, " no snmp v3-users where username ", s->snmp_user, NULL);
	line(t, "exit", NULL);
}

static void
write_start(struct text *t, const struct device_script *s)
{
	write_user(t, s);
	debug_capture(t, s, "stop");
	for (size_t i = 0; i < s->n_interfaces; i++)
		debug_capture(t, s, s->interfaces[i]);
	debug_capture(t, s, "start");
	if (s->save)
		line(t, "write", NULL);
}

static void
write_show(struct text *t, const struct device_script *s)
{
	debug_capture(t, s, "show");
}

static void
write_stop(struct text *t, const struct device_script *s)
{
	write_forget_user(t, s);
	debug_capture(t, s, "stop");
	if (s->save)
		line(t, "write", NULL);
}

char *
device_script_start(const struct device_script *s)
{
	return script_new(write_start, s);
}

char *
device_script_show(const struct device_script *s)
{
	return script_new(write_show, s);
}

char *
device_script_stop(const struct device_script *s)
{
	return script_new(write_stop, s);
}

char *
device_script_start_masked(const struct device_script *s)
{
	struct device_script masked = *s;

	masked.snmp_auth = SECRET_MASK;
	masked.snmp_priv = SECRET_MASK;
	return script_new(write_start, &masked);
}

/* An output too long to keep is kept from what `show` says on, if that would
 * be cut off: a banner may stand before it. */
static const char *
worth_keeping(const char *output)
{
	const char *phrase = strcasestr(output, shown_phrase);

	if (phrase == NULL || strlen(output) < DEVICE_SCRIPT_OUTPUT)
		return output;
	/* " not active" must fit as well. */
	if ((size_t)(phrase - output) + 2 * sizeof(shown_phrase) <
	    DEVICE_SCRIPT_OUTPUT)
		return output;
	return phrase;
}

static enum script_result
result_of(const struct json *answer)
{
	const struct json *status = json_get(answer, "status");

	if (status == NULL || strcasecmp(json_text(status, ""), "success") == 0)
		return SCRIPT_SUCCESS;
	return SCRIPT_FAILURE;
}

static void
take_words(const char *said, const char *const *secrets, char *to, size_t size)
{
	peer_words(said, strlen(said), secrets, to, size);
}

/* While it is whole: a secret that is cut would not be known again. */
static char *
masked(const char *text, const char *const *secrets)
{
	char *copy = xstrdup(text);

	for (; secrets != NULL && *secrets != NULL; secrets++)
		secret_mask(copy, *secrets);
	return copy;
}

void
device_script_answer(const char *body, size_t len, const char *const *secrets,
    struct script_answer *a)
{
	struct json *answer = json_parse_answer(body, len);
	char *output;

	memset(a, 0, sizeof(*a));
	a->result = SCRIPT_GARBLED;
	if (json_is_object(answer)) {
		a->result = result_of(answer);
		output = masked(json_get_text(answer, "output", ""), secrets);
		take_words(worth_keeping(output), secrets, a->output,
		    sizeof(a->output));
		secret_free(output);
		take_words(json_get_text(answer, "description", ""), secrets,
		    a->description, sizeof(a->description));
	}
	json_free(answer);
}

enum capture_shown
device_script_shown(const struct script_answer *a)
{
	if (strcasestr(a->output, "Debug capture physical is not active") !=
	    NULL)
		return CAPTURE_NOT_ACTIVE;
	if (strcasestr(a->output, "Debug capture physical is active") != NULL)
		return CAPTURE_ACTIVE;
	return CAPTURE_UNKNOWN;
}
