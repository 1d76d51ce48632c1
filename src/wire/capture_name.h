/* capture_name.h - the names of captures, on both sides.
 *
 *   CPE_device_<device>_<time>.pcap          the device's file
 *   OVOC_device_<device>_<time>-<n>.pcap     the server's, by STOP, from 0
 *   tmp_device_<device>_<time>               folder of one that runs there
 *   ABORTED_device_<device>_<time>-<n>.pcap  the server's, without a STOP
 *   OVOC_device_<device>_<time>.json, ABORTED_...  what is told of them
 *   CAMPAIGN_device_<device>_<time>.json     what the campaign saw meanwhile
 *   COMPARE_device_<device>_<time>.json      what was lost between the two
 *
 * In <device> every ':' is a '.' (Windows forbids it in file names).  <time> is
 * UTC with microseconds and a Z; version 1.0.6 has local time without one.
 * Pure functions.
 */
#ifndef WIRE_CAPTURE_NAME_H
#define WIRE_CAPTURE_NAME_H

#include <stdbool.h>

#define CAPTURE_NAME_MAX 320 /* with its NUL */

void capture_name_cpe(
    char buf[CAPTURE_NAME_MAX], const char *device, long long wall_ms);
/* The name a campaign may give for this device: exactly that pattern, the time
 * with Z or without, ending .pcap or .pcapng; no path. */
bool capture_name_valid(const char *name, const char *device);
/* Of a valid name: is its time UTC?  Else 1.0.6 gave it. */
bool capture_name_is_utc(const char *cpe_name);
/* The server's n-th file that goes with a CPE file of a valid name. */
void capture_name_ovoc(
    char buf[CAPTURE_NAME_MAX], const char *cpe_name, unsigned n);

void capture_name_folder(
    char buf[CAPTURE_NAME_MAX], const char *device, long long wall_ms);
bool capture_name_folder_valid(const char *name, const char *device);
/* Does it look like such a folder, of whatever device? */
bool capture_name_is_folder(const char *name);
/* The n-th file of this folder when nobody named it. */
void capture_name_aborted(
    char buf[CAPTURE_NAME_MAX], const char *folder, unsigned n);
/* The JSON beside such files (agent/sidecar.h); `cpe_name` NULL: of those that
 * nobody named. */
void capture_name_sidecar(
    char buf[CAPTURE_NAME_MAX], const char *folder, const char *cpe_name);
/* The campaign's record, and the verdict, that go with a CPE file of a valid
 * name. */
void capture_name_campaign(char buf[CAPTURE_NAME_MAX], const char *cpe_name);
void capture_name_compare(char buf[CAPTURE_NAME_MAX], const char *cpe_name);
/* Does it look like a file of the server's that is complete? */
bool capture_name_is_finished(const char *name);
bool capture_name_is_aborted(const char *name);

/* At which end was a file of this name (without a path) taken?  Told by how it
 * begins: CPE_, OVOC_, ABORTED_. */
enum capture_end {
	CAPTURE_END_UNKNOWN,
	CAPTURE_END_DEVICE,
	CAPTURE_END_SERVER
};
enum capture_end capture_name_end(const char *name);
/* Is it JSON that tells of an event: the agent's or the campaign's record; is
 * it a verdict?  Told by how it begins and ends. */
bool capture_name_is_record(const char *name);
bool capture_name_is_verdict(const char *name);
/* The <device>, or <device>_<time>, of a name with both; false: it is none. */
bool capture_name_device(char buf[CAPTURE_NAME_MAX], const char *name);
bool capture_name_event(char buf[CAPTURE_NAME_MAX], const char *name);
/* ... and the <n> of a piece of the server's. */
bool capture_name_number(unsigned *n, const char *name);

#endif
