/* https_server.h - an HTTPS server inside a unit test, on a loopback address.
 *
 * Its certificate is made at the start, is its own CA and holds the names
 * 127.0.0.1, ::1 and device.example.net.  The path says what it does:
 *   /hello     200 "hello"          /teapot  418
 *   /echo      200, the request in words: method, content type, expect, body
 *   /login     200 to user:secret by Basic, else 401
 *   /digest    401 that asks for digest authentication only
 *   /redirect  302 to /hello        /empty   204
 *   /big       200, 2 MiB           /header  200, a header of 2 MiB
 *   /cut       200, half of what Content-Length says
 *   /silent    nothing, ever        /drop    closes without an answer
 *   /close     200 with Connection: close
 */
#ifndef UNIT_HTTPS_SERVER_H
#define UNIT_HTTPS_SERVER_H

#include <stdint.h>

struct https_server;

struct https_server *https_server_new(const char *address);
void https_server_free(struct https_server *s);

uint16_t https_server_port(const struct https_server *s);
/* A PEM file with its certificate, for this process. */
const char *https_server_ca(const struct https_server *s);
/* "sha256//..." of its key. */
const char *https_server_pin(const struct https_server *s);
/* Connections and requests so far. */
int https_server_connections(const struct https_server *s);
int https_server_requests(const struct https_server *s);

#endif
