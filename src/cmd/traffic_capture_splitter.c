/* traffic_capture_splitter.c - main() of the agent's splitter, which only the
 * agent starts: it captures for all devices at once.
 *
 * It gets the agent's privilege to capture, opens the interface, and gives up
 * all of them before it looks at the first packet.  Orders come on the first
 * descriptor that it is given; everything else is in split/.
 */
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include "base/capabilities.h"
#include "base/str.h"
#include "loop/child.h"
#include "split/splitter.h"

#define PROGRAM "traffic-capture-splitter"

enum {
	WORD_INTERFACE = 1,
	WORD_SNAPLEN,
	WORD_BUFFER,
	WORD_BYTES,
	WORD_FILES,
	WORDS
};

static bool
read_words(struct splitter_plan *plan, int argc, char **argv)
{
	int64_t snaplen, buffer, files;

	if (argc != WORDS ||
	    !str_to_int64(argv[WORD_SNAPLEN], 0, INT32_MAX, &snaplen) ||
	    !str_to_int64(argv[WORD_BUFFER], 1, INT32_MAX, &buffer) ||
	    !str_to_int64(argv[WORD_BYTES], 1, INT64_MAX, &plan->file_bytes) ||
	    !str_to_int64(argv[WORD_FILES], 1, INT32_MAX, &files))
		return false;
	plan->interface = argv[WORD_INTERFACE];
	plan->snaplen = (int)snaplen;
	plan->buffer = (int)buffer;
	plan->files = (unsigned)files;
	plan->orders = CHILD_FD_FIRST;
	return true;
}

/* Root writes into folders of the agent's own user, and needs that for it, as
 * tcpdump does. */
static void
give_up_privileges(void)
{
	(void)capabilities_keep(UINT64_C(1) << CAP_DAC_OVERRIDE);
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static int
say(const struct fail *why)
{
	fprintf(stderr, "%s\n", why->text);
	return EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	struct splitter_plan plan;
	struct splitter *s;
	struct loop *lp;
	struct fail why;
	int status = EXIT_SUCCESS;

	if (!read_words(&plan, argc, argv)) {
		fprintf(stderr, PROGRAM
		    ": only traffic-capture-agent starts this program\n");
		return 2;
	}
	signal(SIGXFSZ, SIG_IGN); /* write(2) tells, of one device */
	lp = loop_new(NULL);
	s = splitter_new(lp, &plan, &why);
	if (s == NULL) {
		loop_free(lp);
		return say(&why);
	}
	give_up_privileges();
	fprintf(stderr, "listening on %s, link-type %s\n", plan.interface,
	    splitter_link_type(s));
	loop_run(lp);
	if (splitter_failed(s, &why))
		status = say(&why);
	splitter_free(s);
	loop_free(lp);
	return status;
}
