/* order.h - what the agent and its splitter say to each other.
 *
 * One message is one text, which a SOCK_SEQPACKET keeps apart:
 *   add ID ADDRESS... /PATH   a device: capture what is its into these files
 *   end ID                    no more: what is under way, then an answer
 *   listening ID DROPS        it is captured
 *   ended ID DROPS            all that came before `end` is in its files
 *   failed ID DROPS TEXT      it is not captured, or no more
 * DROPS: what the kernel dropped of all devices since the splitter's start.
 * The agent trusts none of the answers.  Pure.
 */
#ifndef SPLIT_ORDER_H
#define SPLIT_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

enum order_kind {
	ORDER_ADD,
	ORDER_END,
	ORDER_LISTENING,
	ORDER_ENDED,
	ORDER_FAILED,
	ORDER_KIND_COUNT
};

#define ORDER_ADDRS_MAX 8
#define ORDER_MAX       4096 /* with its NUL */

struct order {
	enum order_kind kind;
	uint64_t id;
	int64_t drops;
	const char *text; /* the path, absolute, or why it failed */
	struct addr addrs[ORDER_ADDRS_MAX];
	size_t n_addrs;
};

/* Its length; 0: it is too long. */
size_t order_format(char to[ORDER_MAX], const struct order *o);
/* `message` is cut up, `text` is in it.  False: it is none. */
bool order_parse(struct order *o, char *message);

#endif
