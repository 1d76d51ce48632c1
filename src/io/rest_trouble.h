/* rest_trouble.h - how an HTTPS request can fail, and what is said about it.
 *
 * The part of rest.c that knows words, and nothing of libcurl.
 */
#ifndef IO_REST_TROUBLE_H
#define IO_REST_TROUBLE_H

#include "base/fail.h"

enum rest_trouble {
	REST_CA_FILE,       /* cannot be read */
	REST_FILES,         /* no descriptor left */
	REST_LOCAL,         /* anything else on this host */
	REST_SESSION_SLOW,  /* no TCP and TLS session in time */
	REST_REFUSED,       /* connection refused */
	REST_NO_CONNECTION, /* no TCP connection */
	REST_NO_TLS,        /* TCP, but no TLS */
	REST_ANSWER_LONG,   /* longer than REST_BODY_MAX */
	REST_ANSWER_SLOW,   /* no complete answer in time */
	REST_ANSWER_CUT     /* no complete answer: the connection ended */
};

/* Set kind and sentence: "<where>: <what>: <detail>: <advice>".  `detail` is
 * cut so that the advice stays. */
void rest_explain(
    struct fail *f, enum rest_trouble t, const char *where, const char *detail);

#endif
