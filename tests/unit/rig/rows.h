/* rows.h - the rows of a device, as tests expect them. */
#ifndef RIG_ROWS_H
#define RIG_ROWS_H

#include "books/result.h"

/* The device's n-th row of this task, from 1; -1: the last; NULL: none. */
const struct row *rows_find(
    const struct device_result *d, enum task task, int n);
int rows_count(const struct device_result *d, enum task task);
/* It is there and so, and its description (or its note) has the text. */
const struct row *rows_expect(const struct device_result *d, enum task task,
    int n, enum task_status status, enum severity severity, const char *has);

/* These and no others, in order, each as
 *   <task's key> <attempt> <status> <severity> <code>: <description>
 * with " [<note>]" behind it where there is one; "..." stands for the rest. */
void rows_are(const struct device_result *d, const char *const *lines);
#define ROWS_ARE(d, ...) rows_are((d), (const char *const[]){__VA_ARGS__, NULL})

#endif
