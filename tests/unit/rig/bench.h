/* bench.h - one activity of a device, without the device and its campaign.
 *
 * It has what an activity is given: tools, a ledger with its journal, a way to
 * a fake device, a link to a fake agent; all in virtual time.  The test makes
 * the activity, whose report calls bench_report().  One bench at a time.
 */
#ifndef RIG_BENCH_H
#define RIG_BENCH_H

#include "device/reach.h"
#include "io/datagram.h"
#include "link/agent_link.h"
#include "rows.h"
#include "stage.h"

struct bench {
	struct conf_rig *files;
	struct campaign_conf *conf; /* may be changed */
	struct loop *lp;
	struct fake_device *devices;
	struct fake_device *device; /* the last of them, if it has an address */
	struct fake_net *net;
	struct fake_agent *agent; /* of the last device */
	struct run_result *run;
	struct device_result *result; /* of the last device */
	struct tools tools;           /* each gate has one place */
	int64_t last_name;
	struct ledger ledger;
	char *journal; /* its path */
	struct reach reach;
	struct agent_link *link;
	struct old_book *old_book;
	struct datagram *socket;
	int ended; /* reports of the activity, unless bench_ends() saw them */
	bool stepping; /* the loop stops after a turn */
};

/* Devices and settings as of stage_conf(); the last one is it. */
struct bench *bench_new(int n_devices, const char *settings);
/* The activity has ended, or was cancelled. */
void bench_free(struct bench *b);

/* The activity reports; the loop goes on in its next run. */
void bench_report(struct bench *b);
/* The activity has not ended yet; within a day it does, once. */
void bench_ends(struct bench *b);
/* In this time it does not. */
void bench_goes_on(struct bench *b, int64_t ms);
/* For each turn of the loop while what `begin` starts goes on: `cancel` comes
 * behind it, and nothing is reported or sent any more.  Returns how many. */
int bench_cancel_anywhere(struct bench *(*begin)(void), void (*cancel)(void));

/* The facts in the journal so far, "start on": these and no others; of this
 * run, when the turn has ended; of any run, as it is written by now. */
void bench_facts_are(struct bench *b, const char *names);
void bench_facts_are_of(const struct run_result *run, const char *names);
/* Is it in what is on the disk by now? */
bool bench_is_on_disk(const struct bench *b, enum fact f);
/* Of the present round. */
const struct round *bench_round(const struct bench *b);

/* From now on none is kept. */
void bench_end_journal(struct bench *b);
/* Books of the last device for another run, in its folder. */
void bench_open_books(
    struct bench *b, struct run_result *run, struct device_books *books);
/* Closes them and frees the run. */
void bench_close_books(struct device_books *books, struct run_result *run);

#endif
