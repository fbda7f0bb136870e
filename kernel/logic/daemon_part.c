// SPDX-License-Identifier: GPL-2.0
/* The daemon's part of a heartbeat slot to bytes and back. */
#include "daemon_part.h"

#include "cursor.h"

u16 rbd_daemon_part_encode(const struct rbd_daemon_part *part, u8 *buf)
{
	struct rbd_cursor c;
	unsigned int i;
	u8 count = 0;

	rbd_cursor_init(&c, buf, RBD_DAEMON_PART_MAX);
	rbd_put_8(&c, RBD_DAEMON_PART_VERSION);
	rbd_put_8(&c, 0);
	rbd_put_64(&c, part->view_seq);
	for (i = 0; i < RBD_NODESET_WORDS; i++)
		rbd_put_64(&c, part->hears.w[i]);
	for (i = 0; i < RBD_DAEMON_ACKS; i++) {
		if (!part->acks[i].generation)
			continue;
		rbd_put_8(&c, (u8)i);
		rbd_put_8(&c, part->acks[i].phase);
		rbd_put_32(&c, part->acks[i].generation);
		count++;
	}
	buf[1] = count;
	return (u16)(c.p - buf);
}

static int get_part(struct rbd_daemon_part *part, struct rbd_cursor *c)
{
	unsigned int i;
	u8 version;
	u8 count;

	version = rbd_get_8(c);
	if (version != RBD_DAEMON_PART_VERSION)
		return -EPROTONOSUPPORT;
	count = rbd_get_8(c);
	part->view_seq = rbd_get_64(c);
	for (i = 0; i < RBD_NODESET_WORDS; i++)
		part->hears.w[i] = rbd_get_64(c);
	for (; count; count--) {
		u8 index = rbd_get_8(c);
		u8 phase = rbd_get_8(c);
		u32 generation = rbd_get_32(c);

		if (index >= RBD_DAEMON_ACKS || phase > RBD_LS_STARTED ||
		    !generation || part->acks[index].generation)
			return -EBADMSG;
		part->acks[index].phase = phase;
		part->acks[index].generation = generation;
	}
	if (rbd_cursor_bad(c) || rbd_cursor_left(c) ||
	    part->hears.w[RBD_NODESET_WORDS - 1] >> 63)
		return -EBADMSG;
	return 0;
}

int rbd_daemon_part_decode(struct rbd_daemon_part *part, const u8 *buf,
			   size_t len)
{
	struct rbd_cursor c;
	int ret;

	memset(part, 0, sizeof(*part));
	if (!len)
		return 0;
	rbd_cursor_init(&c, buf, len);
	ret = get_part(part, &c);
	if (ret)
		memset(part, 0, sizeof(*part));
	return ret;
}
