/* SPDX-License-Identifier: GPL-2.0 */
/* A connection to one pool, for another module of ours. */
#ifndef RBD_SESSION_H
#define RBD_SESSION_H

#include <linux/ceph/libceph.h>

struct rbd_client;

/**
 * struct rbd_session - an open connection
 * @client: counted; never shared with a mapping
 * @ceph: its libceph client
 * @oloc: the pool and namespace
 */
struct rbd_session {
	struct rbd_client *client;
	struct ceph_client *ceph;
	struct ceph_object_locator oloc;
};

/**
 * rbd_session_open() - connect as an add line says
 * @line: "<monitors> <options> <pool> <name>", see the ABI of
 *	/sys/bus/rbd/add; the name is for messages only
 * @len: its length
 * @session: filled on success
 *
 * Sleeps, killable. Says what is wrong. Return: 0 or -errno.
 */
int rbd_session_open(const char *line, size_t len, struct rbd_session *session);

/* "[2001:db8::1]:0/4294967295" and more */
#define RBD_SESSION_ADDRESS_MAX 72

/**
 * rbd_session_address() - of its client, as Ceph's blocklist has it
 * @buf: RBD_SESSION_ADDRESS_MAX bytes
 */
void rbd_session_address(const struct rbd_session *session, char *buf);

/** rbd_session_barrier() - rbd_clients_barrier(), for all and not just one */
void rbd_session_barrier(u32 epoch);

/** rbd_session_may_write() - rbd_client_may_write(), of all and not just one */
bool rbd_session_may_write(u32 nonce);

/** rbd_session_close() - sleeps; no request may be in flight */
void rbd_session_close(struct rbd_session *session);

#endif
