/* compare_options.c - see compare_options.h.
 */
#include "cmd/compare_options.h"

#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "cmd/same_file.h"
#include "conf/conf_value.h"
#include "wire/capture_name.h"

/* Less than this is no use: the tables alone need it. */
#define MEMORY_LEAST INT64_C(1000000)
#define MEMORY_MOST  INT64_C(1000000000000)
#define SECONDS_MOST 86400

static const struct program_words words = {
    COMPARE_PROGRAM, NULL, &compare_option_table};

static void wrong(const char *fmt, ...)
    __attribute__((format(printf, 1, 2), noreturn));

static void
wrong(const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	str_printable(text);
	fprintf(stderr, COMPARE_PROGRAM ": %s\n", text);
	free(text);
	options_wrong(&words);
}

static const char *
without_folder(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

/* --- files --- */

/* `fd` -1: it is opened by its name. */
static void
add_file(
    struct compare_options *o, struct given_files *to, const char *path, int fd)
{
	size_t n = to->names.n;

	to->fds = xreallocarray(to->fds, n + 1, sizeof(int));
	to->fds[n] = fd;
	text_list_add(&to->names, path);
	if (fd >= o->descriptors)
		o->descriptors = fd + 1;
}

/* What an earlier comparison found is no part of this one. */
static bool
take_record(struct compare_options *o, const char *path, int fd)
{
	const char *name = without_folder(path);

	if (capture_name_is_record(name))
		add_file(o, &o->records, path, fd);
	else if (!capture_name_is_verdict(name))
		return false;
	return true;
}

static void
refuse_name(const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		wrong("%s is a folder: give the files in it, %s/*", path, path);
	wrong("%s: its name does not begin with CPE_ or OVOC_, so say which "
	      "end it is from: -a for the server's, -b for the device's",
	    path);
}

/* Files of two devices have nothing to do with each other. */
static void
check_device(const char *path, char device[CAPTURE_NAME_MAX])
{
	char name[CAPTURE_NAME_MAX];

	if (!capture_name_device(name, without_folder(path)))
		return;
	if (device[0] != '\0' && strcmp(device, name) != 0)
		wrong("the files are of two devices, %s and %s: give those of "
		      "one at a time, or -a and -b",
		    device, name);
	str_copy(device, CAPTURE_NAME_MAX, name);
}

/* Its end is told by its name. */
static void
take_named(struct compare_options *o, const char *path, int fd)
{
	if (take_record(o, path, fd))
		return;
	switch (capture_name_end(without_folder(path))) {
	case CAPTURE_END_UNKNOWN:
		refuse_name(path);
		break;
	case CAPTURE_END_DEVICE:
		add_file(o, &o->files[SIDE_DEVICE], path, fd);
		break;
	case CAPTURE_END_SERVER:
		add_file(o, &o->files[SIDE_SERVER], path, fd);
		break;
	}
	check_device(path, o->device);
}

/* --- the values of options --- */

static void
take_file(struct compare_options *o, enum side side, const char *option)
{
	options_not_empty(&words, option);
	if (!take_record(o, optarg, -1))
		add_file(o, &o->files[side], optarg, -1);
}

static void
take_name(struct compare_options *o, enum side side, const char *option)
{
	enum { NAME_MAX_BYTES = sizeof(((struct result_side *)0)->name) - 1 };

	options_not_empty(&words, option);
	if (strlen(optarg) > NAME_MAX_BYTES)
		wrong("%s %s: a name has at most %d bytes", option, optarg,
		    NAME_MAX_BYTES);
	o->in.side[side].name = optarg;
}

static void
take_map(struct compare_options *o)
{
	const char *equals = strchr(optarg, '=');
	struct compare_map m;
	char *server;
	bool ok;

	if (equals == NULL)
		wrong("--map %s: it is two addresses, with '=' between that at "
		      "the server's end and that at the device's",
		    optarg);
	server = xstrndup(optarg, (size_t)(equals - optarg));
	ok = addr_parse(&m.server, server);
	free(server);
	if (!ok || !addr_parse(&m.device, equals + 1))
		wrong("--map %s: what stands %s '=' is no address; names and "
		      "ports are not taken",
		    optarg, ok ? "behind" : "before");
	o->maps = xreallocarray(o->maps, o->in.n_maps + 1, sizeof(*o->maps));
	o->maps[o->in.n_maps++] = m;
}

static void
take_address(struct addr *to, const char *option)
{
	if (!addr_parse(to, optarg))
		wrong("%s %s: it is an IPv4 or IPv6 address; names and ports "
		      "are not taken",
		    option, optarg);
}

static void
take_time(int64_t *to, const char *option)
{
	if (!clock_typed_read(optarg, to))
		wrong("%s %s: a time is written 2026-11-23T03:11:02, and is "
		      "local unless a zone is behind it, Z or +01:00",
		    option, optarg);
}

static void
take_memory(struct compare_options *o)
{
	int64_t bytes;

	if (!conf_size_parse(optarg, &bytes))
		wrong("--memory %s: a size is written 500M or 2G", optarg);
	if (bytes < MEMORY_LEAST || bytes > MEMORY_MOST)
		wrong("--memory %s: it is between 1M and 1T", optarg);
	o->in.memory = (size_t)bytes;
}

/* Who opened it knows which end it is from by its name, as we do. */
static void
take_descriptor(struct compare_options *o)
{
	const char *equals = strchr(optarg, '=');
	char *number;
	int64_t fd;
	bool ok;

	number = xstrndup(optarg,
	    equals != NULL ? (size_t)(equals - optarg) : strlen(optarg));
	ok = str_to_int64(number, 0, INT_MAX - 1, &fd) && equals != NULL &&
	     fcntl((int)fd, F_GETFD) != -1;
	free(number);
	if (!ok)
		wrong("--descriptor %s: it is an open descriptor, '=' and the "
		      "name of the file",
		    optarg);
	take_named(o, equals + 1, (int)fd);
}

static void
take_seconds(struct compare_options *o)
{
	int64_t n;

	if (!str_to_int64(optarg, 1, SECONDS_MOST, &n))
		wrong("--confine %s: it is seconds, 1 to %d", optarg,
		    SECONDS_MOST);
	o->confine = (unsigned)n;
}

static void
take_format(struct compare_options *o)
{
	static const char *const names[] = {
	    [COMPARE_TEXT] = "text",
	    [COMPARE_JSON] = "json",
	    [COMPARE_HTML] = "html",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(optarg, names[i]) != 0)
			continue;
		o->format = (enum compare_format)i;
		return;
	}
	wrong("--format %s: it is text, json or html", optarg);
}

