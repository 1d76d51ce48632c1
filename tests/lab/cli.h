/* cli.h - the CLI of a device: runs a script, line by line.
 *
 * It knows what a capture campaign needs: the `debug capture` commands, SNMPv3
 * users and `write`.  Anything else is an invalid command, as on a device.
 */
#ifndef LAB_CLI_H
#define LAB_CLI_H

#include <stdbool.h>

#include "base/str.h"
#include "device.h"

enum cli_class { CLI_START, CLI_SHOW, CLI_STOP, CLI_OTHER };

/* What a script is for: it holds a start, else a stop, else a show. */
enum cli_class cli_classify(const char *script);

struct cli_result {
	struct strbuf output;
	bool failed; /* at least one line was refused */
};

/* Run every line.  With `inert`, captures are neither started nor stopped,
 * though the commands succeed.  The caller frees `output`. */
void cli_run(
    struct device *d, const char *script, bool inert, struct cli_result *r);

#endif
