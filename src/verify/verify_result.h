/* verify_result.h - what became of the probes of one verify: each for itself,
 * the score of each kind, and that in words.
 */
#ifndef VERIFY_VERIFY_RESULT_H
#define VERIFY_VERIFY_RESULT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "conf/shared_conf.h"

enum verify_fate { /* of one probe */
	VERIFY_NOT_SENT,
	VERIFY_ANSWERED,
	VERIFY_REFUSED, /* TCP: an answer of the device */
	VERIFY_LOST,
	VERIFY_BAD /* answered, but with an SNMP Report or an unreachable */
};

struct verify_probe {    /* what finds it again in a capture */
	int64_t sent_us; /* since the verify began */
	int64_t took_us; /* to its answer; -1: none */
	uint32_t id;     /* ICMP: identifier; SNMP: message id */
	uint16_t seq;    /* ICMP */
	uint16_t port;   /* SNMP and TCP: ours; 0: not known */
	enum verify_fate fate;
};

struct verify_count {
	bool on;
	bool impossible; /* this host could not send; `reason` says why */
	int sent;
	int answered;     /* VERIFY_ANSWERED and VERIFY_REFUSED */
	char reason[160]; /* of the first probe that was not answered, or "" */
	int64_t took_ms;  /* until the last probe had its fate */
	int n;            /* probes that were planned; 0 where it is off */
	struct verify_probe *probe; /* as many; whose result it is frees them */
};
struct verify_result {
	int64_t began_us;   /* wall clock */
	int64_t timeout_ms; /* of each probe */
	struct verify_count kind[VERIFY_KINDS];
};

/* Plan `n` probes of a kind. */
void verify_count_plan(struct verify_count *c, int n);
/* A copy with its own probes, in one piece: free(3) it. */
struct verify_result *verify_result_copy(const struct verify_result *r);
/* Frees the probes.  Not of a copy. */
void verify_result_clear(struct verify_result *r);

/* "9 of 10 answered, lost 4", with the reason where there is one. */
void verify_describe(const struct verify_count *c, struct strbuf *to);
/* Every kind that is on was answered in full (or was not possible here), and
 * something was sent at all. */
bool verify_all_answered(const struct verify_result *r);

#endif
