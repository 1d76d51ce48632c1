/* stats.c - counters of the lab as one JSON file.
 *
 * main.c writes it at the end and on SIGUSR1.
 */
#include "stats.h"

#include "base/atomic_file.h"
#include "base/json.h"
#include "base/str.h"

static const char *
state_word(const struct device *d)
{
	switch (capture_state(d->capture)) {
	case CAPTURE_OFF:
		return "off";
	case CAPTURE_STARTING:
		return "starting";
	case CAPTURE_ON:
		return "on";
	case CAPTURE_ENDING:
		break;
	}
	return "ending";
}

static void
counts_json(const struct device_counts *n, struct json *j)
{
	json_set_int(j, "rest_connections", n->rest_connections);
	json_set_int(j, "rest_requests", n->rest_requests);
	json_set_int(j, "rest_overlaps", n->rest_overlaps);
	json_set_int(j, "expect_continue", n->expects);
	json_set_int(j, "starts", n->starts);
	json_set_int(j, "shows", n->shows);
	json_set_int(j, "stops", n->stops);
	json_set_int(j, "other_scripts", n->others);
	json_set_int(j, "writes", n->writes);
	json_set_int(j, "captures", n->captures);
	json_set_int(j, "logins_ok", n->logins_ok);
	json_set_int(j, "logins_refused", n->logins_refused);
	json_set_int(j, "ssh_connections", n->ssh_connections);
	json_set_int(j, "sftp_sessions", n->sftp_sessions);
	json_set_int(j, "sftp_bytes", n->sftp_bytes);
	json_set_int(j, "losses", n->losses);
	json_set_int(j, "alarms", n->alarms);
}

static void
device_json(const struct device *d, struct json *j)
{
	json_set_text(j, "address", d->who);
	json_set_text(j, "name", d->conf->name);
	json_set_text(j, "type", d->conf->type == TYPE_MSBR ? "msbr" : "gwsbc");
	json_set_text(j, "capture", state_word(d));
	json_set_text(j, "capture_file", d->path);
	json_set_bool(j, "locked", device_locked(d));
	json_set_int(j, "snmp_users_left", d->n_users);
	struct json *users = json_set(j, "snmp_users", json_array());
	for (unsigned i = 0; i < d->n_users; i++)
		json_append_text(users, d->users[i].name);
	counts_json(&d->n, j);
}

bool
stats_write(const char *path, const struct fleet *fleet,
    const struct ovoc *ovoc, struct fail *why)
{
	struct atomic_file *f = atomic_file_open(path, why);
	struct json *root = json_object();
	struct strbuf text = STRBUF_INIT;

	if (ovoc)
		ovoc_stats(ovoc, json_set(root, "ovoc", json_object()));
	struct json *list = json_set(root, "devices", json_array());
	for (size_t i = 0; i < fleet->n; i++)
		device_json(fleet->list[i], json_append(list, json_object()));
	json_write(root, 2, &text);
	strbuf_add(&text, "\n");
	json_free(root);
	if (f)
		atomic_file_write(f, strbuf_text(&text), text.len);
	strbuf_free(&text);
	return f && atomic_file_commit(f, why);
}
