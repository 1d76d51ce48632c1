/* ovoc_rule.h - OVOC's REST API for devices and alarm forwarding rules.
 *
 * Builds the percent-encoded paths and JSON bodies and decodes the answers
 * (AudioCodes, OVOC Northbound Integration Guide, REST API).
 */
#ifndef WIRE_OVOC_RULE_H
#define WIRE_OVOC_RULE_H

#include <stddef.h>
#include <stdint.h>

#define OVOC_RULE_NAME_MAX 320

struct ovoc_rule {
	const char *device;      /* as the campaign calls it */
	int64_t device_id;       /* OVOC's id of it */
	const char *destination; /* numeric address the alarms go to */
	uint16_t port;
};

/* `Forward Connection Lost from <device>` */
void ovoc_rule_name(char buf[OVOC_RULE_NAME_MAX], const char *device);

/* Paths; free(3).  The device is looked up by address if its text is one, else
 * by name. */
char *ovoc_device_path(const char *device);
char *ovoc_rule_find_path(const char *device);
char *ovoc_rule_path(int64_t rule_id); /* 0: the collection, for POST */

/* Bodies; free(3). */
char *ovoc_rule_create_body(const struct ovoc_rule *r);
char *ovoc_rule_update_body(const struct ovoc_rule *r);

enum ovoc_found { OVOC_FOUND, OVOC_NONE, OVOC_GARBLED };
/* The id in the answer to a look-up: `status` 204 or 404, or 200 without the
 * list, is OVOC_NONE.  Of several the first counts. */
enum ovoc_found ovoc_device_found(
    int status, const char *body, size_t len, int64_t *id);
enum ovoc_found ovoc_rule_found(
    int status, const char *body, size_t len, int64_t *id);
/* The id in the 201 of a POST: `{"id":N}`. */
enum ovoc_found ovoc_rule_created(const char *body, size_t len, int64_t *id);

#endif
