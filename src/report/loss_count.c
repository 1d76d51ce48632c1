/* loss_count.c - see loss_count.h.
 */
#include "report/loss_count.h"

#include <string.h>
#include <time.h>

#include "base/name.h"
#include "report/compare_words.h"

static const char *const names[LOSS_WAYS] = {
    [LOSS_THERE] = "there", [LOSS_BACK] = "back", [LOSS_BOTH] = "both"};
static const char *const words[LOSS_WAYS] = {
    [LOSS_THERE] = "towards the device",
    [LOSS_BACK] = "from the device",
    [LOSS_BOTH] = "both ways"};

static bool
local(int64_t wall_ms, struct tm *tm)
{
	time_t seconds = (time_t)(wall_ms / 1000);

	return wall_ms != 0 && localtime_r(&seconds, tm) != NULL;
}

void
loss_count_add(
    struct loss_count *c, int64_t run, int64_t at, const char *direction)
{
	int way = NAME_FIND(names, direction);
	struct tm tm;

	c->runs += c->times == 0 || c->last_run != run;
	c->times++;
	c->last_run = run;
	if (at > c->last)
		c->last = at;
	if (way < LOSS_WAYS)
		c->way[way]++;
	if (local(at, &tm))
		c->hour[tm.tm_hour % HOURS]++;
}

void
loss_count_ways(const struct loss_count *c, struct strbuf *to)
{
	const char *between = "";

	for (int i = 0; i < LOSS_WAYS; i++) {
		if (c->way[i] == 0)
			continue;
		strbuf_addf(to, "%s%s %u", between, words[i], c->way[i]);
		between = ", ";
	}
}

void
loss_count_hours(const struct loss_count *c, struct strbuf *to)
{
	const char *between = "";

	for (int i = 0; i < HOURS; i++) {
		if (c->hour[i] == 0)
			continue;
		strbuf_addf(to, "%s%02d:00 %u", between, i, c->hour[i]);
		between = ", ";
	}
}

const char *
loss_time(int64_t wall_ms, char buf[LOSS_TIME_MAX])
{
	struct tm tm;

	buf[0] = '\0';
	if (local(wall_ms, &tm) &&
	    strftime(buf, LOSS_TIME_MAX, "%Y-%m-%d %H:%M:%S", &tm) == 0)
		buf[0] = '\0';
	return buf;
}

static void
add_kind(const char *name, size_t len, struct strbuf *to)
{
	char word[20];
	int kind = TRAFFIC_COUNT;

	if (str_copy_n(word, sizeof(word), name, len))
		kind = traffic_by_name(word);
	strbuf_add(to,
	    kind < TRAFFIC_COUNT ? words_traffic((enum traffic)kind) : word);
}

void
loss_words(const char *protocol, const char *direction, struct strbuf *to)
{
	int way = NAME_FIND(names, direction);

	strbuf_add(to, "lost ");
	for (size_t len; *protocol != '\0'; protocol += len) {
		len = strcspn(protocol, ",");
		add_kind(protocol, len, to);
		if (protocol[len] == ',') {
			strbuf_add(to, ", ");
			len++;
		}
	}
	strbuf_addf(to, " %s", way < LOSS_WAYS ? words[way] : "");
}
