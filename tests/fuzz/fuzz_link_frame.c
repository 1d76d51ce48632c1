/* fuzz_link_frame.c - any frame of any link type: the first two bytes. */
#include "fuzz.h"

#include "wire/link_frame.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct link_frame f;
	int type;

	if (size < 2)
		return 0;
	type = data[0] << 8 | data[1];
	if (link_frame_decode(&f, type, data + 2, size - 2) != LINK_IP)
		return 0;
	PROMISE(link_type_known(type));
	PROMISE(f.offset < size - 2);
	PROMISE(f.version == data[2 + f.offset] >> 4);
	return 0;
}
