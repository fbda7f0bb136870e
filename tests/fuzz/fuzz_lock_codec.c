// SPDX-License-Identifier: GPL-2.0
/*
 * Replies of the class "lock" from anywhere: the walk over the holders ends,
 * stays inside of the reply, and what it gave reads the same when it is
 * encoded anew. Requests made of what it gave fit where they are put.
 */
#include "../unit/lock_reply.h"
#include "lock_codec.h"
#include "must.h"

#define HOLDERS_MAX 128

static void inside(struct rbd_span s, const void *buf, size_t size)
{
	MUST(s.p >= (const char *)buf);
	MUST(s.p <= (const char *)buf + size);
	MUST(s.len <= (size_t)((const char *)buf + size - s.p));
}

static struct holder as_holder(const struct rbd_locker *l)
{
	struct holder h = {
		.entity_type = l->entity_type,
		.entity_num = l->entity_num,
		.cookie = l->cookie.p,
		.cookie_len = l->cookie.len,
		.form = ADDR_NEW,
		.nonce = l->nonce,
		.family = l->family,
		.sockaddr_len = 28,
		.description = l->description.p,
		.description_len = l->description.len,
	};

	memcpy(h.ip, l->ip, sizeof(h.ip));
	return h;
}

static bool same(const struct holder *a, const struct holder *b)
{
	return a->entity_type == b->entity_type &&
	       a->entity_num == b->entity_num && a->nonce == b->nonce &&
	       a->family == b->family && !memcmp(a->ip, b->ip, 16) &&
	       a->cookie_len == b->cookie_len &&
	       !memcmp(a->cookie, b->cookie, a->cookie_len) &&
	       a->description_len == b->description_len &&
	       !memcmp(a->description, b->description, a->description_len);
}

/* The requests that name this holder, in all the room they need and less. */
static void request(const struct rbd_locker *l)
{
	size_t need = 31 + l->cookie.len;
	size_t room = need - l->nonce % 2;
	struct rbd_cursor c;
	uint8_t *buf = malloc(room);

	MUST(buf);
	rbd_cursor_init(&c, buf, room);
	rbd_encode_break_lock(&c, l->entity_type, l->entity_num, l->cookie);
	MUST(rbd_cursor_bad(&c) == (room < need));
	if (room == need) {
		MUST(number_at(buf + 2, 4) == need - 6);
		MUST(buf[18] == l->entity_type);
		MUST(number_at(buf + 19, 8) == l->entity_num);
		MUST(number_at(buf + 27, 4) == l->cookie.len);
		MUST(!memcmp(buf + 31, l->cookie.p, l->cookie.len));
	}
	free(buf);
}

/* Returns the number of holders, or -EBADMSG. */
static int walk(const void *buf, size_t size, struct holder *h,
		struct rbd_lock_info *info)
{
	struct rbd_locker l;
	u32 announced;
	int ret = rbd_lock_info_begin(info, buf, size);
	int n = 0;

	MUST(!ret || ret == -EBADMSG);
	if (ret)
		return ret;
	announced = info->left;
	while ((ret = rbd_lock_info_next(info, &l)) > 0) {
		MUST(ret == 1 && n < HOLDERS_MAX);
		inside(l.cookie, buf, size);
		inside(l.description, buf, size);
		request(&l);
		h[n++] = as_holder(&l);
		MUST(info->left == announced - n);
	}
	if (!ret) {
		MUST((u32)n == announced);
		ret = rbd_lock_info_end(info);
	}
	MUST(!ret || ret == -EBADMSG);
	if (!ret)
		inside(info->tag, buf, size);
	return ret ? ret : n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct holder first[HOLDERS_MAX], second[HOLDERS_MAX];
	static struct reply again;
	struct rbd_lock_info info, info2;
	int i, n;

	/* A holder takes 44 bytes or more; that many fit. */
	if (size > 44 * HOLDERS_MAX)
		return 0;
	n = walk(data, size, first, &info);
	if (n < 0)
		return 0;
	again.len = 0;
	reply_lock_info(&again, first, n, info.type, info.tag.p, info.tag.len,
			size % 3);
	MUST(walk(again.bytes, again.len, second, &info2) == n);
	for (i = 0; i < n; i++)
		MUST(same(&first[i], &second[i]));
	MUST(info2.type == info.type && info2.tag.len == info.tag.len);
	MUST(!memcmp(info2.tag.p, info.tag.p, info.tag.len));
	return 0;
}
