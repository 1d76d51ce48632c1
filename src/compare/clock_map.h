/* clock_map.h - from one capture's clock to the other's.
 *
 * For a packet towards the device, the device's stamp less the server's is the
 * offset and its delay; for one from it, the offset less its delay.  So the
 * true line lies under all of the first and over all of the second: the line
 * taken is in the middle between the two, and how far another one could be from
 * it is the bound, which holds for any asymmetry of the path.  Where no line
 * with a drift that crystals have fits, a clock was set: the next line begins.
 */
#ifndef COMPARE_CLOCK_MAP_H
#define COMPARE_CLOCK_MAP_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_PIECES_MAX 17

/* A packet that both captures have. */
struct clock_pair {
	int64_t at;   /* server's time */
	int64_t more; /* device's time less the server's */
	enum clock_way { CLOCK_THERE, CLOCK_BACK, CLOCK_LEFT_OUT } way;
};

struct clock_piece {
	int64_t from, to; /* server's time; the first and last are open */
	int64_t middle;   /* offset and drift are meant from here */
	int64_t offset;
	double drift;       /* ns a ns */
	int64_t error;      /* of the offset; INT64_MAX: one way only */
	double drift_error; /* the same of the drift */
	uint32_t pairs;
};

struct clock_map {
	struct clock_piece piece[CLOCK_PIECES_MAX];
	int n;         /* 0: nothing is known */
	bool in_order; /* false: more steps than there is room for */
};

/* `pairs` in order of `at`; those that cannot be true become CLOCK_LEFT_OUT. */
void clock_map_fit(struct clock_map *m, struct clock_pair *pairs, uint32_t n);

/* What the device's clock shows when the server's shows `at`, and the other way
 * round.  The map is not empty. */
int64_t clock_map_to_device(const struct clock_map *m, int64_t at);
int64_t clock_map_to_server(const struct clock_map *m, int64_t device);
/* Is there a step within `span` of this time of the server's? */
bool clock_map_step_near(const struct clock_map *m, int64_t at, int64_t span);

#endif
