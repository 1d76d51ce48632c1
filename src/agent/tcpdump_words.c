/* tcpdump_words.c - see tcpdump_words.h. */
#include "agent/tcpdump_words.h"

#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "agent/ring.h"

#define BUFFER_UNIT 1024 /* -B */

static void
format_numbers(struct tcpdump_words *w, const struct agent_section *c)
{
	int64_t kib = (c->buffer + BUFFER_UNIT - 1) / BUFFER_UNIT;

	snprintf(w->file_size, sizeof(w->file_size), "%lld",
	    (long long)ring_file_units(c));
	snprintf(w->files, sizeof(w->files), "%d", c->files);
	snprintf(w->snaplen, sizeof(w->snaplen), "%d", c->snaplen);
	snprintf(w->buffer, sizeof(w->buffer), "%lld", (long long)kib);
}

/* All that is from or to the device; and the errors by which a router says that
 * it does not let through what goes there, which have no address of its: ICMP's
 * types 3 and 11 quote a packet (RFC 792), ICMPv6's below 128 (RFC 4443). */
static void
filter_text(const struct addr *a, char to[TCPDUMP_FILTER_MAX])
{
	char text[ADDR_TEXT_MAX];

	addr_text(a, text);
	if (a->family == AF_INET)
		snprintf(to, TCPDUMP_FILTER_MAX,
		    "(host %s or ((icmp[0] = 3 or icmp[0] = 11) and "
		    "icmp[24:4] = 0x%08x))",
		    text, addr_word(a, 0));
	else
		snprintf(to, TCPDUMP_FILTER_MAX,
		    "(host %s or (icmp6 and ip6[40] < 128 and "
		    "ip6[72:4] = 0x%08x and ip6[76:4] = 0x%08x and "
		    "ip6[80:4] = 0x%08x and ip6[84:4] = 0x%08x))",
		    text, addr_word(a, 0), addr_word(a, 1), addr_word(a, 2),
		    addr_word(a, 3));
}

void
tcpdump_words_make(struct tcpdump_words *w, const struct agent_section *c,
    const char *path, const struct addr *addrs, size_t n_addrs)
{
	const char *const options[] = {"-i", c->interface, "-n", "-U", "-B",
	    w->buffer, "-C", w->file_size, "-W", w->files, "-s", w->snaplen,
	    "-w", path};
	size_t k = 0;

	format_numbers(w, c);
	w->argv[k++] = c->tcpdump;
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		w->argv[k++] = options[i];
	if (geteuid() == 0) {
		/* Else Debian's gives up root for a user who may not write
		 * the second file of a ring in our folder. */
		w->argv[k++] = "-Z";
		w->argv[k++] = "root";
	}
	for (size_t i = 0; i < n_addrs && i < RESOLVE_ADDRS_MAX; i++) {
		if (i > 0)
			w->argv[k++] = "or";
		filter_text(&addrs[i], w->filters[i]);
		w->argv[k++] = w->filters[i];
	}
	w->argv[k] = NULL;
}
