/* ovoc_rule.c - OVOC's REST API for devices and alarm forwarding rules.
 *
 * Called by the agent for each REGISTER and when a rule is taken away.  It
 * writes paths and bodies and reads answers; the requests are io/rest's.
 */
#include "wire/ovoc_rule.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/json.h"
#include "base/str.h"
#include "base/xmem.h"

#define DEVICES_PATH "/ovoc/v1/topology/devices"
#define RULES_PATH   "/ovoc/v1/alarms/fwdRules"

/* The alarm of OVOC that a lost connection raises. */
#define ALARM_NAME "acEMSNodeConnectionLostAlarm"

void
ovoc_rule_name(char buf[OVOC_RULE_NAME_MAX], const char *device)
{
	snprintf(
	    buf, OVOC_RULE_NAME_MAX, "Forward Connection Lost from %s", device);
}

/* RFC 3986 section 2: all but the unreserved characters is encoded. */
static void
add_encoded(struct strbuf *b, const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if ((isalnum(c) && c < 0x80) || strchr("-._~", c) != NULL)
			strbuf_add_bytes(b, s, 1);
		else
			strbuf_addf(b, "%%%02X", c);
	}
}

/* `<base>?detail=1&filter=(<key>='<value>')` */
static char *
look_up_path(const char *base, const char *key, const char *value)
{
	struct strbuf b = STRBUF_INIT;
	char *filter = xasprintf("(%s='%s')", key, value);

	strbuf_addf(&b, "%s?detail=1&filter=", base);
	add_encoded(&b, filter);
	free(filter);
	return strbuf_take(&b);
}

char *
ovoc_device_path(const char *device)
{
	char name[HOST_TEXT_MAX];
	struct addr a;

	if (addr_parse(&a, device))
		return look_up_path(DEVICES_PATH, "ipAddress", device);
	/* OVOC has names without the dot at their end. */
	str_copy_n(name, sizeof(name), device, host_name_len(device));
	return look_up_path(DEVICES_PATH, "fqdn", name);
}

char *
ovoc_rule_find_path(const char *device)
{
	char name[OVOC_RULE_NAME_MAX];

	ovoc_rule_name(name, device);
	return look_up_path(RULES_PATH, "name", name);
}

char *
ovoc_rule_path(int64_t rule_id)
{
	if (!rule_id)
		return xstrdup(RULES_PATH);
	return xasprintf("%s/%" PRId64, RULES_PATH, rule_id);
}

static void
add_destination(struct json *body, const struct ovoc_rule *r)
{
	struct json *to = json_set(body, "destSyslog", json_object());

	json_set_text(to, "syslogServerIP", r->destination);
	json_set_int(to, "syslogServerPort", r->port);
}

static void
add_filters(struct json *body, const struct ovoc_rule *r)
{
	static const char *const all[] = {"alarmTenantsFilter",
	    "alarmRegionsFilter", "alarmSitesFilter", "alarmEndpointsFilter"};

	json_append_text(
	    json_set(body, "alarmNamesFilter", json_array()), ALARM_NAME);
	json_append_int(
	    json_set(body, "alarmDevicesFilter", json_array()), r->device_id);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		json_set(body, all[i], json_array());
}

/* The text of `body`, which is freed. */
static char *
body_text(struct json *body)
{
	struct strbuf b = STRBUF_INIT;

	json_write(body, 0, &b);
	json_free(body);
	return strbuf_take(&b);
}

char *
ovoc_rule_create_body(const struct ovoc_rule *r)
{
	struct json *body = json_object();
	char name[OVOC_RULE_NAME_MAX];

	ovoc_rule_name(name, r->device);
	json_set_text(body, "name", name);
	json_set_int(body, "tenantId", -1);
	json_set_text(body, "ruleDestType", "SYSLOG");
	add_destination(body, r);
	json_set_text(body, "forwardType", "ALLOW");
	add_filters(body, r);
	return body_text(body);
}

char *
ovoc_rule_update_body(const struct ovoc_rule *r)
{
	struct json *body = json_object();

	add_destination(body, r);
	add_filters(body, r);
	return body_text(body);
}

/* `"id"` of an object; OVOC counts from 1. */
static enum ovoc_found
id_of(const struct json *object, int64_t *id)
{
	int64_t n = json_get_int(object, "id", 0);

	if (n < 1)
		return OVOC_GARBLED;
	*id = n;
	return OVOC_FOUND;
}

static enum ovoc_found
first_of(const struct json *answer, const char *list, int64_t *id)
{
	const struct json *items;

	if (!json_is_object(answer))
		return OVOC_GARBLED;
	items = json_get(answer, list);
	if (items == NULL)
		return OVOC_NONE;
	if (!json_is_array(items))
		return OVOC_GARBLED;
	if (!json_count(items))
		return OVOC_NONE;
	return id_of(json_at(items, 0), id);
}

static enum ovoc_found
found(int status, const char *body, size_t len, const char *list, int64_t *id)
{
	struct json *answer;
	enum ovoc_found result;

	*id = 0;
	if (status == 204 || status == 404)
		return OVOC_NONE;
	if (status != 200)
		return OVOC_GARBLED;
	answer = json_parse_answer(body, len);
	result = first_of(answer, list, id);
	json_free(answer);
	return result;
}

enum ovoc_found
ovoc_device_found(int status, const char *body, size_t len, int64_t *id)
{
	return found(status, body, len, "devices", id);
}

enum ovoc_found
ovoc_rule_found(int status, const char *body, size_t len, int64_t *id)
{
	return found(status, body, len, "fwdRules", id);
}

enum ovoc_found
ovoc_rule_created(const char *body, size_t len, int64_t *id)
{
	struct json *answer = json_parse_answer(body, len);
	enum ovoc_found result;

	*id = 0;
	result = id_of(answer, id);
	json_free(answer);
	return result;
}
