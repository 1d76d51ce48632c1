/* sftp_session.c - SFTP version 3 (draft-ietf-secsh-filexfer-02), read only.
 *
 * STAT, LSTAT, FSTAT, REALPATH, OPEN, READ and CLOSE are all that a client
 * needs to fetch a file whose name it knows; the rest is refused.
 */
#define WITH_SERVER 1
#include "sftp_session.h"

#include <errno.h>
#include <fcntl.h>
#include <libssh/server.h>
#include <libssh/sftp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "base/xmem.h"
#include "sftp_hello.h"

#define READ_MAX 262144 /* more is answered with less */
/* A second READ that was sent along with the first has arrived by then. */
#define SECOND_READ_MS 20

struct open_file {
	struct open_file *next;
	struct open_file **link;
	int fd;
	const struct sftp_file *file;
	int64_t size; /* what can be read */
};

struct served {
	const struct sftp_offer *offer;
	struct sftp_teller *teller;
	sftp_session sftp;
	ssh_channel channel;
	char *buffer;
	struct open_file *files;
};

static void
file_close(struct open_file *of)
{
	close(of->fd);
	*of->link = of->next;
	if (of->next)
		of->next->link = of->link;
	free(of);
}

void
sftp_session_wait(int fd, int ms)
{
	struct pollfd p = {fd, POLLRDHUP, 0};

	while (poll(&p, 1, ms) < 0 && errno == EINTR)
		;
}

static const struct sftp_file *
file_find(const struct served *s, const char *name)
{
	for (unsigned i = 0; i < s->offer->n_files; i++)
		if (name && strcmp(s->offer->files[i].remote, name) == 0)
			return &s->offer->files[i];
	return NULL;
}

static int64_t
readable_size(const struct sftp_file *f, const struct stat *st)
{
	int64_t size = st->st_size - f->lacks;

	if (size < 0)
		size = 0;
	return f->keep >= 0 && f->keep < size ? f->keep : size;
}

static void
attributes_reply(
    sftp_client_message m, const struct sftp_file *f, const struct stat *st)
{
	struct sftp_attributes_struct a = {0};

	a.flags = SSH_FILEXFER_ATTR_SIZE | SSH_FILEXFER_ATTR_PERMISSIONS |
		  SSH_FILEXFER_ATTR_ACMODTIME;
	a.size = (uint64_t)(readable_size(f, st) + f->pretends);
	a.permissions = S_IFREG | 0444;
	a.mtime = (uint32_t)(st->st_mtime - f->older);
	a.atime = a.mtime;
	sftp_reply_attr(m, &a);
}

static void
directory_reply(sftp_client_message m)
{
	struct sftp_attributes_struct a = {0};

	a.flags = SSH_FILEXFER_ATTR_PERMISSIONS;
	a.permissions = S_IFDIR | 0555;
	sftp_reply_attr(m, &a);
}

static void
do_stat(struct served *s, sftp_client_message m)
{
	const char *name = sftp_client_message_get_filename(m);
	const struct sftp_file *f = file_find(s, name);
	struct stat st;

	if (f && stat(f->local, &st) == 0)
		attributes_reply(m, f, &st);
	else if (name && (strcmp(name, "/") == 0 ||
			     strcmp(name, "/debug-capture") == 0))
		directory_reply(m);
	else
		sftp_reply_status(m, SSH_FX_NO_SUCH_FILE, "No such file");
}

