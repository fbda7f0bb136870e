// SPDX-License-Identifier: GPL-2.0
/* Reading notifications on an image header. */
#include "notify_codec.h"

#include "cursor.h"

int rbd_decode_notify(const void *buf, size_t len, u32 *op)
{
	struct rbd_cursor c;
	struct rbd_cursor body;

	if (!len) {
		*op = RBD_NOTIFY_HEADER_UPDATE;
		return 0;
	}
	rbd_cursor_init(&c, buf, len);
	rbd_get_start(&c, 255, &body);
	*op = rbd_get_32(&body);
	return rbd_cursor_bad(&c) || rbd_cursor_bad(&body) ? -EBADMSG : 0;
}
