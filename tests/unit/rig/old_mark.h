/* old_mark.h - what an agent of version 1.0.6 remembers of a device's captures,
 * and when that ends it; as its source has it.  For both who play one.
 */
#ifndef RIG_OLD_MARK_H
#define RIG_OLD_MARK_H

#include <stdbool.h>

#include "wire/agent_message.h"

enum old_mark {
	OLD_MARK_NONE,
	OLD_MARK_CAPTURING,
	OLD_MARK_STOPPED,
	OLD_MARK_TWICE, /* a second STOP came behind the first */
	OLD_MARK_DEAD,  /* its tcpdump had died: 503, and to a CAPTURE once */
	OLD_MARK_ENDS   /* a STOP came, and there was none to be stopped */
};

/* Does this request for a device that it knows end it? */
bool old_mark_ends(enum old_mark m, enum agent_request r);
/* It is asked to capture: is tcpdump started?  `starts`: it can be. */
bool old_mark_capture(enum old_mark *m, bool starts);
/* It is asked to stop: is there one to be stopped?  `lives`: it did not die. */
bool old_mark_stop(enum old_mark *m, bool lives);

#endif
