/* make_pages.c - pages of comparisons and runs made by hand, for whoever opens
 * them in a browser.
 *
 * usage: make_pages FOLDER
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "base/str.h"
#include "base/xmem.h"
#include "report/page_of_pair.h"
#include "report/page_of_run.h"

#include "../unit/event_made.h"
#include "../unit/run_made.h"

/* 2026-11-23T03:11:02.100Z, in ns */
#define AT INT64_C(1795403462100000000)

static void
put(void *to, const void *data, size_t len)
{
	if (fwrite(data, 1, len, to) != len) {
		perror("make_pages");
		exit(1);
	}
}

static FILE *
begin(const char *folder, const char *name)
{
	char *path = xasprintf("%s/%s.html", folder, name);
	FILE *f = fopen(path, "w");

	if (f == NULL) {
		perror(path);
		exit(1);
	}
	free(path);
	return f;
}

static void
make_pair(const char *folder, const char *name, struct compare_result *r)
{
	FILE *f = begin(folder, name);
	struct sink to = {.put = put, .to = f};

	page_of_pair(r, &to);
	sink_end(&to);
	fclose(f);
	free(r);
}

static void
make_pairs(const char *folder)
{
	static const char *const names[EVENT_KIND_COUNT] = {
	    [EVENT_LOST_THERE] = "pair-lost-there",
	    [EVENT_LOST_BACK] = "pair-lost-back",
	    [EVENT_UNANSWERED] = "pair-unanswered",
	    [EVENT_WELL] = "pair-well",
	    [EVENT_UNKNOWN] = "pair-unknown"};
	struct compare_result *r;

	for (int i = 0; i < EVENT_KIND_COUNT; i++)
		make_pair(folder, names[i], event_made((enum event_kind)i, AT));
	make_pair(folder, "pair-large", event_made_large(AT));
	r = event_made(EVENT_LOST_THERE, AT);
	str_copy(r->sentence, sizeof(r->sentence),
	    "<script>document.title='run'</script><img src=x onerror=alert(1)>"
	    "\xe2\x80\xae right to left \xff\x1b[31m red");
	str_copy(r->side[0].name, sizeof(r->side[0].name), "\"'><b>server");
	make_pair(folder, "pair-hostile", r);
}

static void
make_run(const char *folder, const char *name, struct run_made *m)
{
	FILE *f = begin(folder, name);
	struct sink to = {.put = put, .to = f};

	page_of_run(m->r, &to);
	sink_end(&to);
	fclose(f);
	run_made_free(m);
}

/* A handful, one of each kind. */
static void
make_night(const char *folder, struct run_made *m)
{
	struct device_result *d = &m->r->devices[EVENT_KIND_COUNT + 2];

	for (size_t i = 0; i < EVENT_KIND_COUNT; i++)
		run_made_compared(m, i, 1,
		    event_made((enum event_kind)i, run_made_time(i, 1)));
	run_made_compared(m, 0, 2, event_made(EVENT_WELL, run_made_time(0, 2)));
	run_made_skipped(m, EVENT_KIND_COUNT, 1);
	run_made_event(m, EVENT_KIND_COUNT + 1, 1);
	d->outcome = OUTCOME_FAILED;
	d->severity = SEVERITY_CRITICAL;
	free(d->description);
	d->description = xstrdup("192.0.2.1:443: HTTP 401; capture may be on");
	make_run(folder, "run-night", m);
}

static void
make_runs(const char *folder)
{
	char *output = xasprintf("%s/runs", folder);
	struct run_made *m;

	mkdir(output, 0755);
	make_night(folder, run_made_new(output, 12));
	m = run_made_new(output, 5);
	for (size_t i = 0; i < 5; i++)
		run_made_event(m, i, 1);
	make_run(folder, "run-not-compared", m);
	m = run_made_new(output, 30);
	make_run(folder, "run-quiet", m);
	m = run_made_new(output, 1000);
	run_made_history(m, 40);
	for (size_t i = 0; i < 1000; i++)
		run_made_compared(m, i, 1,
		    event_made((enum event_kind)(i % EVENT_KIND_COUNT),
			run_made_time(i, 1)));
	make_run(folder, "run-thousand", m);
	m = run_made_new(output, 150);
	for (size_t i = 0; i < 150; i += 2)
		run_made_compared(m, i, 1,
		    i % 3 == 0 ? event_made(EVENT_LOST_THERE,
				     run_made_time(10 + i / 50, 1))
			       : event_made(EVENT_WELL, run_made_time(i, 1)));
	make_run(folder, "run-fleet", m);
	free(output);
}

int
main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("usage: make_pages FOLDER\n", stderr);
		return 2;
	}
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	make_pairs(argv[1]);
	make_runs(argv[1]);
	return 0;
}
