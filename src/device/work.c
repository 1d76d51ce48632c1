/* work.c - what may be under way for a device.
 */
#include "device/work.h"

#include <stdlib.h>

#include "base/xmem.h"

void
work_init(struct work *w, struct ledger *own, struct agent_link *link,
    const struct work_events *events, void *arg)
{
	const struct tools *t = own->tools;
	const struct device_entry *conf = ledger_result(own)->conf;

	reach_init(&w->reach, t, conf);
	switching_init(&w->switching, &w->reach, events->switched, arg);
	talk_init(&w->talk, t, link, conf->told, events->talked, arg);
	waiting_init(&w->waiting, own, events->waited, arg);
	probes_init(&w->probes, t, events->probed, arg);
	fetch_init(&w->fetch, &w->reach, events->fetched, arg);
	event_notes_init(
	    &w->notes, &w->reach, link, &w->waiting.heartbeat.kept);
	own->notes = &w->notes;
}

static void
begin_stop(struct work *w, struct ledger *l, const struct earlier_runs *earlier)
{
	ledger_name_file(l);
	if (earlier->now != NULL)
		switching_off_left(&w->switching, l, earlier->bears_stop);
	else
		switching_off(&w->switching, l);
}

static void
begin_waiting(struct work *w)
{
	waiting_check_later(&w->waiting);
	waiting_beats(&w->waiting, &w->reach.addrs[0]);
	/* An agent of version 1.0.6 does not bear it. */
	if (agent_link_is_ours(w->talk.link))
		waiting_renew_later(&w->waiting);
}

static void
begin_traffic(struct work *w, struct ledger *l)
{
	/* Its CAPTURE may not be answered yet. */
	if (!talk_busy(&w->talk))
		talk_ask(&w->talk, l, REQUEST_VERIFY);
	if (probes_are_on(w->probes.tools))
		probes_start(&w->probes, l, &w->reach.addrs[0]);
	else
		ledger_fact(l, FACT_PROBED);
}

void
work_begin(struct work *w, struct ledger *l, enum device_state s,
    const struct earlier_runs *earlier)
{
	bool take_over =
	    l->tools->conf->campaign.take_over || ledger_round(l)->inherited;

	l->notes = &w->notes;
	if (s == DEVICE_REGISTERING)
		talk_ask(&w->talk, l, REQUEST_REGISTER);
	else if (s == DEVICE_RECOVERING)
		talk_register_hastily(&w->talk, l);
	else if (s == DEVICE_STARTING)
		switching_on(&w->switching, l, take_over);
	else if (s == DEVICE_ARMING)
		talk_ask(&w->talk, l, REQUEST_CAPTURE);
	else if (s == DEVICE_CAPTURING)
		begin_waiting(w);
	else if (s == DEVICE_VERIFYING)
		begin_traffic(w, l);
	else if (s == DEVICE_STOPPING)
		begin_stop(w, l, earlier);
	else if (s == DEVICE_RETRIEVING)
		fetch_start(&w->fetch, l);
}

void
work_wait_no_more(struct work *w, enum device_state at)
{
	waiting_stop(&w->waiting);
	if (at == DEVICE_CAPTURING)
		switching_cancel(&w->switching);
}

void
work_clear(struct work *w)
{
	switching_cancel(&w->switching);
	fetch_cancel(&w->fetch);
	talk_cancel(&w->talk);
	probes_cancel(&w->probes);
	reach_clear(&w->reach);
	waiting_clear(&w->waiting);
	event_notes_clear(&w->notes);
}

void
work_cut_short(struct work *w, const char *why, enum device_state at)
{
	char *text = xasprintf("%s, while %s", why, device_state_name(at));

	talk_cut_short(&w->talk, text);
	cli_cut_short(&w->switching.cli, text);
	reach_cut_short(&w->reach, text);
	free(text);
}

void
work_abandon(struct work *w, const char *why, enum device_state at)
{
	work_cut_short(w, why, at);
	probes_stop(&w->probes, why);
	fetch_abandon(&w->fetch, why);
}

void
work_hurry(struct work *w)
{
	cli_hurry(&w->switching.cli);
	fetch_hurry(&w->fetch);
	talk_hurry(&w->talk);
}
