/* compare_options.h - the command line of traffic-capture-compare, for its
 * main().
 */
#ifndef CMD_COMPARE_OPTIONS_H
#define CMD_COMPARE_OPTIONS_H

#include <stdbool.h>

#include "cmd/options.h"
#include "compare/compare.h"
#include "wire/capture_name.h"

#define COMPARE_PROGRAM "traffic-capture-compare"

enum compare_format { COMPARE_TEXT, COMPARE_JSON, COMPARE_HTML };

struct given_files {
	struct text_list names;
	int *fds; /* of each that is open, or -1 */
};

struct compare_options {
	enum compare_format format;
	struct compare_input in; /* its arrays are those below */
	struct given_files files[SIDE_COUNT];
	struct given_files records; /* what is told beside the captures */
	int descriptors;            /* that are open: as many, from 0 on */
	unsigned confine; /* seconds of processor time; 0: it is not */
	char device[CAPTURE_NAME_MAX]; /* that the names are of; "": none */
	/* "<device>_<time>" of the captures, the first that has one in its
	 * name; and how many have another. */
	char event[CAPTURE_NAME_MAX];
	size_t others;
	struct compare_map *maps;
};

/* --version and --help end the process; so does, with status 2 and a sentence,
 * whatever is wrong: files that are not of two ends among it. */
void compare_options_parse(struct compare_options *o, int argc, char **argv);
void compare_options_free(struct compare_options *o);

#endif
