/* conf_rows.h - short ways to write a row.
 *
 * Before use, ROW_STRUCT is defined as the struct that holds the values.
 */
#ifndef CONF_CONF_ROWS_H
#define CONF_CONF_ROWS_H

#include <stddef.h>

#include "conf/conf_check.h"
#include "conf/conf_row.h"

/* Limits that several keys share. */
#define CONF_DAY    INT64_C(86400000) /* milliseconds */
#define CONF_HOUR   INT64_C(3600000)
#define CONF_MINUTE INT64_C(60000)
#define CONF_SECOND INT64_C(1000)
#define CONF_MEGA   INT64_C(1000000) /* bytes */
#define CONF_GIGA   INT64_C(1000000000)
#define CONF_PETA   INT64_C(1000000000000000)

/* Section, key, member; minimum, maximum, default; help; then any other
 * members of struct conf_row. */
#define ROW(row_type, s, k, member, lo, hi, dflt, text, ...)                 \
	{                                                                    \
		.section = (s), .key = (k), .type = (row_type),              \
		.offset = offsetof(ROW_STRUCT, member), .min = (lo),         \
		.max = (hi), .fallback = (dflt), .help = (text), __VA_ARGS__ \
	}
/* true or false, or one of `list`. */
#define ROW_OF_BOOL(s, k, member, dflt, text) \
	ROW(ROW_BOOL, s, k, member, 0, 0, dflt, text, .words = NULL)
#define ROW_OF_WORDS(row_type, s, k, member, list, dflt, text) \
	ROW(row_type, s, k, member, 0, 0, dflt, text, .words = (list))
#define ROW_OF_PORT(s, k, member, lo, dflt, text) \
	ROW(ROW_INT, s, k, member, lo, 65535, dflt, text, .words = NULL)

#define CONF_HOST_RULE     "a numeric address or a host name"
#define CONF_PASSWORD_RULE "text of 1 to 256 bytes without control characters"
#define CONF_FILE_RULE(what) \
	"the name of a file, private to its owner and group, that holds " what
#define CONF_KEY_FILE_RULE                                                    \
	CONF_FILE_RULE("text of 16 to 1024 bytes without control characters") \
	", or \"\""

#endif
