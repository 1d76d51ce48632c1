/* check_sidecar.c - what the server's side of a capture tells a comparison. */
#include "agent/sidecar.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "agent/owner.h"
#include "base/json.h"
#include "unit.h"
#include "wire/event_record.h"

static struct capture_state state = {.record = {.began = 1000,
					 .counted = true,
					 .dropped = 12,
					 .holes = {{1500, 1600}},
					 .n_holes = 1}};
#define EVENT "192.0.2.10_2026-11-23T04.00.00.123456Z"
static char piece_name[] = "OVOC_device_" EVENT "-0.pcap";
static struct kept_piece piece = {.name = piece_name,
    .first_us = 1000001,
    .last_us = 1999999,
    .bytes = 4711,
    .packets = 47};
static struct kept_pieces pieces = {&piece, 1};

static struct sidecar
filled(const struct verify_result *r)
{
	return (struct sidecar){.device = "192.0.2.10",
	    .owner = "192.0.2.1",
	    .interface = "absent0",
	    .snaplen = 96,
	    .ended = 2000,
	    .capture = &state,
	    .pieces = &pieces,
	    .probes = r};
}

static struct json *
parsed(const struct sidecar *s)
{
	struct strbuf text = STRBUF_INIT;
	struct json *j;

	sidecar_encode(s, &text);
	j = json_parse(text.s, text.len);
	ck_assert_msg(j != NULL, "%s", text.s);
	strbuf_free(&text);
	return j;
}

START_TEST(it_tells_the_capture_and_its_pieces)
{
	struct sidecar s = filled(NULL);
	struct json *j = parsed(&s);
	const struct json *p = json_at(json_get(j, "pieces"), 0);
	const struct json *hole = json_at(json_get(j, "holes"), 0);

	ck_assert_int_eq(json_get_int(j, "schema", 0), EVENT_RECORD_SCHEMA);
	ck_assert_str_eq(json_get_text(j, "owner", ""), "192.0.2.1");
	ck_assert_int_eq(json_get_int(j, "began", 0), 1000);
	ck_assert_int_eq(json_get_int(j, "ended", 0), 2000);
	ck_assert_int_eq(json_get_int(j, "dropped", -1), 12);
	ck_assert_int_eq(json_get_int(j, "snaplen", -1), 96);
	ck_assert_str_eq(json_get_text(p, "name", ""), piece_name);
	ck_assert_int_eq(json_get_int(p, "packets", -1), 47);
	ck_assert_int_eq(json_get_int(p, "lastUs", -1), 1999999);
	ck_assert_int_eq(json_get_int(hole, "to", 0), 1600);
	ck_assert_ptr_null(json_get(j, "offload"));
	ck_assert_ptr_null(json_get(j, "probes"));
	json_free(j);
}
END_TEST

static struct verify_probe icmp[] = {{.sent_us = 7001,
					 .took_us = 3000,
					 .id = 77,
					 .seq = 1,
					 .fate = VERIFY_ANSWERED},
    {.sent_us = 7500, .took_us = -1, .fate = VERIFY_NOT_SENT},
    {.sent_us = 8000, .took_us = -1, .id = 77, .seq = 3, .fate = VERIFY_BAD}};
static struct verify_probe snmp = {.sent_us = 8000,
    .took_us = -1,
    .id = 2147483647,
    .port = 40000,
    .fate = VERIFY_LOST};
static struct verify_probe tcp = {
    .sent_us = 9000, .took_us = 0, .port = 40001, .fate = VERIFY_REFUSED};
static struct verify_result result = {.began_us = 5000000,
    .timeout_ms = 2500,
    .kind = {[VERIFY_ICMP] = {.on = true, .sent = 2, .n = 3, .probe = icmp},
	[VERIFY_SNMP] = {.on = true, .sent = 1, .n = 1, .probe = &snmp},
	[VERIFY_TCP] = {.on = true, .sent = 1, .n = 1, .probe = &tcp}}};

/* Its reader is the comparison, and it understands all of it. */
START_TEST(each_probe_has_its_time_identity_and_fate)
{
	struct sidecar s = filled(&result);
	struct strbuf text = STRBUF_INIT;
	struct event_record *r;
	struct fail why;

	sidecar_encode(&s, &text);
	r = event_record_decode(text.s, text.len, &why);
	ck_assert_msg(r != NULL, "%s", text.s);
	ck_assert_int_eq(r->writer, EVENT_AGENT);
	ck_assert_uint_eq(r->n_probes, 4);
	ck_assert_int_eq(r->probe_timeout, 2500);
	ck_assert_int_eq(r->probe[0].kind, PROBE_KIND_ICMP);
	ck_assert_int_eq(r->probe[0].sent_us, 5007001);
	ck_assert_int_eq(r->probe[0].took_us, 3000);
	ck_assert_uint_eq(r->probe[0].id, 77);
	ck_assert_uint_eq(r->probe[0].seq, 1);
	ck_assert_int_eq(r->probe[0].fate, PROBE_FATE_ANSWERED);
	ck_assert_uint_eq(r->probe[1].seq, 3);
	ck_assert_int_eq(r->probe[1].fate, PROBE_FATE_FAILED);
	ck_assert_int_eq(r->probe[2].kind, PROBE_KIND_SNMP);
	ck_assert_uint_eq(r->probe[2].id, 2147483647);
	ck_assert_uint_eq(r->probe[2].port, 40000);
	ck_assert_int_eq(r->probe[2].took_us, -1);
	ck_assert_int_eq(r->probe[2].fate, PROBE_FATE_LOST);
	ck_assert_int_eq(r->probe[3].kind, PROBE_KIND_TCP);
	ck_assert_uint_eq(r->probe[3].port, 40001);
	ck_assert_int_eq(r->probe[3].took_us, 0);
	ck_assert_int_eq(r->probe[3].fate, PROBE_FATE_REFUSED);
	event_record_free(r);
	strbuf_free(&text);
}
END_TEST

