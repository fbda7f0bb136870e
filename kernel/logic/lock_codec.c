// SPDX-License-Identifier: GPL-2.0
/* Encoding and decoding of the OSD class "lock". */
#include "lock_codec.h"

#define FAMILY_INET 2
#define FAMILY_INET6 10

void rbd_encode_lock(struct rbd_cursor *c, enum rbd_lock_type type,
		     const char *cookie, const char *tag,
		     const char *description)
{
	u8 *len = rbd_put_start(c, 1, 1);

	rbd_put_text(c, RBD_LOCK_NAME);
	rbd_put_8(c, (u8)type);
	rbd_put_text(c, cookie);
	rbd_put_text(c, tag);
	rbd_put_text(c, description);
	rbd_put_64(c, 0); /* seconds and nanoseconds: no expiry */
	rbd_put_8(c, 0); /* flags */
	rbd_put_end(c, len);
}

void rbd_encode_unlock(struct rbd_cursor *c, const char *cookie)
{
	u8 *len = rbd_put_start(c, 1, 1);

	rbd_put_text(c, RBD_LOCK_NAME);
	rbd_put_text(c, cookie);
	rbd_put_end(c, len);
}

void rbd_encode_lock_query(struct rbd_cursor *c)
{
	u8 *len = rbd_put_start(c, 1, 1);

	rbd_put_text(c, RBD_LOCK_NAME);
	rbd_put_end(c, len);
}

void rbd_encode_break_lock(struct rbd_cursor *c, u8 entity_type, u64 entity_num,
			   struct rbd_span cookie)
{
	u8 *len = rbd_put_start(c, 1, 1);
	u8 *at;

	rbd_put_text(c, RBD_LOCK_NAME);
	rbd_put_8(c, entity_type);
	rbd_put_64(c, entity_num);
	rbd_put_32(c, cookie.len);
	at = rbd_cursor_take(c, cookie.len);
	if (at)
		memcpy(at, cookie.p, cookie.len);
	rbd_put_end(c, len);
}

/*
 * An address is either of the old kind (a zero word, nonce, and a
 * sockaddr_storage with the family in network order) or a versioned
 * structure behind a byte 1 (type, nonce, length, family in little endian,
 * rest of the sockaddr).
 */
static void get_addr(struct rbd_cursor *c, struct rbd_locker *out)
{
	struct rbd_cursor body;
	struct rbd_cursor sa;
	const u8 *at;
	u8 kind;
	u32 len;

	kind = rbd_get_8(c);
	if (kind > 1)
		c->bad = true;
	if (!kind) {
		rbd_get_le(c, 3);
		out->nonce = rbd_get_32(c);
		at = rbd_cursor_take(c, 128);
		rbd_cursor_init(&sa, at, at ? 128 : 0);
		out->family = (u16)(rbd_get_8(&sa) << 8);
		out->family |= rbd_get_8(&sa);
	} else {
		rbd_get_start(c, 1, &body);
		rbd_get_32(&body);
		out->nonce = rbd_get_32(&body);
		len = rbd_get_32(&body);
		at = rbd_cursor_take(&body, len);
		rbd_cursor_init(&sa, at, at ? len : 0);
		out->family = len ? (u16)rbd_get_le(&sa, 2) : 0;
		if (rbd_cursor_bad(&body) || rbd_cursor_bad(&sa))
			c->bad = true;
	}

	rbd_get_le(&sa, 2); /* port */
	memset(out->ip, 0, sizeof(out->ip));
	if (out->family == FAMILY_INET) {
		at = rbd_cursor_take(&sa, 4);
		if (at)
			memcpy(out->ip, at, 4);
	} else if (out->family == FAMILY_INET6) {
		rbd_get_32(&sa); /* flow */
		at = rbd_cursor_take(&sa, 16);
		if (at)
			memcpy(out->ip, at, 16);
	}
	/* One that is cut must not be taken for 0.0.0.0. */
	if (out->family && rbd_cursor_bad(&sa))
		c->bad = true;
}

int rbd_lock_info_begin(struct rbd_lock_info *info, const void *buf, size_t len)
{
	struct rbd_cursor c;

	memset(info, 0, sizeof(*info));
	rbd_cursor_init(&c, buf, len);
	rbd_get_start(&c, 1, &info->c);
	info->left = rbd_get_32(&info->c);
	return rbd_cursor_bad(&info->c) ? -EBADMSG : 0;
}

int rbd_lock_info_next(struct rbd_lock_info *info, struct rbd_locker *out)
{
	struct rbd_cursor body;

	if (!info->left)
		return 0;
	info->left--;

	rbd_get_start(&info->c, 1, &body);
	out->entity_type = rbd_get_8(&body);
	out->entity_num = rbd_get_64(&body);
	out->cookie = rbd_get_span(&body);
	if (rbd_cursor_bad(&body))
		return -EBADMSG;

	rbd_get_start(&info->c, 1, &body);
	rbd_get_64(&body); /* expiry */
	get_addr(&body, out);
	out->description = rbd_get_span(&body);
	if (rbd_cursor_bad(&body) || rbd_cursor_bad(&info->c))
		return -EBADMSG;
	return 1;
}

int rbd_lock_info_end(struct rbd_lock_info *info)
{
	info->type = rbd_get_8(&info->c);
	info->tag = rbd_get_span(&info->c);
	return rbd_cursor_bad(&info->c) ? -EBADMSG : 0;
}
