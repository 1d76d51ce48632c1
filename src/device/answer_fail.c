/* answer_fail.c - see answer_fail.h.  Called by who sends a device a request.
 */
#include "device/answer_fail.h"

#include <stdio.h>

#include "base/secret.h"

struct told_secrets
told_secrets_of(const struct snmp_section *snmp, const struct device_entry *d)
{
	struct told_secrets s = {
	    .basic = secret_basic(d->username, d->password)};
	const char *const told[] = {
	    snmp->auth_password, snmp->priv_password, d->password, s.basic};
	size_t n = 0;

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		if (told[i] != NULL && told[i][0] != '\0')
			s.all[n++] = told[i];
	return s;
}

void
told_secrets_clear(struct told_secrets *s)
{
	secret_free(s->basic);
	s->basic = NULL;
}

void
answer_words(const struct told_secrets *s, const struct rest_answer *r,
    char said[ANSWER_WORDS_MAX])
{
	char words[PEER_WORDS_MAX];

	peer_words_body(r->body, r->len, s->all, words, sizeof(words));
	snprintf(said, ANSWER_WORDS_MAX, "%s%s", words[0] != '\0' ? ": " : "",
	    words);
}

void
answer_fail(const struct told_secrets *s, const struct device_entry *d,
    const struct rest_answer *r, struct fail *f)
{
	char said[ANSWER_WORDS_MAX];
	int status = r->status;

	answer_words(s, r, said);
	if (r->digest_only)
		fail_set(f, FAIL_AUTH,
		    "HTTP 401: the device asks for digest only: let it take "
		    "basic authentication, too%s",
		    said);
	else if (status == 401 || status == 403 || status == 405)
		fail_set(f, FAIL_AUTH,
		    "HTTP %d: user \"%s\" refused: wrong password, too little "
		    "privilege, or locked out after earlier failures; check "
		    "username and password_file%s",
		    status, d->username, said);
	else if (status == 409 || status == 429 || status >= 500)
		fail_set(f, FAIL_TRANSIENT, "HTTP %d%s", status, said);
	else if (status == 400)
		fail_set(f, FAIL_FINAL,
		    "HTTP 400: the device does not accept the script%s", said);
	else
		fail_set(f, FAIL_FINAL, "HTTP %d%s", status, said);
	f->code = status;
}
