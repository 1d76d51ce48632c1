/* fuzz_journal.c - any file as the journal of a killed run. */
#include "books/journal_read.h"

#include "conf/campaign_conf.h"
#include "fuzz.h"

/* One device is still configured, the others of a journal are not. */
static enum journal_verdict
decode(const char *text, size_t size, struct earlier_run **k)
{
	struct device_type type = {.name = (char *)"msbr"};
	struct agent_entry agent = {.address = (char *)"198.51.100.1"};
	struct device_entry device = {
	    .address = (char *)"192.0.2.1",
	    .name = (char *)"",
	    .note = (char *)"",
	    .username = (char *)"Admin",
	    .type = &type,
	    .agent = &agent,
	    .told = (char *)"192.0.2.1",
	    .rest_port = 443,
	};
	struct device_entry *devices[] = {&device};
	struct agent_entry *agents[] = {&agent};
	struct campaign_conf conf = {
	    .campaign = {.name = (char *)"test", .note = (char *)""},
	    .verify = {.tcp_port = 443},
	    .agents = agents,
	    .n_agents = 1,
	    .devices = devices,
	    .n_devices = 1,
	};
	enum journal_verdict v = journal_decode(
	    &conf, "/nowhere", "2026-11-23T04.00.00Z", text, size, k);

	earlier_run_free(*k);
	return v;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct earlier_run *k = NULL;
	enum journal_verdict v = decode((const char *)data, size, &k);

	PROMISE((v == JOURNAL_KILLED || v == JOURNAL_EMPTY) == (k != NULL));
	PROMISE(v != JOURNAL_UNREADABLE);
	return 0;
}
