/* line_file.h - a file of lines that are only ever added, and who waits until
 * they are on the disk.
 *
 * Lines are collected, and written at the end of the loop's turn.  Syncs are
 * beside the loop where that can be, and each serves all who wait.
 */
#ifndef BOOKS_LINE_FILE_H
#define BOOKS_LINE_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/str.h"
#include "loop/loop.h"

struct line_file;

struct line_file_events {
	/* Before lines are written: add what is only known now. */
	void (*complete)(void *arg);
	/* Once, with an errno: a line cannot be written or brought to the disk.
	 * It and what follows is held and tried again: none is missing. */
	void (*broke)(void *arg, int error);
};

/* NULL and errno if it cannot be opened; `flags` beside those of appending. */
struct line_file *line_file_open(struct loop *lp, const char *path, int flags,
    const struct line_file_events *events, void *arg);
/* What was not written yet; whoever adds a line to it says so. */
struct strbuf *line_file_lines(struct line_file *f);
void line_file_added(struct line_file *f);
/* Is its last byte no newline? */
bool line_file_is_cut(const struct line_file *f);
/* The lines so far are to be on the disk when the turn ends, or soon after. */
void line_file_wants_disk(struct line_file *f);
/* Lines from now on rely on names in this folder, one for all: it is synced
 * before they are written, once a turn. */
void line_file_relies_on(struct line_file *f, const char *folder);
/* All lines, on the disk, now.  It blocks. */
void line_file_flush(struct line_file *f);
/* What was not written is lost; who waits is not told, but an error of a sync
 * that is under way is.  NULL is accepted. */
void line_file_free(struct line_file *f);

/* Embedded in who waits; zero-initialised.  The fields are the file's. */
struct line_wait {
	TAILQ_ENTRY(line_wait) next;
	struct line_file *file; /* NULL: does not wait */
	uint64_t number;
	void (*done)(void *arg);
	void *arg;
};
/* `done` runs once, from the loop, when every line so far is on the disk, or
 * cannot be, or is only to be written. */
void line_file_wait(struct line_file *f, struct line_wait *w,
    void (*done)(void *arg), void *arg);
/* Harmless when it does not wait. */
void line_wait_cancel(struct line_wait *w);

#endif
