/* inbox.c - sorts what arrives on the campaign's UDP socket.
 *
 * Devices are found in two search trees: by what OVOC knows them by, which is
 * unique for an agent, and by their own name and addresses.
 */
#include "campaign/inbox.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

/* Devices that are called so: an address or a name, in its one spelling. */
struct found {
	char key[HOST_TEXT_MAX];
	struct device **devices;
	size_t n;
};

struct inbox {
	struct loop *lp;
	struct run_result *result;
	struct agent_link *const *links;
	void *by_told; /* trees of struct found, tsearch(3) */
	void *by_own;
	struct log_once strangers;
	struct log_once malformed;
	struct log_once unproven;
	struct log_once unknown;
};

struct inbox *
inbox_new(
    struct loop *lp, struct run_result *result, struct agent_link *const *links)
{
	struct inbox *b = xcalloc(1, sizeof(*b));

	b->lp = lp;
	b->result = result;
	b->links = links;
	return b;
}

static void
found_free(void *node)
{
	struct found *f = node;

	free(f->devices);
	free(f);
}

void
inbox_free(struct inbox *b)
{
	if (b == NULL)
		return;
	tdestroy(b->by_told, found_free);
	tdestroy(b->by_own, found_free);
	free(b);
}

static int
found_cmp(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	return strcmp(x->key, y->key);
}

static void
tree_add(void **tree, const char *name, struct device *d)
{
	struct found *f = xcalloc(1, sizeof(*f));
	struct found *at;

	host_canonical(f->key, name);
	at = *(struct found **)tsearch(f, tree, found_cmp);
	if (at != f)
		found_free(f);
	for (size_t i = 0; i < at->n; i++)
		if (at->devices[i] == d)
			return;
	at->devices =
	    xreallocarray(at->devices, at->n + 1, sizeof(struct device *));
	at->devices[at->n++] = d;
}

void
inbox_add_device(struct inbox *b, struct device *d)
{
	char text[ADDR_TEXT_MAX];
	size_t n;
	const struct addr *addrs = device_addrs(d, &n);

	tree_add(&b->by_told, device_conf(d)->told, d);
	tree_add(&b->by_own, device_conf(d)->address, d);
	for (size_t i = 0; i < n; i++)
		tree_add(&b->by_own, addr_text(&addrs[i], text), d);
}

/* The device of this name whose agent the sender is. */
static struct device *
tree_find(void *const *tree, const char *name, const struct addr *from)
{
	struct found key, **at;

	host_canonical(key.key, name);
	at = tfind(&key, tree, found_cmp);

	for (size_t i = 0; at != NULL && i < (*at)->n; i++)
		if (agent_link_is(device_link((*at)->devices[i]), from))
			return (*at)->devices[i];
	return NULL;
}

/* --- what arrives --- */

static void
refuse(struct inbox *b, struct log_once *once, const struct datagram_from *from,
    const char *why)
{
	char who[ADDR_TEXT_MAX];

	b->result->refused++;
	/* A blocked port would not have let it through. */
	for (size_t i = 0; i < b->result->n_agents; i++)
		if (agent_link_is(b->links[i], &from->addr))
			agent_link_heard(
			    b->links[i], &from->addr, HEARD_REFUSED);
	log_repeated(loop_log(b->lp), once,
	    addr_port_text(&from->addr, from->port, who), "inbox",
	    "datagram ignored: %s", why);
}

static void
take_answer(struct inbox *b, const void *data, size_t len,
    const struct datagram_from *from)
{
	struct log_once *once = &b->strangers;
	const char *why = "it is not from an agent", *said;

	/* More than one may have this address. */
	for (size_t i = 0; i < b->result->n_agents; i++) {
		if (!agent_link_is(b->links[i], &from->addr))
			continue;
		switch (agent_link_take(
		    b->links[i], from->port, data, len, &said)) {
		case LINK_TAKEN:
			agent_link_heard(
			    b->links[i], &from->addr, HEARD_ANSWER);
			return;
		case LINK_LATE: /* or a second one: repeats make these */
			once = NULL;
			break;
		case LINK_ELSEWHERE:
			why = said;
			break;
		case LINK_MALFORMED:
			once = once == NULL ? NULL : &b->malformed;
			why = said;
			break;
		case LINK_UNPROVEN:
			once = once == NULL ? NULL : &b->unproven;
			why = said;
			break;
		}
	}
	if (once != NULL)
		refuse(b, once, from, why);
}

static void
take_alarm(
    struct inbox *b, const struct alarm *a, const struct datagram_from *from)
{
	struct device *d = tree_find(&b->by_told, a->device, &from->addr);
	char why[HOST_TEXT_MAX + 80];

	if (d == NULL)
		d = tree_find(&b->by_own, a->device, &from->addr);
	if (d == NULL) {
		snprintf(why, sizeof(why),
		    "no device %s of this sender is in the campaign",
		    a->device);
		refuse(b, &b->unknown, from, why);
		return;
	}
	agent_link_heard(device_link(d), &from->addr, HEARD_ALARM);
	device_alarm(d, a);
}

void
inbox_datagram(
    void *arg, const void *data, size_t len, const struct datagram_from *from)
{
	struct inbox *b = arg;
	struct alarm a;

	b->result->datagrams++;
	if (agent_message_is_answer(data, len)) {
		take_answer(b, data, len, from);
		return;
	}
	switch (alarm_parse(data, len, &a)) {
	case ALARM_OK:
		take_alarm(b, &a, from);
		return;
	case ALARM_EMPTY:
		refuse(b, &b->malformed, from, "it is empty");
		return;
	case ALARM_AMBIGUOUS:
		refuse(b, &b->malformed, from,
		    "it is an alarm that names two devices");
		return;
	case ALARM_MALFORMED:
		refuse(b, &b->malformed, from,
		    "it is neither an answer nor an alarm");
		return;
	}
}