static void
take_option(struct compare_options *o, int c)
{
	switch (c) {
	case 'a':
		take_file(o, SIDE_SERVER, "-a");
		return;
	case 'b':
		take_file(o, SIDE_DEVICE, "-b");
		return;
	case OPTION_NAME_A:
		take_name(o, SIDE_SERVER, "--name-a");
		return;
	case OPTION_NAME_B:
		take_name(o, SIDE_DEVICE, "--name-b");
		return;
	case OPTION_MAP:
		take_map(o);
		return;
	case OPTION_DEVICE:
		take_address(&o->in.device, "--device");
		return;
	case OPTION_OVOC:
		take_address(&o->in.ovoc, "--ovoc");
		return;
	case OPTION_CAMPAIGN:
		take_address(&o->in.campaign, "--campaign");
		return;
	case OPTION_FROM:
		take_time(&o->in.from, "--from");
		return;
	case OPTION_TO:
		take_time(&o->in.to, "--to");
		return;
	case OPTION_MEMORY:
		take_memory(o);
		return;
	case OPTION_OUTPUT:
		take_format(o);
		return;
	case OPTION_DESCRIPTOR:
		take_descriptor(o);
		return;
	case OPTION_CONFINE:
		take_seconds(o);
		return;
	default:
		options_take(NULL, &words, c); /* --version, --help, wrong */
	}
}

/* --- what is given together --- */

/* A record is of one event. */
static void
find_event(struct compare_options *o)
{
	char event[CAPTURE_NAME_MAX];

	for (int s = 0; s < SIDE_COUNT; s++) {
		const struct text_list *names = &o->files[s].names;

		for (size_t i = 0; i < names->n; i++) {
			const char *path = names->texts[i];

			if (!capture_name_event(event, without_folder(path)))
				continue;
			if (o->event[0] == '\0')
				str_copy(o->event, sizeof(o->event), event);
			o->others += strcmp(event, o->event) != 0;
		}
	}
}

static void
check_sides(const struct compare_options *o)
{
	const struct text_list *server = &o->files[SIDE_SERVER].names;
	const struct text_list *device = &o->files[SIDE_DEVICE].names;
	const char *one, *other;

	if (server->n + device->n == 0)
		wrong("no files: give the captures of both ends");
	if (server->n == 0)
		wrong("no file of the server's end: give it too, OVOC_... or "
		      "-a FILE");
	if (device->n == 0)
		wrong("no file of the device's end: give it too, CPE_... or "
		      "-b FILE");
	if (same_file_find(server, device, &one, &other))
		wrong("%s and %s are the same capture: give for each end the "
		      "one that was taken there",
		    one, other);
}

static void
check_asker(
    const struct addr *device, const struct addr *asker, const char *option)
{
	char text[ADDR_TEXT_MAX];

	if (device->family != AF_UNSPEC && addr_cmp(device, asker) == 0)
		wrong("--device and %s are both %s: give the address of who "
		      "asks the device",
		    option, addr_text(device, text));
}

/* A campaign may run at OVOC's host; none runs at the device. */
static void
check_askers(const struct compare_input *in)
{
	check_asker(&in->device, &in->ovoc, "--ovoc");
	check_asker(&in->device, &in->campaign, "--campaign");
}

/* --- all of it --- */

static void
fill_input(struct compare_options *o)
{
	for (int i = 0; i < SIDE_COUNT; i++) {
		o->in.side[i].path = o->files[i].names.texts;
		o->in.side[i].fd = o->files[i].fds;
		o->in.side[i].n_paths = o->files[i].names.n;
	}
	o->in.map = o->maps;
}

void
compare_options_parse(struct compare_options *o, int argc, char **argv)
{
	struct option_words w;
	int c;

	option_table_words(words.table, &w);
	while ((c = getopt_long(argc, argv, w.letters, w.names, NULL)) != -1)
		take_option(o, c);
	if (o->in.from != 0 && o->in.to != 0 && o->in.from >= o->in.to)
		wrong(
		    "--from is not before --to: there is nothing to judge between "
		    "them");
	for (int i = optind; i < argc; i++)
		take_named(o, argv[i], -1);
	check_sides(o);
	check_askers(&o->in);
	find_event(o);
	fill_input(o);
}

static void
given_free(struct given_files *g)
{
	text_list_free(&g->names);
	free(g->fds);
}

void
compare_options_free(struct compare_options *o)
{
	for (int i = 0; i < SIDE_COUNT; i++)
		given_free(&o->files[i]);
	given_free(&o->records);
	free(o->maps);
}
