/* piece_file.h - what is in one file that tcpdump wrote.
 *
 * A file is named by its folder's descriptor and its name there; a symbolic
 * link is not followed.  How much is read in one call is bounded, for the loop
 * waits.
 */
#ifndef AGENT_PIECE_FILE_H
#define AGENT_PIECE_FILE_H

#include <stddef.h>
#include <stdint.h>

/* Microseconds since 1970 of the first packet in an open file; 0: none. */
int64_t piece_first_packet(int fd);
/* The same by name; without a packet, when the file was last written to. */
int64_t piece_time(int folder, const char *name);
/* Is every record there to its last byte?  Read `*budget` bytes more of it at
 * most, and take what was read from it.  One that cannot be read is cut. */
struct piece_walk;
enum piece_verdict { PIECE_UNREAD, PIECE_WHOLE, PIECE_CUT };
struct piece_walk *piece_walk_new(int folder, const char *name);
enum piece_verdict piece_walk_on(struct piece_walk *w, size_t *budget);
/* Packets so far, and when the last was (microseconds since 1970; 0: none). */
int64_t piece_walk_packets(const struct piece_walk *w);
int64_t piece_walk_last_us(const struct piece_walk *w);
/* NULL is accepted. */
void piece_walk_free(struct piece_walk *w);

#endif
