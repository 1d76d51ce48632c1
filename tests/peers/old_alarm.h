/* old_alarm.h - OVOC's alarms as the 1.0.6 campaign reads them.
 *
 * Somewhere `New Alarm - <name>,` and, each introduced by a comma and ended by
 * the next comma, `Source:`, `Description:` and `IP Address:`; nothing else.
 */
#ifndef PEERS_OLD_ALARM_H
#define PEERS_OLD_ALARM_H

#include <stdbool.h>
#include <stddef.h>

#define OLD_ALARM_TEXT_MAX 256

struct old_alarm {
	char name[OLD_ALARM_TEXT_MAX];
	char source[OLD_ALARM_TEXT_MAX];
	char description[OLD_ALARM_TEXT_MAX];
	char address[OLD_ALARM_TEXT_MAX];
};

/* False if anything is missing. */
bool old_alarm_parse(const char *text, struct old_alarm *a);
bool old_alarm_is_lost(const struct old_alarm *a);

#endif
