/* told.c - see told.h.  For device/talk. */
#include "device/told.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "conf/shared_conf.h"
#include "wire/peer_words.h"

#define REASON_MAX 400

static const enum verify_kind kinds[INFO_KINDS] = {
    [INFO_ICMP] = VERIFY_ICMP,
    [INFO_SNMP] = VERIFY_SNMP,
    [INFO_TCP] = VERIFY_TCP,
};

struct saying {
	struct strbuf text;
	const char *const *secrets;
};

static const char *
joint(const struct saying *s, const char *otherwise)
{
	return s->text.len == 0 ? ": " : otherwise;
}

/* "SNMP 0 of 10 (no answer)" */
static void
say_probes(struct saying *s, enum info_kind k, const struct info_probes *p)
{
	char reason[PEER_WORDS_MAX];

	if (!p->on)
		return;
	strbuf_addf(
	    &s->text, "%s%s ", joint(s, ", "), verify_kind_name(kinds[k]));
	if (p->sent == 0)
		strbuf_add(&s->text, "not sent");
	else
		strbuf_addf(&s->text, "%d of %d", p->answered, p->sent);
	peer_words(
	    p->reason, strlen(p->reason), s->secrets, reason, sizeof(reason));
	if (reason[0] != '\0')
		strbuf_addf(&s->text, " (%s)", reason);
}

static void
say_span(struct saying *s, const struct info_pieces *p)
{
	char from[CLOCK_TEXT_MAX], to[CLOCK_TEXT_MAX];

	if (p->packets >= 0)
		strbuf_addf(&s->text, ", %lld packet%s", (long long)p->packets,
		    p->packets == 1 ? "" : "s");
	if (p->from_ms >= 0 && p->to_ms >= 0)
		strbuf_addf(&s->text, ", %s to %s",
		    clock_rfc3339(p->from_ms, from),
		    clock_rfc3339(p->to_ms, to));
	if (p->dropped > 0)
		strbuf_addf(&s->text, ", %lld dropped by the kernel",
		    (long long)p->dropped);
	else if (p->dropped == 0)
		strbuf_add(&s->text, ", none dropped by the kernel");
}

/* "2 files from OVOC_device_...-0.pcap on, 47 packets, ..." */
static void
say_pieces(struct saying *s, const struct info_pieces *p)
{
	char first[CAPTURE_NAME_MAX];

	if (!p->told)
		return;
	peer_words(
	    p->first, strlen(p->first), s->secrets, first, sizeof(first));
	strbuf_addf(&s->text, "%s%lld file%s", joint(s, "; "),
	    (long long)p->count, p->count == 1 ? "" : "s");
	if (first[0] != '\0' && p->count == 1)
		strbuf_addf(&s->text, ", %s", first);
	else if (first[0] != '\0')
		strbuf_addf(&s->text, " from %s on", first);
	say_span(s, p);
}

static void
say_reason(struct saying *s, const char *said, struct told *to)
{
	char reason[REASON_MAX];

	peer_words(said, strlen(said), s->secrets, reason, sizeof(reason));
	if (reason[0] != '\0')
		strbuf_addf(&s->text, "%s%s", joint(s, "; "), reason);
	str_copy(to->reason, sizeof(to->reason), reason);
}

static void
note_loss(const struct info_pieces *p, bool sent, struct told *to)
{
	if (p->dropped > 0)
		snprintf(to->note, sizeof(to->note),
		    "the server's capture lost packets: its kernel dropped "
		    "%lld",
		    (long long)p->dropped);
	else if (sent && p->told && p->packets == 0)
		snprintf(to->note, sizeof(to->note),
		    "the server's capture has no packet: is agent.interface "
		    "the right one?");
}

struct told
told_of(const struct agent_info *info, const char *const *secrets, bool sent)
{
	struct saying s = {.text = STRBUF_INIT, .secrets = secrets};
	struct told told = {.text = ""};

	if (info == NULL)
		return told;
	for (int k = 0; k < INFO_KINDS; k++)
		say_probes(&s, (enum info_kind)k, &info->probe[k]);
	say_pieces(&s, &info->pieces);
	say_reason(&s, info->reason, &told);
	str_copy(told.text, sizeof(told.text), strbuf_text(&s.text));
	strbuf_free(&s.text);
	note_loss(&info->pieces, sent, &told);
	return told;
}
