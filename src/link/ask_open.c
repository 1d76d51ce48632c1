/* ask_open.c - what is open of an ask, and what answers it.
 */
#include "link/ask_open.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"

void
ask_init(struct ask *a, struct agent_link *l, enum agent_request r,
    const char *device, const char *file)
{
	*a = (struct ask){.link = l};
	a->message.request = r;
	str_copy(a->message.device, sizeof(a->message.device), device);
	if (file != NULL)
		str_copy(a->message.file, sizeof(a->message.file), file);
}

enum agent_request
ask_open_request(const struct ask *a)
{
	return a->step != ASK_ITSELF ? REQUEST_REGISTER : a->message.request;
}

const char *
ask_open_device(const struct ask *a)
{
	return a->step != ASK_ITSELF ? a->who : a->message.device;
}

void
ask_message(const struct ask *a, struct agent_message *m)
{
	*m = a->message;
	if (a->step == ASK_ITSELF)
		return;
	*m = (struct agent_message){
	    .request = REQUEST_REGISTER, .wants_info = a->message.wants_info};
	str_copy(m->device, sizeof(m->device), a->who);
}

/* The last word may be missing. */
static bool
is_to(const struct agent_message *answer, enum agent_request r,
    const char *device)
{
	return (answer->request == REQUEST_NONE || answer->request == r) &&
	       strcmp(answer->device, device) == 0;
}

bool
ask_is_open(const struct ask *a, const struct agent_message *answer)
{
	return is_to(answer, ask_open_request(a), ask_open_device(a));
}

bool
ask_was_open(const struct ask *a, const struct agent_message *answer)
{
	return a->step == ASK_WHETHER &&
	       is_to(answer, a->message.request, a->message.device);
}

const char *
ask_silence(const struct ask *a, bool has_key, char buf[ASK_SILENCE_MAX])
{
	if (a->error == 0)
		return has_key ? " Is its key the one that is set here?" : "";
	snprintf(buf, ASK_SILENCE_MAX, " This host could not even send it: %s",
	    strerror(a->error));
	return buf;
}
