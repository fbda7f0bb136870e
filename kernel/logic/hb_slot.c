// SPDX-License-Identifier: GPL-2.0
/* A node's heartbeat slot. */
#include "hb_slot.h"

#include "crc32c.h"
#include "cursor.h"

#define CRC_OFFSET (RBD_HB_SLOT_BYTES - 4)

static void put_bytes(struct rbd_cursor *c, const u8 *p, size_t len)
{
	u8 *at = rbd_cursor_take(c, len);

	if (at)
		memcpy(at, p, len);
}

static void get_bytes(struct rbd_cursor *c, u8 *p, size_t len)
{
	const u8 *at = rbd_cursor_take(c, len);

	if (at)
		memcpy(p, at, len);
}

void rbd_hb_slot_encode(const struct rbd_hb_slot *slot, u8 *buf)
{
	struct rbd_cursor c;

	memset(buf, 0, RBD_HB_SLOT_BYTES);
	rbd_cursor_init(&c, buf, RBD_HB_SLOT_BYTES);
	rbd_put_32(&c, RBD_HB_MAGIC);
	rbd_put_le(&c, RBD_HB_VERSION, 2);
	rbd_put_le(&c, slot->flags, 2);
	rbd_put_64(&c, slot->incarnation);
	rbd_put_64(&c, slot->counter);
	put_bytes(&c, slot->boot_id, sizeof(slot->boot_id));
	rbd_put_64(&c, slot->config_hash);
	rbd_put_32(&c, slot->dead_after_ms);
	rbd_put_32(&c, slot->slow_after_ms);
	rbd_put_le(&c, slot->number, 2);
	rbd_put_le(&c, slot->daemon_len, 2);
	put_bytes(&c, slot->daemon, slot->daemon_len);

	rbd_cursor_init(&c, buf + CRC_OFFSET, 4);
	rbd_put_32(&c, rbd_crc32c(buf, CRC_OFFSET));
}

static bool is_empty(const u8 *buf)
{
	size_t i;

	for (i = 0; i < RBD_HB_SLOT_BYTES; i++)
		if (buf[i])
			return false;
	return true;
}

static bool is_intact(const u8 *buf)
{
	struct rbd_cursor c;

	rbd_cursor_init(&c, buf + CRC_OFFSET, 4);
	return rbd_get_32(&c) == rbd_crc32c(buf, CRC_OFFSET);
}

int rbd_hb_slot_decode(struct rbd_hb_slot *slot, const u8 *buf, u16 number)
{
	struct rbd_cursor c;

	if (is_empty(buf))
		return -ENODATA;
	rbd_cursor_init(&c, buf, CRC_OFFSET);
	if (rbd_get_32(&c) != RBD_HB_MAGIC || !is_intact(buf))
		return -EBADMSG;
	if (rbd_get_le(&c, 2) != RBD_HB_VERSION)
		return -EPROTONOSUPPORT;
	memset(slot, 0, sizeof(*slot));
	slot->flags = (u16)rbd_get_le(&c, 2);
	slot->incarnation = rbd_get_64(&c);
	slot->counter = rbd_get_64(&c);
	get_bytes(&c, slot->boot_id, sizeof(slot->boot_id));
	slot->config_hash = rbd_get_64(&c);
	slot->dead_after_ms = rbd_get_32(&c);
	slot->slow_after_ms = rbd_get_32(&c);
	slot->number = (u16)rbd_get_le(&c, 2);
	slot->daemon_len = (u16)rbd_get_le(&c, 2);
	if (slot->number != number || !slot->incarnation ||
	    slot->daemon_len > RBD_HB_DAEMON_BYTES)
		return -EBADMSG;
	get_bytes(&c, slot->daemon, slot->daemon_len);
	return 0;
}

bool rbd_hb_slot_is_foreign(const struct rbd_hb_slot *slot, u64 incarnation,
			    const u8 *boot_id)
{
	return slot->incarnation != incarnation &&
	       memcmp(slot->boot_id, boot_id, sizeof(slot->boot_id));
}
