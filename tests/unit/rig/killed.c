/* killed.c - see killed.h.
 */
#include "killed.h"

#include <string.h>

#include "base/xmem.h"
#include "rig.h"
#include "rows.h"

void
rig_close(struct rig *r)
{
	campaign_close(r->campaign);
	rig_kill(r);
}

char *
rig_file(const char *folder, const char *name)
{
	char *path = xasprintf("%s/%s", folder, name);
	char *text = unit_read(path);

	free(path);
	return text;
}

bool
rig_file_has(const char *folder, const char *name, const char *what)
{
	char *text = rig_file(folder, name);
	bool has = strstr(text, what) != NULL;

	free(text);
	return has;
}

const struct row *
rig_killed_row(const struct rig *r, size_t device, enum task task)
{
	return rows_find(&r->killed.run->devices[device], task, -1);
}

const struct row *
rig_expect_killed(const struct rig *r, size_t device, enum task task,
    enum task_status status, enum severity severity, const char *has)
{
	ck_assert_ptr_nonnull(r->killed.run);
	return rows_expect(
	    &r->killed.run->devices[device], task, -1, status, severity, has);
}

void
rig_all_is_off(const struct rig *r)
{
	const struct agent_device *d;

	for (size_t i = 0; i < r->n_devices; i++)
		ck_assert(!r->devices[i].on && !r->devices[i].user);
	STAILQ_FOREACH (d, &r->net->agents[0].devices, next)
		ck_assert(!d->capturing);
}
