/* show_groups.c - see show_groups.h.
 *
 * The words are those of the summary: groups.c has them.
 */
#include "report/show_groups.h"

#include <stdlib.h>

#include "report/groups.h"
#include "report/paragraph.h"
#include "report/show_words.h"

#define INDENT 2
/* So many groups are told, and so many devices of each. */
#define GROUPS_MAX 40
#define NAMES_MAX  10
#define NAME_MOST  256 /* bytes of what an agent or device is called */
#define NS_IN_MS   INT64_C(1000000)

/* False: there is no such time, or it is none that a capture could have. */
static bool
read_time(const struct json *g, const char *key, int64_t *ns, int64_t *ms)
{
	struct show_time t;

	show_time_read(json_get_text(g, key, ""), &t);
	*ms = t.wall_ms;
	return t.date[0] != '\0' &&
	       !__builtin_mul_overflow(t.wall_ms, NS_IN_MS, ns);
}

static bool
read_count(const struct json *g, const char *key, size_t *n)
{
	int64_t value = json_get_int(g, key, -1);

	*n = value > 0 ? (size_t)value : 0;
	return value > 0;
}

static void
add_names(const struct json *devices, size_t n, struct strbuf *to)
{
	char name[NAME_MOST];

	for (size_t i = 0; i < json_count(devices) && i < NAMES_MAX; i++) {
		str_copy(
		    name, sizeof(name), json_text(json_at(devices, i), "?"));
		strbuf_addf(to, "%s%s", i == 0 ? ": " : ", ", name);
	}
	if (n > NAMES_MAX)
		strbuf_addf(to, " and %zu more", n - NAMES_MAX);
}

/* Of a later version there may be one that cannot be said here. */
static void
add_group(const struct json *g, struct strbuf *to)
{
	int kind = traffic_by_name(json_get_text(g, "protocol", ""));
	int way = way_by_name(json_get_text(g, "direction", ""));
	char address[NAME_MOST];
	struct agent_entry agent = {.address = address};
	struct loss_group said = {
	    .agent = &agent, .kind = (enum traffic)kind, .way = (enum way)way};
	struct strbuf b = STRBUF_INIT;
	struct run_result run = {0};
	int64_t from, until;

	str_copy(address, sizeof(address), json_get_text(g, "agent", "?"));
	if (kind == TRAFFIC_COUNT || way == WAY_COUNT ||
	    !read_time(g, "from", &said.lost.from, &from) ||
	    !read_time(g, "to", &said.lost.to, &until) ||
	    !read_count(g, "lost", &said.n) ||
	    !read_count(g, "judged", &said.of))
		return;
	run.took = until - from;
	loss_group_say(&run, &said, &b);
	add_names(json_get(g, "devices"), said.n, &b);
	paragraph("", INDENT, strbuf_text(&b), to);
	strbuf_free(&b);
}

void
show_groups(const struct json *r, struct strbuf *to)
{
	const struct json *groups = json_get(json_get(r, "summary"), "groups");

	if (json_count(groups) > 0)
		strbuf_add(to, "\n");
	for (size_t i = 0; i < json_count(groups) && i < GROUPS_MAX; i++)
		add_group(json_at(groups, i), to);
	if (json_count(groups) > GROUPS_MAX)
		strbuf_addf(to, "  and more groups, see the report: %zu\n",
		    json_count(groups) - GROUPS_MAX);
}
