/* scenario.c - reads the scenario file and checks all of it.
 *
 * main.c calls it once, before anything listens.  What the values mean is
 * documented in traffic-capture-lab(8).
 */
#include "scenario.h"

#include <errno.h>
#include <libgen.h>
#include <libconfig.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "keys.h"

#define COUNT(a)    (sizeof(a) / sizeof((a)[0]))
#define DEVICES_MAX 20000 /* what one process has descriptors for */
#define PORT_RANGE  1, 65535
#define CLOCK_MOST  1000000000 /* s: 31 years */

#define DEV(field) offsetof(struct device_conf, field)
static const struct key device_keys[] = {
    {"name", KEY_TEXT, DEV(name), 0, 0, NULL},
    {"fqdn", KEY_TEXT, DEV(fqdn), 0, 0, NULL},
    {"address", KEY_ADDRESS, DEV(address), 0, 0, NULL},
    {"ovoc_address", KEY_ADDRESS, DEV(ovoc_address), 0, 0, NULL},
    {"managed", KEY_BOOL, DEV(managed), 0, 0, NULL},
    {"type", KEY_CHOICE, DEV(type), 0, 0, "msbr gwsbc"},
    {"username", KEY_TEXT, DEV(username), 0, 0, NULL},
    {"password", KEY_TEXT, DEV(password), 0, 0, NULL},
    {"count", KEY_NUMBER, DEV(count), 1, DEVICES_MAX, NULL},
    {"rest_port", KEY_NUMBER, DEV(rest_port), PORT_RANGE, NULL},
    {"ssh_port", KEY_NUMBER, DEV(ssh_port), PORT_RANGE, NULL},
    {"lose_after", KEY_DURATION, DEV(lose_after_ms), 0, 0, NULL},
    {"lose_times", KEY_NUMBER, DEV(lose_times), 0, 1000000, NULL},
    {"lost_for", KEY_DURATION, DEV(lost_for_ms), 0, 0, NULL},
    {"capture", KEY_CHOICE, DEV(capture), 0, 0, "synthetic tcpdump"},
    {"interface", KEY_TEXT, DEV(interface), 0, 0, NULL},
    {"clock", KEY_NUMBER, DEV(clock), -CLOCK_MOST, CLOCK_MOST, NULL},
    {"capture_size", KEY_SIZE, DEV(capture_size), 0, 0, NULL},
    {"remote_file", KEY_TEXT, DEV(remote_file), 0, 0, NULL},
    {"max_sessions", KEY_NUMBER, DEV(max_sessions), 1, 1000, NULL},
    {"lockout", KEY_NUMBER, DEV(lockout), 0, 1000, NULL},
    {"strict_users", KEY_BOOL, DEV(strict_users), 0, 0, NULL},
    {"faults", KEY_GROUP, 0, 0, 0, NULL},
};

#define OVOC(field) offsetof(struct ovoc_conf, field)
static const struct key ovoc_keys[] = {
    {"address", KEY_ADDRESS, OVOC(address), 0, 0, NULL},
    {"port", KEY_NUMBER, OVOC(port), PORT_RANGE, NULL},
    {"username", KEY_TEXT, OVOC(username), 0, 0, NULL},
    {"password", KEY_TEXT, OVOC(password), 0, 0, NULL},
    {"alarm_format", KEY_CHOICE, OVOC(alarm_format), 0, 0, "1.0.6 documented"},
    {"syslog_header", KEY_BOOL, OVOC(syslog_header), 0, 0, NULL},
    {"alarm_name", KEY_TEXT, OVOC(alarm_name), 0, 0, NULL},
    {"lost_text", KEY_TEXT, OVOC(lost_text), 0, 0, NULL},
    {"clear_text", KEY_TEXT, OVOC(clear_text), 0, 0, NULL},
    {"forward_to", KEY_ADDRESS, OVOC(forward_to), 0, 0, NULL},
    {"forward_port", KEY_NUMBER, OVOC(forward_port), PORT_RANGE, NULL},
    {"faults", KEY_GROUP, 0, 0, 0, NULL},
};

