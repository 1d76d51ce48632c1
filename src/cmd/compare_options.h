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

struct compare_options {
	bool json;
	struct compare_input in; /* its arrays are those below */
	struct text_list files[SIDE_COUNT];
	struct text_list records; /* what is told beside the captures */
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
