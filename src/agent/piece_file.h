/* piece_file.h - what is in one file that tcpdump wrote.
 *
 * A file is named by its folder's descriptor and its name there; a symbolic
 * link is not followed.  How much is read is bounded, for the loop waits.
 */
#ifndef AGENT_PIECE_FILE_H
#define AGENT_PIECE_FILE_H

#include <stdbool.h>
#include <stdint.h>

/* Microseconds since 1970 of the first packet in an open file; 0: none. */
int64_t piece_first_packet(int fd);
/* The same by name; without a packet, when the file was last written to. */
int64_t piece_time(int folder, const char *name);
/* Every record is there to its last byte.  False for one of more than 200
 * million bytes: nobody reads that while others wait. */
bool piece_is_whole(int folder, const char *name);

#endif
