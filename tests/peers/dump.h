/* dump.h - the tcpdump of one device, as the 1.0.6 agent minds it: hardly. */
#ifndef PEERS_DUMP_H
#define PEERS_DUMP_H

#include <stdbool.h>
#include <sys/types.h>

struct dump_env { /* outlives all dumps */
	const char *tcpdump;
	const char *interface;
	const char *folder;
};

struct dump { /* zero-initialised: none */
	pid_t pid;
	char *file; /* tmp_device_<device>_<local time>.pcap, in the folder */
};

/* A running one is aborted and its files are deleted. */
void dump_start(struct dump *d, const struct dump_env *env, const char *device);
/* End it and rename its n-th file after the device's: OVOC_..-<n>.pcap.  False
 * if there was none to rename. */
bool dump_stop(struct dump *d, const struct dump_env *env, const char *file);
/* End it, delete its files.  Harmless when there is none. */
void dump_abort(struct dump *d);

#endif
