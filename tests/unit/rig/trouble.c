/* trouble.c - see trouble.h. */
#include "trouble.h"

#include <stdlib.h>

struct trouble {
	enum fake_step step;
	enum fault kind;
	int n;
};

/* Faults that pass. */
static const struct trouble passing[] = {
    {STEP_SHOW, FAULT_UNREACHABLE, 0},
    {STEP_SHOW, FAULT_STATUS, 503},
    {STEP_SHOW, FAULT_GARBLED, 0},
    {STEP_SHOW, FAULT_HANG, 0},
    {STEP_SHOW, FAULT_BLANK, 0},
    {STEP_START, FAULT_UNREACHABLE, 0},
    {STEP_START, FAULT_CUT, 0},
    {STEP_START, FAULT_CUT_DONE, 0},
    {STEP_START, FAULT_HANG, 0},
    {STEP_START, FAULT_STATUS, 409},
    {STEP_START, FAULT_STATUS_DONE, 500},
    {STEP_START, FAULT_SAYS_FAILURE, 0},
    {STEP_STOP, FAULT_UNREACHABLE, 0},
    {STEP_STOP, FAULT_CUT_DONE, 0},
    {STEP_STOP, FAULT_HANG, 0},
    {STEP_STOP, FAULT_NOT_DONE, 0},
    {STEP_STOP, FAULT_SAYS_FAILURE_DONE, 0},
    {STEP_SFTP, FAULT_UNREACHABLE, 0},
    {STEP_SFTP, FAULT_CUT, 90},
    {STEP_SFTP, FAULT_HANG, 150},
    {STEP_SFTP, FAULT_ENDS_EARLY, 120},
};
/* Faults that a device does not get over. */
static const struct trouble lasting[] = {
    {STEP_SHOW, FAULT_STATUS, 401},
    {STEP_START, FAULT_STATUS, 400},
    {STEP_START, FAULT_UNREACHABLE, 0},
    {STEP_STOP, FAULT_STATUS, 403},
    {STEP_STOP, FAULT_UNREACHABLE, 0},
    {STEP_SFTP, FAULT_AUTH, 0},
    {STEP_SFTP, FAULT_IDENTITY, 0},
    {STEP_SFTP, FAULT_MISSING, 0},
};
#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

bool
one_in(int n)
{
	return up_to(n) == 0;
}

int
up_to(int n)
{
	return (int)(random() % n);
}

static void
befall(struct fake_device *d, const struct trouble *t, int times)
{
	if (d->n_faults == FAULTS_MAX)
		fake_mend(d);
	fake_fault(d, t->step, t->kind, t->n, times);
}

void
trouble_passes(struct fake_device *d)
{
	befall(d, &passing[up_to(COUNT(passing))], 1 + up_to(4));
}

void
trouble_lasts(struct fake_device *d)
{
	befall(d, &lasting[up_to(COUNT(lasting))], -1);
}

void
trouble_answers(struct fake_agent *a)
{
	if (a->n_rules == AGENT_RULES_MAX)
		a->n_rules = 0;
	fake_agent_rule(a, REQUEST_CAPTURE + (enum agent_request)up_to(3),
	    one_in(2) ? 503 : 0, 1 + up_to(5));
}
