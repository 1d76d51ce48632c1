/* check_capabilities.c - what is kept is here, the rest is gone for good. */
#include "base/capabilities.h"

#include <linux/capability.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

/* What the kernel says, from /proc. */
static uint64_t
told(const char *name)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[256];
	unsigned long long set = 0;

	ck_assert_ptr_nonnull(f);
	while (fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, name, strlen(name)) == 0)
			ck_assert_int_eq(
			    sscanf(strchr(line, ':') + 1, "%llx", &set), 1);
	fclose(f);
	return set;
}

START_TEST(it_is_what_the_kernel_says)
{
	ck_assert_uint_eq(capabilities_here(), told("CapPrm"));
}
END_TEST

START_TEST(only_what_is_wanted_and_here_is_kept)
{
	uint64_t wanted = 1U << CAP_NET_RAW,
		 here = capabilities_here() & wanted;

	ck_assert(capabilities_keep(wanted));
	ck_assert_uint_eq(told("CapPrm"), here);
	ck_assert_uint_eq(told("CapEff"), here);
	ck_assert_uint_eq(told("CapInh"), 0);
	ck_assert_uint_eq(told("CapAmb"), 0);
	ck_assert(capabilities_keep(0));
	ck_assert_uint_eq(capabilities_here(), 0);
	ck_assert(capabilities_keep(wanted));
	ck_assert_uint_eq(told("CapEff"), 0);
}
END_TEST

UNIT_MAIN("capabilities", it_is_what_the_kernel_says,
    only_what_is_wanted_and_here_is_kept)
