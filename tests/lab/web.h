/* web.h - an HTTPS server that runs in the loop and can answer badly.
 *
 * One server is one certificate.  It has no port: connections are accepted
 * elsewhere and handed in.  Wraps libmicrohttpd.
 */
#ifndef LAB_WEB_H
#define LAB_WEB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/fail.h"
#include "base/str.h"
#include "loop/loop.h"

/* How an answer travels. */
enum web_shape {
	WEB_WHOLE,
	WEB_SLOW,    /* byte by byte, WEB_SLOW_MS apart */
	WEB_CUT,     /* the connection ends half-way through the body */
	WEB_ENDLESS, /* `size` bytes, chunked, no length announced */
	WEB_NEVER    /* no answer at all */
};
#define WEB_SLOW_MS 50

struct web_request {
	struct addr local; /* the server's end of the connection */
	uint16_t port;
	const char *method;
	const char *path;
	const char *filter; /* the query's `filter`, decoded; NULL if absent */
	const char *username; /* of basic authentication; NULL without */
	const char *password;
	bool expects; /* it came with `Expect: 100-continue` */
	/* The part `file` of multipart/form-data, else the whole body. */
	const char *body;
	void *owner; /* set by request(), given back to done() */
};

struct web_answer {
	int code;
	struct strbuf body; /* freed by the server */
	int shape;          /* enum web_shape */
	int64_t size;       /* of WEB_ENDLESS */
	bool close;         /* the connection ends after it */
};

struct web_events {
	void (*request)(
	    void *arg, struct web_request *rq, struct web_answer *answer);
	/* The answer was sent, or the connection broke. */
	void (*done)(void *arg, void *owner);
};

struct web;

/* NULL and FAIL_LOCAL in `why` if it cannot start; texts are copied.
 * `priority` is what GnuTLS may do (gnutls_priority_init(3)). */
struct web *web_new(struct loop *lp, const char *cert_pem, const char *key_pem,
    const char *priority, const struct web_events *events, void *arg,
    struct fail *why);
/* `fd` now belongs to the server. */
void web_add(struct web *w, int fd);
/* End the connections made to `local` that have no request under way. */
void web_drop(struct web *w, const struct addr *local);
/* Ends every connection.  NULL is accepted. */
void web_free(struct web *w);

#endif
