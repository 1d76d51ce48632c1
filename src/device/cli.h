/* cli.h - one CLI script on a device: a place, the request, a verdict, and the
 * tries that the configuration allows.
 *
 * What an HTTP status or a broken connection means is decided here, once for
 * all scripts; which script follows is the caller's.
 */
#ifndef DEVICE_CLI_H
#define DEVICE_CLI_H

#include "device/reach.h"
#include "wire/device_script.h"

struct cli_script {
	enum task task;
	char *(*text)(const struct device_script *words);
	/* It changes something: it is on the disk before it is sent, and where
	 * its outcome is in doubt it is not simply repeated. */
	bool changes;
	/* What it changes is the start of the capture. */
	bool starts;
	/* One try; only a refusal has its row from here. */
	bool once;
};

enum cli_outcome {
	CLI_DONE,   /* HTTP 200, and the answer says success */
	CLI_DOUBT,  /* it may have been carried out: ask the device, `pause` */
	CLI_FAILED, /* for good: `why`, and a row says so */
};
struct cli_end {
	enum cli_outcome outcome;
	const struct script_answer *answer; /* of CLI_DONE */
	const struct fail *why;             /* of the others */
	int64_t pause;                      /* ms to wait before it is asked */
};
typedef void cli_done(void *arg, const struct cli_end *end);

struct cli { /* embedded; the fields are its own, but for `begun` */
	const struct tools *tools;
	const struct device_entry *conf;
	struct reach *reach;
	struct device_script words; /* what the texts are made of */
	cli_done *done;
	void *arg;
	struct ledger *ledger;
	const struct cli_script *script; /* NULL: nothing is under way */
	struct begun begun; /* the task of the script that was sent last */
	bool sent;          /* it is on its way, or answered just now */
	bool last;          /* no more tries, whatever comes */
	struct ticket ticket;
	struct journal_wait wait;
	struct timer pause;
};

/* `done` runs once for each cli_run(), from the loop. */
void cli_init(struct cli *c, struct reach *reach, cli_done *done, void *arg);
/* Have the device carry out `s`, `pause` ms from now; nothing is under way. */
void cli_run(
    struct cli *c, struct ledger *l, const struct cli_script *s, int64_t pause);
/* The same after an answer that was not the right one: it counts as a failed
 * try.  False, and nothing is under way, if that was the last. */
bool cli_run_again(
    struct cli *c, const struct cli_script *s, const struct fail *why);
/* Harmless when nothing is under way; `done` will not run. */
void cli_cancel(struct cli *c);
/* Do not wait for the pause before the next try. */
void cli_hurry(struct cli *c);
/* The device has a start script that it may just be carrying out. */
bool cli_start_in_flight(const struct cli *c);
/* Its answer ends it, without a further try. */
void cli_last_try(struct cli *c);
/* A row for the script that is not waited for any more, if there is one. */
void cli_cut_short(struct cli *c, const char *text);

#endif
