/* conf_file.h - configuration files and folders, read into trees.
 *
 * Wraps libconfig.  A tree is only made of a file without a syntax error.
 */
#ifndef CONF_CONF_FILE_H
#define CONF_CONF_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/conf_load.h"
#include "conf/conf_node.h"
#include "conf/conf_text.h"

/* Zero-initialise. */
struct conf_files {
	struct conf_sources_read sources;
	struct conf_node **root; /* one a file, in the order they were read */
	size_t n_roots;
	bool incomplete; /* a file was wrong: what is missing may be in it */
};

/* Add a file, or the *.conf of a folder by name (in byte order). */
void conf_files_read(
    struct conf_files *f, const char *path, struct conf_messages *m);
void conf_files_free(struct conf_files *f);

#endif
