// SPDX-License-Identifier: GPL-2.0
/* Replies of the OSD class "rbd": read whole, refused when cut or wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "header_decode.h"
#include "reply.h"

typedef int (*decode)(const void *buf, size_t len);

/* Each length below the whole one is refused; fields behind it are not. */
static void refuses_cuts(const struct reply *whole, decode d)
{
	struct reply more = *whole;
	uint8_t *copy;
	size_t len;

	for (len = 0; len < whole->len; len++) {
		copy = reply_cut(whole, len);
		if (d(copy, len) != -EBADMSG)
			fail_msg("cut at %zu of %zu bytes: taken", len,
				 whole->len);
		free(copy);
	}
	assert_int_equal(d(NULL, 0), -EBADMSG);
	for (; more.len < whole->len + 12; reply_le(&more, 0xff, 1)) {
		copy = reply_cut(&more, more.len);
		assert_int_equal(d(copy, more.len), 0);
		free(copy);
	}
}

static int as_text(const void *buf, size_t len)
{
	struct rbd_span text;

	return rbd_decode_text(buf, len, &text);
}

static void text(void **state)
{
	static const char id[] = "\x0c\0\0\0"
				 "10226b8b4567";
	static const uint32_t lies[] = { 1, 0x7fffffff, 0xfffffffc,
					 UINT32_MAX };
	struct reply r = { 0 };
	struct rbd_span s;
	size_t i;

	assert_int_equal(rbd_decode_text(id, 16, &s), 0);
	assert_true(rbd_span_is(s, "10226b8b4567"));
	assert_ptr_equal(s.p, id + 4);

	assert_int_equal(rbd_decode_text("\0\0\0", 4, &s), 0);
	assert_int_equal(s.len, 0);

	reply_bytes(&r, id, 16);
	refuses_cuts(&r, as_text);
	for (i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		r.len = 0;
		reply_le(&r, lies[i], 4);
		assert_int_equal(as_text(r.bytes, r.len), -EBADMSG);
	}
}

static int as_size(const void *buf, size_t len)
{
	u64 size;
	u8 order;

	return rbd_decode_size(buf, len, &order, &size);
}

static void size(void **state)
{
	static const uint8_t ten_gib[] = { 22, 0, 0, 0, 0x80, 2, 0, 0, 0 };
	struct reply r = { 0 };
	u64 bytes;
	u8 order;

	assert_int_equal(rbd_decode_size(ten_gib, 9, &order, &bytes), 0);
	assert_int_equal(order, 22);
	assert_true(bytes == 10ULL << 30);
	reply_bytes(&r, ten_gib, 9);
	refuses_cuts(&r, as_size);
}

static void size_ranges(void **state)
{
	static const u64 good[] = { 0, 1, 4095, 1ULL << 62, INT64_MAX };
	static const u64 bad[] = { 1ULL << 63, (1ULL << 63) + 1, UINT64_MAX };
	struct reply r;
	unsigned int i;
	u64 bytes;
	u8 order;

	for (i = 0; i < 256; i++) {
		r.len = 0;
		reply_le(&r, i, 1);
		reply_le(&r, 4096, 8);
		assert_int_equal(as_size(r.bytes, 9),
				 i >= 12 && i <= 25 ? 0 : -EBADMSG);
	}
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		r.len = 0;
		reply_le(&r, 22, 1);
		reply_le(&r, good[i], 8);
		assert_int_equal(rbd_decode_size(r.bytes, 9, &order, &bytes),
				 0);
		assert_true(bytes == good[i]);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		r.len = 0;
		reply_le(&r, 22, 1);
		reply_le(&r, bad[i], 8);
		assert_int_equal(as_size(r.bytes, 9), -EBADMSG);
	}
}

static int as_features(const void *buf, size_t len)
{
	u64 a, b;

	return rbd_decode_features(buf, len, &a, &b);
}

static int as_striping(const void *buf, size_t len)
{
	u64 a, b;

	return rbd_decode_striping(buf, len, &a, &b);
}

static int as_u64(const void *buf, size_t len)
{
	u64 v;

	return rbd_decode_u64(buf, len, &v);
}

