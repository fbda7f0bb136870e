/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A client of the test cluster ($CEPH_CONF; $TEST_CLIENT and $TEST_KEYRING, else
 * client.admin); the program ends with a sentence when there is none.
 */
#ifndef TESTS_DAEMON_CONNECT_H
#define TESTS_DAEMON_CONNECT_H

#include "lib/clientaddr.h"
#include "lib/session.h"

/* connect_client() - a new instance, with its own address */
void connect_client(struct session *s, unsigned int timeout_s);

/* connect_pool() - for I/O to a pool */
rados_ioctx_t connect_pool(struct session *s, const char *pool);

/* connect_address() - the address of this instance */
struct clientaddr connect_address(struct session *s);

/* connect_die() - end with exit code 1 and a sentence */
void connect_die(const char *fmt, ...)
	__attribute__((format(printf, 1, 2), noreturn));

#endif
