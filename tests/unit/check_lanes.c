/* check_lanes.c - when which device lost something. */
#include "report/lanes.h"

#include <time.h>

#include "base/xmem.h"
#include "page_rig.h"
#include "run_made.h"
#include "unit.h"

#define S INT64_C(1000000000)

/* Lanes of a run, which is freed. */
static void
draw(struct page *p, struct run_made *m)
{
	struct html *h = page_html(p);
	struct verdicts *v = verdicts_read(m->r);
	struct loss_groups *g = loss_groups_find(m->r, v);
	struct event_list l;

	setenv("TZ", "UTC0", 1);
	tzset();
	event_list_of(&l, m->r);
	lanes_add(h, m->r, &l, g);
	event_list_free(&l);
	loss_groups_free(g);
	verdicts_free(v);
	page_html_end(p, h);
	run_made_free(m);
}

static struct run_made *
made(size_t n)
{
	char folder[UNIT_PATH_MAX];

	unit_folder(folder);
	return run_made_new(folder, n);
}

static void
event(struct run_made *m, size_t i, int number, enum event_kind kind, int hour)
{
	run_made_compared(m, i, number,
	    event_made(kind, (RUN_MADE_AT / 1000 + hour * 3600) * S));
}

START_TEST(a_device_has_a_lane_with_all_its_events)
{
	struct run_made *m = made(3);
	struct page p;

	event(m, 0, 1, EVENT_LOST_THERE, 0);
	event(m, 0, 2, EVENT_LOST_THERE, 4);
	event(m, 1, 1, EVENT_WELL, 7);
	draw(&p, m);
	page_says(&p, "branch 1 (10.0.0.1): Packets were lost");
	page_says(&p, "branch 2 (10.0.1.1): Nothing was lost");
	page_does_not_say(&p, "branch 3");
	/* Two bars, and two times that were watched. */
	page_has(&p, "<path class=\"lo w\" d=\"M");
	ck_assert_uint_eq(page_count(&p, "path", "lo"), 1);
	ck_assert_uint_eq(page_count(&p, "path", "wa"), 2);
	page_says(&p, "2026-11-23 01:00:01");
	page_free(&p);
}
END_TEST

START_TEST(where_nothing_was_judged_there_are_none)
{
	struct run_made *m = made(2);
	struct page p;

	run_made_event(m, 0, 1);
	event(m, 1, 1, EVENT_UNKNOWN, 1);
	draw(&p, m);
	ck_assert_uint_eq(page_count(&p, "svg", NULL), 0);
	page_free(&p);
}
END_TEST

START_TEST(more_devices_than_lanes_are_bands_of_groups_and_agents)
{
	struct run_made *m = made(300);
	struct page p;

	for (size_t i = 0; i < 300; i++)
		event(m, i, 1, i < 17 ? EVENT_LOST_THERE : EVENT_WELL, 1);
	draw(&p, m);
	page_says(&p, "group, 198.51.100.1: 17 of 17 devices lost packets");
	page_says(&p, "198.51.100.1: 0 of 83 devices lost packets");
	page_says(&p, "198.51.100.3: 0 of 100 devices lost packets");
	ck_assert_uint_eq(page_count(&p, "g", NULL), 4);
	page_free(&p);
}
END_TEST

START_TEST(a_long_name_is_cut_where_a_character_ends)
{
	struct run_made *m = made(1);
	struct page p;

	free(m->device[0].name);
	m->device[0].name = xstrdup(
	    "\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc"
	    "\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc"
	    "\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc"
	    "\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc");
	event(m, 0, 1, EVENT_LOST_THERE, 1);
	draw(&p, m);
	page_says(&p, "\xc3\xbc\xc3\xbc...");
	page_does_not_say(&p, "?");
	page_free(&p);
}
END_TEST

UNIT_MAIN("lanes", a_device_has_a_lane_with_all_its_events,
    where_nothing_was_judged_there_are_none,
    more_devices_than_lanes_are_bands_of_groups_and_agents,
    a_long_name_is_cut_where_a_character_ends)
