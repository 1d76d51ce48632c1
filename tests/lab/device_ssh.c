/* device_ssh.c - what a device's next SSH connection is given, faults included.
 *
 * Decided here, in the loop, when the client connects; ssh_server.c then works
 * on its copy in a thread.
 */
#include "device_ssh.h"

#include <string.h>
#include <unistd.h>

#include "base/str.h"

#define MSBR_FILE    "/debug-capture/debug-capture-data.pcap"
#define GATEWAY_FILE "/debug-capture/debug-capture-voip.pcap"
#define PCAP_HEADER  24   /* a bare file: no packets */
#define OLD_SECONDS  3600 /* age of the file that is not the right one */
#define CUT_BYTES    7    /* cuts the last record of a pcap file */
#define PRETEND_SIZE 100000
#define SLOW_RATE    2000 /* bytes a second */

static int64_t
fault_size(const struct fault *f, int64_t otherwise)
{
	return f->size >= 0 ? f->size : otherwise;
}

static struct sftp_file *
file_add(struct sftp_offer *o, const struct device *d, const char *remote)
{
	struct sftp_file *f = &o->files[o->n_files++];

	str_copy(f->remote, sizeof(f->remote), remote);
	str_copy(f->local, sizeof(f->local), d->path);
	f->keep = -1;
	return f;
}

static void
files_offer(struct device *d, struct sftp_offer *o)
{
	struct faults *fs = &d->faults;
	bool msbr = d->conf->type == TYPE_MSBR;
	const char *usual = msbr ? MSBR_FILE : GATEWAY_FILE;

	if (d->conf->remote_file)
		usual = d->conf->remote_file;
	if (fault_hit(fs, ON_SFTP, KIND_NEWER)) {
		struct sftp_file *stale = file_add(o, d, usual);
		stale->keep = PCAP_HEADER;
		stale->older = OLD_SECONDS;
		usual = msbr ? GATEWAY_FILE : MSBR_FILE;
	}
	struct sftp_file *right = file_add(o, d, usual);
	if (fault_hit(fs, ON_SFTP, KIND_EMPTY))
		right->keep = 0;
	const struct fault *f = fault_hit(fs, ON_SFTP, KIND_TRUNCATE);
	if (f)
		right->lacks = fault_size(f, CUT_BYTES);
	f = fault_hit(fs, ON_SFTP, KIND_HUGE);
	if (f)
		right->pretends = fault_size(f, PRETEND_SIZE);
	if (fault_hit(fs, ON_SFTP, KIND_MISSING))
		o->n_files = 0;
}

/* Bytes after which this fault comes; -1 without it. */
static int64_t
mark(struct device *d, enum fault_kind kind)
{
	const struct fault *f = fault_hit(&d->faults, ON_SFTP, kind);

	return f ? fault_size(f, 0) : -1;
}

static void
offer_make(struct device *d, struct sftp_offer *o)
{
	struct faults *fs = &d->faults;

	memset(o, 0, sizeof(*o));
	str_copy(o->username, sizeof(o->username), d->conf->username);
	str_copy(o->password, sizeof(o->password), d->conf->password);
	o->refuse_login = fault_hit(fs, ON_SSH, KIND_LOGIN) || device_locked(d);
	o->no_password = fault_hit(fs, ON_SSH, KIND_KEYBOARD);
	o->no_keyboard = fault_hit(fs, ON_SSH, KIND_PASSWORD);
	o->other_key = fault_hit(fs, ON_SSH, KIND_KEY);
	files_offer(d, o);
	o->hang_after = mark(d, KIND_HANG);
	o->cut_after = mark(d, KIND_CUT);
	o->fail_after = mark(d, KIND_STATUS);
	const struct fault *f = fault_hit(fs, ON_SFTP, KIND_SLOW);
	o->rate = f ? fault_size(f, SLOW_RATE) : 0;
	o->one_read = fault_hit(fs, ON_SFTP, KIND_SINGLE);
}

static void
ssh_event(void *arg, const struct sftp_event *e)
{
	struct device *d = arg;
	struct log *lg = loop_log(d->lp);

	switch (e->what) {
	case SFTP_LOGIN_OK:
		d->n.logins_ok++;
		d->login_failures = 0;
		log_write(lg, LOGGING_INFO, d->who, "ssh", "login");
		return;
	case SFTP_LOGIN_REFUSED:
		d->n.logins_refused++;
		d->login_failures++;
		log_write(lg, LOGGING_WARNING, d->who, "ssh", "login refused");
		return;
	case SFTP_STARTED:
		d->n.sftp_sessions++;
		return;
	case SFTP_OPENED:
		log_write(lg, LOGGING_INFO, d->who, "sftp", "%s", e->text);
		return;
	case SFTP_ENDED:
		d->sessions--;
		d->n.sftp_bytes += e->bytes;
		log_write(lg, LOGGING_INFO, d->who, "ssh",
		    "connection ended, %lld bytes of files sent",
		    (long long)e->bytes);
		return;
	}
}

void
device_ssh_accept(
    struct device *d, struct ssh_server *server, struct silent *silent, int fd)
{
	struct sftp_offer offer;

	d->n.ssh_connections++;
	if (fault_hit(&d->faults, ON_SSH, KIND_HANG)) {
		silent_add(silent, fd);
		return;
	}
	if (fault_hit(&d->faults, ON_SSH, KIND_CLOSE) ||
	    d->sessions >= d->conf->max_sessions) {
		close(fd);
		return;
	}
	offer_make(d, &offer);
	if (ssh_server_add(server, fd, &offer, ssh_event, d))
		d->sessions++;
	else
		log_write(loop_log(d->lp), LOGGING_ERROR, d->who, "ssh",
		    "no thread for this connection");
}
