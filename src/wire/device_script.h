/* device_script.h - the CLI scripts a device is sent, and its answers.
 *
 * A script is lines of AudioCodes CLI, each ended by \n, for PUT
 * /api/v1/files/cliScript/incremental.  The answer is JSON with `output`,
 * `description` and, on some firmware, `status`; line ends of `output` may
 * arrive as dots, so only sub-strings are looked for.
 */
#ifndef WIRE_DEVICE_SCRIPT_H
#define WIRE_DEVICE_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#define DEVICE_SCRIPT_PATH   "/api/v1/files/cliScript/incremental"
#define DEVICE_SCRIPT_OUTPUT 1024 /* of the answer's output is kept */

struct device_script {
	const char *family; /* "data" (msbr) or "voip" (gateway, SBC) */
	const char *const *interfaces;
	size_t n_interfaces;
	const char *snmp_user; /* NULL: the scripts leave SNMP users alone */
	const char *snmp_auth; /* secrets: the caller wipes the script */
	const char *snmp_priv;
	bool save; /* also `write`, as 1.0.6 does */
};

/* Each returns a text of its own, to be freed with secret_free(): the start
 * script holds the SNMP keys. */
char *device_script_start(const struct device_script *s);
char *device_script_show(const struct device_script *s);
char *device_script_stop(const struct device_script *s);
/* The start script with its keys as *****, for people. */
char *device_script_start_masked(const struct device_script *s);

enum script_result {
	SCRIPT_SUCCESS, /* `status` is absent or "success", any case */
	SCRIPT_FAILURE, /* another `status` */
	SCRIPT_GARBLED  /* not a JSON object */
};
struct script_answer {
	enum script_result result;
	char output[DEVICE_SCRIPT_OUTPUT]; /* printable, cut to fit */
	char description[256];
};
/* Decode the body of an HTTP 200; `secrets`, which the device may quote: see
 * peer_words(). */
void device_script_answer(const char *body, size_t len,
    const char *const *secrets, struct script_answer *a);

enum capture_shown { CAPTURE_ACTIVE, CAPTURE_NOT_ACTIVE, CAPTURE_UNKNOWN };
/* What the output of `show` says. */
enum capture_shown device_script_shown(const struct script_answer *a);

#endif
