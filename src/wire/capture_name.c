/* capture_name.c - the names of captures, made and recognised.
 *
 * Both programs name what they write by these functions, and the agent takes
 * no other name from a STOP or from its state file.
 */
#include "wire/capture_name.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/str.h"

static const char cpe_prefix[] = "CPE_device_";
static const char ovoc_prefix[] = "OVOC_device_";
static const char folder_prefix[] = "tmp_device_";
static const char aborted_prefix[] = "ABORTED_device_";
static const char campaign_prefix[] = "CAMPAIGN_device_";
static const char compare_prefix[] = "COMPARE_device_";

static char
file_char(char c)
{
	return c == ':' ? '.' : c;
}

/* `<prefix><device>_<time>` */
static void
name_of(char buf[CAPTURE_NAME_MAX], const char *prefix, const char *device,
    long long wall_ms)
{
	char host[HOST_TEXT_MAX], when[CLOCK_TEXT_MAX];

	str_copy(host, sizeof(host), device);
	for (char *p = host; *p != '\0'; p++)
		*p = file_char(*p);
	snprintf(buf, CAPTURE_NAME_MAX, "%s%s_%s", prefix, host,
	    clock_file_micro(wall_ms, when));
}

/* The rest of `name` after a time, NULL if it does not begin with one. */
static const char *
after_time(const char *name)
{
	static const char shape[] = "0000-00-00T00.00.00.000000";

	for (const char *p = shape; *p != '\0'; p++, name++) {
		bool digit = isdigit((unsigned char)*name);

		if (*p == '0' ? !digit : *name != *p)
			return NULL;
	}
	return *name == 'Z' ? name + 1 : name;
}

/* What follows on such a name of this device; NULL if it is none. */
static const char *
after_name(const char *name, const char *prefix, const char *device)
{
	if (!host_valid(device) || strlen(name) >= CAPTURE_NAME_MAX ||
	    !str_starts(name, prefix))
		return NULL;
	name += strlen(prefix);
	for (; *device != '\0'; device++, name++)
		if (*name != file_char(*device))
			return NULL;
	return *name == '_' ? after_time(name + 1) : NULL;
}

void
capture_name_cpe(
    char buf[CAPTURE_NAME_MAX], const char *device, long long wall_ms)
{
	char name[CAPTURE_NAME_MAX];

	name_of(name, cpe_prefix, device, wall_ms);
	snprintf(
	    buf, CAPTURE_NAME_MAX, "%.*s.pcap", CAPTURE_NAME_MAX - 8, name);
}

bool
capture_name_valid(const char *name, const char *device)
{
	const char *end = after_name(name, cpe_prefix, device);

	return end != NULL &&
	       (strcmp(end, ".pcap") == 0 || strcmp(end, ".pcapng") == 0);
}

bool
capture_name_is_utc(const char *cpe_name)
{
	const char *end = strrchr(cpe_name, '.');

	return end != NULL && end > cpe_name && end[-1] == 'Z';
}

/* `<prefix><device>_<time><end>` for the CPE file. */
static void
name_beside(char buf[CAPTURE_NAME_MAX], const char *prefix,
    const char *cpe_name, const char *end)
{
	const char *device = cpe_name;
	const char *dot = strrchr(cpe_name, '.');
	int len;

	if (str_starts(cpe_name, cpe_prefix))
		device += strlen(cpe_prefix);
	len = dot != NULL && dot > device ? (int)(dot - device)
					  : (int)strlen(device);
	snprintf(buf, CAPTURE_NAME_MAX, "%s%.*s%s", prefix, len, device, end);
}

void
capture_name_ovoc(char buf[CAPTURE_NAME_MAX], const char *cpe_name, unsigned n)
{
	char end[32];

	snprintf(end, sizeof(end), "-%u.pcap", n);
	name_beside(buf, ovoc_prefix, cpe_name, end);
}

void
capture_name_campaign(char buf[CAPTURE_NAME_MAX], const char *cpe_name)
{
	name_beside(buf, campaign_prefix, cpe_name, ".json");
}

void
capture_name_compare(char buf[CAPTURE_NAME_MAX], const char *cpe_name)
{
	name_beside(buf, compare_prefix, cpe_name, ".json");
}