#define LAB(field) offsetof(struct scenario, field)
static const struct key lab_keys[] = {
    {"state", KEY_TEXT, LAB(state), 0, 0, NULL},
    {"wildcard", KEY_BOOL, LAB(wildcard), 0, 0, NULL},
    {"snmpd", KEY_BOOL, LAB(snmpd), 0, 0, NULL},
    {"snmp_port", KEY_NUMBER, LAB(snmp_port), PORT_RANGE, NULL},
    {"snmp_user", KEY_TEXT, LAB(snmp_user), 0, 0, NULL},
    {"snmp_auth_password", KEY_TEXT, LAB(snmp_auth_password), 0, 0, NULL},
    {"snmp_priv_password", KEY_TEXT, LAB(snmp_priv_password), 0, 0, NULL},
    {"snmp_description", KEY_TEXT, LAB(snmp_description), 0, 0, NULL},
    {"snmp_community", KEY_TEXT, LAB(snmp_community), 0, 0, NULL},
    {"tcpdump", KEY_TEXT, LAB(tcpdump), 0, 0, NULL},
    {"ovoc", KEY_GROUP, 0, 0, 0, NULL},
    {"devices", KEY_GROUP, 0, 0, 0, NULL},
};

#define FAULT(field) offsetof(struct fault, field)
/* The rows without words get them from fault.c. */
static const struct key fault_keys[] = {
    {"on", KEY_CHOICE, FAULT(on), 0, 0, NULL},
    {"kind", KEY_CHOICE, FAULT(kind), 0, 0, NULL},
    {"when", KEY_CHOICE, FAULT(when), 0, 0, "ready start lost stop"},
    {"obey", KEY_CHOICE, FAULT(obey), 0, 0, "by-kind no yes"},
    {"code", KEY_NUMBER, FAULT(code), 200, 599, NULL},
    {"times", KEY_NUMBER, FAULT(times), 0, 1000000, NULL},
    {"after", KEY_NUMBER, FAULT(after), 0, 1000000, NULL},
    {"size", KEY_SIZE, FAULT(size), 0, 0, NULL},
    {"delay", KEY_DURATION, FAULT(delay_ms), 0, 0, NULL},
    {"for", KEY_DURATION, FAULT(for_ms), 0, 0, NULL},
    {"address", KEY_ADDRESS, FAULT(address), 0, 0, NULL},
};

static void
fault_read(struct problems *p, const config_setting_t *s, bool of_ovoc,
    struct fault *f)
{
	struct key table[COUNT(fault_keys)];
	unsigned before = p->n;

	memcpy(table, fault_keys, sizeof(table));
	table[0].choices = fault_places();
	table[1].choices = fault_kinds();
	f->on = f->kind = -1;
	f->size = -1;
	keys_read(p, s, table, COUNT(table), f);
	if (p->n > before)
		return;
	if (f->on < 0 || f->kind < 0) {
		problem_add(p, s, "a fault needs `on` and `kind`");
		return;
	}
	const char *wrong = fault_problem(f, of_ovoc);
	if (wrong)
		problem_add(p, s, "fault: %s", wrong);
}

/* The elements of a list; -1 and a problem if it is none. */
static int
list_length(struct problems *p, const config_setting_t *list, const char *what)
{
	if (config_setting_type(list) == CONFIG_TYPE_LIST)
		return config_setting_length(list);
	problem_add(p, list, "%s must be a list: ( { ... }, { ... } )", what);
	return -1;
}

static void
faults_read(struct problems *p, const config_setting_t *group, bool of_ovoc,
    struct faults *fs)
{
	const config_setting_t *list =
	    config_setting_get_member(group, "faults");
	int n = list ? list_length(p, list, "faults") : 0;

	if (n <= 0)
		return;
	fs->list = xcalloc((size_t)n, sizeof(fs->list[0]));
	fs->n = (size_t)n;
	for (int i = 0; i < n; i++)
		fault_read(p, config_setting_get_elem(list, (unsigned)i),
		    of_ovoc, &fs->list[i]);
}

static void
ovoc_read(
    struct problems *p, const config_setting_t *group, struct ovoc_conf *o)
{
	keys_read(p, group, ovoc_keys, COUNT(ovoc_keys), o);
	if (config_setting_type(group) != CONFIG_TYPE_GROUP)
		return;
	o->present = true;
	if (o->address.family == AF_UNSPEC)
		problem_add(p, group, "ovoc needs an address");
	faults_read(p, group, true, &o->faults);
}

static void
device_defaults(struct device_conf *d)
{
	memset(d, 0, sizeof(*d));
	d->username = xstrdup("Admin");
	d->password = xstrdup("Admin");
	d->managed = true;
	d->count = 1;
	d->rest_port = 443;
	d->ssh_port = 22;
	d->lose_after_ms = 2000;
	d->lose_times = 1;
	d->capture_size = 20000;
	d->max_sessions = 5;
	d->lockout = 3;
}

