/* device_label.c - see device_label.h.
 */
#include "conf/device_label.h"

#include <stdio.h>

const char *
device_label(const struct device_entry *d, char buf[DEVICE_LABEL_MAX])
{
	bool named = d->name != NULL && d->name[0] != '\0';

	snprintf(buf, DEVICE_LABEL_MAX, named ? "%s (%s)" : "%s%s",
	    named ? d->name : d->address, named ? d->address : "");
	return buf;
}
