/* read_libs.c - what reading a file costs libconfig alone, or libcsv alone: all
 * of it is parsed, and nothing is done with it.
 *
 * usage: read_libs libconfig|libcsv FILE
 */
#include <csv.h>
#include <libconfig.h>
#include <stdio.h>
#include <string.h>

static int
read_config(const char *path)
{
	config_t c;
	int ok;

	config_init(&c);
	ok = config_read_file(&c, path);
	if (!ok)
		fprintf(stderr, "read_libs: %s:%d: %s\n", path,
		    config_error_line(&c), config_error_text(&c));
	config_destroy(&c);
	return ok ? 0 : 127;
}

static void
cell(void *text, size_t len, void *count)
{
	(void)text;
	(void)len;
	++*(size_t *)count;
}

static int
read_csv(const char *path)
{
	FILE *f = fopen(path, "r");
	struct csv_parser p;
	size_t count = 0, len;
	char data[65536];

	if (f == NULL || csv_init(&p, 0) != 0) {
		perror(path);
		return 127;
	}
	while ((len = fread(data, 1, sizeof(data), f)) > 0)
		csv_parse(&p, data, len, cell, NULL, &count);
	csv_fini(&p, cell, NULL, &count);
	csv_free(&p);
	fclose(f);
	return count > 0 ? 0 : 127;
}

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "libconfig") == 0)
		return read_config(argv[2]);
	if (argc == 3 && strcmp(argv[1], "libcsv") == 0)
		return read_csv(argv[2]);
	fprintf(stderr, "usage: read_libs libconfig|libcsv FILE\n");
	return 2;
}
