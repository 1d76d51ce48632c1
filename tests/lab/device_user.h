/* device_user.h - a row of a device's SNMPv3 user table. */
#ifndef LAB_DEVICE_USER_H
#define LAB_DEVICE_USER_H

#include <stdbool.h>

#define DEVICE_USERS_MAX      10 /* rows of a device's SNMPv3 user table */
#define DEVICE_USER_LEN       64
#define DEVICE_INTERFACES_MAX 8

struct device_user {
	char name[DEVICE_USER_LEN];
	bool saved; /* a `write` came since: it survives a restart */
};

#endif
