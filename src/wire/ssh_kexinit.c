/* ssh_kexinit.c - see ssh_kexinit.h.
 *
 * Decodes in place and copies nothing.  The bytes are a hostile server's: each
 * length is checked against what is left before it is used.
 */
#include "wire/ssh_kexinit.h"

#include <stdint.h>
#include <string.h>

#define MSG_KEXINIT    20    /* RFC 4250 section 4.1.2 */
#define COOKIE_LEN     16    /* RFC 4253 section 7.1 */
#define PACKET_MAX     35000 /* RFC 4253 section 6.1 */
#define PACKETS_BEFORE 16    /* SSH_MSG_IGNORE and its like */

struct input {
	const unsigned char *at;
	size_t left;
};

static bool
take(struct input *in, size_t n, struct input *part)
{
	if (n > in->left)
		return false;
	part->at = in->at;
	part->left = n;
	in->at += n;
	in->left -= n;
	return true;
}

static bool
take_u32(struct input *in, uint32_t *value)
{
	struct input b;

	if (!take(in, 4, &b))
		return false;
	*value = (uint32_t)b.at[0] << 24 | (uint32_t)b.at[1] << 16 |
		 (uint32_t)b.at[2] << 8 | b.at[3];
	return true;
}

/* The next line without its end; a server may send others before its own. */
static bool
take_line(struct input *in, struct input *line)
{
	const unsigned char *end = memchr(in->at, '\n', in->left);

	if (end == NULL)
		return false;
	line->at = in->at;
	line->left = (size_t)(end - in->at);
	in->at += line->left + 1;
	in->left -= line->left + 1;
	if (line->left > 0 && line->at[line->left - 1] == '\r')
		line->left--;
	return true;
}

static bool
take_version(struct input *in, struct ssh_names *version)
{
	struct input line;

	while (in->left > 0 && take_line(in, &line)) {
		if (line.left < 4 || memcmp(line.at, "SSH-", 4) != 0)
			continue;
		version->text = (const char *)line.at;
		version->len = line.left;
		return true;
	}
	return false;
}

/* The payload of the next packet, RFC 4253 section 6. */
static bool
take_packet(struct input *in, struct input *payload)
{
	uint32_t len;
	struct input packet, padding;

	if (!take_u32(in, &len) || len < 2 || len > PACKET_MAX ||
	    !take(in, len, &packet))
		return false;
	if (!take(&packet, 1, &padding) || padding.at[0] >= packet.left)
		return false;
	return take(&packet, packet.left - padding.at[0], payload);
}

static bool
decode_lists(struct ssh_kexinit *k, struct input *in)
{
	struct input part;

	if (!take(in, 1 + COOKIE_LEN, &part))
		return false;
	for (int i = 0; i < SSH_LISTS; i++) {
		uint32_t len;

		if (!take_u32(in, &len) || !take(in, len, &part))
			return false;
		k->lists[i].text = (const char *)part.at;
		k->lists[i].len = part.left;
	}
	return true;
}

bool
ssh_kexinit_decode(struct ssh_kexinit *k, const void *data, size_t len)
{
	struct input in = {data, len}, payload;

	memset(k, 0, sizeof(*k));
	if (!take_version(&in, &k->version))
		return false;
	for (int i = 0; i < PACKETS_BEFORE; i++) {
		if (!take_packet(&in, &payload))
			return false;
		if (payload.at[0] == MSG_KEXINIT)
			return decode_lists(k, &payload);
	}
	return false;
}

const char *
ssh_list_title(enum ssh_list list)
{
	switch (list) {
	case SSH_KEX:
		return "key exchange";
	case SSH_HOST_KEY:
		return "host key";
	case SSH_CIPHER_TO_SERVER:
	case SSH_CIPHER_FROM_SERVER:
		return "cipher";
	case SSH_MAC_TO_SERVER:
	case SSH_MAC_FROM_SERVER:
		return "MAC";
	case SSH_COMPRESSION_TO_SERVER:
	case SSH_COMPRESSION_FROM_SERVER:
		return "compression";
	}
	return "";
}

static bool
has_name(const struct ssh_names *theirs, const char *name, size_t len)
{
	const char *at = theirs->text, *end = theirs->text + theirs->len;

	while (at < end) {
		const char *comma = memchr(at, ',', (size_t)(end - at));
		const char *stop = comma != NULL ? comma : end;

		if ((size_t)(stop - at) == len && memcmp(at, name, len) == 0)
			return true;
		at = stop + 1;
	}
	return false;
}

bool
ssh_names_common(const struct ssh_names *theirs, const char *names)
{
	while (*names != '\0') {
		size_t len = strcspn(names, ",");

		if (len > 0 && theirs->len > 0 && has_name(theirs, names, len))
			return true;
		names += len + (names[len] == ',');
	}
	return false;
}
