/* agent_about.c - what an agent of ours told of itself.
 */
#include "link/agent_about.h"

#include <string.h>

#include "base/str.h"
#include "wire/peer_words.h"

bool
agent_about_learn(struct agent_about *about, const struct agent_info *info,
    int64_t wall, int64_t age, const char *const *secrets)
{
	char version[INFO_VERSION];
	bool other;

	if (info == NULL || info->version[0] == '\0' || info->clock < 0)
		return false;
	peer_words(info->version, strlen(info->version), secrets, version,
	    sizeof(version));
	other = strcmp(about->version, version) != 0;
	str_copy(about->version, sizeof(about->version), version);
	about->ahead = info->clock - wall;
	about->error = age + 1; /* of less than a ms, too */
	about->free_bytes = info->free_bytes;
	return other;
}
