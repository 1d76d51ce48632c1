/* fuzz_conf_csv.c - any text as the devices of a CSV file: of the user's, and
 * of a program, whose columns are few. */
#include "conf/conf_csv.h"

#include <string.h>

#include "base/xmem.h"
#include "conf/campaign_table.h"
#include "fuzz.h"

static const struct conf_section *
devices_section(void)
{
	size_t i = 0;

	while (strcmp(campaign_sections[i].name, "devices") != 0)
		i++;
	return &campaign_sections[i];
}

static bool
is_one_of(const char *const *keys, const char *name)
{
	for (size_t i = 0; keys[i] != NULL; i++)
		if (strcmp(keys[i], name) == 0)
			return true;
	return false;
}

static void
check_devices(const struct conf_csv *csv, const struct conf_node *list)
{
	PROMISE(list->kind == NODE_LIST);
	for (size_t i = 0; i < list->n_children; i++) {
		const struct conf_node *d = list->child[i];

		PROMISE(d->kind == NODE_GROUP && d->place.line > 0);
		for (size_t j = 0; j < d->n_children; j++)
			PROMISE(csv->only == NULL ||
				is_one_of(csv->only, d->child[j]->name));
	}
}

static void
read_as(struct conf_csv *csv, const char *text, size_t len)
{
	struct conf_messages m = {.n_errors = 0};
	const struct conf_memory memory = {
	    arena_new(ARENA_BRIEF), arena_new(ARENA_KEPT)};
	bool whole = false;
	struct conf_node *list;

	csv->memory = &memory;
	list = conf_csv_devices(csv, text, len, &whole, &m);
	PROMISE(whole || m.n_errors > 0);
	PROMISE((m.n_errors > 0) == (m.errors.len > 0));
	check_devices(csv, list);
	conf_messages_free(&m);
	arena_free(memory.trees);
	arena_free(memory.values);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const only[] = {"address", "name", "group", NULL};
	const struct conf_source source = {
	    .path = (char *)"i.csv", .folder = (char *)"."};
	struct conf_csv csv = {.source = &source, .devices = devices_section()};
	char *text = xcalloc(1, size + 1);

	if (size > 0)
		memcpy(text, data, size);
	read_as(&csv, text, size);
	csv.only = only;
	csv.only_why = "no";
	read_as(&csv, text, size);
	free(text);
	return 0;
}
