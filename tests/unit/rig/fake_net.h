/* fake_net.h - the UDP between the campaign, its agents and OVOC: io/datagram.
 *
 * One net at a time, in virtual time.  Datagrams take a millisecond each way,
 * and are lost, doubled and delayed as told.  What the campaign sends is
 * written down.
 */
#ifndef RIG_FAKE_NET_H
#define RIG_FAKE_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/str.h"
#include "fake_agent.h"
#include "loop/loop.h"

struct fake_net {
	struct loop *lp;
	struct fake_agent *agents;
	size_t n_agents;
	int loss;       /* of a hundred datagrams */
	int doubled;    /* of a hundred */
	int delay_max;  /* ms, on top */
	bool no_bind;   /* datagram_new() fails */
	int from_port;  /* what arrives is from there; 0: 20001 */
	int send_error; /* datagram_send() fails so; 0: it does not */
	/* The next `drop` datagrams that begin with the text are lost. */
	const char *drop_prefix;
	int drop;
	int sent;          /* by the campaign */
	struct strbuf log; /* "<ms> <text>\n" of each */
};

/* So many agents; the caller makes each with fake_agent_init(). */
struct fake_net *fake_net_new(struct loop *lp, size_t n_agents);
void fake_net_free(struct fake_net *n);

/* When the campaign sent what begins with the text: "0 500 1500" in ms since
 * the first; `buf` is returned. */
const char *fake_sent_times(
    const struct fake_net *n, const char *prefix, char buf[1024]);
/* When it did first, in ms since the rig began, or -1; and how often. */
int64_t fake_sent_at(const struct fake_net *n, const char *prefix);
int fake_sent_count(const struct fake_net *n, const char *prefix);
/* The whole text of the last such datagram; to be freed, NULL: none. */
char *fake_sent_last(const struct fake_net *n, const char *prefix);

/* A datagram arrives at the campaign now; it leaves an agent now. */
void fake_arrive(const char *from, const void *data, size_t len);
void fake_leave(const char *from, const void *data, size_t len);

#endif
