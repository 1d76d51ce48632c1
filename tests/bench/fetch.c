/* fetch.c - brings files home as the campaign does: checked, hashed, written
 * and named, so many at once in one process; nothing else of a campaign.
 *
 * usage: fetch USER SECRET REMOTE FOLDER AT-ONCE PORT FIRST COUNT
 *
 * From each of COUNT addresses from FIRST on the file REMOTE comes to FOLDER.
 * SECRET is the name of a file: a private key, or else a password.
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/str.h"
#include "base/xmem.h"
#include "device/retrieval.h"

#define CONNECT_MS 5000
#define STALL_MS   30000

struct fetching {
	struct loop *lp;
	struct disk_sync *disk;
	struct sftp_spec spec; /* but for the address */
	const char *folder;
	uint32_t first;
	size_t n, begun, under_way, at_once, failed;
	const char *files[1];
};

struct one {
	struct fetching *all;
	struct retrieval *r;
	char host[ADDR_TEXT_MAX];
};

static void begin_more(struct fetching *f);

static void
ended(void *arg, const struct retrieval_end *end)
{
	struct one *o = arg;
	struct fetching *f = o->all;
	struct fail why = end->fail;

	if (why.kind == FAIL_NONE && end->verdict != PCAP_WHOLE)
		fprintf(stderr, "%s: no sound capture\n", o->host);
	if (why.kind != FAIL_NONE || end->verdict != PCAP_WHOLE ||
	    !retrieval_keep(o->r, &why)) {
		fprintf(stderr, "%s: %s\n", o->host, why.text);
		f->failed++;
	}
	retrieval_free(o->r);
	free(o);
	f->under_way--;
	begin_more(f);
	if (f->under_way == 0)
		loop_stop(f->lp);
}

static void
begin_more(struct fetching *f)
{
	for (; f->begun < f->n && f->under_way < f->at_once; f->under_way++) {
		struct in_addr ip = {htonl(f->first + (uint32_t)f->begun++)};
		struct one *o = xcalloc(1, sizeof(*o));
		char *path;

		o->all = f;
		inet_ntop(AF_INET, &ip, o->host, sizeof(o->host));
		addr_parse(&f->spec.addr, o->host);
		f->spec.host = o->host;
		path = xasprintf("%s/%s.pcap", f->folder, o->host);
		o->r = retrieval_new(f->lp, f->disk, path);
		free(path);
		retrieval_try(o->r, &f->spec, ended, o);
	}
}

/* What the file holds, without a password's newline. */
static char *
read_secret(const char *path)
{
	char *text = xcalloc(1, 16384);
	FILE *f = fopen(path, "r");

	if (f == NULL || fread(text, 1, 16383, f) == 0) {
		perror(path);
		exit(127);
	}
	fclose(f);
	if (strncmp(text, "-----", 5) != 0)
		text[strcspn(text, "\n")] = '\0';
	return text;
}

static void
allow_descriptors(void)
{
	struct rlimit l;

	if (getrlimit(RLIMIT_NOFILE, &l) == 0) {
		l.rlim_cur = l.rlim_max;
		setrlimit(RLIMIT_NOFILE, &l);
	}
}

int
main(int argc, char **argv)
{
	struct log *lg = log_new(LOG_FORMAT_TEXT, LOGGING_WARNING, 2);
	struct fetching f = {
	    .spec = {.connect_ms = CONNECT_MS, .stall_ms = STALL_MS}};
	struct in_addr first;
	char *secret;

	if (argc != 9 || inet_pton(AF_INET, argv[7], &first) != 1) {
		fprintf(stderr, "usage: fetch USER SECRET REMOTE FOLDER "
				"AT-ONCE PORT FIRST COUNT\n");
		return 2;
	}
	allow_descriptors();
	secret = read_secret(argv[2]);
	f.lp = loop_new(lg);
	f.disk = disk_sync_new(f.lp);
	f.spec.username = argv[1];
	if (strncmp(secret, "-----", 5) == 0)
		f.spec.private_key = secret;
	else
		f.spec.password = secret;
	f.files[0] = argv[3];
	f.spec.files = f.files;
	f.spec.n_files = 1;
	f.folder = argv[4];
	f.at_once = strtoul(argv[5], NULL, 10);
	f.spec.port = (uint16_t)atoi(argv[6]);
	f.first = ntohl(first.s_addr);
	f.n = strtoul(argv[8], NULL, 10);
	begin_more(&f);
	loop_run(f.lp);
	disk_sync_free(f.disk);
	loop_free(f.lp);
	log_free(lg);
	free(secret);
	return f.failed > 0 ? 127 : 0;
}
