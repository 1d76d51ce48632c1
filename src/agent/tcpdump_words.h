/* tcpdump_words.h - the words that a tcpdump of one device is started with.
 *
 * They are fixed and there is no shell, so nothing of what a peer sent is
 * interpreted: of a device only its parsed addresses go in.
 */
#ifndef AGENT_TCPDUMP_WORDS_H
#define AGENT_TCPDUMP_WORDS_H

#include <stddef.h>

#include "base/addr.h"
#include "conf/agent_conf.h"
#include "io/resolve.h"

/* program, 17 words of options, 2 words an address, NULL */
#define TCPDUMP_WORDS_MAX  (1 + 17 + 2 * RESOLVE_ADDRS_MAX + 1)
#define TCPDUMP_FILTER_MAX (2 * ADDR_TEXT_MAX + 128)

struct tcpdump_words {
	const char *argv[TCPDUMP_WORDS_MAX];
	/* What some of them are, long enough for two 64-bit numbers. */
	char file_size[24], files[24], snaplen[24], buffer[24];
	char filters[RESOLVE_ADDRS_MAX][TCPDUMP_FILTER_MAX];
};

/* `conf` and `path` outlive the words. */
void tcpdump_words_make(struct tcpdump_words *w, const struct agent_section *c,
    const char *path, const struct addr *addrs, size_t n_addrs);

#endif