/* The open local file; NULL if there is none. */
static struct open_file *
file_open(struct served *s, const struct sftp_file *f)
{
	int fd = open(f->local, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	struct open_file *of = xcalloc(1, sizeof(*of));
	of->next = s->files;
	of->link = &s->files;
	if (of->next)
		of->next->link = &of->next;
	s->files = of;
	of->fd = fd;
	of->file = f;
	of->size = readable_size(f, &st);
	return of;
}

static void
do_open(struct served *s, sftp_client_message m)
{
	const struct sftp_file *f =
	    file_find(s, sftp_client_message_get_filename(m));

	if (s->offer->hang_after == 0) {
		sftp_session_wait(s->teller->fd, -1);
		return;
	}
	if (m->flags &
	    (SSH_FXF_WRITE | SSH_FXF_APPEND | SSH_FXF_CREAT | SSH_FXF_TRUNC)) {
		sftp_reply_status(
		    m, SSH_FX_PERMISSION_DENIED, "Permission denied");
		return;
	}
	struct open_file *of = f ? file_open(s, f) : NULL;
	if (!of) {
		sftp_reply_status(m, SSH_FX_NO_SUCH_FILE, "No such file");
		return;
	}
	ssh_string handle = sftp_handle_alloc(s->sftp, of);
	if (!handle) {
		file_close(of);
		sftp_reply_status(m, SSH_FX_FAILURE, "Too many open files");
		return;
	}
	s->teller->tell(s->teller->arg, SFTP_OPENED, f->remote);
	sftp_reply_handle(m, handle);
	ssh_string_free(handle);
}

/* Would `n` more bytes pass this mark?  A READ is never answered in part: some
 * clients take that for the end of the file. */
static bool
passes(const struct served *s, int64_t mark, int64_t n)
{
	return mark >= 0 && s->teller->bytes + n > mark;
}

/* Faults that end a transfer; true if the READ has been dealt with. */
static bool
read_fault(struct served *s, sftp_client_message m, int64_t n)
{
	const struct sftp_offer *o = s->offer;

	if (o->one_read &&
	    ssh_channel_poll_timeout(s->channel, SECOND_READ_MS, 0) > 0) {
		sftp_reply_status(m, SSH_FX_FAILURE, "Too many requests");
		return true;
	}
	if (passes(s, o->hang_after, n)) {
		sftp_session_wait(s->teller->fd, -1);
		return true;
	}
	if (passes(s, o->cut_after, n)) {
		shutdown(s->teller->fd, SHUT_RDWR);
		return true;
	}
	if (passes(s, o->fail_after, n)) {
		sftp_reply_status(m, SSH_FX_FAILURE, "Failure");
		return true;
	}
	return false;
}

static void
do_read(struct served *s, sftp_client_message m)
{
	struct open_file *of = sftp_handle(s->sftp, m->handle);
	int64_t offset = (int64_t)m->offset;

	if (!of) {
		sftp_reply_status(m, SSH_FX_FAILURE, "Bad handle");
		return;
	}
	int64_t want = m->len < READ_MAX ? m->len : READ_MAX;
	if (offset < 0 || offset >= of->size)
		want = 0;
	else if (want > of->size - offset)
		want = of->size - offset;
	if (read_fault(s, m, want))
		return;
	ssize_t n =
	    want > 0 ? pread(of->fd, s->buffer, (size_t)want, offset) : 0;
	if (n <= 0) {
		sftp_reply_status(m, SSH_FX_EOF, "End of file");
		return;
	}
	if (s->offer->rate > 0)
		sftp_session_wait(
		    s->teller->fd, (int)(n * 1000 / s->offer->rate));
	s->teller->bytes += n;
	sftp_reply_data(m, s->buffer, (int)n);
}

static void
do_close(struct served *s, sftp_client_message m)
{
	struct open_file *of = sftp_handle(s->sftp, m->handle);

	if (!of) {
		sftp_reply_status(m, SSH_FX_FAILURE, "Bad handle");
		return;
	}
	sftp_handle_remove(s->sftp, of);
	file_close(of);
	sftp_reply_status(m, SSH_FX_OK, "Success");
}

static void
do_fstat(struct served *s, sftp_client_message m)
{
	struct open_file *of = sftp_handle(s->sftp, m->handle);
	struct stat st;

	if (of && fstat(of->fd, &st) == 0)
		attributes_reply(m, of->file, &st);
	else
		sftp_reply_status(m, SSH_FX_FAILURE, "Bad handle");
}

static void
do_realpath(sftp_client_message m)
{
	const char *name = sftp_client_message_get_filename(m);

	if (!name || name[0] != '/')
		name = "/";
	sftp_reply_name(m, name, NULL);
}

static void
request_serve(struct served *s, sftp_client_message m)
{
	switch (sftp_client_message_get_type(m)) {
	case SSH_FXP_STAT:
	case SSH_FXP_LSTAT:
		do_stat(s, m);
		return;
	case SSH_FXP_FSTAT:
		do_fstat(s, m);
		return;
	case SSH_FXP_REALPATH:
		do_realpath(m);
		return;
	case SSH_FXP_OPEN:
		do_open(s, m);
		return;
	case SSH_FXP_READ:
		do_read(s, m);
		return;
	case SSH_FXP_CLOSE:
		do_close(s, m);
		return;
	default:
		sftp_reply_status(
		    m, SSH_FX_OP_UNSUPPORTED, "Operation unsupported");
		return;
	}
}

void
sftp_session_run(ssh_session session, ssh_channel channel,
    const struct sftp_offer *offer, struct sftp_teller *teller)
{
	struct served s = {
	    .offer = offer, .teller = teller, .channel = channel};
	sftp_client_message m;

	s.sftp = sftp_server_new(session, channel);
	if (!s.sftp || !sftp_hello(channel))
		goto out;
	s.buffer = xcalloc(1, READ_MAX);
	while ((m = sftp_get_client_message(s.sftp)) != NULL) {
		request_serve(&s, m);
		sftp_client_message_free(m);
	}
out:
	while (s.files) /* what the client has left open */
		file_close(s.files);
	ssh_channel_request_send_exit_status(channel, 0);
	if (s.sftp)
		sftp_free(s.sftp); /* the channel goes with it */
	free(s.buffer);
}
