/* witness.h - the third witness: what the campaign host asked the device, by
 * its own record, and what the device's capture shows of it.
 *
 * A probe is found again by its identity.  Address translation leaves that of
 * SNMP alone, and may change the others: where the campaign host's address is
 * not in the capture, only SNMP is believed to be missing.
 */
#ifndef COMPARE_WITNESS_H
#define COMPARE_WITNESS_H

#include "compare/fate.h"
#include "wire/event_record.h"

struct testimony { /* of one probe */
	enum ask_kind kind;
	enum letter letter;
	bool within; /* it was asked while the device's capture ran */
	/* Server's clock; 0: not there, or when is not known.  s1 and s2 are
	 * the campaign host's. */
	int64_t s1, d1, d2, s2;
};
struct witness {
	struct testimony *said; /* in order of kind and identity */
	uint32_t n;
};

/* `host`: the campaign's in the device's capture, TRACE_NONE; `patience` of the
 * asker, ns, where the record does not tell it.  Where the captures' clocks
 * could not be fitted, some is known all the same.  witness_free(). */
void witness_hear(struct witness *w, const struct scene *sc,
    const struct event_record *record, uint32_t host, int64_t patience);
void witness_free(struct witness *w);
/* The device's clock less the campaign's, ns, by the probes that its capture
 * has.  False: too few, or they do not agree. */
bool witness_clock(const struct trace *device,
    const struct event_record *record, uint32_t host, int64_t *ahead,
    int64_t *error);

/* All probes and heartbeats of a record, by what finds them. */
struct probe_index {
	struct indexed_probe {
		uint64_t key;
		const struct event_probe *probe;
	} * all;
	uint32_t n;
};
/* `record` NULL: an index of nothing.  probe_index_free(). */
void probe_index_make(
    struct probe_index *ix, const struct event_record *record);
void probe_index_free(struct probe_index *ix);
/* The probe of this kind and identity (ICMP: id << 16 | sequence; SNMP: message
 * id; TCP: port) that was sent at about `at`, ns by the clock of the record's
 * writer; NULL: none. */
const struct event_probe *probe_index_find(const struct probe_index *ix,
    enum ask_kind kind, uint32_t identity, int64_t at);

#endif
