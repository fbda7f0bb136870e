// SPDX-License-Identifier: GPL-2.0
/* Lock and notification messages, in the kernel and under its sanitizers. */
#include "vectors.h"

#include "lock_codec.h"
#include "notify_codec.h"

#define FAMILY_INET 2
#define FAMILY_INET6 10

/* An address as clusters have sent it since there are two protocols. */
static void put_addr(struct vector *v, u16 family, u32 sockaddr_len)
{
	u8 *end;
	u32 i;

	rbd_put_8(&v->c, 1);
	end = rbd_put_start(&v->c, 1, 1);
	rbd_put_32(&v->c, 2);
	rbd_put_32(&v->c, 0xabcd);
	rbd_put_32(&v->c, sockaddr_len);
	if (sockaddr_len)
		rbd_put_le(&v->c, family, 2);
	for (i = 2; i < sockaddr_len; i++)
		rbd_put_8(&v->c, (u8)i);
	rbd_put_end(&v->c, end);
}

static void put_old_addr(struct vector *v)
{
	u32 i;

	rbd_put_32(&v->c, 0);
	rbd_put_32(&v->c, 0xabcd);
	rbd_put_8(&v->c, 0);
	rbd_put_8(&v->c, FAMILY_INET);
	for (i = 2; i < 128; i++)
		rbd_put_8(&v->c, (u8)i);
}

/* A lock with one holder; @kind: 0 new IPv4, 1 new IPv6, 2 old, 3 none. */
static struct vector *one_holder(struct kunit *test, unsigned int kind)
{
	struct vector *v = vector_new(test);
	u8 *all, *end;

	all = rbd_put_start(&v->c, 1, 1);
	rbd_put_32(&v->c, 1);
	end = rbd_put_start(&v->c, 1, 1);
	rbd_put_8(&v->c, 8);
	rbd_put_64(&v->c, 4123);
	rbd_put_text(&v->c, "auto 1");
	rbd_put_end(&v->c, end);
	end = rbd_put_start(&v->c, 1, 1);
	rbd_put_64(&v->c, 0);
	if (kind == 2)
		put_old_addr(v);
	else if (kind == 3)
		put_addr(v, 0, 0);
	else
		put_addr(v, kind ? FAMILY_INET6 : FAMILY_INET, kind ? 28 : 16);
	rbd_put_text(&v->c, "node2");
	rbd_put_end(&v->c, end);
	rbd_put_8(&v->c, RBD_LOCK_SHARED);
	rbd_put_text(&v->c, RBD_LOCK_TAG_SHARED);
	rbd_put_end(&v->c, all);
	return v;
}

static int read_one(const void *buf, size_t len, struct rbd_lock_info *info,
		    struct rbd_locker *out)
{
	int ret = rbd_lock_info_begin(info, buf, len);
	int more;

	if (ret)
		return ret;
	ret = rbd_lock_info_next(info, out);
	if (ret < 0)
		return ret;
	do {
		struct rbd_locker other;

		more = rbd_lock_info_next(info, &other);
	} while (more > 0);
	return more < 0 ? more : rbd_lock_info_end(info);
}

static void holder_is_read(struct kunit *test)
{
	static const u16 families[] = {
		FAMILY_INET,
		FAMILY_INET6,
		FAMILY_INET,
		0,
	};
	unsigned int kind;

	for (kind = 0; kind < ARRAY_SIZE(families); kind++) {
		struct vector *v = one_holder(test, kind);
		size_t len = vector_len(v);
		struct rbd_lock_info info;
		struct rbd_locker who;

		KUNIT_EXPECT_EQ_MSG(test,
				    read_one(vector_cut(test, v, len), len,
					     &info, &who),
				    0, "kind %u", kind);
		KUNIT_EXPECT_EQ(test, who.entity_type, 8);
		KUNIT_EXPECT_EQ(test, who.entity_num, 4123);
		KUNIT_EXPECT_EQ(test, who.nonce, 0xabcd);
		KUNIT_EXPECT_EQ(test, who.family, families[kind]);
		KUNIT_EXPECT_TRUE(test, rbd_span_is(who.cookie, "auto 1"));
		KUNIT_EXPECT_TRUE(test, rbd_span_is(who.description, "node2"));
		KUNIT_EXPECT_EQ(test, info.type, RBD_LOCK_SHARED);
		KUNIT_EXPECT_TRUE(test,
				  rbd_span_is(info.tag, RBD_LOCK_TAG_SHARED));
		if (families[kind])
			KUNIT_EXPECT_EQ(test, who.ip[0],
					families[kind] == FAMILY_INET ? 4 : 8);
	}
}

