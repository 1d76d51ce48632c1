/* offload.c - see offload.h.  Used by agent/capture for its sidecar. */
#include "io/offload.h"

#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/sockios.h>

#include "base/str.h"

static const struct {
	const char *name;
	__u32 get;
} flags[OFFLOAD_FLAGS] = {
    [OFFLOAD_TSO] = {"tso", ETHTOOL_GTSO},
    [OFFLOAD_GSO] = {"gso", ETHTOOL_GGSO},
    [OFFLOAD_GRO] = {"gro", ETHTOOL_GGRO},
    [OFFLOAD_LRO] = {"lro", ETHTOOL_GFLAGS},
};

const char *
offload_name(enum offload_flag f)
{
	return flags[f].name;
}

static bool
read_flag(int fd, const char *interface, enum offload_flag f, bool *on)
{
	struct ethtool_value value = {.cmd = flags[f].get};
	struct ifreq request;

	memset(&request, 0, sizeof(request));
	str_copy(request.ifr_name, sizeof(request.ifr_name), interface);
	request.ifr_data = (void *)&value;
	if (ioctl(fd, SIOCETHTOOL, &request) != 0)
		return false;
	*on = f == OFFLOAD_LRO ? (value.data & ETH_FLAG_LRO) != 0
			       : value.data != 0;
	return true;
}

bool
offload_read(const char *interface, bool on[OFFLOAD_FLAGS])
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool all = fd >= 0 && strlen(interface) < IFNAMSIZ;

	for (int f = 0; all && f < OFFLOAD_FLAGS; f++)
		all = read_flag(fd, interface, (enum offload_flag)f, &on[f]);
	if (fd >= 0)
		close(fd);
	return all;
}
