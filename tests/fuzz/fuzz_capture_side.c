/* fuzz_capture_side.c - any two files as the captures of one end.
 *
 * The first two bytes are the length of the first file.
 */
#include "fuzz.h"

#include "compare/capture_side.h"
#include "memory_file.h"

static void
must_be_in_order(struct capture_side *s)
{
	const struct record *r = capture_side_records(s);
	uint32_t flows = flow_table_size(capture_side_flows(s));
	const struct stretch *t;
	uint32_t n, at = 0;

	t = capture_side_stretches(s, &n);
	for (uint32_t i = 0; i < n; i++) {
		PROMISE(t[i].first == at && t[i].n > 0);
		PROMISE(t[i].from <= t[i].to);
		for (uint32_t k = 0; k < t[i].n; k++, at++) {
			PROMISE(k == 0 || r[at - 1].time <= r[at].time);
			PROMISE(r[at].time >= t[i].from);
			PROMISE(r[at].time <= t[i].to);
			PROMISE(r[at].flow < flows);
			PROMISE(r[at].what < RECORD_WHAT_COUNT);
			PROMISE(r[at].what != RECORD_ICMP_ERROR ||
				r[at].seq == FLOW_NONE || r[at].seq < flows);
		}
	}
	PROMISE(at == capture_side_size(s));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct capture_limits limits = {
	    1 << 20, 5 << 20, INT64_MIN, INT64_MAX};
	struct record_depth depth = {RECORD_DEPTH, RECORD_DEPTH};
	struct capture_side *s = capture_side_new("server", &limits);
	struct memory_file files[2];
	size_t n;

	if (size < 2) {
		capture_side_free(s);
		return 0;
	}
	n = (size_t)(data[0] << 8 | data[1]);
	data += 2;
	size -= 2;
	if (n > size)
		n = size;
	memory_file_open(&files[0], data, n);
	memory_file_open(&files[1], data + n, size - n);
	capture_side_add(s, "a-0.pcap", files[0].fd);
	capture_side_add(s, "a-1.pcap", files[1].fd);
	for (unsigned i = 0; i < 2; i++) {
		const struct side_facts *f = capture_side_facts(s);

		if (capture_side_read(s, &depth) == SIDE_READ) {
			must_be_in_order(s);
			PROMISE(f->packets == f->records + f->copies +
						  f->pieces + f->no_ip +
						  f->local + f->left +
						  f->other_link + f->broken);
		}
		PROMISE((f->trouble[0] == '\0') == (f->status == SIDE_READ));
		depth = capture_side_depth(s);
	}
	memory_file_close(&files[0]);
	memory_file_close(&files[1]);
	capture_side_free(s);
	return 0;
}
