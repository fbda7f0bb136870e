/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who has an image open: the watchers of its header, and the holders of its
 * lock, whose descriptions are the names of the nodes.
 */
#ifndef RBDSHARE_LIB_IMAGEUSERS_H
#define RBDSHARE_LIB_IMAGEUSERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/fault.h"

/**
 * struct image_user - one client
 * @id: number of the client: "client.@id"
 * @addr: "10.0.0.1:0/123", or the address without port of a lock
 * @node: name of the node; "" when it told none
 * @device: where the node has it, "/dev/rbd0"; "" when it did not tell
 * @watching: connected now, or at most 30 s ago
 * @locking: holds the lock
 * @lock_cookie: cookie of the lock; "" without one
 */
struct image_user {
	uint64_t id;
	char addr[72];
	char node[128];
	char device[32];
	bool watching;
	bool locking;
	char lock_cookie[64];
};

/**
 * struct image_users - all of them; image_users_free() frees
 * @lock_type: 0 none, 1 exclusive, 2 shared
 * @lock_tag: tag of the lock; "internal" means the exclusive-lock feature
 */
struct image_users {
	struct image_user *v;
	size_t n;
	int lock_type;
	char lock_tag[64];
};

/**
 * image_users_add_watcher() - note a watcher
 *
 * Return: 0 or -ENOMEM.
 */
int image_users_add_watcher(struct image_users *u, uint64_t id,
			    const char *addr);

/**
 * image_users_add_locks() - decode the reply of the lock class's get_info
 *
 * Call it after the watchers were added: a holder that watches too is one
 * user. Bytes that are not printable become '?'. Only a lock of rbdshare's
 * driver tells nodes and devices: in its descriptions and cookies.
 *
 * Return: 0, -EBADMSG (some holders may have been added) or -ENOMEM.
 */
int image_users_add_locks(struct image_users *u, const void *reply, size_t len);

/**
 * image_user_active() - does this one forbid to remove or shrink the image?
 *
 * Yes for watchers and for locks of nodes that vanished without a word: they
 * may come back and write. No for the lock of the exclusive-lock feature
 * without a watcher, which librbd takes over by itself.
 */
bool image_user_active(const struct image_users *u,
		       const struct image_user *one);

size_t image_users_active(const struct image_users *u);

/**
 * image_user_format() - "node1 (/dev/rbd0, 10.0.0.1:0/123, client.4)"
 *
 * Without a name the address comes first: "10.0.0.1:0/123 (client.4)".
 */
void image_user_format(const struct image_user *one, char *buf, size_t size);

/* All that are active, a comma between; cut with "and N more". */
void image_users_describe(const struct image_users *u, char *buf, size_t size);

void image_users_free(struct image_users *u);

#endif
