/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Connections to clusters. Mappings with equal options use one connection,
 * hence one address and nonce, unless they ask for their own.
 */
#ifndef RBD_CLIENT_H
#define RBD_CLIENT_H

#include <linux/ceph/libceph.h>
#include <linux/kref.h>
#include <linux/list.h>

/**
 * struct rbd_client - a counted connection
 * @ceph: the connection; const
 * @nonce: of its address; const
 * @kref: references
 * @node: in the list of all; protected by its lock
 * @joinable: a further mapping may use it too; protected by the same lock
 */
struct rbd_client {
	struct ceph_client *ceph;
	u32 nonce;
	struct kref kref;
	struct list_head node;
	bool joinable;
};

/**
 * rbd_client_get() - a connection with these options
 * @opts: taken over, also on failure
 *
 * Sleeps until the monitors answered, mount_timeout at most. Interruptible.
 * Return: the connection or ERR_PTR: -ETIMEDOUT, -EACCES, -EPERM...
 */
struct rbd_client *rbd_client_get(struct ceph_options *opts);

/** rbd_client_put() - let go; sleeps. NULL is fine. */
void rbd_client_put(struct rbd_client *client);

/* "[2001:db8::1]:0/4294967295" and more */
#define RBD_ADDRESS_MAX 72

/**
 * rbd_client_address() - as Ceph's blocklist has it, "192.0.2.1:0/1234"
 * @buf: RBD_ADDRESS_MAX bytes
 */
void rbd_client_address(const struct rbd_client *client, char *buf);

/** rbd_client_retire() - no further mapping may join this connection */
void rbd_client_retire(struct rbd_client *client);

/**
 * rbd_client_exists() - is a client of that number one of this kernel's?
 * @global_id: as in "client.<global_id>"
 *
 * Sleeps. One that was fenced counts until its last mapping is gone.
 */
bool rbd_client_exists(u64 global_id);

/**
 * rbd_client_may_write() - is there a client with this nonce?
 *
 * Sleeps. It counts from before a mapping asks to be admitted with it until it
 * is destroyed: what is not there then will never be.
 */
bool rbd_client_may_write(u32 nonce);

/**
 * rbd_clients_barrier() - nothing is sent under an older OSD map
 * @epoch: oldest map that may be used from now on; never taken back
 *
 * For all connections of this kernel, also later ones. What has to wait for
 * the map waits in libceph. Sleeps; does not wait for the map.
 */
void rbd_clients_barrier(u32 epoch);

/** rbd_client_private() - is it surely used by a single mapping? */
static inline bool rbd_client_private(const struct rbd_client *client)
{
	return client->ceph->options->flags & CEPH_OPT_NOSHARE;
}

#endif
