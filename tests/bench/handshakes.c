/* handshakes.c - what a TLS handshake costs libssl alone: one after another,
 * with the authority's check, and nothing sent over it.
 *
 * usage: handshakes CA FIRST COUNT PORT
 */
#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool
shake(SSL_CTX *ctx, uint32_t address, uint16_t port)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
	    .sin_port = htons(port),
	    .sin_addr.s_addr = htonl(address)};
	char host[INET_ADDRSTRLEN];
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	SSL *ssl = SSL_new(ctx);
	bool good;

	inet_ntop(AF_INET, &to.sin_addr, host, sizeof(host));
	X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host);
	good = fd >= 0 &&
	       connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0 &&
	       SSL_set_fd(ssl, fd) == 1 && SSL_connect(ssl) == 1;
	SSL_free(ssl);
	close(fd);
	return good;
}

int
main(int argc, char **argv)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	struct in_addr first;
	uint32_t i, n;

	if (argc != 5 || inet_pton(AF_INET, argv[2], &first) != 1) {
		fprintf(stderr, "usage: handshakes CA FIRST COUNT PORT\n");
		return 2;
	}
	n = (uint32_t)strtoul(argv[3], NULL, 10);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	if (SSL_CTX_load_verify_locations(ctx, argv[1], NULL) != 1)
		return 127;
	for (i = 0; i < n; i++)
		if (!shake(
			ctx, ntohl(first.s_addr) + i, (uint16_t)atoi(argv[4])))
			return 127;
	SSL_CTX_free(ctx);
	return 0;
}
