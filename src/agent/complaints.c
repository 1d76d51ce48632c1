/* complaints.c - see complaints.h.  Used where senders are met. */
#include "agent/complaints.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/tally.h"
#include "base/xmem.h"

#define MESSAGE_MAX 1200

/* How often one is told in an hour: what names a device may need a few. */
static const unsigned most[] = {
    [COMPLAINT_SENDER] = 1,
    [COMPLAINT_TEXT] = 1,
    [COMPLAINT_PROOF] = 1,
    [COMPLAINT_SPELLING] = 4,
    [COMPLAINT_CROWD] = 1,
    [COMPLAINT_OWNER] = 4,
    [COMPLAINT_CHANGE] = 4,
    [COMPLAINT_REQUEST] = 8,
    [COMPLAINT_RULE] = 4,
};

struct complaints {
	struct loop *lp;
	struct tally *tally;
};

struct complaints *
complaints_new(struct loop *lp)
{
	struct complaints *c = xcalloc(1, sizeof(*c));

	c->lp = lp;
	c->tally = tally_new(most, COMPLAINT_COUNT);
	return c;
}

void
complaints_free(struct complaints *c)
{
	if (c == NULL)
		return;
	tally_free(c->tally);
	free(c);
}

void
complain(struct complaints *c, enum complaint kind, const struct addr *from,
    const char *who, const char *subsystem, const char *fmt, ...)
{
	char message[MESSAGE_MAX], more[TALLY_MORE_MAX], sender[ADDR_TEXT_MAX];
	enum log_level level =
	    kind == COMPLAINT_RULE ? LOGGING_NOTICE : LOGGING_WARNING;
	bool told;
	va_list ap;

	if (c == NULL)
		return;
	told = tally_add(c->tally, kind, from, loop_now(c->lp), more);
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	log_about(loop_log(c->lp), told ? level : LOGGING_DEBUG, who, subsystem,
	    &(struct log_facts){.device = who, .from = addr_text(from, sender)},
	    "%s%s", message, more);
}
