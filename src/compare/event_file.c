/* event_file.c - see event_file.h.
 */
#include "compare/event_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"

static const char *
without_folder(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

static struct event_record *
read_record(const char *path, int fd, struct fail *why)
{
	struct event_record *r;
	struct stat st;
	size_t len;
	char *text;

	if (fd < 0)
		fd = bytes_open(path, 0, &st);
	text = bytes_read(fd, EVENT_RECORD_BYTES, &len);
	if (text == NULL) {
		fail_set(
		    why, FAIL_LOCAL, "it cannot be read: %s", strerror(errno));
		return NULL;
	}
	r = event_record_decode(text, len, why);
	bytes_free(text, len + 1);
	return r;
}

/* By what it says itself, by its name, and by the captures. */
static bool
is_of(const struct event_record *r, const char *path, const char *event,
    struct fail *why)
{
	char named[CAPTURE_NAME_MAX] = "";
	const char *told = r->event;

	(void)capture_name_event(named, without_folder(path));
	if (told[0] != '\0' && named[0] != '\0' && strcmp(told, named) != 0) {
		fail_set(why, FAIL_FINAL,
		    "it tells of %s, not of what its "
		    "name says",
		    told);
		return false;
	}
	if (told[0] == '\0')
		told = named;
	if (told[0] == '\0' || event[0] == '\0' || strcmp(told, event) == 0)
		return true;
	fail_set(
	    why, FAIL_FINAL, "the captures are of another event, %s", event);
	return false;
}

bool
event_file_take(struct event_files *f, const char *path, int fd,
    const char *event, struct fail *why)
{
	struct event_record *r = read_record(path, fd, why);
	bool is = r != NULL && is_of(r, path, event, why);

	if (is && f->of[r->writer] != NULL) {
		fail_set(why, FAIL_FINAL, "there is another one beside it");
		is = false;
	}
	if (is)
		f->of[r->writer] = r;
	else
		event_record_free(r);
	return is;
}

void
event_files_free(struct event_files *f)
{
	int w;

	for (w = 0; w < EVENT_WRITERS; w++)
		event_record_free(f->of[w]);
	*f = (struct event_files){0};
}
