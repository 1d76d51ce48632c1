/* side_facts.c - what the files of a side add up to, in a sentence. */
#include "compare/side_facts.h"

#include <stdio.h>

#include "base/str.h"

/* How many files are in this state; `*one` is one of them. */
static unsigned
count(const struct side_facts *f, enum file_state state,
    const struct side_file **one)
{
	unsigned n = 0;

	for (unsigned i = 0; i < f->n_files; i++)
		if (f->files[i].state == state) {
			*one = &f->files[i];
			n++;
		}
	return n;
}

static void
say_unreadable(struct side_facts *f, const struct side_file *one)
{
	if (f->n_files == 1)
		(void)snprintf(f->trouble, sizeof(f->trouble), "%.120s: %s",
		    one->name, one->trouble);
	else
		(void)snprintf(f->trouble, sizeof(f->trouble),
		    "none of the %s's %u captures can be read; %.60s: %s",
		    f->name, f->n_files, one->name, one->trouble);
}

static void
say_nothing(struct side_facts *f)
{
	const struct side_file *one = NULL;

	if (f->packets == 0 &&
	    count(f, FILE_DAMAGED, &one) + count(f, FILE_CUT, &one) > 0)
		(void)snprintf(f->trouble, sizeof(f->trouble), "%.90s: %s",
		    one->name, one->trouble);
	else if (f->packets == 0)
		(void)snprintf(f->trouble, sizeof(f->trouble),
		    "there is no packet in the %s's captures", f->name);
	else if (f->left == f->packets)
		(void)snprintf(f->trouble, sizeof(f->trouble),
		    "the %s's captures have no packet in the time that was "
		    "asked for",
		    f->name);
	else if (f->other_link > 0 && f->other_link == f->packets - f->left &&
		 count(f, FILE_LINK_TYPE, &one) > 0)
		(void)snprintf(f->trouble, sizeof(f->trouble), "%.90s: %s",
		    one->name, one->trouble);
	else
		(void)snprintf(f->trouble, sizeof(f->trouble),
		    "none of the %llu packets in the %s's captures is one that "
		    "goes over a router",
		    (unsigned long long)f->packets, f->name);
}

void
side_facts_conclude(struct side_facts *f, bool full, size_t allowed)
{
	const struct side_file *one = NULL;
	unsigned bad =
	    count(f, FILE_NO_CAPTURE, &one) + count(f, FILE_UNREADABLE, &one);

	f->trouble[0] = '\0';
	if (full) {
		f->status = SIDE_MEMORY;
		(void)snprintf(f->trouble, sizeof(f->trouble),
		    "the %s's captures are too large for a comparison with "
		    "%zu MB of memory: allow more (--memory; in a campaign "
		    "compare.memory), or give fewer of their files",
		    f->name, allowed / 1000000);
	} else if (f->records > 0) {
		f->status = SIDE_READ;
	} else if (bad > 0 && bad == f->n_files) {
		f->status = SIDE_UNREADABLE;
		say_unreadable(f, one);
	} else {
		f->status = SIDE_NOTHING;
		say_nothing(f);
	}
	str_printable(f->trouble);
}
