/* cli.c - the command interpreter of the simulated devices.
 *
 * Commands and output as in AudioCodes' "CLI Reference Guide" for the MSBR and
 * for gateways and SBCs; device_rest.c brings the scripts.
 */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

#define WORDS_MAX    8
#define CLI_LINE_MAX 256
#define KEY_LENGTH   8 /* shortest SNMP key: RFC 3414, section 11.2 */

enum mode { MODE_ROOT, MODE_SYSTEM, MODE_USER };

struct cli {
	struct device *d;
	struct cli_result *r;
	bool inert;
	enum mode mode;
	struct device_user user; /* being made in MODE_USER */
	char *word[WORDS_MAX + 1];
	unsigned n;
};

static const char *const msbr_interfaces[] = {"cellular-wan", "fiber-wan",
    "xdsl-wan", "shdsl-wan", "t1-e1-wan", "eth-wan", "eth-lan", NULL};
static const char *const gateway_interfaces[] = {"eth-lan", NULL};

static const char *
capture_word(const struct device *d)
{
	return d->conf->type == TYPE_MSBR ? "data" : "voip";
}

static void
refuse(struct cli *c, const char *reason)
{
	c->r->failed = true;
	strbuf_addf(&c->r->output, "%s\n", reason);
}

/* Do the words from `at` on read exactly like this? */
static bool
words_are(const struct cli *c, unsigned at, const char *phrase)
{
	for (; at < c->n; at++) {
		size_t len = strcspn(phrase, " ");
		if (strlen(c->word[at]) != len ||
		    strncmp(c->word[at], phrase, len) != 0)
			return false;
		phrase += len + (phrase[len] == ' ');
	}
	return *phrase == '\0';
}

static bool
phrase_then_word(const struct cli *c, const char *phrase)
{
	struct cli head = *c;

	if (c->n < 2)
		return false;
	head.n--;
	return words_are(&head, 0, phrase);
}

static void
interface_select(struct cli *c, const char *name)
{
	struct device *d = c->d;
	const char *const *known =
	    d->conf->type == TYPE_MSBR ? msbr_interfaces : gateway_interfaces;

	while (*known && strcmp(*known, name) != 0)
		known++;
	if (!*known || d->n_interfaces >= DEVICE_INTERFACES_MAX) {
		refuse(c, "Invalid command");
		return;
	}
	str_copy(
	    d->interfaces[d->n_interfaces], sizeof(d->interfaces[0]), name);
	d->n_interfaces++;
}

static void
capture_on(struct cli *c)
{
	if (c->d->n_interfaces == 0 && c->d->conf->type == TYPE_MSBR)
		refuse(c, "Failed: no interface was selected");
	else if (!c->inert && !device_capture_start(c->d))
		refuse(c, "Failed to start the capture");
}

static void
capture_off(struct cli *c)
{
	if (c->inert)
		return;
	if (!device_capture_stop(c->d))
		refuse(c, "Failed to write the capture file");
	c->d->n_interfaces = 0;
}

static void
capture_show(struct cli *c)
{
	enum capture_state state = capture_state(c->d->capture);
	/* Active until the file is whole. */
	bool on = state == CAPTURE_ON || state == CAPTURE_ENDING;

	strbuf_addf(&c->r->output, "Debug capture physical is %s\n",
	    on ? "active" : "not active");
	for (unsigned i = 0; on && i < c->d->n_interfaces; i++)
		strbuf_addf(
		    &c->r->output, "Interface: %s\n", c->d->interfaces[i]);
}

/* debug capture data|voip physical ... */
static void
debug_capture(struct cli *c)
{
	const char *what = c->n == 5 ? c->word[4] : "";

	if (c->n != 5 || strcmp(c->word[2], capture_word(c->d)) != 0 ||
	    strcmp(c->word[3], "physical") != 0)
		refuse(c, "Invalid command");
	else if (strcmp(what, "start") == 0)
		capture_on(c);
	else if (strcmp(what, "stop") == 0)
		capture_off(c);
	else if (strcmp(what, "show") == 0)
		capture_show(c);
	else
		interface_select(c, what);
}

static bool
user_remove(struct device *d, const char *name)
{
	for (unsigned i = 0; i < d->n_users; i++) {
		if (strcmp(d->users[i].name, name) != 0)
			continue;
		d->users[i] = d->users[--d->n_users];
		return true;
	}
	return false;
}

