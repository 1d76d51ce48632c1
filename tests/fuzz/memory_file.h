/* memory_file.h - an input as a file, for a decoder that opens one. */
#ifndef FUZZ_MEMORY_FILE_H
#define FUZZ_MEMORY_FILE_H

#include "fuzz.h"

struct memory_file {
	int fd;
	char path[32];
};

/* Readable by its owner alone, as a file that holds a password must be. */
void memory_file_open(struct memory_file *f, const uint8_t *data, size_t size);
void memory_file_close(struct memory_file *f);

#endif