/* The address `step` after `base`; false beyond the last one. */
static bool
addr_step(struct addr *a, const struct addr *base, uint32_t step)
{
	int last = base->family == AF_INET ? 3 : 15;
	uint64_t carry = step;

	*a = *base;
	for (int i = last; i >= 0 && carry > 0; i--) {
		carry += a->ip[i];
		a->ip[i] = (unsigned char)carry;
		carry >>= 8;
	}
	return carry == 0;
}

/* The i-th of `count` devices that one group describes. */
static bool
device_copy(
    struct device_conf *to, const struct device_conf *from, uint32_t step)
{
	char text[ADDR_TEXT_MAX];

	*to = *from;
	if (!addr_step(&to->address, &from->address, step))
		return false;
	if (from->ovoc_address.family == AF_UNSPEC)
		to->ovoc_address = to->address;
	else if (!addr_step(&to->ovoc_address, &from->ovoc_address, step))
		return false;
	if (!from->name)
		to->name = xstrdup(addr_text(&to->address, text));
	else if (from->count > 1)
		to->name = xasprintf("%s-%u", from->name, step + 1);
	else
		to->name = xstrdup(from->name);
	to->fqdn = xstrdup(from->fqdn);
	to->username = xstrdup(from->username);
	to->password = xstrdup(from->password);
	to->interface = xstrdup(from->interface);
	to->remote_file = xstrdup(from->remote_file);
	to->faults = faults_copy(&from->faults);
	return true;
}

static void
device_free(struct device_conf *d)
{
	keys_free(device_keys, COUNT(device_keys), d);
	faults_free(&d->faults);
}

static void
device_check(struct problems *p, const config_setting_t *group,
    const struct device_conf *d)
{
	if (d->address.family == AF_UNSPEC)
		problem_add(p, group, "a device needs an address");
	if (d->capture == CAPTURE_TCPDUMP && !d->interface)
		problem_add(p, group, "capture tcpdump needs an interface");
	if (d->fqdn && d->count > 1)
		problem_add(p, group, "fqdn is for one device, not for %lld",
		    (long long)d->count);
	if (d->fqdn && !host_name_valid(d->fqdn))
		problem_add(p, group, "fqdn is not a host name");
}

static void
device_read(
    struct problems *p, const config_setting_t *group, struct scenario *sc)
{
	struct device_conf d;
	unsigned before = p->n;

	device_defaults(&d);
	keys_read(p, group, device_keys, COUNT(device_keys), &d);
	if (config_setting_type(group) == CONFIG_TYPE_GROUP) {
		faults_read(p, group, false, &d.faults);
		device_check(p, group, &d);
	}
	if (sc->n_devices + (size_t)d.count > DEVICES_MAX)
		problem_add(p, group, "more than %d devices", DEVICES_MAX);
	if (p->n == before) {
		sc->devices = xreallocarray(sc->devices,
		    sc->n_devices + (size_t)d.count, sizeof(sc->devices[0]));
		for (uint32_t i = 0; i < (uint32_t)d.count; i++) {
			if (!device_copy(&sc->devices[sc->n_devices], &d, i)) {
				problem_add(p, group, "count: no such address");
				break;
			}
			sc->n_devices++;
		}
	}
	device_free(&d);
}

static int
device_order(const void *a, const void *b)
{
	const struct device_conf *const *x = a;
	const struct device_conf *const *y = b;

	return addr_cmp(&(*x)->address, &(*y)->address);
}

static void
duplicates_check(
    struct problems *p, const config_setting_t *lab, const struct scenario *sc)
{
	const struct device_conf **by_address =
	    xcalloc(sc->n_devices + 1, sizeof(by_address[0]));
	char text[ADDR_TEXT_MAX];

	for (size_t i = 0; i < sc->n_devices; i++)
		by_address[i] = &sc->devices[i];
	qsort(by_address, sc->n_devices, sizeof(by_address[0]), device_order);
	for (size_t i = 1; i < sc->n_devices; i++) {
		if (device_order(&by_address[i - 1], &by_address[i]) == 0)
			problem_add(p, lab, "two devices have the address %s",
			    addr_text(&by_address[i]->address, text));
	}
	free(by_address);
}

static void
lab_check(
    struct problems *p, const config_setting_t *lab, const struct scenario *sc)
{
	if (!sc->state || sc->state[0] == '\0')
		problem_add(p, lab,
		    "state is missing: the folder for keys and captures");
	if (sc->n_devices > SCENARIO_LISTENERS_MAX && !sc->wildcard)
		problem_add(p, lab,
		    "%zu devices: more than %d need `wildcard = true`, and "
		    "that a network namespace of their own",
		    sc->n_devices, SCENARIO_LISTENERS_MAX);
	if (sc->snmpd && (strlen(sc->snmp_auth_password) < 8 ||
			     strlen(sc->snmp_priv_password) < 8))
		problem_add(p, lab,
		    "SNMP passwords have at least 8 characters (RFC 3414, "
		    "section 11.2)");
	duplicates_check(p, lab, sc);
}

