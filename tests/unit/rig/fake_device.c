/* fake_device.c - the truth of a device, its faults, its file. */
#include "fake_device.h"

#include <search.h>
#include <string.h>

#include "../unit.h"

static void *devices; /* tsearch(3), by the address that each begins with */

static int
device_cmp(const void *a, const void *b)
{
	return addr_cmp(a, b);
}

static void
keep(void *device)
{
	(void)device;
}

void
fake_devices(struct fake_device *all, size_t n)
{
	tdestroy(devices, keep);
	devices = NULL;
	for (size_t i = 0; i < n; i++)
		tsearch(&all[i], &devices, device_cmp);
}

struct fake_device *
fake_device_find(const struct addr *a)
{
	struct fake_device **at = tfind(a, &devices, device_cmp);

	return at != NULL ? *at : NULL;
}

struct fake_device *
fake_device_at(const struct addr *a)
{
	struct fake_device *d = fake_device_find(a);

	ck_assert_msg(d != NULL, "nobody has this address");
	return d;
}

void
fake_fault(struct fake_device *d, enum fake_step step, enum fault kind, int n,
    int times)
{
	ck_assert_uint_lt(d->n_faults, FAULTS_MAX);
	d->faults[d->n_faults++] = (struct fake_fault){step, kind, n, times};
}

void
fake_mend(struct fake_device *d)
{
	d->n_faults = 0;
}

void
fake_reboot(struct fake_device *d)
{
	d->on = false;
	d->user = false;
	d->len = 0;
	d->unfetched = false;
}

static struct fake_fault
take_fault(struct fake_device *d, enum fake_step step)
{
	for (size_t i = 0; i < d->n_faults; i++) {
		struct fake_fault *f = &d->faults[i];

		if (f->step != step || f->times == 0)
			continue;
		if (f->times > 0)
			f->times--;
		return *f;
	}
	return (struct fake_fault){.step = step};
}

struct fake_fault
fake_hit(struct fake_device *d, enum fake_step step, const struct loop *lp)
{
	struct fake_fault f = take_fault(d, step);
	int n = d->hits[step]++;

	if (n < FAKE_HITS_MAX)
		d->at[step][n] = unit_elapsed(lp);
	unit_must(!d->refused, "%s is asked after a refused login", d->text);
	if (f.kind == FAULT_AUTH ||
	    (f.kind == FAULT_STATUS &&
		(f.n == 401 || f.n == 403 || f.n == 405)))
		d->refused = true;
	return f;
}

static void
put32(struct fake_device *d, uint32_t v)
{
	memcpy(d->file + d->len, &v, 4);
	d->len += 4;
}

void
fake_fill(struct fake_device *d, int packets, int64_t wall_ms)
{
	d->len = 0;
	put32(d, 0xa1b2c3d4);
	put32(d, 4u << 16 | 2u);
	put32(d, 0);
	put32(d, 0);
	put32(d, 65535);
	put32(d, 1);
	for (int i = 0; i < packets; i++) {
		put32(d, (uint32_t)(wall_ms / 1000 + i));
		put32(d, 0);
		put32(d, 60);
		put32(d, 60);
		memset(d->file + d->len, i, 60);
		d->len += 60;
	}
	d->mtime = (uint64_t)wall_ms / 1000;
}
