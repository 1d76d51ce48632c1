/* record.c - see record.h.  Used by agent/capture and agent/state. */
#include "agent/record.h"

#include <string.h>

void
record_dropped(struct capture_record *r, int64_t packets)
{
	if (packets < 0) {
		r->uncounted = true;
		return;
	}
	r->counted = true;
	r->dropped += packets;
}

int64_t
record_all_dropped(const struct capture_record *r)
{
	return r->counted && !r->uncounted ? r->dropped : -1;
}

void
record_hole(struct capture_record *r, int64_t from, int64_t to)
{
	if (r->n_holes == HOLES_MAX) {
		r->n_holes--;
		memmove(&r->holes[0], &r->holes[1],
		    r->n_holes * sizeof(r->holes[0]));
	}
	r->holes[r->n_holes++] = (struct hole){from, to};
}

void
record_put(const struct capture_record *r, struct json *to)
{
	struct json *holes, *hole;

	if (r->began > 0)
		json_set_int(to, "began", r->began);
	if (r->counted || r->uncounted)
		json_set_int(to, "dropped", record_all_dropped(r));
	if (r->n_holes == 0)
		return;
	holes = json_set(to, "holes", json_array());
	for (size_t i = 0; i < r->n_holes; i++) {
		hole = json_append(holes, json_array());
		json_append_int(hole, r->holes[i].from);
		json_append_int(hole, r->holes[i].to);
	}
}

void
record_take(struct capture_record *r, const struct json *from)
{
	const struct json *holes = json_get(from, "holes");
	int64_t began = json_get_int(from, "began", 0);
	bool told = json_get(from, "dropped") != NULL;
	int64_t dropped = json_get_int(from, "dropped", -1);

	*r = (struct capture_record){.began = began > 0 ? began : 0,
	    .counted = dropped >= 0,
	    .uncounted = told && dropped < 0,
	    .dropped = dropped >= 0 ? dropped : 0};
	for (size_t i = 0; i < json_count(holes) && i < HOLES_MAX; i++) {
		const struct json *hole = json_at(holes, i);
		int64_t begin = json_int(json_at(hole, 0), -1);
		int64_t end = json_int(json_at(hole, 1), -1);

		if (begin >= 0 && end >= begin)
			record_hole(r, begin, end);
	}
}
