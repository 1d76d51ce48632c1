/* status_source.c - see status_source.h.  For agent/status_socket. */
#include "agent/status_source.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "agent/ring.h"
#include "agent/status_facts.h"
#include "base/xmem.h"

/* Of one part. */
#define DEVICES_MOST  64
#define CAPTURES_MOST 4

static void
look_at_all(const struct status_source *s, struct status_facts *f)
{
	int64_t uptime = loop_now(s->lp) - s->began;

	*f = (struct status_facts){.version = VERSION,
	    .uptime = uptime,
	    .started = loop_wall(s->lp) - uptime,
	    .port = mailbox_port(s->mailbox),
	    .ending = *s->ending,
	    .captures_begun = (int64_t)s->capture->begun,
	    .packets_dropped = s->capture->dropped,
	    .free = store_free_bytes(s->store),
	    .min_free = s->conf->agent.min_free,
	    .finished = retention_size(s->retention),
	    .left = room_left(s->room),
	    .ring = ring_whole_bytes(&s->conf->agent),
	    .manages_rules = s->ovoc != NULL};
	mailbox_count(s->mailbox, &f->mail);
	if (s->ovoc != NULL)
		ovoc_describe(s->ovoc, &f->ovoc);
}

static enum status_state
state_of(const struct session *one, const struct device_state *is)
{
	if (session_capturing(one))
		return is->lease.capture.record.began != 0 ? STATUS_CAPTURING
							   : STATUS_STARTING;
	if (is->lease.capture.folder[0] != '\0')
		return STATUS_STOPPING;
	if (registration_under_way(session_registration(one)))
		return STATUS_REGISTERING;
	return is->registration.registered ? STATUS_REGISTERED
					   : STATUS_UNREGISTERED;
}

/* What its folder has, which may be gone. */
static void
look_at_ring(const struct status_source *s, const struct capture_state *is,
    struct status_device *d)
{
	char *path = xasprintf("%s/%s", s->conf->agent.captures, is->folder);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	struct ring ring = {0};

	free(path);
	if (fd < 0)
		return;
	ring_look(fd, &ring);
	d->ring_from = ring_first(fd) / 1000;
	close(fd);
	d->bytes = ring.bytes;
	d->pieces = ring.all;
	d->last_written = ring.last_ms;
}

static void
look_at_device(const struct status_source *s, const struct session *one,
    struct status_device *d)
{
	struct device_state is;
	const struct capture_state *capture = &is.lease.capture;

	session_save(one, &is);
	*d = (struct status_device){.state = state_of(one, &is),
	    .has_rule = is.rule.exists,
	    .rule = is.rule.id,
	    .captures = session_capturing(one) || capture->folder[0] != '\0',
	    .since = capture->record.began,
	    .dropped = record_all_dropped(&capture->record)};
	str_copy(d->device, sizeof(d->device), is.device);
	if (is.registration.port != 0)
		addr_port_text(
		    &is.registration.owner, is.registration.port, d->owner);
	if (capture->folder[0] != '\0')
		look_at_ring(s, capture, d);
}

/* Where the walk goes on in a list that may be another one now. */
static size_t
place_of(const struct status_source *s, const struct status_walk *walk)
{
	bool found;
	size_t at;

	if (walk->after[0] == '\0')
		return 0;
	at = session_list_place(s->sessions, walk->after, &found);
	return at + found;
}

bool
status_source_next(
    const struct status_source *s, struct status_walk *walk, struct strbuf *to)
{
	size_t at = place_of(s, walk);
	struct status_facts f;
	struct status_device d;
	int devices = 0, captures = 0;

	if (!walk->begun) {
		look_at_all(s, &f);
		status_line_facts(&f, to);
		walk->begun = true;
	}
	for (; at < s->sessions->n; at++) {
		if (devices >= DEVICES_MOST || captures >= CAPTURES_MOST)
			return true;
		look_at_device(s, s->sessions->v[at], &d);
		status_line_device(&d, to);
		str_copy(walk->after, sizeof(walk->after), d.device);
		walk->told++;
		devices++;
		captures += d.captures;
	}
	status_line_end(walk->told, to);
	return false;
}
