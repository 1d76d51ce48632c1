/* result_side.h - what a comparison found out of each capture and of the two
 * clocks: the parts of compare_result.h that say how good the rest can be.
 */
#ifndef COMPARE_RESULT_SIDE_H
#define COMPARE_RESULT_SIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

#define RESULT_FILES_MAX 64
#define RESULT_STEPS_MAX 16
#define RESULT_LINKS_MAX 8

struct result_span {
	int64_t from, to;
};

struct result_file {
	char name[128]; /* without its folder, printable */
	char sha256[65];
	uint64_t packets;  /* of whatever kind */
	bool cut;          /* it ends in the middle of a packet */
	char trouble[160]; /* one sentence without the name; "": none */
};

struct result_side {
	char name[32]; /* for people */
	struct result_file file[RESULT_FILES_MAX];
	int n_files;      /* may be more than fit */
	uint64_t packets; /* of all files */
	uint64_t copies;  /* of them seen twice by this capture: folded */
	uint64_t strange; /* of a link or protocol that is not understood */
	uint64_t tunnelled;
	uint32_t snaplen;    /* shortest length packets are cut to; 0: none */
	int64_t first, last; /* its own clock */
	uint32_t stretches;  /* 1: one piece, without holes or back-steps */
	bool both_ways;      /* both directions of some conversation */
	bool all_interfaces; /* every way out of it was captured: it is known */
	char link[RESULT_LINKS_MAX][32]; /* as libpcap names them */
	int n_links;
	/* The share of packets that it must have had and lacks: `misses` of
	 * `sample`; the upper bound is what grades are made with. */
	uint32_t misses, sample;
	double miss_share, miss_upper;
	uint64_t dropped; /* as its host said */
};

/* device's clock = server's clock + offset + drift * (time since `at`). */
struct result_clock {
	bool known;     /* the offset, to within `error` */
	int64_t at;     /* server's clock */
	int64_t offset; /* ns; the truth is within +- `error` */
	int64_t error;  /* half the smallest round trip; INT64_MAX: one way */
	double drift_ppm, drift_error;     /* show it where the error is < 20 */
	int64_t step_at[RESULT_STEPS_MAX]; /* a clock was set: server's clock */
	int64_t step_by[RESULT_STEPS_MAX];
	int n_steps;
	bool local_time; /* whole quarter hours: the device stamps local time */
	uint32_t pairs;  /* that it was made from */
};

/* ICMP errors that quote packets which were lost. */
struct result_refusal {
	uint32_t n;
	struct addr by; /* the first one's sender */
	uint8_t type, code;
};

/* One end point, as each capture has it; port 0: the address alone. */
struct result_nat {
	struct addr server, device;
	uint16_t server_port, device_port;
};

#endif
