/* fail.h - what went wrong with a device or a peer: a kind, and a sentence.
 *
 * The kind decides what follows (the table "Trouble, by kind" in
 * traffic-capture(8)); the sentence goes into the report.
 */
#ifndef BASE_FAIL_H
#define BASE_FAIL_H

#include <stdbool.h>

enum fail_kind {
	FAIL_NONE,
	FAIL_UNREACHABLE, /* no TCP, TLS or SSH session came about */
	FAIL_TRANSIENT,   /* an answer, or none, that may be better next time */
	FAIL_UNCLEAR,     /* sent, and the outcome is not known */
	FAIL_SCRIPT,      /* HTTP 200, but the device says the script failed */
	FAIL_AUTH,        /* credentials or privilege refused: never repeated */
	FAIL_IDENTITY, /* certificate, pin or host key is not the right one */
	FAIL_FINAL,    /* refused for good: a wrong script, no such file */
	FAIL_LOCAL     /* trouble on this host: disk, descriptor, privilege */
};

struct fail {
	enum fail_kind kind;
	int code; /* HTTP status, or 0 */
	char text[256];
};

/* Set kind, sentence and a code of 0; the sentence is cut to fit and made
 * printable. */
void fail_set(struct fail *f, enum fail_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void fail_clear(struct fail *f);
/* Credentials, or who the peer is: nothing more is sent to it. */
bool fail_is_refusal(const struct fail *f);
/* A word for logs: "unreachable", "transient", ... */
const char *fail_kind_name(enum fail_kind kind);

#endif