static void cut_holder_is_refused(struct kunit *test)
{
	unsigned int kind;
	size_t len;

	for (kind = 0; kind < 4; kind++) {
		struct vector *v = one_holder(test, kind);
		struct rbd_lock_info info;
		struct rbd_locker who;

		for (len = 0; len < vector_len(v); len++)
			KUNIT_EXPECT_EQ_MSG(test,
					    read_one(vector_cut(test, v, len),
						     len, &info, &who),
					    -EBADMSG, "kind %u, %zu bytes",
					    kind, len);
	}
}

/*
 * Every byte of a reply replaced by extreme values: any answer will do, as
 * long as no byte outside of the reply is read (KASAN) and it ends.
 */
static void spoiled_holder_stays_inside(struct kunit *test)
{
	static const u8 values[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
	struct vector *v = one_holder(test, 0);
	size_t len = vector_len(v);
	size_t i, at;

	for (at = 0; at < len; at++) {
		for (i = 0; i < ARRAY_SIZE(values); i++) {
			u8 *copy = vector_cut(test, v, len);
			struct rbd_lock_info info;
			struct rbd_locker who;
			int ret;

			copy[at] = values[i];
			ret = read_one(copy, len, &info, &who);
			KUNIT_EXPECT_TRUE(test, ret == 0 || ret == -EBADMSG);
			kunit_kfree(test, copy);
		}
	}
}

/* The number of holders is a promise of the network, up to 2^32. */
static void missing_holders_are_noticed(struct kunit *test)
{
	struct vector *v = vector_new(test);
	struct rbd_lock_info info;
	struct rbd_locker who;
	u8 *end = rbd_put_start(&v->c, 1, 1);
	size_t len;

	rbd_put_32(&v->c, U32_MAX);
	rbd_put_end(&v->c, end);
	len = vector_len(v);
	KUNIT_EXPECT_EQ(
		test, rbd_lock_info_begin(&info, vector_cut(test, v, len), len),
		0);
	KUNIT_EXPECT_EQ(test, rbd_lock_info_next(&info, &who), -EBADMSG);
}

static void requests_need_their_room(struct kunit *test)
{
	struct rbd_cursor c;
	size_t need, room;
	u8 *buf;

	buf = kunit_kzalloc(test, 256, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, buf);
	rbd_cursor_init(&c, buf, 256);
	rbd_encode_lock(&c, RBD_LOCK_SHARED, "c", "t", "node1");
	KUNIT_ASSERT_FALSE(test, rbd_cursor_bad(&c));
	need = c.p - buf;

	for (room = 1; room <= need; room++) {
		buf = kunit_kzalloc(test, room, GFP_KERNEL);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, buf);
		rbd_cursor_init(&c, buf, room);
		rbd_encode_lock(&c, RBD_LOCK_SHARED, "c", "t", "node1");
		KUNIT_EXPECT_EQ(test, rbd_cursor_bad(&c), room < need);
	}
}

static void notification_is_read_and_bounded(struct kunit *test)
{
	struct vector *v = vector_new(test);
	u8 *end = rbd_put_start(&v->c, 1, 1);
	size_t len;
	u32 op = 99;

	rbd_put_32(&v->c, RBD_NOTIFY_REQUEST_LOCK);
	rbd_put_end(&v->c, end);
	for (len = 1; len < vector_len(v); len++)
		KUNIT_EXPECT_EQ(test,
				rbd_decode_notify(vector_cut(test, v, len), len,
						  &op),
				-EBADMSG);
	KUNIT_EXPECT_EQ(test,
			rbd_decode_notify(vector_cut(test, v, len), len, &op),
			0);
	KUNIT_EXPECT_EQ(test, op, RBD_NOTIFY_REQUEST_LOCK);
	KUNIT_EXPECT_EQ(test, rbd_decode_notify(vector_cut(test, v, 0), 0, &op),
			0);
	KUNIT_EXPECT_EQ(test, op, RBD_NOTIFY_HEADER_UPDATE);
}

static struct kunit_case lock_cases[] = {
	KUNIT_CASE(holder_is_read),
	KUNIT_CASE(cut_holder_is_refused),
	KUNIT_CASE(spoiled_holder_stays_inside),
	KUNIT_CASE(missing_holders_are_noticed),
	KUNIT_CASE(requests_need_their_room),
	KUNIT_CASE(notification_is_read_and_bounded),
	{}
};

static struct kunit_suite lock_suite = {
	.name = "rbd_lock_codec",
	.test_cases = lock_cases,
};

kunit_test_suites(&lock_suite);
