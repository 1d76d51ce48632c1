/* compare_rig.h - two captures of one path, packet by packet, without files.
 *
 * A host sends at a time of the true clock (ms from the beginning); what each
 * capture has of it is said by flags.  Both hosts' clocks, delays and the
 * translation of addresses are fields to be set before the first packet.
 */
#ifndef UNIT_COMPARE_RIG_H
#define UNIT_COMPARE_RIG_H

#include "compare/judge.h"
#include "compare/trace.h"
#include "rig_map.h"

#define RIG_BEGAN    INT64_C(1795000000000000000) /* ns, the server's clock */
#define RIG_CAMPAIGN "203.0.113.9"

enum rig_fate {
	RIG_PASSES = 0,
	RIG_LOST = 1,     /* on the way */
	RIG_NOT_SENT = 2, /* the sender's capture misses it */
	RIG_NOT_SEEN = 4  /* the receiver's does */
};

struct compare_rig {
	struct record *rec[SIDE_COUNT];
	uint32_t n[SIDE_COUNT], room[SIDE_COUNT];
	struct flow_table *table[SIDE_COUNT];
	struct trace *trace[SIDE_COUNT];
	int64_t offset;        /* ns: the device's clock is so much ahead */
	int64_t step_at, step; /* true ms, ns: then by so much more */
	double drift;
	int64_t delay[WAY_COUNT];  /* ns */
	int64_t jitter[WAY_COUNT]; /* ns at most */
	unsigned hops;             /* routers on the way */
	int64_t ttl_at;            /* true ms: then senders have another TTL */
	bool copies;               /* the captures make copies */
	uint8_t dscp[SIDE_COUNT];  /* as each end sees it */
	bool nat;                  /* the server sees the device as another */
	bool inbound_nat;          /* the device sees its questions' sender as
				    * another; its traps go to the real one */
	struct rig_map map;        /* ... whose translation changes */
	bool new_ids;              /* a box writes the IP ids anew */
	uint16_t ip_id;
	struct compare_result result;
	struct judge_wish wish;
};

struct compare_rig *compare_rig_new(void);
void compare_rig_free(struct compare_rig *r);

/* An SNMP question of the server's (`there`) or its answer, with this id. */
void rig_ask(struct compare_rig *r, int64_t ms, uint32_t id, int fate);
void rig_answer(struct compare_rig *r, int64_t ms, uint32_t id, int fate);
/* A trap of the device's, with a number of its own. */
void rig_trap(struct compare_rig *r, int64_t ms, uint32_t id, int fate);
/* Anything: ports, key, kind and bits as given. */
struct rig_packet {
	enum way way;
	uint16_t server_port, device_port;
	uint8_t protocol;
	uint8_t what;
	uint16_t bits;
	uint32_t exchange, seq, length;
	uint64_t key;
};
void rig_send(
    struct compare_rig *r, int64_t ms, const struct rig_packet *p, int fate);

/* The same from and to the campaign host, RIG_CAMPAIGN, which is not
 * translated: only the device's capture has it. */
void rig_campaign(
    struct compare_rig *r, int64_t ms, const struct rig_packet *p);

/* Judge all that was sent. */
const struct compare_result *rig_judge(struct compare_rig *r);
/* The steps before: traces only. */
void rig_traces(struct compare_rig *r);

#endif
