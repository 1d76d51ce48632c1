/* shared_conf.c - see shared_conf.h.
 */
#include "conf/shared_conf.h"

const char *
verify_kind_name(enum verify_kind k)
{
	static const char *const names[VERIFY_KINDS] = VERIFY_KIND_NAMES;

	return names[k];
}
