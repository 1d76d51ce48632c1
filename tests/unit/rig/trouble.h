/* trouble.h - trouble of every kind for the fakes, by random(3). */
#ifndef RIG_TROUBLE_H
#define RIG_TROUBLE_H

#include "fake_agent.h"
#include "fake_device.h"

bool one_in(int n);
/* 0 to n - 1 */
int up_to(int n);
/* A fault that passes after a few tries. */
void trouble_passes(struct fake_device *d);
/* One that does not. */
void trouble_lasts(struct fake_device *d);
/* 503, or no final answer, a few times. */
void trouble_answers(struct fake_agent *a);

#endif
