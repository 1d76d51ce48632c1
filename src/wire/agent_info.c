/* agent_info.c - see agent_info.h.
 *
 * The agent encodes what agent/telling has collected; the campaign decodes it
 * for device/talk.
 */
#include "wire/agent_info.h"

#include <string.h>

#include "base/json.h"
#include "wire/capture_name.h"

/* The longest reasons; halved until all of it fits. */
#define REASON_MAX 512
#define TIME_MAX   INT64_C(99999999999999) /* the year 5138 */

static const char *const kind_keys[INFO_KINDS] = {
    [INFO_ICMP] = "icmp",
    [INFO_SNMP] = "snmp",
    [INFO_TCP] = "tcp",
};

void
agent_info_clear(struct agent_info *i)
{
	memset(i, 0, sizeof(*i));
	i->clock = i->free_bytes = -1;
	i->pieces.bytes = i->pieces.packets = -1;
	i->pieces.from_ms = i->pieces.to_ms = i->pieces.dropped = -1;
}

/* --- out --- */

static void
set_reason(struct json *object, const char *text, size_t most)
{
	char cut[REASON_MAX];

	str_copy(cut, most < sizeof(cut) ? most : sizeof(cut), text);
	str_printable(cut);
	if (cut[0] != '\0')
		json_set_text(object, "reason", cut);
}

static void
set_probes(struct json *object, const char *key, const struct info_probes *p,
    size_t most)
{
	char cut[sizeof(p->reason)];
	struct json *all;

	if (!p->on)
		return;
	all = json_set(object, key, json_array());
	json_append_int(all, p->answered);
	json_append_int(all, p->sent);
	str_copy(cut, most < sizeof(cut) ? most : sizeof(cut), p->reason);
	str_printable(cut);
	if (cut[0] != '\0')
		json_append_text(all, cut);
}

static void
set_known(struct json *object, const char *key, int64_t value)
{
	if (value >= 0)
		json_set_int(object, key, value);
}

static void
set_pieces(struct json *object, const struct info_pieces *p)
{
	struct json *all;

	if (!p->told)
		return;
	all = json_set(object, "pieces", json_object());
	if (p->first[0] != '\0')
		json_set_text(all, "first", p->first);
	json_set_int(all, "count", p->count);
	set_known(all, "bytes", p->bytes);
	set_known(all, "packets", p->packets);
	set_known(all, "from", p->from_ms);
	set_known(all, "to", p->to_ms);
	set_known(all, "dropped", p->dropped);
}

/* With reasons of less than `most` bytes. */
static void
encode(const struct agent_info *i, size_t most, struct strbuf *to)
{
	struct json *object = json_object();

	if (i->version[0] != '\0')
		json_set_text(object, "version", i->version);
	set_known(object, "clock", i->clock);
	set_known(object, "free", i->free_bytes);
	for (int k = 0; k < INFO_KINDS; k++)
		set_probes(object, kind_keys[k], &i->probe[k], most / 2);
	set_pieces(object, &i->pieces);
	set_reason(object, i->reason, most);
	json_write(object, 0, to);
	json_free(object);
}

size_t
agent_info_encode(const struct agent_info *i, char buf[AGENT_INFO_MAX])
{
	struct strbuf all = STRBUF_INIT;
	size_t most = REASON_MAX, len;

	encode(i, most, &all);
	while (all.len >= AGENT_INFO_MAX && most > 1) {
		most /= 2;
		strbuf_clear(&all);
		encode(i, most, &all);
	}
	len = all.len;
	memcpy(buf, all.s, len + 1);
	strbuf_free(&all);
	return len;
}

/* --- in --- */

static void
get_text(const struct json *j, char *to, size_t size)
{
	str_copy(to, size, json_text(j, ""));
	str_printable(to);
}

static int64_t
get_known(const struct json *object, const char *key, int64_t max)
{
	int64_t value = json_get_int(object, key, -1);

	return value < 0 || value > max ? -1 : value;
}

static void
get_probes(const struct json *all, struct info_probes *p)
{
	int64_t answered = json_int(json_at(all, 0), -1);
	int64_t sent = json_int(json_at(all, 1), -1);

	if (answered < 0 || sent > INFO_PROBES_MAX || answered > sent)
		return;
	p->on = true;
	p->answered = (int)answered;
	p->sent = (int)sent;
	get_text(json_at(all, 2), p->reason, sizeof(p->reason));
}

/* A name that an agent of ours gives: no path, and nothing that a reader could
 * take for something else. */
static bool
is_piece(const char *name)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789._-";

	return capture_name_is_finished(name) &&
	       name[strspn(name, allowed)] == '\0';
}

static void
get_pieces(const struct json *all, struct info_pieces *p)
{
	if (!json_is_object(all))
		return;
	p->told = true;
	p->count = json_get_int(all, "count", 0);
	if (p->count < 0 || p->count > INFO_PROBES_MAX)
		p->count = 0;
	get_text(json_get(all, "first"), p->first, sizeof(p->first));
	if (!is_piece(p->first))
		p->first[0] = '\0';
	p->bytes = get_known(all, "bytes", INT64_MAX);
	p->packets = get_known(all, "packets", INT64_MAX);
	p->from_ms = get_known(all, "from", TIME_MAX);
	p->to_ms = get_known(all, "to", TIME_MAX);
	p->dropped = get_known(all, "dropped", INT64_MAX);
}

bool
agent_info_decode(const char *json, size_t len, struct agent_info *i)
{
	struct json *object = json_parse(json, len);
	bool is = json_is_object(object);

	agent_info_clear(i);
	if (is) {
		get_text(json_get(object, "version"), i->version,
		    sizeof(i->version));
		i->clock = get_known(object, "clock", TIME_MAX);
		i->free_bytes = get_known(object, "free", INT64_MAX);
		get_text(
		    json_get(object, "reason"), i->reason, sizeof(i->reason));
		for (int k = 0; k < INFO_KINDS; k++)
			get_probes(
			    json_get(object, kind_keys[k]), &i->probe[k]);
		get_pieces(json_get(object, "pieces"), &i->pieces);
	}
	json_free(object);
	return is;
}
