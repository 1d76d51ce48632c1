/* fetch.c - the retrieving state: the capture comes home by SFTP.
 */
#include "device/device_private.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xmem.h"
#include "books/run_folder.h"

static char *
local_path(const struct device *d)
{
	return xasprintf("%s/%s", d->captures, d->round->file);
}

void
device_name_file(struct device *d)
{
	int64_t wall = loop_wall(d->env->lp);
	int64_t *last = d->env->last_name;
	char name[CAPTURE_NAME_MAX];

	if (d->round->file[0] != '\0')
		return;
	/* Two devices behind two agents may be told by the same address, and
	 * all are stopped in one turn when the window ends. */
	*last = wall > *last ? wall : *last + 1;
	capture_name_cpe(name, d->conf->told, *last);
	round_name(d->round, name);
	free(d->result->last_capture);
	d->result->last_capture = xstrdup(name);
	device_fact(d, FACT_STOP);
}

/* --- rows --- */

static char *
describe(const struct retrieval_end *e)
{
	char from[CLOCK_TEXT_MAX], to[CLOCK_TEXT_MAX];

	if (e->packets == 0)
		return xasprintf("%" PRIu64 " bytes, no packet", e->bytes);
	return xasprintf("%" PRIu64 " packets from %s to %s", e->packets,
	    clock_rfc3339(e->first_us / 1000, from),
	    clock_rfc3339(e->last_us / 1000, to));
}

/* What is odd about the file, or NULL. */
static char *
file_note(const struct retrieval_end *e)
{
	if (e->verdict == PCAP_CUT && e->fail.kind == FAIL_NONE)
		return xstrdup("cut on the device");
	if (e->verdict == PCAP_CUT)
		return xstrdup("cut on the way");
	if (e->verdict != PCAP_WHOLE)
		return xasprintf(
		    "%s: not a capture file", pcap_verdict_name(e->verdict));
	if (e->bytes < e->announced)
		return xasprintf(
		    "the device announced %" PRIu64 " bytes", e->announced);
	return NULL;
}

static void
row_of_file(struct device *d, const struct retrieval_end *e, enum task_status s,
    enum severity severity, const char *text)
{
	struct row *row = device_row(d, TASK_RETRIEVE, s, severity, text);

	row->file = xstrdup(d->round->file);
	row->bytes = e->bytes;
	row->note = file_note(e);
	str_copy(row->sha256, sizeof(row->sha256), e->sha256);
	device_log(d, row->note != NULL ? LOGGING_WARNING : LOGGING_INFO,
	    "sftp", "%s%s%s", row->file, row->note != NULL ? ": " : "",
	    row->note != NULL ? row->note : "");
	d->result->bytes += e->bytes;
}

/* --- the end of a try --- */

static void
drop_retrieval(struct device *d)
{
	retrieval_free(d->retrieval);
	d->retrieval = NULL;
}

/* No capture came.  A triggered device has failed; one whose capture vanished
 * is armed again, for a restart takes the file with it. */
static void
ends_without_file(struct device *d, const struct fail *f)
{
	bool answers = f->kind == FAIL_FINAL || f->kind == FAIL_TRANSIENT;

	drop_retrieval(d);
	if (d->round->vanished && answers)
		device_goto(d, DEVICE_CLOSING);
	else
		device_fail(d, f);
}

static void
file_is_here(struct device *d, const struct retrieval_end *e)
{
	bool capture = e->verdict == PCAP_WHOLE || e->verdict == PCAP_CUT;
	struct fail f = {.kind = FAIL_NONE};
	char *text;

	if (!retrieval_keep(d->retrieval, &f)) {
		device_row(
		    d, TASK_RETRIEVE, TASK_FAILURE, SEVERITY_MAJOR, f.text);
		drop_retrieval(d);
		device_fact(d, FACT_NO_ROOM);
		device_fail(d, &f);
		return;
	}
	text = describe(e);
	row_of_file(d, e, capture ? TASK_SUCCESS : TASK_FAILURE,
	    e->verdict == PCAP_WHOLE ? SEVERITY_NORMAL
	    : capture                ? SEVERITY_MINOR
				     : SEVERITY_MAJOR,
	    text);
	free(text);
	if (!capture) {
		fail_set(&f, FAIL_FINAL, "%s is not a capture file", e->remote);
		ends_without_file(d, &f);
		return;
	}
	drop_retrieval(d);
	device_fact(d, FACT_FILE);
	device_goto(d, DEVICE_CLOSING);
}

