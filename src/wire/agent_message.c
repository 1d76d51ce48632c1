/* agent_message.c - the UDP messages between campaign and agent, as text.
 *
 * Called by both programs for each datagram they send or receive.  It knows
 * the words only: who may send what, and when, is its callers' matter, and so
 * is the signature line of authenticated messages, which they take off first.
 */
#include "wire/agent_message.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/name.h"
#include "base/str.h"

#define MAX_WORDS    6 /* one more than the longest message has */
#define REASON_WORDS 2 /* "Service Unavailable" */

struct words {
	char text[AGENT_MESSAGE_MAX + 1];
	char *word[MAX_WORDS];
	size_t n;
};

static const char *const requests[] = {
    [REQUEST_NONE] = "NONE",
    [REQUEST_REGISTER] = "REGISTER",
    [REQUEST_CAPTURE] = "CAPTURE",
    [REQUEST_VERIFY] = "VERIFY",
    [REQUEST_STOP] = "STOP",
};

static const struct {
	int code;
	const char *reason;
} reasons[] = {
    {AGENT_TRYING, "Trying"},
    {AGENT_OK, "OK"},
    {AGENT_NOT_FOUND, "Not Found"},
    {AGENT_CLOCK, "Clock"},
    {AGENT_FLOW_FAILED, "Flow Failed"},
    {AGENT_UNAVAILABLE, "Service Unavailable"},
};

const char *
agent_request_name(enum agent_request r)
{
	return requests[r];
}

const char *
agent_code_reason(int code)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (reasons[i].code == code)
			return reasons[i].reason;
	}
	return "Unknown";
}

static enum agent_request
request_from(const char *word)
{
	int r = NAME_FIND(requests, word);

	return r < NAME_COUNT(requests) ? (enum agent_request)r : REQUEST_NONE;
}

/* Cut w->text at its blanks.  NULL, or what is wrong. */
static const char *
split(struct words *w)
{
	char *rest = w->text;
	char *word;

	w->n = 0;
	while ((word = strsep(&rest, " ")) != NULL) {
		if (!*word)
			return "words are not separated by one blank each";
		if (w->n == MAX_WORDS)
			return "too many words";
		w->word[w->n++] = word;
	}
	return NULL;
}

/* Take a datagram apart.  NULL, or what is wrong. */
static const char *
words_read(struct words *w, const void *data, size_t len)
{
	if (len > AGENT_MESSAGE_MAX)
		return "longer than a message can be";
	if (len)
		memcpy(w->text, data, len);
	while (len && !w->text[len - 1])
		len--;
	w->text[len] = '\0';
	if (!len)
		return "empty";
	if (str_has_control(w->text, len))
		return "holds a control character";
	if (!str_is_utf8(w->text, len))
		return "not UTF-8";
	return split(w);
}

bool
agent_message_is_answer(const void *data, size_t len)
{
	const unsigned char *p = data;

	return len >= 4 && isdigit(p[0]) && isdigit(p[1]) && isdigit(p[2]) &&
	       p[3] == ' ';
}

/* NULL, or what is wrong. */
static const char *
read_request(const struct words *w, struct agent_message *m)
{
	m->request = request_from(w->word[0]);
	if (m->request == REQUEST_NONE)
		return "not a known request";
	if (w->n < 2)
		return "names no device";
	if (!host_valid(w->word[1]))
		return "the device is neither an address nor a host name";
	str_copy(m->device, sizeof(m->device), w->word[1]);
	if (m->request != REQUEST_STOP)
		return w->n == 2 ? NULL : "too many words";
	if (w->n < 3)
		return "STOP without a file name";
	if (w->n > 3)
		return "too many words";
	if (!capture_name_valid(w->word[2], m->device))
		return "the file name is not one of a capture of this device";
	str_copy(m->file, sizeof(m->file), w->word[2]);
	return NULL;
}

static bool
is_reason(const char *word)
{
	for (; *word; word++) {
		if (!isalpha((unsigned char)*word))
			return false;
	}
	return true;
}

/* NULL, or what is wrong. */
static const char *
read_answer(const struct words *w, struct agent_message *m)
{
	const char *code = w->word[0];
	size_t n = w->n;
	int64_t value;

	if (strlen(code) != 3 || !str_to_int64(code, 100, 999, &value))
		return "does not begin with a code of three digits";
	m->code = (int)value;
	/* Up to 1.0.5 the request's name is missing. */
	m->request = request_from(w->word[n - 1]);
	if (m->request != REQUEST_NONE)
		n--;
	if (n < 3)
		return "too few words";
	if (n > 2 + REASON_WORDS)
		return "too many words";
	for (size_t i = 1; i < n - 1; i++) {
		if (!is_reason(w->word[i]))
			return "the reason is not made of letters";
	}
	if (!host_valid(w->word[n - 1]))
		return "the device is neither an address nor a host name";
	str_copy(m->device, sizeof(m->device), w->word[n - 1]);
	return NULL;
}

static bool
parse(const void *data, size_t len, struct agent_message *m, const char **why,
    const char *(*reader)(const struct words *, struct agent_message *))
{
	struct words w;

	memset(m, 0, sizeof(*m));
	*why = words_read(&w, data, len);
	if (*why == NULL)
		*why = reader(&w, m);
	if (*why == NULL)
		return true;
	memset(m, 0, sizeof(*m));
	return false;
}

bool
agent_message_parse_request(
    const void *data, size_t len, struct agent_message *m, const char **why)
{
	return parse(data, len, m, why, read_request);
}

bool
agent_message_parse_answer(
    const void *data, size_t len, struct agent_message *m, const char **why)
{
	return parse(data, len, m, why, read_answer);
}

size_t
agent_message_format_request(
    char buf[AGENT_MESSAGE_MAX], const struct agent_message *m)
{
	return (size_t)snprintf(buf, AGENT_MESSAGE_MAX, "%s %s%s%s",
	    agent_request_name(m->request), m->device, *m->file ? " " : "",
	    m->file);
}

size_t
agent_message_format_answer(
    char buf[AGENT_MESSAGE_MAX], const struct agent_message *m)
{
	bool said = m->request != REQUEST_NONE;

	return (size_t)snprintf(buf, AGENT_MESSAGE_MAX, "%d %s %s%s%s", m->code,
	    agent_code_reason(m->code), m->device, said ? " " : "",
	    said ? agent_request_name(m->request) : "");
}
