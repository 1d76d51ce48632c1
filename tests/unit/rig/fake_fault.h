/* fake_fault.h - what takes the place of a fake device's next answers. */
#ifndef RIG_FAKE_FAULT_H
#define RIG_FAKE_FAULT_H

enum fake_step {
	STEP_SHOW,
	STEP_START,
	STEP_STOP,
	STEP_SFTP,
	STEP_STATUS,
	FAKE_STEPS
};

enum fault {
	FAULT_NONE,
	FAULT_UNREACHABLE, /* no session */
	FAULT_IDENTITY,    /* another certificate or host key */
	FAULT_STATUS,      /* HTTP status `n`; nothing was done */
	FAULT_STATUS_DONE, /* HTTP status `n`, though it was done */
	FAULT_CUT,         /* session, no answer; for SFTP after `n` bytes */
	FAULT_CUT_DONE,    /* it was done, and no answer */
	FAULT_HANG,        /* the same as FAULT_CUT, after the whole time */
	FAULT_GARBLED,     /* done, HTTP 200, not JSON */
	FAULT_SAYS_FAILURE,
	FAULT_SAYS_FAILURE_DONE,
	FAULT_QUOTES,     /* it says failure, and quotes the script */
	FAULT_NOT_DONE,   /* it says success, and does nothing */
	FAULT_BLANK,      /* done, but the output says nothing */
	FAULT_AUTH,       /* SFTP: login refused */
	FAULT_MISSING,    /* SFTP: no such file */
	FAULT_ENDS_EARLY, /* SFTP: end of file after `n` bytes */
	FAULT_SLOW,       /* SFTP: `n` bytes a second */
	FAULT_NO_SPACE    /* SFTP: trouble on our side */
};

struct fake_fault {
	enum fake_step step;
	enum fault kind;
	int n;
	int times; /* left; -1: for ever */
};

#endif
