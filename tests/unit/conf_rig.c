/* conf_rig.c - files in a folder, and what loading them says. */
#include "conf_rig.h"

#include <check.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"

struct conf_rig *
conf_rig_new(void)
{
	struct conf_rig *r = xcalloc(1, sizeof(*r));

	unit_folder(r->folder);
	unsetenv("CREDENTIALS_DIRECTORY");
	return r;
}

static void
forget(struct conf_rig *r)
{
	campaign_conf_free(r->campaign);
	agent_conf_free(r->agent);
	conf_messages_free(&r->m);
	r->campaign = NULL;
	r->agent = NULL;
}

void
conf_rig_free(struct conf_rig *r)
{
	forget(r);
	free(r);
}

char *
conf_rig_path(const struct conf_rig *r, const char *name)
{
	return xasprintf("%s/%s", r->folder, name);
}

void
conf_rig_file(struct conf_rig *r, const char *name, const char *fmt, ...)
{
	char *path = conf_rig_path(r, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	va_list ap;

	ck_assert_int_ge(fd, 0);
	va_start(ap, fmt);
	ck_assert_int_ge(vdprintf(fd, fmt, ap), 0);
	va_end(ap);
	close(fd);
	free(path);
}

void
conf_rig_mode(struct conf_rig *r, const char *name, unsigned mode)
{
	char *path = conf_rig_path(r, name);

	ck_assert_int_eq(chmod(path, (mode_t)mode), 0);
	free(path);
}

static struct conf_sources
sources(struct conf_rig *r)
{
	if (r->n_paths == 0)
		r->paths[0] = r->folder;
	return (struct conf_sources){r->paths, r->n_paths == 0 ? 1 : r->n_paths,
	    r->sets, r->n_sets, {.output = r->output, .shard = r->shard},
	    r->lists};
}

struct campaign_conf *
conf_rig_campaign(struct conf_rig *r)
{
	struct conf_sources from = sources(r);

	forget(r);
	r->campaign = campaign_conf_load(&from, &r->m);
	return r->campaign;
}

struct agent_conf *
conf_rig_agent(struct conf_rig *r)
{
	struct conf_sources from = sources(r);

	forget(r);
	r->agent = agent_conf_load(&from, &r->m);
	return r->agent;
}

static void
expect_right(struct conf_rig *r, const void *conf)
{
	if (conf == NULL)
		ck_abort_msg("refused:\n%s", strbuf_text(&r->m.errors));
	ck_assert_uint_eq(r->m.n_errors, 0);
}

static void
expect_wrong(
    struct conf_rig *r, const void *conf, const char *has, const char *also)
{
	const char *errors = strbuf_text(&r->m.errors);

	ck_assert_ptr_null(conf);
	if (r->m.n_errors != 1 || strstr(errors, has) == NULL ||
	    (also != NULL && strstr(errors, also) == NULL))
		ck_abort_msg("wanted \"%s\" and \"%s\" and have:\n%s", has,
		    also == NULL ? "" : also, errors);
}

struct campaign_conf *
conf_rig_right(struct conf_rig *r)
{
	struct campaign_conf *c = conf_rig_campaign(r);

	expect_right(r, c);
	return c;
}

void
conf_rig_wrong(struct conf_rig *r, const char *has, const char *also)
{
	expect_wrong(r, conf_rig_campaign(r), has, also);
}

struct agent_conf *
conf_rig_agent_right(struct conf_rig *r)
{
	struct agent_conf *c = conf_rig_agent(r);

	expect_right(r, c);
	return c;
}

void
conf_rig_agent_wrong(struct conf_rig *r, const char *has, const char *also)
{
	expect_wrong(r, conf_rig_agent(r), has, also);
}

struct conf_rig *
conf_rig_with(const char *text)
{
	struct conf_rig *r = conf_rig_new();

	conf_rig_file(r, "a.conf", "%s", text);
	return r;
}

void
conf_rig_wrong_also(const char *text, const char *has, const char *also)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE);

	conf_rig_file(r, "b.conf", "%s", text);
	conf_rig_wrong(r, has, also);
	conf_rig_free(r);
}

void
conf_rig_wrong_device(const char *settings, const char *has, const char *also)
{
	char *text = xasprintf("devices = ( { %s } );", settings);

	conf_rig_wrong_also(text, has, also);
	free(text);
}

void
conf_rig_wrong_set(const char *set, const char *has, const char *also)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE);

	r->sets[r->n_sets++] = set;
	conf_rig_wrong(r, has, also);
	conf_rig_free(r);
}
