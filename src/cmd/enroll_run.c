/* enroll_run.c - traffic-capture --enroll.
 */
#include "cmd/enroll_run.h"

#include <signal.h>
#include <stdio.h>

#include "books/result.h"
#include "campaign/enrolment.h"
#include "cmd/process.h"

struct work {
	struct loop *lp;
	bool unwritten; /* stdout is closed */
	bool interrupted;
};

/* At once: what is on the disk has been told. */
static void
on_recorded(void *arg, const char *line)
{
	struct work *w = arg;

	if (printf("recorded: %s\n", line) < 0 || fflush(stdout) != 0)
		w->unwritten = true;
}

static void
on_ended(void *arg)
{
	struct work *w = arg;

	loop_stop(w->lp);
}

static void
on_signal(void *arg, int signo)
{
	struct work *w = arg;

	(void)signo;
	w->interrupted = true;
	loop_stop(w->lp);
}

/* What was recorded, and is not looked at as things are. */
static void
say_unused(struct loop *lp, const struct campaign_conf *conf)
{
	if (conf->rest.tls != CONF_TLS_ACCEPT_NEW)
		log_write(loop_log(lp), LOGGING_NOTICE, NULL, "enroll",
		    "pins in known_pins count with rest.tls = \"accept-new\" "
		    "only, and it is another one");
	if (conf->ssh.host_keys == CONF_HOST_KEYS_OFF)
		log_write(loop_log(lp), LOGGING_NOTICE, NULL, "enroll",
		    "ssh.host_keys = \"off\": known_hosts does not count");
}

static int
finish(const struct work *w, const struct enrolment_counts *n, size_t devices)
{
	printf("%zu device%s: %zu key%s recorded, %zu known before, %zu "
	       "device%s failed%s\n",
	    devices, devices == 1 ? "" : "s", n->recorded,
	    n->recorded == 1 ? "" : "s", n->known, n->failed,
	    n->failed == 1 ? "" : "s", w->interrupted ? "; interrupted" : "");
	if (fflush(stdout) != 0 || w->unwritten || n->trouble)
		return EXIT_TROUBLE;
	if (w->interrupted)
		return RUN_INTERRUPTED;
	if (n->failed == devices)
		return RUN_ALL_FAILED;
	return n->failed > 0 ? RUN_SOME_FAILED : RUN_ALL_WELL;
}

int
enroll_run(struct loop *lp, struct campaign_conf *conf)
{
	struct work w = {.lp = lp};
	struct enrolment *e;
	struct fail why;
	int status;

	say_unused(lp, conf);
	e = enrolment_new(lp, conf, on_recorded, &w, &why);
	if (e == NULL) {
		log_write(loop_log(lp), LOGGING_ERROR, NULL, "enroll", "%s",
		    why.text);
		return EXIT_TROUBLE;
	}
	loop_on_signal(lp, SIGTERM, on_signal, &w);
	loop_on_signal(lp, SIGINT, on_signal, &w);
	enrolment_start(e, on_ended);
	loop_run(lp);
	status = finish(&w, enrolment_counts(e), conf->n_devices);
	enrolment_free(e);
	return status;
}
