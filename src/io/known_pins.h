/* known_pins.h - the TLS keys that were seen, for rest.tls = "accept-new".
 *
 * A line is "<host> <pin>", or "[host]:port" where the port is not 443; the pin
 * is libcurl's "sha256//<base64>" of the public key (RFC 7469).  A host may
 * have more than one line.
 */
#ifndef IO_KNOWN_PINS_H
#define IO_KNOWN_PINS_H

#include <stdint.h>

#include "base/fail.h"

struct known_pins;

/* Read the file; one that does not exist is empty.  NULL and FAIL_LOCAL in
 * `why` for one that cannot be read or written or has a broken line. */
struct known_pins *known_pins_load(const char *path, struct fail *why);
void known_pins_free(struct known_pins *k);

/* `added` runs, inside known_pins_check(), for each pin that is appended:
 * "host" or "[host]:port", "sha256//...". */
typedef void known_pins_added(void *arg, const char *name, const char *pin);
void known_pins_on_added(
    struct known_pins *k, known_pins_added *added, void *arg);

/* FAIL_NONE: the pin is known for this host, or is its first and was added to
 * the file.  FAIL_IDENTITY: another one is known; FAIL_LOCAL: it could not be
 * added. */
enum fail_kind known_pins_check(struct known_pins *k, const char *host,
    uint16_t port, const char *pin, struct fail *why);

#endif
