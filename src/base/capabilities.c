/* capabilities.c - two system calls that the C library has no name for.
 */
#include "base/capabilities.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];

static struct __user_cap_header_struct
of_this_process(void)
{
	return (struct __user_cap_header_struct){
	    .version = _LINUX_CAPABILITY_VERSION_3};
}

uint64_t
capabilities_here(void)
{
	struct __user_cap_header_struct head = of_this_process();
	sets s = {{0}};

	if (syscall(SYS_capget, &head, s) != 0)
		return 0;
	return s[0].permitted | (uint64_t)s[1].permitted << 32;
}

bool
capabilities_keep(uint64_t wanted)
{
	struct __user_cap_header_struct head = of_this_process();
	sets s = {{0}};

	wanted &= capabilities_here();
	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	s[0].effective = s[0].permitted = (uint32_t)wanted;
	s[1].effective = s[1].permitted = (uint32_t)(wanted >> 32);
	return syscall(SYS_capset, &head, s) == 0;
}
