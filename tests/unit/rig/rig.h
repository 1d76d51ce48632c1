/* rig.h - a whole campaign in virtual time, among scripted devices and agents.
 *
 * The fakes of this folder are in place of io/rest, io/sftp, io/resolve,
 * io/datagram and verify/verify, and know nothing of the rig.  One rig at a
 * time, and one campaign a rig.
 */
#ifndef RIG_RIG_H
#define RIG_RIG_H

#include "campaign/campaign.h"
#include "loop/timer.h"
#include "../unit.h"
#include "killed.h"
#include "stage.h"

#define RIG_WALL STAGE_WALL

struct rig {
	struct conf_rig *files;
	const struct campaign_conf *conf;
	struct loop *lp;
	struct run_result *result;
	struct run_folder *folder;
	struct campaign *campaign;
	struct fake_net *net;
	struct fake_device *devices; /* as many as the configuration has */
	size_t n_devices;
	bool ended;
	bool stepping;    /* the loop stops after a turn */
	int64_t ended_at; /* ms since the start */
	int alarms;       /* sent so far: their Unique ID */
	struct rig_killed killed;
};

/* So many devices and these settings: stage_conf(). */
struct rig *rig_new(int n_devices, const char *settings);
/* The same, and start: after it the devices wait, the alarms may come. */
struct rig *rig_waiting(int n_devices, const char *settings);
void rig_free(struct rig *r);

void rig_start(struct rig *r);
/* The process is killed; rig_start() then begins the next run. */
void rig_kill(struct rig *r);
void rig_advance(struct rig *r, int64_t ms);
/* Until the campaign has ended; it must within `ms`. */
void rig_finish(struct rig *r, int64_t ms);
/* Until the device is in this state; it must get there within a day. */
void rig_until(struct rig *r, size_t device, const char *state);
/* The first device, from the start on, by an event; "starting": it is asked. */
void rig_through(struct rig *r, const char *state);
/* Until the device has been sent this. */
void rig_until_hit(struct rig *r, size_t device, enum fake_step step);
int64_t rig_now(const struct rig *r); /* virtual ms since it began */

/* OVOC tells that the device's connection is lost, in the field's form, from
 * the address of the device's agent. */
void rig_lost(struct rig *r, size_t device);
/* An alarm with another text, or the last one once more (same Unique ID). */
void rig_alarm(struct rig *r, size_t device, const char *text);
void rig_again(struct rig *r, size_t device, const char *text);

const struct agent_result *rig_agent(struct rig *r); /* the first, so far */
const char *rig_state(const struct rig *r, size_t device);
const char *rig_outcome(const struct rig *r, size_t device);
/* As rows.h says. */
const struct row *rig_row(
    const struct rig *r, size_t device, enum task task, int n);
int rig_count(const struct rig *r, size_t device, enum task task);
const struct row *rig_expect(const struct rig *r, size_t device, enum task task,
    int n, enum task_status status, enum severity severity, const char *has);
/* Bytes of a file in the run's captures, -1: it is not there. */
long rig_file_size(const struct rig *r, const char *name);

#endif