static void
user_add(struct cli *c)
{
	struct device *d = c->d;

	if (c->user.name[0] == '\0') {
		refuse(c, "Failed: the user has no name");
		return;
	}
	for (unsigned i = 0; i < d->n_users; i++) {
		if (strcmp(d->users[i].name, c->user.name) == 0) {
			refuse(c, "Failed: the user exists already");
			return;
		}
	}
	if (d->n_users == DEVICE_USERS_MAX)
		refuse(c, "Failed: the table is full");
	else
		d->users[d->n_users++] = c->user;
}

static void
user_line(struct cli *c)
{
	const char *value = c->n == 2 ? c->word[1] : "";

	if (words_are(c, 0, "exit")) {
		user_add(c);
		c->mode = MODE_SYSTEM;
	} else if (phrase_then_word(c, "user")) {
		if (!str_copy(c->user.name, sizeof(c->user.name), value))
			refuse(c, "Invalid command: the name is too long");
	} else if (phrase_then_word(c, "auth-key") ||
		   phrase_then_word(c, "priv-key")) {
		if (strlen(value) < KEY_LENGTH)
			refuse(c, "Invalid command: the key is too short");
	} else if (!words_are(c, 0, "auth-protocol sha-1") &&
		   !words_are(c, 0, "priv-protocol aes-128")) {
		refuse(c, "Invalid command");
	}
}

static void
system_line(struct cli *c)
{
	if (words_are(c, 0, "exit")) {
		c->mode = MODE_ROOT;
	} else if (words_are(c, 0, "snmp v3-users new")) {
		memset(&c->user, 0, sizeof(c->user));
		c->mode = MODE_USER;
	} else if (phrase_then_word(c, "no snmp v3-users where username")) {
		if (!user_remove(c->d, c->word[c->n - 1]) &&
		    c->d->conf->strict_users)
			refuse(c, "Failed: no such row");
	} else {
		refuse(c, "Invalid command");
	}
}

static void
config_save(struct device *d)
{
	d->n.writes++;
	for (unsigned i = 0; i < d->n_users; i++)
		d->users[i].saved = true;
}

static void
root_line(struct cli *c)
{
	if (c->n >= 2 && strcmp(c->word[0], "debug") == 0 &&
	    strcmp(c->word[1], "capture") == 0)
		debug_capture(c);
	else if (words_are(c, 0, "configure system"))
		c->mode = MODE_SYSTEM;
	else if (words_are(c, 0, "write"))
		config_save(c->d);
	else if (!words_are(c, 0, "exit"))
		refuse(c, "Invalid command");
}

static void
line_split(struct cli *c, char *line)
{
	char *save = NULL;

	c->n = 0;
	for (char *w = strtok_r(line, " \t\r", &save); w && c->n < WORDS_MAX;
	     w = strtok_r(NULL, " \t\r", &save))
		c->word[c->n++] = w;
}

static void
line_run(struct cli *c)
{
	if (c->n == 0)
		return;
	switch (c->mode) {
	case MODE_ROOT:
		root_line(c);
		return;
	case MODE_SYSTEM:
		system_line(c);
		return;
	case MODE_USER:
		user_line(c);
		return;
	}
}

/* Copies the next line; false at the end of the script. */
static bool
line_next(const char **script, char line[CLI_LINE_MAX])
{
	size_t len = strcspn(*script, "\n");

	if (**script == '\0')
		return false;
	str_copy_n(line, CLI_LINE_MAX, *script, len);
	*script += len + ((*script)[len] == '\n');
	return true;
}

void
cli_run(struct device *d, const char *script, bool inert, struct cli_result *r)
{
	struct cli c = {.d = d, .r = r, .inert = inert};
	char line[CLI_LINE_MAX];

	r->failed = false;
	while (line_next(&script, line)) {
		line_split(&c, line);
		line_run(&c);
	}
}

enum cli_class
cli_classify(const char *script)
{
	enum cli_class class = CLI_OTHER;
	char line[CLI_LINE_MAX];
	struct cli c = {0};

	while (line_next(&script, line)) {
		line_split(&c, line);
		const char *last = c.n == 5 ? c.word[4] : "";
		if (c.n != 5 || strcmp(c.word[1], "capture") != 0)
			continue;
		if (strcmp(last, "start") == 0)
			return CLI_START;
		if (strcmp(last, "stop") == 0)
			class = CLI_STOP;
		else if (strcmp(last, "show") == 0 && class == CLI_OTHER)
			class = CLI_SHOW;
	}
	return class;
}
