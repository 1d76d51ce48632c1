/* file_age.h - can these packets be of this capture?
 *
 * A device may serve an old file again.  But it may also stamp its local time,
 * or have a clock that nobody set: only what no such reason explains is odd.
 */
#ifndef DEVICE_FILE_AGE_H
#define DEVICE_FILE_AGE_H

#include <stdbool.h>
#include <stdint.h>

struct file_age {            /* wall clock, ms */
	int64_t from, until; /* the capture, by our clock; 0: not known */
	int64_t first, last; /* its packets, by the device's */
	bool clock_known;
	int64_t clock; /* the device's, less ours */
};

/* Some packet may lie within 5 minutes of the capture: as it is stamped, or
 * shifted by the difference of the clocks or by whole quarter hours. */
bool file_age_is_right(const struct file_age *a);
/* By how much its clock is wrong, if the file is the right one; ms. */
int64_t file_age_difference(const struct file_age *a);

#endif
