/* device_env.h - what a device is given.
 */
#ifndef DEVICE_DEVICE_ENV_H
#define DEVICE_DEVICE_ENV_H

#include "device/ledger.h"

struct device;
struct device_env {
	struct tools tools;
	bool recover_only; /* finish what earlier runs left, begin nothing */
	/* The device's addresses are known: alarms may name it by them. */
	void (*resolved)(void *arg, struct device *d);
	/* It went from one state to another. */
	void (*moved)(void *arg, struct device *d, enum device_state from);
	/* Nothing more comes of a round that had its event, with its file or
	 * without: of this run or of an earlier one, as the books are. */
	void (*event_over)(void *arg, const struct device_books *books,
	    const struct round *round);
	/* This host is in trouble (a full disk): exit status 7. */
	void (*trouble)(void *arg, const char *text);
	void *arg;
};

#endif
