/* old_mark.c - see old_mark.h. */
#include "old_mark.h"

bool
old_mark_ends(enum old_mark m, enum agent_request r)
{
	if (r == REQUEST_STOP && m == OLD_MARK_TWICE)
		return true;
	return (r == REQUEST_STOP || r == REQUEST_CAPTURE) &&
	       m == OLD_MARK_ENDS;
}

bool
old_mark_capture(enum old_mark *m, bool starts)
{
	bool able = *m != OLD_MARK_TWICE && *m != OLD_MARK_DEAD;

	if (able && starts)
		*m = OLD_MARK_CAPTURING;
	else
		*m = *m == OLD_MARK_TWICE ? OLD_MARK_STOPPED : OLD_MARK_NONE;
	return able && starts;
}

bool
old_mark_stop(enum old_mark *m, bool lives)
{
	bool stops = *m == OLD_MARK_CAPTURING && lives;

	if (stops)
		*m = OLD_MARK_STOPPED;
	else if (*m == OLD_MARK_CAPTURING || *m == OLD_MARK_DEAD)
		*m = OLD_MARK_DEAD;
	else
		*m = *m == OLD_MARK_STOPPED ? OLD_MARK_TWICE : OLD_MARK_ENDS;
	return stops;
}
