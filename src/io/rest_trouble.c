/* rest_trouble.c - the sentences about failed HTTPS requests.
 *
 * rest.c finds out which trouble it is; they end in logs and reports, read by
 * people who have the configuration file open.
 */
#include "io/rest_trouble.h"

#include "base/os_error.h"

/* What libcurl and OpenSSL say can fill the sentence. */
#define DETAIL_MAX 110

struct sentence {
	enum fail_kind kind;
	const char *before;
	const char *after;
};

static const struct sentence sentences[] = {
    [REST_CA_FILE] = {FAIL_LOCAL, "",
	": check that ca_file is a readable "
	"PEM file"},
    [REST_FILES] = {FAIL_LOCAL, "no socket: ", ": " OS_ERROR_FILES},
    [REST_LOCAL] = {FAIL_LOCAL, "not sent: ", ""},
    [REST_SESSION_SLOW] = {FAIL_UNREACHABLE, "no TCP and TLS session within ",
	""},
    [REST_REFUSED] = {FAIL_UNREACHABLE, "",
	": is its web server on, and the port right?"},
    [REST_NO_CONNECTION] = {FAIL_UNREACHABLE, "no connection: ", ""},
    [REST_NO_TLS] = {FAIL_UNREACHABLE, "no TLS session: ", ""},
    [REST_ANSWER_LONG] = {FAIL_TRANSIENT, "its answer is longer than ", ""},
    [REST_ANSWER_SLOW] = {FAIL_TRANSIENT, "no complete answer within ", ""},
    [REST_ANSWER_CUT] = {FAIL_TRANSIENT, "no complete answer: ", ""},
};

void
rest_explain(
    struct fail *f, enum rest_trouble t, const char *where, const char *detail)
{
	const struct sentence *s = &sentences[t];

	fail_set(f, s->kind, "%s: %s%.*s%s", where, s->before, DETAIL_MAX,
	    detail, s->after);
}
