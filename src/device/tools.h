/* tools.h - what the activities of all devices work with.
 *
 * Made by the campaign before the first device, and there until the last one is
 * gone.
 */
#ifndef DEVICE_TOOLS_H
#define DEVICE_TOOLS_H

#include "conf/campaign_conf.h"
#include "io/known_hosts.h"
#include "io/known_pins.h"
#include "io/resolve.h"
#include "io/rest.h"
#include "loop/disk_sync.h"
#include "loop/gate.h"
#include "loop/timer.h"
#include "verify/verify.h"

struct pulse;

struct tools {
	struct loop *lp;
	const struct campaign_conf *conf;
	struct verify_plan plan;
	struct rest *rest;
	struct resolver *resolver;
	struct verifier *verifier;
	struct disk_sync *disk;    /* NULL: files are synced in the loop */
	struct known_hosts *hosts; /* NULL: host keys are not checked */
	struct known_pins *pins;   /* NULL: the first TLS key is not kept */
	struct gate *rest_gate;
	struct gate *sftp_gate;
	struct gate *verify_gate;
	struct pulse *pulse;      /* NULL: verify.heartbeat is off */
	struct gate *server_gate; /* sessions with OVOC servers */
	struct login_rate *logins, *ssh_logins;
	int64_t *last_name; /* wall ms in the last file's name: no two alike */
};

#endif
