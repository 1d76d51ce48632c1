/* conf_row.h - one row a key: all that is done with keys goes by rows. */
#ifndef CONF_CONF_ROW_H
#define CONF_CONF_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "conf/conf_load.h"
#include "conf/conf_node.h"

enum conf_row_type {     /* stored as */
	ROW_BOOL,        /* bool */
	ROW_INT,         /* int */
	ROW_DURATION,    /* int64_t, milliseconds */
	ROW_SIZE,        /* int64_t, bytes */
	ROW_TEXT,        /* char * */
	ROW_PATH,        /* char *, a PEM file, relative to the file it is in */
	ROW_SECRET,      /* char * */
	ROW_SECRET_FILE, /* char *, what the file holds */
	ROW_KEY_FILE,    /* the same, of an SSH private key */
	ROW_SWITCH,      /* bool: the second of two words */
	ROW_CHOICE,      /* int or enum: number of the word */
	ROW_ADDRESS,     /* struct addr */
	ROW_TEXTS,       /* char ** and size_t */
	ROW_ADDRESSES,   /* struct addr * and size_t */
	ROW_PREFIXES     /* struct prefix * and size_t */
};
enum {
	ROW_REQUIRED = 1, /* no default */
	ROW_ZERO = 2,     /* 0 is allowed beside min..max */
	ROW_NONE = 4,     /* "" is allowed, and stored as NULL */
	ROW_LONE = 8,     /* of texts: one text alone is an array of one */
	ROW_OWN = 16,     /* the group's own: nobody takes it over */
	ROW_LONG = 32     /* of texts: each may be longer than a file's name */
};

struct conf_row {
	const char *section, *key; /* "" and key: beside them; "sftp.port" */
	enum conf_row_type type;
	size_t offset, count_offset; /* password_file has password's */
	int64_t min, max;     /* of the value, text length or array length */
	const char *fallback; /* the default, written as for --set, or NULL */
	const char *help;
	unsigned flags;
	const char *words;               /* of a choice: "verify|insecure" */
	bool (*valid)(const char *text); /* of a text; NULL: any */
	const char *allowed;             /* its rule in words */
};

struct conf_section {
	const char *name;
	bool list;                   /* ( { }, { } ) instead of { } */
	const struct conf_row *rows; /* those of one offset beside each other */
	size_t n_rows;
};

/* Say that a value is wrong, and what is allowed; once a node. */
void conf_row_refuse(const struct conf_row *row, struct conf_node *node,
    struct conf_messages *m, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Length of "sftp." in the key of a group within the section, 0: of none. */
size_t conf_row_inner(const struct conf_row *row);
/* "campaign.window"; what is allowed, in words. */
void conf_row_name(const struct conf_row *row, struct strbuf *to);
void conf_row_range(const struct conf_row *row, struct strbuf *to);
/* The value as configuration text, secrets masked. */
void conf_row_print(
    const struct conf_row *row, const void *base, struct strbuf *to);

/* Check the node and store its value in the struct at `base`, which was zero;
 * `base` NULL: check only what needs no other file.  What it points to is the
 * node's memory's.  False if it was refused, now or before. */
bool conf_row_store(const struct conf_row *row, struct conf_node *node,
    void *base, struct conf_messages *m);
/* A value of --set or a default; NULL: cannot be of that type. */
struct conf_node *conf_row_node(const struct conf_row *row,
    const struct conf_memory *memory, const char *text);

#endif