void
capture_name_folder(
    char buf[CAPTURE_NAME_MAX], const char *device, long long wall_ms)
{
	name_of(buf, folder_prefix, device, wall_ms);
}

bool
capture_name_folder_valid(const char *name, const char *device)
{
	const char *end = after_name(name, folder_prefix, device);

	return end != NULL && *end == '\0';
}

bool
capture_name_is_folder(const char *name)
{
	return str_starts(name, folder_prefix);
}

void
capture_name_aborted(char buf[CAPTURE_NAME_MAX], const char *folder, unsigned n)
{
	const char *device = folder;

	if (capture_name_is_folder(folder))
		device += strlen(folder_prefix);
	snprintf(buf, CAPTURE_NAME_MAX, "%s%.*s-%u.pcap", aborted_prefix,
	    CAPTURE_NAME_MAX - 40, device, n);
}

void
capture_name_sidecar(
    char buf[CAPTURE_NAME_MAX], const char *folder, const char *cpe_name)
{
	static const char first[] = "-0.pcap";
	char name[CAPTURE_NAME_MAX];
	size_t len;

	if (cpe_name != NULL)
		capture_name_ovoc(name, cpe_name, 0);
	else
		capture_name_aborted(name, folder, 0);
	len = strlen(name) - strlen(first);
	snprintf(buf, CAPTURE_NAME_MAX, "%.*s.json",
	    len < CAPTURE_NAME_MAX - 8 ? (int)len : CAPTURE_NAME_MAX - 8, name);
}

bool
capture_name_is_finished(const char *name)
{
	return str_starts(name, ovoc_prefix) ||
	       str_starts(name, aborted_prefix);
}

bool
capture_name_is_aborted(const char *name)
{
	return str_starts(name, aborted_prefix);
}

enum capture_end
capture_name_end(const char *name)
{
	if (str_starts(name, "CPE_"))
		return CAPTURE_END_DEVICE;
	if (str_starts(name, "OVOC_") || str_starts(name, "ABORTED_"))
		return CAPTURE_END_SERVER;
	return CAPTURE_END_UNKNOWN;
}

static bool
is_json(const char *name)
{
	size_t len = strlen(name);

	return len > 5 && strcmp(name + len - 5, ".json") == 0;
}

bool
capture_name_is_record(const char *name)
{
	return is_json(name) && (capture_name_is_finished(name) ||
				    str_starts(name, campaign_prefix));
}

bool
capture_name_is_verdict(const char *name)
{
	return is_json(name) && str_starts(name, compare_prefix);
}

/* Where the <device>, the <time> and what follows it begin. */
struct parts {
	const char *device, *time, *rest;
};

static bool
take_apart(struct parts *p, const char *name)
{
	static const char *const prefixes[] = {cpe_prefix, ovoc_prefix,
	    aborted_prefix, campaign_prefix, compare_prefix};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (!str_starts(name, prefixes[i]))
			continue;
		p->device = name + strlen(prefixes[i]);
		p->time = strrchr(p->device, '_'); /* no time has one */
		p->rest = p->time == NULL ? NULL : after_time(p->time + 1);
		return p->rest != NULL;
	}
	return false;
}

bool
capture_name_device(char buf[CAPTURE_NAME_MAX], const char *name)
{
	struct parts p;

	return take_apart(&p, name) &&
	       str_copy_n(buf, CAPTURE_NAME_MAX, p.device,
		   (size_t)(p.time - p.device));
}

bool
capture_name_event(char buf[CAPTURE_NAME_MAX], const char *name)
{
	struct parts p;

	return take_apart(&p, name) &&
	       str_copy_n(buf, CAPTURE_NAME_MAX, p.device,
		   (size_t)(p.rest - p.device));
}

bool
capture_name_number(unsigned *n, const char *name)
{
	const char *dot = strrchr(name, '.');
	char digits[16];
	int64_t value;
	struct parts p;

	if (!capture_name_is_finished(name) || !take_apart(&p, name) ||
	    *p.rest != '-' || dot < p.rest || strcmp(dot, ".pcap") != 0 ||
	    !str_copy_n(digits, sizeof(digits), p.rest + 1,
		(size_t)(dot - p.rest - 1)) ||
	    !str_to_int64(digits, 0, UINT32_MAX, &value))
		return false;
	*n = (unsigned)value;
	return true;
}
