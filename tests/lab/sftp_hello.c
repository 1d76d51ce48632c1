/* sftp_hello.c - see sftp_hello.h. */
#include "sftp_hello.h"

#include <stdint.h>

#define TYPE_INIT 1   /* SSH_FXP_INIT */
#define HELLO_LEN 9   /* length, type, version */
#define MORE_MAX  256 /* what extensions a client may name */

static bool
read_whole(ssh_channel channel, unsigned char *to, uint32_t n)
{
	while (n > 0) {
		int got = ssh_channel_read(channel, to, n, 0);

		if (got <= 0)
			return false;
		to += got;
		n -= (uint32_t)got;
	}
	return true;
}

bool
sftp_hello(ssh_channel channel)
{
	static const unsigned char version[HELLO_LEN] = {
	    0, 0, 0, 5, 2 /* SSH_FXP_VERSION */, 0, 0, 0, 3};
	unsigned char in[HELLO_LEN], more[MORE_MAX];
	uint32_t length;

	if (!read_whole(channel, in, HELLO_LEN) || in[4] != TYPE_INIT)
		return false;
	length = (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 |
		 (uint32_t)in[2] << 8 | in[3];
	if (length < 5 || length - 5 > MORE_MAX ||
	    !read_whole(channel, more, length - 5))
		return false;
	return ssh_channel_write(channel, version, HELLO_LEN) == HELLO_LEN;
}
