/* nonce_window.h - which nonces were seen lately, in bounded memory.
 *
 * Two tables that take turns: one fills while the other, of the span before,
 * is only looked at.  So a nonce is remembered for at least one span and at
 * most two, and everything older goes at once.  Both grow with the traffic up
 * to a limit; over it nothing more is taken until the span ends.
 */
#ifndef WIRE_NONCE_WINDOW_H
#define WIRE_NONCE_WINDOW_H

#include <stddef.h>
#include <stdint.h>

/* Of one span: 10 000 devices that trigger at once, with all repeats.  A
 * table has at most twice as many places of 8 bytes. */
#define NONCE_WINDOW_MAX 131072

struct nonce_window;

enum nonce_seen { NONCE_NEW, NONCE_SEEN, NONCE_CROWDED };

/* `span` in milliseconds. */
struct nonce_window *nonce_window_new(int64_t span);
/* NULL is accepted. */
void nonce_window_free(struct nonce_window *w);
/* Is it new?  If so it is remembered.  `now` never goes back.  The nonces come
 * from who has the key, so none is made up to look like another. */
enum nonce_seen nonce_window_add(
    struct nonce_window *w, int64_t now, const char *nonce);

#endif