START_TEST(its_reader_understands_the_capture)
{
	struct sidecar s = filled(NULL);
	struct strbuf text = STRBUF_INIT;
	struct event_record *r;
	struct fail why;

	sidecar_encode(&s, &text);
	r = event_record_decode(text.s, text.len, &why);
	ck_assert_msg(r != NULL, "%s", why.text);
	ck_assert_str_eq(r->device, "192.0.2.10");
	ck_assert_str_eq(r->event, EVENT);
	ck_assert_str_eq(r->interface[0], "absent0");
	ck_assert_int_eq(r->ran.at[0].from, 1000);
	ck_assert_int_eq(r->ran.at[0].to, 2000);
	ck_assert_int_eq(r->holes.at[0].from, 1500);
	ck_assert_int_eq(r->dropped, 12);
	ck_assert_int_eq(r->snaplen, 96);
	ck_assert_uint_eq(r->n_pieces, 1);
	ck_assert_uint_eq(r->piece[0].number, 0);
	ck_assert_int_eq(r->piece[0].packets, 47);
	ck_assert_uint_eq(r->n_probes, 0);
	event_record_free(r);
	strbuf_free(&text);
}
END_TEST

START_TEST(it_is_written_whole_and_over_no_other)
{
	struct sidecar s = filled(NULL);
	char folder[UNIT_PATH_MAX], path[2 * UNIT_PATH_MAX];
	struct fail why;

	unit_folder(folder);
	ck_assert(sidecar_write(&s, folder, "a.json", &why));
	snprintf(path, sizeof(path), "%s/a.json", folder);
	ck_assert_int_gt(unit_file_size(path), 100);
	ck_assert(!sidecar_write(&s, folder, "a.json", &why));
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	snprintf(path, sizeof(path), "%s/a.json.part", folder);
	ck_assert_int_eq(unit_file_size(path), -1);
}
END_TEST

/* A write that is cut short is no errno by itself. */
START_TEST(a_disk_without_room_is_named)
{
	struct rlimit was, small;
	struct sidecar s = filled(NULL);
	char folder[UNIT_PATH_MAX], path[2 * UNIT_PATH_MAX];
	struct fail why;
	bool ok;

	unit_folder(folder);
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &was), 0);
	small = (struct rlimit){.rlim_cur = 100, .rlim_max = was.rlim_max};
	setrlimit(RLIMIT_FSIZE, &small);
	errno = 0;
	ok = sidecar_write(&s, folder, "a.json", &why);
	setrlimit(RLIMIT_FSIZE, &was);
	ck_assert(!ok);
	ck_assert_ptr_nonnull(strstr(why.text, strerror(EFBIG)));
	snprintf(path, sizeof(path), "%s/a.json.part", folder);
	ck_assert_int_eq(unit_file_size(path), -1);
}
END_TEST

START_TEST(its_file_is_its_owners)
{
	struct sidecar s = filled(NULL);
	char folder[UNIT_PATH_MAX], path[2 * UNIT_PATH_MAX];
	char owner[ADDR_TEXT_MAX];
	struct fail why;

	unit_folder(folder);
	ck_assert(sidecar_write(&s, folder, "a.json", &why));
	snprintf(path, sizeof(path), "%s/a.json", folder);
	owner_get(AT_FDCWD, path, owner);
	/* "": this file system cannot tell */
	ck_assert(owner[0] == '\0' || strcmp(owner, "192.0.2.1") == 0);
}
END_TEST

START_TEST(under_another_name_it_tells_the_new_ones_of_its_pieces)
{
	static char last[] = "OVOC_z-0.pcap";
	static struct kept_piece renamed = {.name = last, .was = piece_name};
	static struct kept_pieces all = {&renamed, 1};
	struct sidecar s = filled(NULL);
	char folder[UNIT_PATH_MAX], path[2 * UNIT_PATH_MAX], *text;
	int64_t dropped;
	struct fail why;
	struct json *j;

	unit_folder(folder);
	ck_assert(
	    sidecar_rename(folder, "a.json", "b.json", &all, &dropped, &why));
	ck_assert_int_eq(dropped, -1);
	ck_assert(sidecar_write(&s, folder, "a.json", &why));
	ck_assert(
	    sidecar_rename(folder, "a.json", "b.json", &all, &dropped, &why));
	ck_assert_int_eq(dropped, 12);
	ck_assert_int_eq(renamed.packets, 47);
	ck_assert_int_eq(renamed.last_us, 1999999);
	snprintf(path, sizeof(path), "%s/a.json", folder);
	ck_assert_int_eq(unit_file_size(path), -1);
	snprintf(path, sizeof(path), "%s/b.json", folder);
	text = unit_read(path);
	j = json_parse(text, strlen(text));
	ck_assert_str_eq(
	    json_get_text(json_at(json_get(j, "pieces"), 0), "name", ""), last);
	ck_assert_int_eq(json_get_int(j, "ended", 0), 2000);
	json_free(j);
	free(text);
}
END_TEST

UNIT_MAIN("sidecar", it_tells_the_capture_and_its_pieces,
    each_probe_has_its_time_identity_and_fate,
    its_reader_understands_the_capture, it_is_written_whole_and_over_no_other,
    a_disk_without_room_is_named, its_file_is_its_owners,
    under_another_name_it_tells_the_new_ones_of_its_pieces)
