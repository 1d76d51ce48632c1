/* old_book.c - what agents of version 1.0.6 were left with.
 *
 * Lines are not synced: a power cut loses some, and a STOP or CAPTURE is not
 * worth the time of a disk while other devices' traffic is under way.
 */
#include "link/old_book.h"

#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/bytes.h"
#include "base/json.h"
#include "base/name.h"
#include "base/xmem.h"

/* Far more than any campaign writes: a line for each CAPTURE and STOP. */
#define SIZE_MAX_READ (64 << 20)

static const char *const names[OLD_STATES] = {
    [OLD_IDLE] = "idle",
    [OLD_CAPTURING] = "capturing",
    [OLD_BARRED] = "barred",
};

struct mark {
	char *agent, *device;
	enum old_state state;
	SLIST_ENTRY(mark) next;
};

struct old_book {
	struct loop *lp;
	char *path;
	int fd;     /* -1: not yet */
	void *tree; /* of struct mark, tsearch(3) */
	SLIST_HEAD(, mark) marks;
	struct log_once trouble;
};

/* --- marks --- */

static int
mark_cmp(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;
	int diff = strcmp(x->device, y->device);

	return diff != 0 ? diff : strcmp(x->agent, y->agent);
}

static struct mark *
find(const struct old_book *b, const char *agent, const char *device)
{
	struct mark key = {.agent = (char *)agent, .device = (char *)device};
	struct mark **at = tfind(&key, &b->tree, mark_cmp);

	return at != NULL ? *at : NULL;
}

static void
keep(
    struct old_book *b, const char *agent, const char *device, enum old_state s)
{
	struct mark *e = find(b, agent, device);

	if (e == NULL) {
		e = xcalloc(1, sizeof(*e));
		e->agent = xstrdup(agent);
		e->device = xstrdup(device);
		tsearch(e, &b->tree, mark_cmp);
		SLIST_INSERT_HEAD(&b->marks, e, next);
	}
	e->state = s;
}

/* --- the file --- */

static void
add_line(
    struct strbuf *to, const char *agent, const char *device, enum old_state s)
{
	struct json *o = json_object();

	json_set_text(o, "agent", agent);
	json_set_text(o, "device", device);
	json_set_text(o, "state", names[s]);
	json_write(o, 0, to);
	json_free(o);
	strbuf_add(to, "\n");
}

static void
take_line(struct old_book *b, const char *text, size_t len)
{
	struct json *o = json_parse(text, len);
	int s = NAME_FIND(names, json_get_text(o, "state", ""));

	if (s != OLD_STATES)
		keep(b, json_get_text(o, "agent", ""),
		    json_get_text(o, "device", ""), (enum old_state)s);
	json_free(o);
}

static void
say(struct old_book *b, const char *why)
{
	log_repeated(loop_log(b->lp), &b->trouble, NULL, "agent",
	    "cannot keep what agents of version 1.0.6 were left with: %s: %s",
	    b->path, why);
}

static void
read_all(struct old_book *b)
{
	struct stat st;
	size_t len;
	char *text = bytes_read(
	    bytes_open(b->path, O_NOFOLLOW, &st), SIZE_MAX_READ, &len);
	const char *at = text, *end;

	if (text == NULL) {
		if (errno != ENOENT)
			say(b, strerror(errno));
		return;
	}
	while ((end = memchr(at, '\n', len - (size_t)(at - text))) != NULL) {
		take_line(b, at, (size_t)(end - at));
		at = end + 1;
	}
	bytes_free(text, len + 1);
}

/* What is over need not be read again. */
static void
write_all(struct old_book *b)
{
	struct strbuf text = STRBUF_INIT;
	struct atomic_file *f;
	struct mark *e;
	struct fail why;

	SLIST_FOREACH (e, &b->marks, next)
		if (e->state != OLD_IDLE)
			add_line(&text, e->agent, e->device, e->state);
	f = atomic_file_open(b->path, &why);
	if (f != NULL)
		atomic_file_write(f, strbuf_text(&text), text.len);
	if (f == NULL || !atomic_file_commit(f, &why))
		say(b, why.text);
	strbuf_free(&text);
}

static bool
append(struct old_book *b, const char *text, size_t len)
{
	if (b->fd < 0)
		b->fd = open(b->path,
		    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		    0640);
	if (b->fd >= 0 && write(b->fd, text, len) == (ssize_t)len)
		return true;
	say(b, b->fd < 0 ? strerror(errno) : "it was not written whole");
	return false;
}

/* --- public --- */

struct old_book *
old_book_open(struct loop *lp, const char *folder)
{
	struct old_book *b = xcalloc(1, sizeof(*b));

	b->lp = lp;
	b->fd = -1;
	b->path = xasprintf("%s/" OLD_BOOK_FILE, folder);
	SLIST_INIT(&b->marks);
	read_all(b);
	if (!SLIST_EMPTY(&b->marks))
		write_all(b);
	return b;
}

void
old_book_close(struct old_book *b)
{
	struct mark *e;

	if (b == NULL)
		return;
	while ((e = SLIST_FIRST(&b->marks)) != NULL) {
		SLIST_REMOVE_HEAD(&b->marks, next);
		tdelete(e, &b->tree, mark_cmp);
		free(e->agent);
		free(e->device);
		free(e);
	}
	if (b->fd >= 0)
		close(b->fd);
	free(b->path);
	free(b);
}

const char *
old_book_path(const struct old_book *b)
{
	return b->path;
}

enum old_state
old_book_get(const struct old_book *b, const char *agent, const char *device)
{
	const struct mark *e = find(b, agent, device);

	return e != NULL ? e->state : OLD_IDLE;
}

bool
old_book_set(
    struct old_book *b, const char *agent, const char *device, enum old_state s)
{
	struct strbuf line = STRBUF_INIT;
	bool ok;

	if (old_book_get(b, agent, device) == s)
		return true;
	keep(b, agent, device, s);
	add_line(&line, agent, device, s);
	ok = append(b, strbuf_text(&line), line.len);
	strbuf_free(&line);
	return ok;
}

void
old_book_forget(struct old_book *b, const char *agent, enum old_state which)
{
	struct mark *e;

	SLIST_FOREACH (e, &b->marks, next)
		if (e->state == which && strcmp(e->agent, agent) == 0)
			old_book_set(b, agent, e->device, OLD_IDLE);
}
