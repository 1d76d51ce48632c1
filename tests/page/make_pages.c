/* make_pages.c - pages of comparisons and runs made by hand, for whoever opens
 * them in a browser.
 *
 * usage: make_pages FOLDER
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/str.h"
#include "base/xmem.h"
#include "report/page_of_pair.h"

#include "../unit/event_made.h"

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
	return 0;
}
