/* verdict.h - what traffic-capture-compare said, as far as it is judged. */
#ifndef PAIRS_VERDICT_H
#define PAIRS_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#define VERDICT_CLASSES 32
#define VERDICT_LETTERS 8
#define VERDICT_PATHS   8

struct verdict_class {
	char kind[16], way[8], grade[24];
	char first[40], last[40]; /* of the losses; "": not said */
	int64_t sent, arrived, lost, at_least, unknown, incomplete;
	bool judged; /* by judge_pair: it was found in the truth */
};

struct verdict {
	char sentence[1024], grade[24];
	int64_t status;
	bool clock_known;
	double offset, error;
	struct verdict_class classes[VERDICT_CLASSES];
	unsigned n_classes;
	struct verdict_letter {
		char kind[16], letter;
	} letters[VERDICT_LETTERS]; /* of OVOC's questions */
	unsigned n_letters;
	/* What a way did, and two numbers, as in truth_text.c; "": no time. */
	struct verdict_path {
		char way[8], what[8], from[40];
		double a, b;
	} paths[VERDICT_PATHS];
	unsigned n_paths;
};

/* False if it is not what COMPARE promises; `why` then says so. */
bool verdict_read(struct verdict *v, const char *path, const char **why);
/* NULL: it says nothing of such a class. */
struct verdict_class *verdict_find(
    struct verdict *v, const char *kind, const char *way);

#endif
