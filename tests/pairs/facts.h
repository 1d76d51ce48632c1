/* facts.h - the text of the truth, read back. */
#ifndef PAIRS_FACTS_H
#define PAIRS_FACTS_H

#include <stdbool.h>

#include "files.h"

enum { FACT_CERTAIN = 1, FACT_LIKELY = 2, FACT_ARRIVED = 4, FACT_UNKNOWN = 8 };
#define FACT_CLASSES 10
#define FACT_LETTERS 4
#define FACT_PATHS   8
#define FACT_RULES   14

struct fact {
	char kind[8], way[8];
	unsigned sent, arrived, lost, sent_least, sent_most, lost_least,
	    lost_most, missed, in_server, in_device, in_both, may;
	/* Of losses, in ms of the event; `latest` 0: not said. */
	double earliest, first, last, latest;
};

/* What a way did, as in truth_text.c. */
struct fact_path {
	char way[8], what[8];
	double earliest, latest;
	int a, b;
	bool told; /* judge_path: it was */
};

struct facts {
	char scenario[64];
	unsigned seed, status; /* a set */
	double clock_least, clock_most;
	int clock; /* as in truth_text.c; -1: not said */
	bool exact, super;
	struct fact classes[FACT_CLASSES];
	unsigned n_classes, n_must, n_mustnot, n_files;
	char must[FACT_RULES][256], mustnot[FACT_RULES][256];
	char files[FILES_MAX][128];
	struct {
		char kind[8], letter;
	} letters[FACT_LETTERS];
	unsigned n_letters;
	struct fact_path paths[FACT_PATHS];
	unsigned n_paths;
};

/* False, and a message, if it cannot be read. */
bool facts_read(struct facts *f, const char *path);
/* NULL: no such class. */
const struct fact *facts_class(
    const struct facts *f, const char *kind, const char *way);

#endif
