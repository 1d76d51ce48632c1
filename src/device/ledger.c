/* ledger.c - what a device finds, written into the books that are open.
 */
#include "device/device_private.h"

struct moment
device_now(const struct device *d)
{
	return (struct moment){
	    .wall = loop_wall(d->env->lp),
	    .mono = loop_now(d->env->lp),
	};
}

void
device_task_begins(struct device *d)
{
	d->task_began = device_now(d);
}

struct row *
device_row_since(struct device *d, const struct moment *began, enum task task,
    enum task_status s, enum severity severity, const char *description)
{
	struct row row = {
	    .task = task,
	    .status = s,
	    .severity = severity,
	    .event = d->round->event,
	    .attempt = d->retry.tries + 1,
	    .started = began->wall,
	    .began = began->mono,
	    .duration = loop_now(d->env->lp) - began->mono,
	    .description = (char *)description,
	};
	char name[32];

	device_log(d, s == TASK_FAILURE ? LOGGING_WARNING : LOGGING_INFO,
	    "task", "%s: %s: %s",
	    task_name(task, d->env->conf->verify.tcp_port, name),
	    task_status_name(s), description);
	return journal_row(d->journal, d->result, &row);
}

struct row *
device_row(struct device *d, enum task task, enum task_status s,
    enum severity severity, const char *description)
{
	return device_row_since(
	    d, &d->task_began, task, s, severity, description);
}

void
device_row_at_once(struct device *d, enum task task, enum task_status s,
    enum severity severity, const char *description)
{
	device_task_begins(d);
	d->retry.tries = 0;
	device_row(d, task, s, severity, description);
}

void
device_fact(struct device *d, enum fact f)
{
	journal_fact(d->journal, d->result, f);
}

/* A capture that could not be stopped is the one thing that must not be
 * overlooked: it goes on using the device, and its SNMP user stays. */
void
device_row_may_be_on(struct device *d)
{
	device_row_at_once(d, TASK_VERIFY_STOPPED, TASK_FAILURE,
	    SEVERITY_CRITICAL,
	    "capture may be on: stop it by hand and remove the SNMP user");
}

void
device_row_not_told(struct device *d)
{
	device_row_at_once(d, TASK_OVOC_STOP, TASK_SKIPPED, SEVERITY_MINOR,
	    "the agent was not told: it captures until agent.max_capture");
	device_fact(d, FACT_UNTOLD);
}
