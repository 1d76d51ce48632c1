/* make_reports.c - what the three reports of a large run cost.
 *
 * usage: make_reports FOLDER DEVICES TASKS
 *
 * Prints microseconds of processor time of the JSON report, of jansson that
 * dumps the same data, and of all three reports; then KiB that these need
 * beside the result, and that the result needs.
 */
#include <fcntl.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../unit/run_made.h"
#include "base/str.h"
#include "base/xmem.h"
#include "report/json_report.h"
#include "report/report.h"

static int64_t
used_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

/* A number of /proc/self/status, in KiB. */
static long
memory(const char *what)
{
	char line[256];
	long kb = 0;
	FILE *f = fopen("/proc/self/status", "r");

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, what, strlen(what)) == 0)
			kb = atol(line + strlen(what));
	if (f != NULL)
		fclose(f);
	return kb;
}

static void
forget_peak(void)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "5", 1) != 1)
		perror("/proc/self/clear_refs");
	close(fd);
}

static void
fill(struct run_made *m, size_t n, int tasks)
{
	for (size_t i = 0; i < n; i++) {
		struct device_result *d = &m->r->devices[i];

		for (int k = 0; k < tasks; k++) {
			char *said =
			    xasprintf("200 OK, task %d of %d", k + 1, tasks);
			struct row row = {.task = (enum task)(k % TASK_RECOVER),
			    .severity =
				k == 7 ? SEVERITY_MINOR : SEVERITY_NORMAL,
			    .event = 1,
			    .code = 200,
			    .attempt = 1,
			    .started = RUN_MADE_AT + k * 1000,
			    .began = k * 1000,
			    .duration = 17,
			    .description = said};

			result_row(d, &row);
			free(said);
		}
		d->outcome = OUTCOME_SUCCESS;
		d->events = d->triggers = 1;
	}
	result_number(m->r);
}

static void
put(void *to, const void *data, size_t len)
{
	fwrite(data, 1, len, to);
}

static bool
write_json(const struct run_result *r, const char *path)
{
	struct sink s = {.put = put, .to = fopen(path, "w")};

	if (s.to == NULL)
		return false;
	json_report(r, &s);
	sink_end(&s);
	return fclose(s.to) == 0;
}

/* Microseconds that jansson needs for the same, as wide; -1: it cannot. */
static int64_t
dump(const char *from, const char *path)
{
	json_t *all = json_load_file(from, 0, NULL);
	int64_t began = used_us();

	if (all == NULL || json_dump_file(all, path, JSON_COMPACT) != 0)
		return -1;
	began = used_us() - began;
	json_decref(all);
	return began;
}

int
main(int argc, char **argv)
{
	struct run_made *m;
	struct fail why = {0};
	char *ours, *theirs;
	int64_t began, json, three, jansson;
	long result, peak;

	if (argc != 4) {
		fprintf(stderr, "usage: make_reports FOLDER DEVICES TASKS\n");
		return 2;
	}
	m = run_made_new(argv[1], strtoul(argv[2], NULL, 10));
	fill(m, m->r->n_devices, atoi(argv[3]));
	result = memory("VmRSS:");
	forget_peak();
	began = used_us();
	if (!report_write(m->r, &why)) {
		fprintf(stderr, "make_reports: %s\n", why.text);
		return 1;
	}
	three = used_us() - began;
	peak = memory("VmHWM:");
	ours = xasprintf("%s/ours.json", argv[1]);
	theirs = xasprintf("%s/theirs.json", argv[1]);
	began = used_us();
	if (!write_json(m->r, ours))
		return 1;
	json = used_us() - began;
	jansson = dump(ours, theirs);
	printf("%lld %lld %lld %ld %ld\n", (long long)json, (long long)jansson,
	    (long long)three, peak - result, result);
	free(ours);
	free(theirs);
	run_made_free(m);
	return jansson < 0;
}
