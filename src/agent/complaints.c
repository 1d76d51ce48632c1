/* complaints.c - see complaints.h.  Mailbox, server and sessions complain. */
#include "agent/complaints.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/xmem.h"

#define SPAN_MS     3600000
#define SENDERS     16
#define MESSAGE_MAX 600

/* How often one is told in a span: what names a device may need a few. */
static const unsigned most[] = {
    [COMPLAINT_SENDER] = 1,
    [COMPLAINT_TEXT] = 1,
    [COMPLAINT_PROOF] = 1,
    [COMPLAINT_SPELLING] = 4,
    [COMPLAINT_CROWD] = 1,
    [COMPLAINT_OWNER] = 4,
    [COMPLAINT_CHANGE] = 4,
    [COMPLAINT_REQUEST] = 8,
};

struct sender {
	struct addr addr;
	bool used;
	int64_t since;
	unsigned long count; /* in this span */
	unsigned long untold;
};

struct complaints {
	struct loop *lp;
	struct sender senders[COMPLAINT_COUNT][SENDERS + 1]; /* the others */
};

struct complaints *
complaints_new(struct loop *lp)
{
	struct complaints *c = xcalloc(1, sizeof(*c));

	c->lp = lp;
	return c;
}

void
complaints_free(struct complaints *c)
{
	free(c);
}

/* The sender's own place, or one that is free, or that of the others. */
static struct sender *
place_of(struct complaints *c, enum complaint kind, const struct addr *from)
{
	struct sender *all = c->senders[kind], *free_one = &all[SENDERS];

	for (size_t i = 0; i < SENDERS; i++) {
		bool over = loop_now(c->lp) - all[i].since >= SPAN_MS;

		if (all[i].used && addr_cmp(&all[i].addr, from) == 0)
			return &all[i];
		if ((!all[i].used || over) && free_one == &all[SENDERS])
			free_one = &all[i];
	}
	if (free_one != &all[SENDERS])
		*free_one = (struct sender){.addr = *from, .used = true};
	return free_one;
}

/* Is it to be told?  `before`: how many were not, since the last that was. */
static bool
is_told(struct complaints *c, struct sender *s, enum complaint kind,
    unsigned long *before)
{
	if (s->count == 0 || loop_now(c->lp) - s->since >= SPAN_MS) {
		s->since = loop_now(c->lp);
		s->count = 0;
	}
	*before = s->untold;
	s->count++;
	s->untold++;
	if (s->count > most[kind])
		return false;
	s->untold = 0;
	return true;
}

void
complain(struct complaints *c, enum complaint kind, const struct addr *from,
    const char *who, const char *subsystem, const char *fmt, ...)
{
	char message[MESSAGE_MAX], more[100] = "";
	unsigned long before;
	struct sender *s;
	bool told;
	va_list ap;

	if (c == NULL)
		return;
	s = place_of(c, kind, from);
	told = is_told(c, s, kind, &before);
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	if (told && before > 0)
		snprintf(more, sizeof(more),
		    " (and %lu more like it since the last line)", before);
	else if (told && s->count == most[kind])
		snprintf(more, sizeof(more),
		    "; for an hour more like it are only counted");
	log_write(loop_log(c->lp), told ? LOGGING_WARNING : LOGGING_DEBUG, who,
	    subsystem, "%s%s", message, more);
}
