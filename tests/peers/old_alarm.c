/* old_alarm.c - see old_alarm.h. */
#include "old_alarm.h"

#include <string.h>

#include "base/str.h"

/* Up to the next comma, without the blanks around it. */
static bool
up_to_comma(const char *from, char to[OLD_ALARM_TEXT_MAX])
{
	const char *end = strchr(from, ',');

	if (!end)
		return false;
	while (*from == ' ')
		from++;
	while (end > from && end[-1] == ' ')
		end--;
	return str_copy_n(to, OLD_ALARM_TEXT_MAX, from, (size_t)(end - from));
}

/* A field that a comma and blanks introduce. */
static bool
field(const char *text, const char *name, char to[OLD_ALARM_TEXT_MAX])
{
	while ((text = strchr(text, ','))) {
		text++;
		text += strspn(text, " ");
		if (str_starts(text, name))
			return up_to_comma(text + strlen(name), to);
	}
	return false;
}

bool
old_alarm_parse(const char *text, struct old_alarm *a)
{
	static const char introduction[] = "New Alarm - ";
	const char *name = strstr(text, introduction);

	return name && up_to_comma(name + strlen(introduction), a->name) &&
	       field(name, "Source:", a->source) &&
	       field(name, "Description:", a->description) &&
	       field(name, "IP Address:", a->address);
}

bool
old_alarm_is_lost(const struct old_alarm *a)
{
	return strcmp(a->name, "Connection Alarm") == 0 &&
	       strcmp(a->description, "Connection Lost") == 0;
}