/* The last try has failed: keep what came, for a part is better than none. */
static void
keep_what_came(struct device *d, const struct retrieval_end *e)
{
	struct fail f = e->fail, disk;

	if (e->bytes > 0 && retrieval_keep(d->retrieval, &disk)) {
		row_of_file(d, e, TASK_FAILURE, SEVERITY_MAJOR, f.text);
		return;
	}
	if (e->bytes > 0)
		device_fact(d, FACT_NO_ROOM);
	/* The disk's own word says more than that the file was not taken. */
	if (e->bytes > 0 && f.kind == FAIL_LOCAL)
		f = disk;
	device_row(d, TASK_RETRIEVE, TASK_FAILURE, SEVERITY_MAJOR, f.text)
	    ->code = f.code;
}

static void
give_up(struct device *d, const struct retrieval_end *e)
{
	if (e->fail.kind == FAIL_LOCAL)
		device_fact(d, FACT_NO_ROOM);
	keep_what_came(d, e);
	ends_without_file(d, &e->fail);
}

static void
on_end(void *arg, const struct retrieval_end *e)
{
	struct device *d = arg;
	int64_t pause;

	gate_leave(&d->sftp_ticket);
	if (e->fail.kind == FAIL_NONE) {
		file_is_here(d, e);
		return;
	}
	if (e->logged_in)
		d->retry.unreachable_since = 0;
	pause =
	    device_next_address(d, &e->fail, device_retry_after(d, &e->fail));
	if (pause == RETRY_NEVER) {
		give_up(d, e);
		return;
	}
	device_row(
	    d, TASK_RETRIEVE, TASK_FAILURE, SEVERITY_MINOR, e->fail.text);
	d->retry.tries++;
	timer_set(&d->pause, pause);
}

/* This host has no room for it; it stays on the device. */
static void
no_room(struct device *d, const struct fail *f)
{
	struct retrieval_end end = {.fail = *f};

	gate_leave(&d->sftp_ticket);
	retrieval_so_far(d->retrieval, &end);
	give_up(d, &end);
}

/* Our turn: one session. */
static void
on_place(void *arg)
{
	struct device *d = arg;
	struct fail f;
	const struct campaign_conf *conf = d->env->conf;
	const struct device_type *type = d->conf->type;
	struct sftp_spec spec = {
	    .addr = d->addrs[0],
	    .port = (uint16_t)d->conf->ssh_port,
	    .host = d->conf->address,
	    .username = d->conf->username,
	    .password = d->conf->password,
	    .hosts = d->env->hosts,
	    .host_key = d->conf->host_key,
	    .files = (const char *const *)type->remote_files,
	    .n_files = type->n_remote_files,
	    .narrow = conf->ssh.narrow || retrieval_wants_narrow(d->retrieval),
	    .connect_ms = (int)conf->timeouts.connect,
	    .stall_ms = (int)conf->timeouts.sftp_stall,
	};

	device_task_begins(d);
	if (run_folder_has_room(d->captures, conf->campaign.min_free, &f))
		retrieval_try(d->retrieval, &spec, on_end, d);
	else
		no_room(d, &f);
}

void
device_retrieving(struct device *d)
{
	if (d->retrieval == NULL) {
		char *path = local_path(d);

		d->retrieval = retrieval_new(d->env->lp, path);
		free(path);
	}
	gate_enter(d->env->sftp_gate, &d->sftp_ticket, true, on_place, d);
}

void
device_fetch_cancel(struct device *d)
{
	gate_leave(&d->sftp_ticket);
	retrieval_cancel(d->retrieval);
}

void
device_fetch_abandon(struct device *d, const char *why)
{
	struct retrieval_end end = {.fail = {.kind = FAIL_FINAL}};

	if (d->retrieval == NULL)
		return;
	device_fetch_cancel(d);
	retrieval_so_far(d->retrieval, &end);
	fail_set(&end.fail, FAIL_FINAL, "%s", why);
	keep_what_came(d, &end);
	drop_retrieval(d);
}
