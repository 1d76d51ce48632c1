/* exchange.c - see exchange.h.  Called by who sends a device a request.
 */
#include "device/exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/excerpt.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/str.h"

static bool
is_wanted(const struct reach *r)
{
	return log_wants(loop_log(r->tools->lp), LOGGING_DEBUG);
}

static void
trace(const struct reach *r, const char *what, const char *data, size_t len)
{
	const struct snmp_section *snmp = &r->tools->conf->snmp;
	struct excerpts *hidden = excerpts_new();
	char *basic = secret_basic(r->conf->username, r->conf->password);
	char *text;

	excerpts_hide(hidden, snmp->auth_password);
	excerpts_hide(hidden, snmp->priv_password);
	excerpts_hide(hidden, r->conf->password);
	excerpts_hide(hidden, basic);
	secret_free(basic);
	text = excerpt(hidden, data, len, EXCERPT_TRACE);
	log_write(loop_log(r->tools->lp), LOGGING_DEBUG, r->conf->address,
	    "rest", "%s: %s", what, text);
	free(text);
	excerpts_free(hidden);
}

void
exchange_sent(const struct reach *r, const char *what, const char *text)
{
	if (is_wanted(r))
		trace(r, what, text, strlen(text));
}

/* JSON may escape any letter of a secret: written anew it does not. */
void
exchange_answered(const struct reach *r, const struct rest_answer *a)
{
	struct strbuf b = STRBUF_INIT;
	struct json *body;
	char what[40];

	if (!is_wanted(r))
		return;
	body = json_parse_answer(a->body, a->len);
	snprintf(what, sizeof(what), "answer, HTTP %d", a->status);
	if (body != NULL)
		json_write(body, 0, &b);
	if (a->status == 0)
		trace(r, "no answer", a->fail.text, strlen(a->fail.text));
	else if (body != NULL)
		trace(r, what, b.s, b.len);
	else
		trace(r, what, a->body, a->len);
	json_free(body);
	if (b.s != NULL)
		explicit_bzero(b.s, b.len);
	strbuf_free(&b);
}
