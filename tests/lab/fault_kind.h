/* fault_kind.h - the places where something goes wrong, and what can. */
#ifndef LAB_FAULT_KIND_H
#define LAB_FAULT_KIND_H

/* The order is that of fault_places(). */
enum fault_on {
	ON_TLS,
	ON_REST,
	ON_START,
	ON_SHOW,
	ON_STOP,
	ON_CAPTURE,
	ON_SSH,
	ON_SFTP,
	ON_ALARM,
	ON_OVOC,
	ON_OVOC_FIND,
	ON_OVOC_RULE
};

/* The order is that of fault_kinds(). */
enum fault_kind {
	KIND_REFUSE,
	KIND_HANG,
	KIND_CLOSE,
	KIND_KEY,
	KIND_STRANGER,
	KIND_STATUS,
	KIND_CUT,
	KIND_SLOW,
	KIND_GARBAGE,
	KIND_EMPTY,
	KIND_HUGE,
	KIND_NO_STATUS,
	KIND_FAILURE,
	KIND_DOTS,
	KIND_IGNORED,
	KIND_FOREIGN,
	KIND_VANISH,
	KIND_REBOOT,
	KIND_LOGIN,
	KIND_KEYBOARD,
	KIND_PASSWORD,
	KIND_MISSING,
	KIND_NEWER,
	KIND_TRUNCATE,
	KIND_SINGLE,
	KIND_NONE,
	KIND_TWICE,
	KIND_EARLY,
	KIND_UNKNOWN,
	KIND_SOURCE,
	KIND_BURST,
	KIND_OLD,
	KIND_COUNT
};

/* The event that begins a fault that lasts for a time. */
enum fault_when { WHEN_READY, WHEN_START, WHEN_LOST, WHEN_STOP };

/* Is the request carried out although its answer is wrong? */
enum fault_obey { OBEY_BY_KIND, OBEY_NO, OBEY_YES };

#endif
