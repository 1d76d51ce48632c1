/* fuzz_campaign_conf.c - any file as the campaign's configuration. */
#include "conf/campaign_conf.h"
#include "conf/conf_load.h"
#include "memory_file.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct memory_file f;
	const char *path = f.path;
	struct conf_sources from = {.paths = &path, .n_paths = 1};
	struct conf_messages m = {.n_errors = 0};
	struct strbuf text = STRBUF_INIT;
	struct campaign_conf *c;

	memory_file_open(&f, data, size);
	c = campaign_conf_load(&from, &m);
	PROMISE((c == NULL) == (m.n_errors > 0));
	PROMISE((m.n_errors > 0) == (m.errors.len > 0));
	if (c != NULL)
		campaign_conf_print(c, &text);
	strbuf_free(&text);
	campaign_conf_free(c);
	conf_messages_free(&m);
	memory_file_close(&f);
	return 0;
}
