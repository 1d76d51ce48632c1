/* device_ssh.h - the SSH port of a simulated device. */
#ifndef LAB_DEVICE_SSH_H
#define LAB_DEVICE_SSH_H

#include "device.h"
#include "silent.h"
#include "ssh_server.h"

/* A client has connected; `fd` is taken. */
void device_ssh_accept(
    struct device *d, struct ssh_server *server, struct silent *silent, int fd);

#endif
