/* sftp_hello.h - the server's side of how SFTP begins.  The tests' own server
 * begins so, too.
 */
#ifndef LAB_SFTP_HELLO_H
#define LAB_SFTP_HELLO_H

#include <libssh/libssh.h>
#include <stdbool.h>

/* Read the client's SSH_FXP_INIT and answer version 3, as section 4 of
 * draft-ietf-secsh-filexfer-02 says; waits for it.  False: no such thing came.
 * In place of sftp_server_init(), which libssh 0.11 deprecates and has nothing
 * for that leaves the files to us. */
bool sftp_hello(ssh_channel channel);

#endif
