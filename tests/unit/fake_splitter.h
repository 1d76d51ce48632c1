/* fake_splitter.h - a unit's own program in the place of the splitter.
 *
 * main() of such a unit calls it first: who is started with a splitter's words
 * answers orders as the interface's name says:
 *   good    as it should
 *   deaf    never
 *   stays   listens, and never ends
 *   dies    listens, and is killed by the next order
 *   fails   cannot open any file
 *   lies    listens, and then talks nonsense
 *   none    ends at once, in words of libpcap's
 */
#ifndef UNIT_FAKE_SPLITTER_H
#define UNIT_FAKE_SPLITTER_H

#include <stdbool.h>

/* False: it is not meant. */
bool fake_splitter(int argc, char **argv);
/* The path of this program; free(3). */
char *fake_splitter_program(void);

#endif
