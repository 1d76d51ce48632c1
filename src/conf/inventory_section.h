/* inventory_section.h - where devices are from, and what came of it. */
#ifndef CONF_INVENTORY_SECTION_H
#define CONF_INVENTORY_SECTION_H

#include <stddef.h>
#include <stdint.h>

/* Devices that are not in the configuration's own files. */
struct inventory_section {
	char **files; /* of devices_csv, as they were written last */
	size_t n_files;
	char **program; /* devices_command: its path, and its words */
	size_t n_program;
	/* What came of it: the program's devices, and, where they are of an
	 * earlier run, why and of when (wall ms). */
	size_t n_listed;
	char *kept_why; /* NULL: the list is new */
	int64_t kept_at;
};

#endif