static void
lab_read(struct problems *p, const config_t *file, struct scenario *sc,
    const char *state)
{
	const config_setting_t *root = config_root_setting(file);
	const config_setting_t *lab = config_setting_get_member(root, "lab");

	if (!lab || config_setting_length(root) != 1) {
		problem_add(p, root, "expected one group: lab = { ... };");
		return;
	}
	keys_read(p, lab, lab_keys, COUNT(lab_keys), sc);
	if (config_setting_type(lab) != CONFIG_TYPE_GROUP)
		return;
	if (state) {
		free(sc->state);
		sc->state = xstrdup(state);
	}
	const config_setting_t *part = config_setting_get_member(lab, "ovoc");
	if (part)
		ovoc_read(p, part, &sc->ovoc);
	part = config_setting_get_member(lab, "devices");
	int n = part ? list_length(p, part, "devices") : 0;
	for (int i = 0; i < n; i++)
		device_read(p, config_setting_get_elem(part, (unsigned)i), sc);
	lab_check(p, lab, sc);
}

static struct scenario *
scenario_new(void)
{
	struct scenario *sc = xcalloc(1, sizeof(*sc));

	sc->snmp_port = 161;
	sc->snmp_user = xstrdup("CaptureScript");
	sc->snmp_auth_password = xstrdup("Capture01");
	sc->snmp_priv_password = xstrdup("Capture01");
	sc->snmp_description = xstrdup("Simulated device");
	sc->tcpdump = xstrdup("/usr/bin/tcpdump");
	sc->ovoc.port = 443;
	sc->ovoc.username = xstrdup("capture");
	sc->ovoc.password = xstrdup("capture");
	sc->ovoc.alarm_name = xstrdup("Connection Alarm");
	sc->ovoc.lost_text = xstrdup("Connection Lost");
	sc->ovoc.clear_text = xstrdup("Connection established");
	sc->ovoc.syslog_header = true;
	sc->ovoc.forward_port = 20001;
	return sc;
}

/* Check what libconfig has read; frees it. */
static struct scenario *
scenario_finish(config_t *file, bool readable, const char *name,
    const char *state, struct strbuf *problems)
{
	struct problems p = {STRBUF_INIT, 0};
	struct scenario *sc = scenario_new();

	if (readable) {
		lab_read(&p, file, sc, state);
	} else {
		const char *where = config_error_file(file);
		strbuf_addf(&p.text,
		    "%s:%d: %s (a missing `;` or brace often "
		    "shows a line later)\n",
		    where ? where : name, config_error_line(file),
		    config_error_text(file));
		p.n++;
	}
	config_destroy(file);
	if (p.n > 0) {
		scenario_free(sc);
		sc = NULL;
		strbuf_add(problems, strbuf_text(&p.text));
	}
	strbuf_free(&p.text);
	return sc;
}

struct scenario *
scenario_load(const char *path, const char *state, struct strbuf *problems)
{
	config_t file;
	FILE *stream = fopen(path, "re");

	if (!stream) {
		strbuf_addf(problems, "%s: %s\n", path, strerror(errno));
		return NULL;
	}
	fclose(stream);
	config_init(&file);
	char *copy = xstrdup(path);
	config_set_include_dir(&file, dirname(copy));
	free(copy);
	bool readable = config_read_file(&file, path) == CONFIG_TRUE;
	return scenario_finish(&file, readable, path, state, problems);
}

struct scenario *
scenario_parse(const char *text, const char *state, struct strbuf *problems)
{
	config_t file;

	config_init(&file);
	bool readable = config_read_string(&file, text) == CONFIG_TRUE;
	return scenario_finish(
	    &file, readable, "built-in scenario", state, problems);
}

void
scenario_free(struct scenario *sc)
{
	if (!sc)
		return;
	for (size_t i = 0; i < sc->n_devices; i++)
		device_free(&sc->devices[i]);
	free(sc->devices);
	keys_free(ovoc_keys, COUNT(ovoc_keys), &sc->ovoc);
	faults_free(&sc->ovoc.faults);
	keys_free(lab_keys, COUNT(lab_keys), sc);
	free(sc);
}
