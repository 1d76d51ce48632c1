/* old_back.c - is it back?
 */
#include "link/old_back.h"

#include "base/str.h"

void
old_back_init(
    struct old_back *b, struct loop *lp, void (*look)(void *arg), void *arg)
{
	timer_init(&b->look, lp, look, arg);
}

void
old_back_begin(struct old_back *b, const char *device)
{
	if (timer_is_set(&b->look))
		return;
	str_copy(b->device, sizeof(b->device), device);
	old_back_later(b);
}

void
old_back_later(struct old_back *b)
{
	timer_set(&b->look, OLD_BACK_MS);
}

void
old_back_asked(void *arg, const struct ask_end *end)
{
	struct old_back *b = arg;

	if (end->outcome != ASK_ANSWERED && !timer_is_set(&b->look))
		old_back_later(b);
}

void
old_back_end(struct old_back *b)
{
	timer_clear(&b->look);
}
