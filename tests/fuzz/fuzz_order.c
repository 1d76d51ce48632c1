/* fuzz_order.c - an order or an answer: what is understood can be said. */
#include "fuzz.h"

#include <string.h>

#include "split/order.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char message[ORDER_MAX], again[ORDER_MAX], twice[ORDER_MAX];
	struct order o;
	size_t len;

	if (size >= sizeof(message))
		return 0;
	memcpy(message, data, size);
	message[size] = '\0';
	if (!order_parse(&o, message))
		return 0;
	PROMISE(o.n_addrs <= ORDER_ADDRS_MAX);
	/* An address may be longer in the one spelling that it is said in. */
	len = order_format(again, &o);
	if (len == 0)
		return 0;
	memcpy(twice, again, len + 1);
	PROMISE(order_parse(&o, twice));
	PROMISE(order_format(message, &o) == len);
	PROMISE(memcmp(message, again, len) == 0);
	return 0;
}
