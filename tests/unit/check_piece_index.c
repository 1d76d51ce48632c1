/* check_piece_index.c - which files of the server's are there for an event. */
#include "campaign/piece_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "conf_rig.h"

#define EVENT "device_192.0.2.1_2026-11-23T04.01.02.345678Z"

static struct conf_rig *files;
static struct past_event event;

/* The files of this folder, NULL behind the last. */
static void
look_among(const char *const *names)
{
	struct piece_index *p;
	struct fail why;

	files = conf_rig_new();
	for (; *names != NULL; names++)
		conf_rig_file(files, *names, "x");
	memset(&event, 0, sizeof(event));
	round_name(&event.round, "CPE_" EVENT ".pcap");
	p = piece_index_read(files->folder, &why);
	ck_assert_msg(p != NULL, "%s", why.text);
	piece_index_fill(p, &event);
	piece_index_free(p);
}

static void
drop(void)
{
	free(event.pieces);
	conf_rig_free(files);
}

START_TEST(pieces_are_those_of_the_event_in_their_order)
{
	static const char *const names[] = {"OVOC_" EVENT "-10.pcap",
	    "OVOC_" EVENT "-9.pcap", "OVOC_" EVENT "-2.pcap",
	    "CPE_" EVENT ".pcap", "OVOC_" EVENT ".json",
	    "CAMPAIGN_" EVENT ".json", "COMPARE_" EVENT ".json",
	    "OVOC_device_192.0.2.1_2026-11-23T04.01.02.345679Z-0.pcap",
	    "OVOC_device_192.0.2.10_2026-11-23T04.01.02.345678Z-0.pcap",
	    "OVOC_" EVENT "-x.pcap", "OVOC_" EVENT "-3.pcap.part", "OVOC_",
	    NULL};

	look_among(names);
	ck_assert_uint_eq(event.n_pieces, 3);
	ck_assert_uint_eq(event.pieces[0], 2);
	ck_assert_uint_eq(event.pieces[1], 9);
	ck_assert_uint_eq(event.pieces[2], 10);
	ck_assert(event.sidecar);
	drop();
}
END_TEST

START_TEST(where_the_server_has_none_there_is_none)
{
	static const char *const names[] = {"CPE_" EVENT ".pcap", NULL};

	look_among(names);
	ck_assert_uint_eq(event.n_pieces, 0);
	ck_assert(!event.sidecar);
	drop();
}
END_TEST

START_TEST(a_folder_that_cannot_be_read_is_told)
{
	struct fail why;

	ck_assert_ptr_null(piece_index_read("/nowhere/at/all", &why));
	ck_assert_ptr_nonnull(strstr(why.text, "/nowhere/at/all"));
}
END_TEST

UNIT_MAIN("piece_index", pieces_are_those_of_the_event_in_their_order,
    where_the_server_has_none_there_is_none,
    a_folder_that_cannot_be_read_is_told)