static void numbers(void **state)
{
	static const uint8_t bytes[] = { 0x3d, 0, 0, 0, 0, 0, 0, 0x80,
					 4,    3, 2, 1, 0, 0, 0, 0 };
	struct reply r = { 0 };
	u64 a, b;

	assert_int_equal(rbd_decode_features(bytes, 16, &a, &b), 0);
	assert_true(a == 0x800000000000003d);
	assert_true(b == 0x01020304);
	assert_int_equal(rbd_decode_striping(bytes, 16, &a, &b), 0);
	assert_true(a == 0x800000000000003d);
	assert_true(b == 0x01020304);
	assert_int_equal(rbd_decode_u64(bytes, 8, &a), 0);
	assert_true(a == 0x800000000000003d);

	reply_bytes(&r, bytes, 16);
	refuses_cuts(&r, as_features);
	refuses_cuts(&r, as_striping);
	r.len = 8;
	refuses_cuts(&r, as_u64);
}

/* The ids in memory of their own, so that one too many is noticed. */
static int as_snapcontext(const void *buf, size_t len)
{
	u64 *ids = malloc(RBD_SNAPS_MAX * sizeof(*ids));
	u32 count;
	u64 seq;
	int ret;

	assert_non_null(ids);
	ret = rbd_decode_snapcontext(buf, len, &seq, &count, ids);
	free(ids);
	return ret;
}

static void snapcontext(void **state)
{
	static const uint8_t three[] = {
		12, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 10, 0, 0, 0, 0, 0,
		0,  0, 9, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0,	 0, 0, 0, 0, 0,
	};
	struct reply r = { 0 };
	u64 ids[RBD_SNAPS_MAX];
	u32 count;
	u64 seq;

	assert_int_equal(rbd_decode_snapcontext(three, sizeof(three), &seq,
						&count, ids),
			 0);
	assert_true(seq == 12);
	assert_int_equal(count, 3);
	assert_true(ids[0] == 10 && ids[1] == 9 && ids[2] == 4);
	reply_bytes(&r, three, sizeof(three));
	refuses_cuts(&r, as_snapcontext);

	/* An image that never had a snapshot. */
	memset(&r, 0, sizeof(r));
	r.len = 12;
	assert_int_equal(rbd_decode_snapcontext(r.bytes, 12, &seq, &count, ids),
			 0);
	assert_true(!seq && !count);
	refuses_cuts(&r, as_snapcontext);
}

static void put_falling(struct reply *r, u64 seq, u32 announced, u32 real)
{
	u32 i;

	r->len = 0;
	reply_le(r, seq, 8);
	reply_le(r, announced, 4);
	for (i = 0; i < real; i++)
		reply_le(r, 2000 - i, 8);
}

static void snapcontext_bounds(void **state)
{
	u64 *ids = malloc(RBD_SNAPS_MAX * sizeof(*ids));
	struct reply r;
	u32 count, i;
	u64 seq;

	assert_non_null(ids);
	put_falling(&r, 2000, RBD_SNAPS_MAX, RBD_SNAPS_MAX);
	assert_int_equal(
		rbd_decode_snapcontext(r.bytes, r.len, &seq, &count, ids), 0);
	assert_int_equal(count, RBD_SNAPS_MAX);
	for (i = 0; i < count; i++)
		assert_true(ids[i] == 2000 - i);
	free(ids);
	refuses_cuts(&r, as_snapcontext);

	put_falling(&r, 2000, RBD_SNAPS_MAX + 1, RBD_SNAPS_MAX + 1);
	assert_int_equal(as_snapcontext(r.bytes, r.len), -E2BIG);
	put_falling(&r, 2000, UINT32_MAX, 4);
	assert_int_equal(as_snapcontext(r.bytes, r.len), -E2BIG);
}

