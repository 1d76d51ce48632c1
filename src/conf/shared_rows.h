/* shared_rows.h - the rows of sections verify and snmp, for both programs.
 *
 * ROW_STRUCT, see conf_rows.h, has members of these names.
 */
#ifndef CONF_SHARED_ROWS_H
#define CONF_SHARED_ROWS_H

#include "conf/conf_rows.h"

#define CONF_KEY_RULE                                                   \
	"text of 8 to 64 printable characters without blanks, quotes, " \
	"'#' and '?', and without '!' at the beginning"

#define CONF_VERIFY_ROWS                                                       \
	ROW_OF_BOOL("verify", "icmp", verify.on[VERIFY_ICMP], "true",          \
	    "Send ICMP echo requests."),                                       \
	    ROW_OF_BOOL("verify", "snmp", verify.on[VERIFY_SNMP], "true",      \
		"Send SNMPv3 requests; needs the passwords of section snmp."), \
	    ROW_OF_BOOL("verify", "tcp", verify.on[VERIFY_TCP], "true",        \
		"Open TCP connections."),                                      \
	    ROW(ROW_INT, "verify", "count", verify.count, 1, 100, "10",        \
		"How many of each kind.", .flags = 0),                         \
	    ROW(ROW_DURATION, "verify", "interval", verify.interval, 10,       \
		CONF_MINUTE, "1s", "From one to the next.", .flags = 0),       \
	    ROW(ROW_DURATION, "verify", "timeout", verify.timeout, 10,         \
		CONF_MINUTE, "1s", "How long each may take to be answered.",   \
		.flags = 0),                                                   \
	    ROW_OF_PORT("verify", "tcp_port", verify.tcp_port, 1, "443",       \
		"Port of the TCP connections.")

#define CONF_SNMP_ROWS                                                      \
	ROW(ROW_TEXT, "snmp", "user", snmp.user, 1, 32, "CaptureScript",    \
	    "SNMPv3 user that the start script makes on the device.",       \
	    .valid = conf_is_cli_word,                                      \
	    .allowed = "1 to 32 printable characters without blanks, "      \
		       "quotes, '#' and '?', and without '!' at the "       \
		       "beginning"),                                        \
	    ROW(ROW_SECRET, "snmp", "auth_password", snmp.auth_password, 8, \
		64, NULL, "Its authentication key (SHA-1).",                \
		.valid = conf_is_cli_word, .allowed = CONF_KEY_RULE),       \
	    ROW(ROW_SECRET_FILE, "snmp", "auth_password_file",              \
		snmp.auth_password, 8, 64, NULL,                            \
		"The file that holds the authentication key.",              \
		.valid = conf_is_cli_word,                                  \
		.allowed = CONF_FILE_RULE(CONF_KEY_RULE)),                  \
	    ROW(ROW_SECRET, "snmp", "priv_password", snmp.priv_password, 8, \
		64, NULL, "Its privacy key (AES-128).",                     \
		.valid = conf_is_cli_word, .allowed = CONF_KEY_RULE),       \
	    ROW(ROW_SECRET_FILE, "snmp", "priv_password_file",              \
		snmp.priv_password, 8, 64, NULL,                            \
		"The file that holds the privacy key.",                     \
		.valid = conf_is_cli_word,                                  \
		.allowed = CONF_FILE_RULE(CONF_KEY_RULE)),                  \
	    ROW_OF_PORT("snmp", "port", snmp.port, 1, "161",                \
		"Port that SNMP requests go to.")

#endif
