/* fuzz_event_record.c - any text as a record of the agent's or the campaign's.
 */
#include "fuzz.h"

#include <string.h>

#include "wire/event_record.h"

static void
in_order(const struct event_spans *s)
{
	PROMISE(s->n <= EVENT_SPANS_MAX);
	for (size_t i = 0; i < s->n; i++) {
		PROMISE(s->at[i].from >= 0 && s->at[i].from <= s->at[i].to);
		PROMISE(i == 0 || s->at[i - 1].to <= s->at[i].from);
	}
}

/* What is understood can be written and is understood again. */
static void
told_again(const struct event_probe *all, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct strbuf text = STRBUF_INIT;
		struct json_out o = {.to = &text};
		struct event_probe back;
		struct json *j;

		event_probe_put(&all[i], &o);
		j = json_parse(strbuf_text(&text), text.len);
		PROMISE(event_probe_take(&back, j));
		PROMISE(back.sent_us == all[i].sent_us);
		PROMISE(back.took_us == all[i].took_us);
		PROMISE(back.kind == all[i].kind && back.fate == all[i].fate);
		PROMISE(back.id == all[i].id && back.seq == all[i].seq);
		PROMISE(back.port == all[i].port);
		json_free(j);
		strbuf_free(&text);
	}
}

static void
within_bounds(const struct event_record *r)
{
	in_order(&r->ran);
	PROMISE(host_valid(r->device));
	PROMISE(r->n_interfaces <= EVENT_INTERFACES_MAX);
	PROMISE(r->n_pieces <= EVENT_PIECES_MAX);
	PROMISE(r->n_probes <= EVENT_PROBES_MAX);
	PROMISE(r->n_heartbeats <= EVENT_HEARTBEATS_MAX);
	PROMISE(r->dropped >= -1 && r->snaplen >= 0);
	PROMISE(r->device_at.n <= EVENT_ADDRS_MAX);
	PROMISE(!str_has_control(r->alarm, strlen(r->alarm)));
	PROMISE(strchr(r->event, '/') == NULL);
	for (size_t i = 0; i < r->n_pieces; i++)
		PROMISE(r->piece[i].bytes >= 0 && r->piece[i].packets >= -1);
	told_again(r->probe, r->n_probes);
	told_again(r->heartbeat, r->n_heartbeats);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fail why = {.kind = FAIL_NONE};
	struct event_record *r =
	    event_record_decode((const char *)data, size, &why);

	PROMISE((r == NULL) == (why.kind != FAIL_NONE));
	if (r != NULL)
		within_bounds(r);
	event_record_free(r);
	return 0;
}