static void snapcontext_order(void **state)
{
	static const struct {
		u64 seq, ids[3];
		int ret;
	} v[] = {
		{ 12, { 12, 11, 10 }, 0 },
		{ 12, { 3, 2, 1 }, 0 },
		{ 12, { 2, 1, 0 }, 0 },
		{ 12, { 13, 11, 10 }, -EBADMSG },
		{ 12, { 10, 11, 9 }, -EBADMSG },
		{ 12, { 10, 9, 11 }, -EBADMSG },
		{ 12, { 10, 10, 9 }, -EBADMSG },
		{ 12, { 10, 9, 9 }, -EBADMSG },
		{ 12, { 12, 12, 12 }, -EBADMSG },
		{ 0, { 2, 1, 0 }, -EBADMSG },
		{ 12, { UINT64_MAX, 1, 0 }, -EBADMSG },
		/* The largest id, and the numbers that are none. */
		{ UINT64_MAX - 2, { 3, 2, 1 }, 0 },
		{ UINT64_MAX - 2, { UINT64_MAX - 2, 2, 1 }, 0 },
		{ UINT64_MAX - 1, { 3, 2, 1 }, -EBADMSG },
		{ UINT64_MAX, { 3, 2, 1 }, -EBADMSG },
	};
	struct reply r;
	size_t i, k;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		r.len = 0;
		reply_le(&r, v[i].seq, 8);
		reply_le(&r, 3, 4);
		for (k = 0; k < 3; k++)
			reply_le(&r, v[i].ids[k], 8);
		if (as_snapcontext(r.bytes, r.len) != v[i].ret)
			fail_msg("case %zu is not answered by %d", i, v[i].ret);
	}
}

static int as_parent(const void *buf, size_t len)
{
	struct rbd_span image;
	u64 snap, overlap;
	s64 pool;

	return rbd_decode_parent(buf, len, &pool, &image, &snap, &overlap);
}

static void parent(void **state)
{
	struct reply r = { 0 };
	struct rbd_span image;
	u64 snap, overlap;
	s64 pool;

	reply_le(&r, 7, 8);
	reply_text(&r, "10226b8b4567");
	reply_le(&r, 4, 8);
	reply_le(&r, 1 << 20, 8);
	assert_int_equal(rbd_decode_parent(r.bytes, r.len, &pool, &image, &snap,
					   &overlap),
			 0);
	assert_int_equal(pool, 7);
	assert_true(rbd_span_is(image, "10226b8b4567"));
	assert_int_equal(snap, 4);
	assert_int_equal(overlap, 1 << 20);
	refuses_cuts(&r, as_parent);

	/* None: pool -1, no id, no snapshot. */
	r.len = 0;
	reply_le(&r, UINT64_MAX, 8);
	reply_text(&r, "");
	reply_le(&r, UINT64_MAX - 1, 8);
	reply_le(&r, 0, 8);
	assert_int_equal(rbd_decode_parent(r.bytes, r.len, &pool, &image, &snap,
					   &overlap),
			 0);
	assert_int_equal(pool, -1);
	assert_int_equal(image.len, 0);
	assert_true(snap == UINT64_MAX - 1);
	assert_int_equal(overlap, 0);
	refuses_cuts(&r, as_parent);
}

static void parent_that_lies(void **state)
{
	struct reply r = { 0 };

	reply_le(&r, 7, 8);
	reply_le(&r, UINT32_MAX, 4);
	reply_le(&r, 0, 8);
	reply_le(&r, 0, 8);
	assert_int_equal(as_parent(r.bytes, r.len), -EBADMSG);
	/* An id that swallows the fields behind it. */
	r.bytes[8] = 16;
	memset(r.bytes + 9, 0, 3);
	assert_int_equal(as_parent(r.bytes, r.len), -EBADMSG);
}

static void snap_query(void **state)
{
	static const uint8_t want[] = { 0xfe, 0xff, 0xff, 0xff,
					0xff, 0xff, 0xff, 0xff };
	struct rbd_cursor c;
	uint8_t buf[8];

	rbd_cursor_init(&c, buf, sizeof(buf));
	rbd_encode_snap_query(&c, UINT64_MAX - 1);
	assert_false(rbd_cursor_bad(&c));
	assert_memory_equal(buf, want, 8);
	rbd_cursor_init(&c, buf, 7);
	rbd_encode_snap_query(&c, 1);
	assert_true(rbd_cursor_bad(&c));
	assert_memory_equal(buf, want, 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text),
		cmocka_unit_test(size),
		cmocka_unit_test(size_ranges),
		cmocka_unit_test(numbers),
		cmocka_unit_test(snapcontext),
		cmocka_unit_test(snapcontext_bounds),
		cmocka_unit_test(snapcontext_order),
		cmocka_unit_test(parent),
		cmocka_unit_test(parent_that_lies),
		cmocka_unit_test(snap_query),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
