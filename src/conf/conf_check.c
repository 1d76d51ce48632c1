/* conf_check.c - tests of single texts; see the header for each rule. */
#include "conf/conf_check.h"

#include <string.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "base/str.h"

#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

/* All of `s`, at least one character, is of `chars`. */
static bool
only(const char *s, const char *chars)
{
	return *s != '\0' && s[strspn(s, chars)] == '\0';
}

bool
conf_is_host(const char *s)
{
	return host_valid(s);
}

bool
conf_is_address(const char *s)
{
	struct addr a;

	return addr_parse(&a, s);
}

bool
conf_is_address_or_empty(const char *s)
{
	return *s == '\0' || conf_is_address(s);
}

bool
conf_is_prefix(const char *s)
{
	struct prefix p;

	return prefix_parse(&p, s);
}

bool
conf_is_campaign_name(const char *s)
{
	return only(s, LOWER UPPER DIGITS "._-") && strchr("._-", *s) == NULL &&
	       strcmp(s, "latest") != 0;
}

bool
conf_is_day_time(const char *s)
{
	int minutes;

	return *s == '\0' || clock_day_time_read(s, &minutes);
}

bool
conf_is_type_name(const char *s)
{
	return only(s, LOWER DIGITS "._-") && strchr("._-", *s) == NULL;
}

bool
conf_is_cli_word(const char *s)
{
	for (const char *p = s; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~' || strchr("\"'`#?", *p) != NULL)
			return false;
	return *s != '\0' && *s != '!';
}

bool
conf_is_username(const char *s)
{
	return *s != '\0' && strchr(s, ':') == NULL;
}

bool
conf_is_alarm_name(const char *s)
{
	return *s != '\0' && strchr(s, ',') == NULL;
}

static bool
is_digest(const char *s, const char *prefix, const char *suffix)
{
	enum { SHA256_BASE64 = 43 }; /* 32 bytes without padding */

	if (!str_starts(s, prefix))
		return false;
	s += strlen(prefix);
	return strspn(s, LOWER UPPER DIGITS "+/") == SHA256_BASE64 &&
	       strcmp(s + SHA256_BASE64, suffix) == 0;
}

bool
conf_is_tls_pin(const char *s)
{
	return is_digest(s, "sha256//", "=");
}

bool
conf_is_host_key(const char *s)
{
	return is_digest(s, "SHA256:", "");
}

const char *
conf_key_fault(const char *pem)
{
	/* "openssh-key-v1", and the name of its cipher: "none" */
	static const char plain[] = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU";
	const char *line = strchr(pem, '\n');
	bool is_pem = str_starts(pem, "-----BEGIN ") && line != NULL;
	const char *name = is_pem ? strstr(pem, "PRIVATE KEY-----") : NULL;
	bool locked;

	if (name == NULL || name > line)
		return "is no private key in PEM form, as ssh-keygen(1) writes "
		       "it";
	locked = strstr(pem, "ENCRYPTED") != NULL ||
		 (str_starts(pem, "-----BEGIN OPENSSH") &&
		     !str_starts(line + 1, plain));
	return locked ? "has a passphrase, and nobody is there to type it: "
			"ssh-keygen -p takes it off"
		      : NULL;
}

bool
conf_is_absolute(const char *s)
{
	return *s == '/';
}

bool
conf_is_metrics_file(const char *s)
{
	return conf_is_absolute(s) && metrics_is_file_name(s);
}

bool
conf_is_net_interface(const char *s)
{
	/* IFNAMSIZ is 16 with the NUL. */
	return only(s, LOWER UPPER DIGITS "._:@-") && *s != '-' &&
	       strlen(s) < 16;
}
