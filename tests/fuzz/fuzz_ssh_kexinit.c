/* fuzz_ssh_kexinit.c - any bytes as the beginning of an SSH server's talk. */
#include "fuzz.h"

#include "wire/ssh_kexinit.h"

static void
promise_inside(const struct ssh_names *n, const uint8_t *data, size_t size)
{
	const char *begin = (const char *)data, *end = begin + size;

	PROMISE(n->len == 0 || (n->text >= begin && n->text + n->len <= end));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ssh_kexinit k;
	bool ok = ssh_kexinit_decode(&k, data, size);

	PROMISE(!ok || k.version.len >= 4);
	promise_inside(&k.version, data, size);
	for (int i = 0; i < SSH_LISTS; i++) {
		promise_inside(&k.lists[i], data, size);
		(void)ssh_names_common(&k.lists[i], "aes128-ctr,none");
	}
	return 0;
}
