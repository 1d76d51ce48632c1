/* agent_message.c - the UDP messages between campaign and agent, as text.
 *
 * Called by both programs for each datagram they send or receive.  It knows
 * the words only: who may send what, and when, is its callers' matter, and so
 * is the signature line of authenticated messages, which they take off first.
 */
#include "wire/agent_message.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/name.h"
#include "base/str.h"

#define MAX_WORDS    6 /* one more than the longest message has */
#define REASON_WORDS 2 /* "Service Unavailable" */

static const char want_line[] = "want info";
static const char info_word[] = "info ";

struct words {
	char text[AGENT_TEXT_MAX + 1];
	bool wants_info;
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

/* Where the line of `len` bytes at most ends. */
static size_t
line_length(const char *line, size_t len)
{
	const char *newline = memchr(line, '\n', len);

	return newline != NULL ? (size_t)(newline - line) : len;
}

static bool
line_is(const char *line, size_t len, const char *word)
{
	return len == strlen(word) && memcmp(line, word, len) == 0;
}

/* Look at every line of w->text, and cut it behind the first.  NULL, or what is
 * wrong. */
static const char *
take_lines(struct words *w, size_t len)
{
	size_t at = 0, first = line_length(w->text, len);

	for (;;) {
		const char *line = w->text + at;
		size_t n = line_length(line, len - at);

		if (n == 0)
			return "has an empty line";
		if (str_has_control(line, n))
			return "holds a control character";
		if (line_is(line, n, want_line))
			w->wants_info = true;
		at += n;
		if (at == len)
			break;
		at++;
	}
	w->text[first] = '\0';
	return NULL;
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
words_read(struct words *w, const void *data, size_t len, size_t max)
{
	const char *why;

	w->wants_info = false;
	if (len > max)
		return "longer than a message can be";
	if (len)
		memcpy(w->text, data, len);
	while (len && !w->text[len - 1])
		len--;
	w->text[len] = '\0';
	if (!len)
		return "empty";
	if (!str_is_utf8(w->text, len))
		return "not UTF-8";
	why = take_lines(w, len);
	return why != NULL ? why : split(w);
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
	m->wants_info = w->wants_info;
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
parse(const void *data, size_t len, size_t max, struct agent_message *m,
    const char **why,
    const char *(*reader)(const struct words *, struct agent_message *))
{
	struct words w;

	memset(m, 0, sizeof(*m));
	*why = words_read(&w, data, len, max);
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
	return parse(data, len, AGENT_MESSAGE_MAX, m, why, read_request);
}

bool
agent_message_parse_answer(
    const void *data, size_t len, struct agent_message *m, const char **why)
{
	return parse(data, len, AGENT_TEXT_MAX, m, why, read_answer);
}

size_t
agent_message_format_request(
    char buf[AGENT_MESSAGE_MAX], const struct agent_message *m)
{
	return (size_t)snprintf(buf, AGENT_MESSAGE_MAX, "%s %s%s%s%s%s",
	    agent_request_name(m->request), m->device, *m->file ? " " : "",
	    m->file, m->wants_info ? "\n" : "", m->wants_info ? want_line : "");
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

size_t
agent_message_add_info(char buf[AGENT_TEXT_MAX], size_t len, const char *json)
{
	int n = snprintf(
	    buf + len, AGENT_TEXT_MAX - len, "\n%s%s", info_word, json);

	assert(n > 0 && (size_t)n < AGENT_TEXT_MAX - len);
	return len + (size_t)n;
}

const char *
agent_message_info(const void *data, size_t len, size_t *json_len)
{
	const char *text = data;
	const size_t word = strlen(info_word);

	while (len > 0 && text[len - 1] == '\0')
		len--;
	for (size_t at = 0; at < len;
	     at += line_length(text + at, len - at), at++) {
		size_t n = line_length(text + at, len - at);

		if (at == 0 || n <= word ||
		    memcmp(text + at, info_word, word) != 0)
			continue;
		*json_len = n - word;
		return text + at + word;
	}
	return NULL;
}
