/* device_rest.c - logins, CLI scripts and the status page of a device.
 *
 * web.c brings the requests, cli.c runs the scripts.
 */
#include "device_rest.h"

#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "base/clock.h"
#include "base/json.h"
#include "cli.h"

#define SCRIPT_PATH "/api/v1/files/cliScript/incremental"
#define STATUS_PATH "/api/v1/status"

static const char *const class_names[] = {"start", "show", "stop", "other"};

static void
body_json(struct web_answer *a, int code, struct json *j)
{
	a->code = code;
	strbuf_clear(&a->body);
	json_write(j, 0, &a->body);
	json_free(j);
}

static void
body_error(struct web_answer *a, int code, const char *text)
{
	struct json *j = json_object();

	json_set_text(j, "description", text);
	body_json(a, code, j);
}

static void
status_page(struct device *d, struct web_answer *a)
{
	struct json *j = json_object();
	char text[CLOCK_TEXT_MAX];
	char serial[24];

	snprintf(serial, sizeof(serial), "%lld", 9000000LL + d->id);
	json_set_text(j, "localTimeStamp",
	    clock_rfc3339(loop_wall(d->lp) + d->conf->clock * 1000, text));
	json_set_text(j, "versionID", "7.26A.356.889");
	json_set_text(j, "productType",
	    d->conf->type == TYPE_MSBR ? "Mediant 800 MSBR" : "Mediant 800");
	json_set_text(j, "serialNumber", serial);
	json_set_int(j, "systemUpTime", (loop_now(d->lp) - d->booted) / 1000);
	body_json(a, 200, j);
}

static void
script_count(struct device *d, enum cli_class class)
{
	switch (class) {
	case CLI_START:
		d->n.starts++;
		return;
	case CLI_SHOW:
		d->n.shows++;
		return;
	case CLI_STOP:
		d->n.stops++;
		return;
	case CLI_OTHER:
		d->n.others++;
		return;
	}
}

static enum fault_on class_place(enum cli_class class)
{
	switch (class) {
	case CLI_START:
		return ON_START;
	case CLI_SHOW:
		return ON_SHOW;
	case CLI_STOP:
		return ON_STOP;
	case CLI_OTHER:
		break;
	}
	return ON_REST;
}

/* AudioCodes' own sample of an answer has dots where lines end. */
static void
dots_put(char *s)
{
	for (; *s != '\0'; s++)
		if (*s == '\n')
			*s = '.';
}

static void
script_answer(struct device *d, struct cli_result *r,
    const enum fault_on *places, size_t n, struct web_answer *a)
{
	struct json *j = json_object();

	if (answer_hit(&d->faults, places, n, KIND_DOTS) && r->output.s)
		dots_put(r->output.s);
	if (!answer_hit(&d->faults, places, n, KIND_NO_STATUS))
		json_set_text(j, "status", r->failed ? "failure" : "success");
	json_set_text(j, "output", strbuf_text(&r->output));
	json_set_text(j, "description",
	    r->failed ? "Script failed" : "Script was executed");
	body_json(a, 200, j);
}

static void
script_run(struct device *d, const struct web_request *rq, struct web_answer *a)
{
	enum cli_class class = cli_classify(rq->body);
	const enum fault_on places[] = {class_place(class), ON_REST};
	size_t n = places[0] == ON_REST ? 1 : 2;
	struct cli_result r = {STRBUF_INIT, false};
	struct answer_fate fate = answer_before(&d->faults, places, n);
	bool inert = (class == CLI_START || class == CLI_STOP) &&
		     fault_hit(&d->faults, places[0], KIND_IGNORED);

	script_count(d, class);
	log_write(loop_log(d->lp), LOGGING_INFO, d->who, "rest", "%s script%s",
	    class_names[class], fate.struck ? ", fault" : "");
	if (answer_hit(&d->faults, places, n, KIND_FAILURE)) {
		strbuf_add(&r.output, "Invalid command\n");
		r.failed = true;
	} else if (!fate.struck || fate.obey) {
		cli_run(d, rq->body, inert, &r);
	}
	a->shape = fate.shape;
	if (fate.code == 401)
		device_login(d, NULL, NULL); /* counts as refused */
	if (fate.code != 0) {
		body_error(a, fate.code, "fault of the scenario");
	} else {
		script_answer(d, &r, places, n, a);
		answer_after(&d->faults, places, n, a);
	}
	strbuf_free(&r.output);
	if (class == CLI_STOP)
		device_event(d, WHEN_STOP);
}

/* Requests that are no script: only the faults of every request. */
static void
other_request(
    struct device *d, const struct web_request *rq, struct web_answer *a)
{
	const enum fault_on place = ON_REST;
	struct answer_fate fate = answer_before(&d->faults, &place, 1);

	a->shape = fate.shape;
	if (fate.code != 0)
		body_error(a, fate.code, "fault of the scenario");
	else if (strcmp(rq->path, STATUS_PATH) == 0 &&
		 strcmp(rq->method, "GET") == 0)
		status_page(d, a);
	else
		body_error(a, 404, "no such resource");
	answer_after(&d->faults, &place, 1, a);
}

void
device_rest_request(
    struct device *d, const struct web_request *rq, struct web_answer *a)
{
	d->n.rest_requests++;
	if (d->requests++ > 0)
		d->n.rest_overlaps++;
	if (rq->expects)
		d->n.expects++;
	if (!device_login(d, rq->username, rq->password)) {
		body_error(a, 401, "wrong user name or password");
		return;
	}
	if (strcmp(rq->path, SCRIPT_PATH) != 0) {
		other_request(d, rq, a);
		return;
	}
	if (strcmp(rq->method, "PUT") != 0)
		body_error(a, 405, "a script is sent with PUT");
	else if (rq->body[0] == '\0')
		body_error(a, 400, "the part `file` is missing or empty");
	else
		script_run(d, rq, a);
	if (service_is_shut(d, &d->rest))
		a->close = true;
}

void
device_rest_done(struct device *d)
{
	if (d->requests > 0)
		d->requests--;
}
