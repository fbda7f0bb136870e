/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests to and replies of the OSD class "lock", which keeps advisory
 * locks as attributes of an object (methods lock, unlock, get_info,
 * break_lock).
 */
#ifndef RBD_LOGIC_LOCK_CODEC_H
#define RBD_LOGIC_LOCK_CODEC_H

#include "base.h"
#include "cursor.h"

/* The lock on an image header that says who has the image mapped. */
#define RBD_LOCK_NAME "rbd_lock"
/* Tag of the locks that we take; holders of another tag exclude us. */
#define RBD_LOCK_TAG_SHARED "rbdshare"

enum rbd_lock_type {
	RBD_LOCK_NONE = 0,
	RBD_LOCK_EXCLUSIVE = 1,
	RBD_LOCK_SHARED = 2,
};

/**
 * rbd_encode_lock() - request of lock, of unlimited duration
 * @c: where to
 * @type: shared or exclusive
 * @cookie: tells the locks of one client apart
 * @tag: see RBD_LOCK_TAG_SHARED
 * @description: free text; ours is the node's name
 */
void rbd_encode_lock(struct rbd_cursor *c, enum rbd_lock_type type,
		     const char *cookie, const char *tag,
		     const char *description);

/** rbd_encode_unlock() - request of unlock */
void rbd_encode_unlock(struct rbd_cursor *c, const char *cookie);

/** rbd_encode_lock_query() - request of get_info */
void rbd_encode_lock_query(struct rbd_cursor *c);

/**
 * rbd_encode_break_lock() - request of break_lock
 * @c: where to
 * @entity_type: kind of the holder's entity (8 = client)
 * @entity_num: its number
 * @cookie: cookie of its lock
 */
void rbd_encode_break_lock(struct rbd_cursor *c, u8 entity_type, u64 entity_num,
			   struct rbd_span cookie);

/**
 * struct rbd_locker - one holder of a lock
 * @entity_type: kind of entity (8 = client)
 * @entity_num: its number
 * @cookie: its cookie
 * @nonce: nonce of its address
 * @family: address family, 2 = IPv4, 10 = IPv6, 0 = none
 * @ip: address bytes, network order; 4 or 16 of them count
 * @description: free text; ours is the node's name
 */
struct rbd_locker {
	u8 entity_type;
	u64 entity_num;
	struct rbd_span cookie;
	u32 nonce;
	u16 family;
	u8 ip[16];
	struct rbd_span description;
};

/**
 * struct rbd_lock_info - walks through a get_info reply
 * @left: how many holders are still to come
 * @type: shared or exclusive; only good when rbd_lock_info_end() says so
 * @tag: tag of the lock, likewise
 */
struct rbd_lock_info {
	struct rbd_cursor c;
	u32 left;
	u8 type;
	struct rbd_span tag;
};

/**
 * rbd_lock_info_begin() - start to read a get_info reply
 *
 * Return: 0 or -EBADMSG.
 */
int rbd_lock_info_begin(struct rbd_lock_info *info, const void *buf,
			size_t len);

/**
 * rbd_lock_info_next() - the next holder
 *
 * Return: 1 with @out filled, 0 when there are no more, -EBADMSG.
 */
int rbd_lock_info_next(struct rbd_lock_info *info, struct rbd_locker *out);

/**
 * rbd_lock_info_end() - read what stands behind the holders
 *
 * Only after rbd_lock_info_next() gave 0. Return: 0 or -EBADMSG.
 */
int rbd_lock_info_end(struct rbd_lock_info *info);

#endif
