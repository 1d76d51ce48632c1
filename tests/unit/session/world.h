/* world.h - what a session sees in a test: captures, rules and VERIFY traffic
 * that the test plays.  They take the place of agent/capture, agent/rule and
 * agent/probing at link time. */
#ifndef UNIT_SESSION_WORLD_H
#define UNIT_SESSION_WORLD_H

#include "agent/rule.h"
#include "agent/session.h"
#include "base/str.h"

#define DEVICE "192.0.2.10"
#define FILE_Z "CPE_device_192.0.2.10_2026-11-23T04.00.00.000000Z.pcap"
#define FILE_2 "CPE_device_192.0.2.10_2026-11-23T05.00.00.000000Z.pcap"
#define FOLDER "tmp_device_192.0.2.10_2026-11-23T03.00.00.000000Z"
#define FILE_1 "CPE_device_192.0.2.10_2026-11-23T04.00.00.000000.pcap"

struct capture {
	const struct capture_events *events;
	void *arg;
	bool stopped, parked;
	int verifies_began, verifies_ended;
	int64_t silent_since;
	char *cpe_name;
};
struct probing {
	probing_done *done;
	void *arg;
};
struct rule {
	rule_done *done;
	void *arg;
	bool exists, removing;
};

struct world {
	struct loop *lp;
	struct agent_conf conf;
	struct session_env env;
	struct session *session;
	bool over;
	/* "code REQUEST port;" for each answer, before the ";" its info */
	struct strbuf said;
	struct capture *capture;
	struct probing *probing;
	struct rule *rule;
	char destination[ADDR_TEXT_MAX];
	char reason[80]; /* for which the rule goes */
	unsigned points, captures, probings, changes;
	bool folder_gone, parking, capture_refused;
	const char *kept; /* the file that a capture is named after, or NULL */
	char named[CAPTURE_NAME_MAX]; /* by the STOP of one that ended */
	bool wants_info;              /* every request says so */
	struct info_pieces pieces;    /* what the next STOP names */
	struct rule_state rule_was;
};
extern struct world w;

/* What the stand-ins report. */
void capture_began(void);
void capture_expelled(void);
void capture_ended(enum fail_kind kind);
void probed(bool all);
void rule_answered(enum fail_kind kind);
/* A session, nothing asked yet; or one whose capture runs. */
void rig_new(bool manage_rules);
void rig_capturing(void);
void rig_free(void);
/* A request from 192.0.2.1 and this port; the answers it got at once, each
 * "code REQUEST port;".  The others come from port 1. */
const char *asks(uint16_t port, enum agent_request request, const char *file);
const char *host_asks(
    const char *host, enum agent_request request, const char *file);
const char *registers(void);
const char *captures(void);
const char *verifies(void);
const char *stops(const char *file);
/* What was answered since the last request. */
const char *then(void);

#endif
