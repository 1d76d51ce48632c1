/* conf_check.h - what a text in the configuration may look like.
 *
 * Each is true for a text that may be used; the rows of the tables name one
 * of them and say the rule in words.
 */
#ifndef CONF_CONF_CHECK_H
#define CONF_CONF_CHECK_H

#include <stdbool.h>

/* A numeric address, or a host name by RFC 1123. */
bool conf_is_host(const char *s);
bool conf_is_address(const char *s);
bool conf_is_address_or_empty(const char *s);
bool conf_is_prefix(const char *s);
/* [A-Za-z0-9][A-Za-z0-9._-]*, and not "latest". */
bool conf_is_campaign_name(const char *s);
bool conf_is_day_time(const char *s); /* "06:00", or "" */
/* [a-z0-9][a-z0-9._-]* */
bool conf_is_type_name(const char *s);
/* Goes into a CLI line as one word: printable ASCII without blanks, quotes,
 * '#' and '?', and no '!' at its beginning, which would be a comment. */
bool conf_is_cli_word(const char *s);
/* Printable without ':', RFC 7617 section 2. */
bool conf_is_username(const char *s);
/* No comma: it ends the name in an alarm's text. */
bool conf_is_alarm_name(const char *s);
/* "sha256//" and 44 characters of base64, as curl(1) --pinnedpubkey. */
bool conf_is_tls_pin(const char *s);
/* "SHA256:" and 43 characters of base64, as ssh-keygen(1) -l prints it. */
bool conf_is_host_key(const char *s);
/* What is wrong with an SSH private key, as far as can be told: NULL, or words
 * that follow its file's name.  Any PEM form (PKCS#1, PKCS#8, SEC 1, OpenSSH's
 * PROTOCOL.key) without a passphrase is right. */
const char *conf_key_fault(const char *pem);
bool conf_is_absolute(const char *s);
/* Such a name that node_exporter's textfile collector reads. */
bool conf_is_metrics_file(const char *s);
/* A name of a network interface that tcpdump's -i takes, or "any". */
bool conf_is_net_interface(const char *s);

#endif
