/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Notifications that the users of an image send each other on its header:
 * an operation number behind a versioned start, and for some a result.
 */
#ifndef RBD_LOGIC_NOTIFY_CODEC_H
#define RBD_LOGIC_NOTIFY_CODEC_H

#include "base.h"

enum rbd_notify_op {
	RBD_NOTIFY_ACQUIRED_LOCK = 0,
	RBD_NOTIFY_RELEASED_LOCK = 1,
	RBD_NOTIFY_REQUEST_LOCK = 2,
	RBD_NOTIFY_HEADER_UPDATE = 3,
};

/**
 * rbd_decode_notify() - operation number of a notification
 * @buf: payload; may be empty, as some tools send none
 * @len: its length in bytes
 * @op: the number; RBD_NOTIFY_HEADER_UPDATE for an empty payload, since
 *	that is what the sender must have meant
 *
 * Return: 0 or -EBADMSG.
 */
int rbd_decode_notify(const void *buf, size_t len, u32 *op);

#endif
