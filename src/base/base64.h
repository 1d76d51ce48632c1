/* base64.h - base64 with padding (RFC 4648 section 4). */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include <stddef.h>

/* The text, padded, NUL-terminated.  free(3). */
char *base64_encode(const void *data, size_t len);
/* The bytes, their number in `out_len`.  free(3).  NULL unless all of `len`
 * characters are one padded base64 text. */
unsigned char *base64_decode(const char *text, size_t len, size_t *out_len);

#endif
