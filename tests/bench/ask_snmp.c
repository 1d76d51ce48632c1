/* ask_snmp.c - SNMPv3 GETs as the probes send them, to many devices at once.
 *
 * usage: ask_snmp AUTH PRIV PORT FIRST COUNT GETS
 *
 * Each of COUNT devices from FIRST on is asked GETS times, the next time once
 * it has answered.  Prints how many GETs were answered and how many were not,
 * and the microseconds of processor time and elapsed, from the first on.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "base/xmem.h"
#include "io/snmp.h"

#define TIMEOUT_MS 20000

struct asking {
	struct loop *lp;
	size_t answered, failed, left;
	int gets;
};

struct one {
	struct asking *all;
	struct snmp_peer *peer;
	int asked;
};

static int64_t
us_of(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

static void
heard(void *arg, enum snmp_verdict v, const char *reason)
{
	struct one *o = arg;
	struct asking *a = o->all;

	if (v == SNMP_ANSWERED)
		a->answered++;
	else if (a->failed++ == 0)
		fprintf(stderr, "ask_snmp: %s\n",
		    reason != NULL ? reason : "no answer");
	if (++o->asked < a->gets)
		snmp_get(o->peer, TIMEOUT_MS, heard, o);
	else if (--a->left == 0)
		loop_stop(a->lp);
}

int
main(int argc, char **argv)
{
	struct log *lg = log_new(LOG_FORMAT_TEXT, LOGGING_WARNING, 2);
	struct asking a = {.lp = loop_new(lg)};
	struct rlimit descriptors;
	struct in_addr first;
	struct fail why = {0};
	struct snmp *user;
	struct one *all;
	int64_t used, began;
	size_t n, i;

	if (argc != 7 || inet_pton(AF_INET, argv[4], &first) != 1) {
		fprintf(stderr,
		    "usage: ask_snmp AUTH PRIV PORT FIRST COUNT GETS\n");
		return 2;
	}
	getrlimit(RLIMIT_NOFILE, &descriptors);
	descriptors.rlim_cur = descriptors.rlim_max;
	setrlimit(RLIMIT_NOFILE, &descriptors);
	user = snmp_new(a.lp, "CaptureScript", argv[1], argv[2], &why);
	if (user == NULL) {
		fprintf(stderr, "ask_snmp: %s\n", why.text);
		return 1;
	}
	a.left = n = strtoul(argv[5], NULL, 10);
	a.gets = atoi(argv[6]);
	all = xcalloc(n, sizeof(*all));
	used = us_of(CLOCK_PROCESS_CPUTIME_ID);
	began = us_of(CLOCK_MONOTONIC);
	for (i = 0; i < n; i++) {
		char text[INET_ADDRSTRLEN];
		struct in_addr ip = {htonl(ntohl(first.s_addr) + (uint32_t)i)};
		struct addr to;

		addr_parse(&to, inet_ntop(AF_INET, &ip, text, sizeof(text)));
		all[i].all = &a;
		all[i].peer = snmp_peer_new(user, &to, (uint16_t)atoi(argv[3]));
		snmp_get(all[i].peer, TIMEOUT_MS, heard, &all[i]);
	}
	loop_run(a.lp);
	printf("%zu %zu %lld %lld\n", a.answered, a.failed,
	    (long long)(us_of(CLOCK_PROCESS_CPUTIME_ID) - used),
	    (long long)(us_of(CLOCK_MONOTONIC) - began));
	for (i = 0; i < n; i++)
		snmp_peer_free(all[i].peer);
	free(all);
	snmp_free(user);
	loop_free(a.lp);
	log_free(lg);
	return 0;
}
