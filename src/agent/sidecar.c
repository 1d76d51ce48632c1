/* sidecar.c - see sidecar.h.
 *
 * agent/capture writes it when a capture ends, agent/store gives it another
 * name when the STOP comes late.
 */
#include "agent/sidecar.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/owner.h"
#include "base/atomic_file.h"
#include "base/bytes.h"
#include "base/json.h"
#include "base/json_out.h"
#include "base/xmem.h"
#include "io/offload.h"
#include "verify/verify_record.h"
#include "wire/event_record.h"

static void
put_pieces(const struct kept_pieces *k, struct json_out *o)
{
	json_out_array(o, "pieces");
	for (size_t i = 0; i < k->n; i++) {
		const struct kept_piece *p = &k->all[i];

		json_out_object(o, NULL);
		json_out_text(o, "name", p->name);
		json_out_int(o, "bytes", p->bytes);
		json_out_int(o, "firstUs", p->first_us);
		json_out_int(o, "lastUs", p->last_us);
		if (p->packets >= 0)
			json_out_int(o, "packets", p->packets);
		if (p->cut)
			json_out_bool(o, "cut", true);
		json_out_end(o);
	}
	json_out_end(o);
}

static void
put_holes(const struct capture_record *c, struct json_out *o)
{
	json_out_array(o, "holes");
	for (size_t i = 0; i < c->n_holes; i++) {
		json_out_object(o, NULL);
		json_out_int(o, "from", c->holes[i].from);
		json_out_int(o, "to", c->holes[i].to);
		json_out_end(o);
	}
	json_out_end(o);
}

static void
put_offload(const char *interface, struct json_out *o)
{
	bool on[OFFLOAD_FLAGS];

	if (!offload_read(interface, on))
		return;
	json_out_object(o, "offload");
	for (int f = 0; f < OFFLOAD_FLAGS; f++)
		json_out_bool(o, offload_name((enum offload_flag)f), on[f]);
	json_out_end(o);
}

void
sidecar_encode(const struct sidecar *s, struct strbuf *to)
{
	struct json_out o = {.to = to};
	int64_t dropped = record_all_dropped(&s->capture->record);

	json_out_object(&o, NULL);
	json_out_int(&o, "schema", EVENT_RECORD_SCHEMA);
	json_out_text(&o, "writer", "agent");
	json_out_text(&o, "version", VERSION);
	json_out_text(&o, "device", s->device);
	if (s->owner[0] != '\0')
		json_out_text(&o, "owner", s->owner);
	json_out_text(&o, "interface", s->interface);
	json_out_int(&o, "snaplen", s->snaplen);
	put_offload(s->interface, &o);
	json_out_int(&o, "began", s->capture->record.began);
	json_out_int(&o, "ended", s->ended);
	if (dropped >= 0)
		json_out_int(&o, "dropped", dropped);
	json_out_bool(&o, "diskWasFull", s->capture->doubt);
	put_pieces(s->pieces, &o);
	put_holes(&s->capture->record, &o);
	if (s->probes != NULL)
		verify_record_put(s->probes, &o);
	json_out_end(&o);
	strbuf_add(to, "\n");
}

static void
own(const char *path, const char *owner)
{
	int fd = owner[0] == '\0'
		     ? -1
		     : open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return;
	owner_set(fd, owner);
	close(fd);
}

/* Nobody else makes files of these names, so what is not there now will not be
 * at the commit. */
static bool
write_whole(const char *path, const char *owner, const struct strbuf *text,
    struct fail *why)
{
	struct atomic_file *f;

	if (faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		fail_set(why, FAIL_LOCAL, "cannot write %s: it is there", path);
		return false;
	}
	f = atomic_file_open(path, why);
	if (f == NULL)
		return false;
	atomic_file_write(f, strbuf_text(text), text->len);
	if (!atomic_file_commit(f, why))
		return false;
	own(path, owner);
	return true;
}

bool
sidecar_write(const struct sidecar *s, const char *folder, const char *name,
    struct fail *why)
{
	struct strbuf text = STRBUF_INIT;
	char *path = xasprintf("%s/%s", folder, name);
	bool ok;

	sidecar_encode(s, &text);
	ok = write_whole(path, s->owner, &text, why);
	free(path);
	strbuf_free(&text);
	return ok;
}

/* --- under another name --- */

/* The text with this piece's new name in the place of the old one. */
static void
rename_piece(struct strbuf *text, const struct kept_piece *p)
{
	char *was = xasprintf("\"%s\"", p->was);
	const char *all = strbuf_text(text), *at = strstr(all, was);
	struct strbuf new = STRBUF_INIT;

	if (at != NULL) {
		strbuf_add_bytes(&new, all, (size_t)(at - all));
		strbuf_addf(&new, "\"%s\"%s", p->name, at + strlen(was));
		strbuf_free(text);
		*text = new;
	}
	free(was);
}

static const struct json *
find_piece(const struct json *all, const char *name)
{
	for (size_t i = 0; i < json_count(all); i++) {
		const struct json *one = json_at(all, i);

		if (strcmp(json_get_text(one, "name", ""), name) == 0)
			return one;
	}
	return NULL;
}

/* What it tells of these pieces, and how many packets were dropped. */
static void
complete(
    struct kept_pieces *pieces, const struct strbuf *text, int64_t *dropped)
{
	struct json *root = json_parse(strbuf_text(text), text->len);
	const struct json *all = json_get(root, "pieces");

	*dropped = json_get_int(root, "dropped", -1);
	for (size_t i = 0; i < pieces->n; i++) {
		struct kept_piece *p = &pieces->all[i];
		const struct json *told =
		    p->was != NULL ? find_piece(all, p->was) : NULL;

		if (told == NULL)
			continue;
		p->first_us = json_get_int(told, "firstUs", p->first_us);
		p->last_us = json_get_int(told, "lastUs", p->last_us);
		p->packets = json_get_int(told, "packets", -1);
	}
	json_free(root);
}

static bool
read_renamed(const char *path, struct kept_pieces *pieces, struct strbuf *text,
    int64_t *dropped)
{
	struct stat st;
	size_t len;
	char *old = bytes_read(
	    bytes_open(path, O_NOFOLLOW, &st), EVENT_RECORD_BYTES, &len);

	if (old == NULL)
		return false;
	strbuf_add_bytes(text, old, len);
	bytes_free(old, len + 1);
	complete(pieces, text, dropped);
	for (size_t i = 0; i < pieces->n; i++)
		if (pieces->all[i].was != NULL)
			rename_piece(text, &pieces->all[i]);
	return true;
}

bool
sidecar_rename(const char *folder, const char *from, const char *to,
    struct kept_pieces *pieces, int64_t *dropped, struct fail *why)
{
	char *old = xasprintf("%s/%s", folder, from);
	char *new = xasprintf("%s/%s", folder, to);
	char owner[ADDR_TEXT_MAX];
	struct strbuf text = STRBUF_INIT;
	bool ok;

	*dropped = -1;
	ok = read_renamed(old, pieces, &text, dropped);
	if (ok) {
		owner_get(AT_FDCWD, old, owner);
		ok = write_whole(new, owner, &text, why);
		if (ok)
			(void)unlink(old);
	} else if (errno == ENOENT) {
		ok = true;
	} else {
		fail_set(why, FAIL_LOCAL, "cannot read %s: %s", old,
		    strerror(errno));
	}
	strbuf_free(&text);
	free(new);
	free(old);
	return ok;
}
