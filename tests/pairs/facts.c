/* facts.c - a line, a fact. */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "facts.h"

static void
read_status(struct facts *f, const char *rest)
{
	unsigned status;
	int used;

	while (sscanf(rest, "%u%n", &status, &used) == 1) {
		f->status |= 1u << (status & 31);
		rest += used;
	}
}

static void
read_class(struct facts *f, const char *rest)
{
	static const char *const may[] = {
	    "certain", "likely", "arrived", "unknown"};
	struct fact *c = &f->classes[f->n_classes];
	unsigned i;
	int used = 0;

	if (f->n_classes == FACT_CLASSES ||
	    sscanf(rest, "%7s %7s %u %u %u %u %u %u %u %u %u %u %u%n", c->kind,
		c->way, &c->sent, &c->arrived, &c->lost, &c->sent_least,
		&c->sent_most, &c->lost_least, &c->lost_most, &c->missed,
		&c->in_server, &c->in_device, &c->in_both, &used) != 13)
		return;
	for (i = 0; i < 4; i++) {
		if (strstr(rest + used, may[i]) != NULL)
			c->may |= 1u << i;
	}
	f->n_classes++;
}

static void
read_times(struct facts *f, const char *rest)
{
	struct fact *c = &f->classes[f->n_classes - 1];
	char kind[8], way[8];
	double at[4];

	/* It stands behind its class. */
	if (f->n_classes == 0 || sscanf(rest, "%7s %7s %lf %lf %lf %lf", kind,
				     way, &at[0], &at[1], &at[2], &at[3]) != 6)
		return;
	c->earliest = at[0];
	c->first = at[1];
	c->last = at[2];
	c->latest = at[3];
}

static void
read_letter(struct facts *f, const char *rest)
{
	if (f->n_letters < FACT_LETTERS &&
	    sscanf(rest, "%7s %c", f->letters[f->n_letters].kind,
		&f->letters[f->n_letters].letter) == 2)
		f->n_letters++;
}

static void
read_path(struct facts *f, const char *rest)
{
	struct fact_path *p = &f->paths[f->n_paths];

	if (f->n_paths < FACT_PATHS &&
	    sscanf(rest, "%7s %7s %lf %lf %d %d", p->way, p->what, &p->earliest,
		&p->latest, &p->a, &p->b) == 6)
		f->n_paths++;
}

static void
read_line(struct facts *f, char *line)
{
	char *rest = strchr(line, ' ');

	line[strcspn(line, "\n")] = '\0';
	if (rest == NULL)
		return;
	*rest++ = '\0';
	if (strcmp(line, "scenario") == 0)
		sscanf(rest, "%63s %u", f->scenario, &f->seed);
	else if (strcmp(line, "status") == 0)
		read_status(f, rest);
	else if (strcmp(line, "clock") == 0)
		sscanf(rest, "%lf %lf %d", &f->clock_least, &f->clock_most,
		    &f->clock);
	else if (strcmp(line, "class") == 0)
		read_class(f, rest);
	else if (strcmp(line, "times") == 0)
		read_times(f, rest);
	else if (strcmp(line, "letter") == 0)
		read_letter(f, rest);
	else if (strcmp(line, "path") == 0)
		read_path(f, rest);
	else if (strcmp(line, "exact") == 0)
		f->exact = strcmp(rest, "yes") == 0;
	else if (strcmp(line, "super") == 0)
		f->super = strcmp(rest, "yes") == 0;
	else if (strcmp(line, "must") == 0 && f->n_must < FACT_RULES)
		str_copy(f->must[f->n_must++], sizeof(f->must[0]), rest);
	else if (strcmp(line, "mustnot") == 0 && f->n_mustnot < FACT_RULES)
		str_copy(
		    f->mustnot[f->n_mustnot++], sizeof(f->mustnot[0]), rest);
	else if (strcmp(line, "file") == 0 && f->n_files < FILES_MAX)
		str_copy(f->files[f->n_files++], sizeof(f->files[0]), rest);
}

bool
facts_read(struct facts *f, const char *path)
{
	char line[512];
	FILE *in = fopen(path, "r");

	memset(f, 0, sizeof(*f));
	f->clock = -1;
	if (in == NULL) {
		perror(path);
		return false;
	}
	while (fgets(line, sizeof(line), in) != NULL)
		read_line(f, line);
	fclose(in);
	return true;
}

const struct fact *
facts_class(const struct facts *f, const char *kind, const char *way)
{
	unsigned i;

	for (i = 0; i < f->n_classes; i++) {
		if (strcmp(f->classes[i].kind, kind) == 0 &&
		    strcmp(f->classes[i].way, way) == 0)
			return &f->classes[i];
	}
	return NULL;
}
