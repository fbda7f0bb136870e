// SPDX-License-Identifier: GPL-2.0
/* Decoding of image headers, in the kernel and under its sanitizers. */
#include "vectors.h"

#include "header_decode.h"

static void put_snapcontext(struct vector *v, u64 seq, u32 count, u64 newest)
{
	u32 i;

	rbd_put_64(&v->c, seq);
	rbd_put_32(&v->c, count);
	for (i = 0; i < count && i <= RBD_SNAPS_MAX; i++)
		rbd_put_64(&v->c, newest - i);
}

static int decode_snapcontext(struct kunit *test, const void *buf, size_t len,
			      u64 *seq, u32 *count, u64 **ids)
{
	*ids = kunit_kcalloc(test, RBD_SNAPS_MAX, sizeof(u64), GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, *ids);
	return rbd_decode_snapcontext(buf, len, seq, count, *ids);
}

static void size_is_read(struct kunit *test)
{
	struct vector *v = vector_new(test);
	u64 size = 0;
	u8 order = 0;

	rbd_put_8(&v->c, 22);
	rbd_put_64(&v->c, 1ULL << 40);
	KUNIT_EXPECT_EQ(
		test, rbd_decode_size(vector_cut(test, v, 9), 9, &order, &size),
		0);
	KUNIT_EXPECT_EQ(test, order, 22);
	KUNIT_EXPECT_EQ(test, size, 1ULL << 40);
}

static void size_out_of_range_is_refused(struct kunit *test)
{
	static const struct {
		u8 order;
		u64 size;
		int ret;
	} cases[] = {
		{ 11, 4096, -EBADMSG },
		{ 12, 4096, 0 },
		{ 25, 4096, 0 },
		{ 26, 4096, -EBADMSG },
		{ 255, 4096, -EBADMSG },
		{ 22, S64_MAX, 0 },
		{ 22, 1ULL << 63, -EBADMSG },
		{ 22, U64_MAX, -EBADMSG },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct vector *v = vector_new(test);
		u64 size;
		u8 order;

		rbd_put_8(&v->c, cases[i].order);
		rbd_put_64(&v->c, cases[i].size);
		KUNIT_EXPECT_EQ_MSG(test,
				    rbd_decode_size(vector_cut(test, v, 9), 9,
						    &order, &size),
				    cases[i].ret, "case %zu", i);
	}
}

/* Every reply, cut at every length, is refused and not read past its end. */
static void short_replies_are_refused(struct kunit *test)
{
	struct vector *v = vector_new(test);
	struct rbd_span text;
	u64 a, b;
	u8 order;
	size_t n;

	rbd_put_text(&v->c, "a reply of some length");
	for (n = 0; n < vector_len(v); n++)
		KUNIT_EXPECT_EQ(
			test, rbd_decode_text(vector_cut(test, v, n), n, &text),
			-EBADMSG);
	for (n = 0; n < 8; n++)
		KUNIT_EXPECT_EQ(test,
				rbd_decode_u64(vector_cut(test, v, n), n, &a),
				-EBADMSG);
	for (n = 0; n < 9; n++)
		KUNIT_EXPECT_EQ(test,
				rbd_decode_size(vector_cut(test, v, n), n,
						&order, &a),
				-EBADMSG);
	for (n = 0; n < 16; n++)
		KUNIT_EXPECT_EQ(test,
				rbd_decode_features(vector_cut(test, v, n), n,
						    &a, &b),
				-EBADMSG);
	for (n = 0; n < 16; n++)
		KUNIT_EXPECT_EQ(test,
				rbd_decode_striping(vector_cut(test, v, n), n,
						    &a, &b),
				-EBADMSG);
}

static void text_is_read(struct kunit *test)
{
	struct vector *v = vector_new(test);
	struct rbd_span text;
	size_t len;

	rbd_put_text(&v->c, "10226b8b4567");
	len = vector_len(v);
	KUNIT_EXPECT_EQ(test,
			rbd_decode_text(vector_cut(test, v, len), len, &text),
			0);
	KUNIT_EXPECT_TRUE(test, rbd_span_is(text, "10226b8b4567"));
}

/* A length word that promises more than there is, up to 4 GiB. */
static void text_that_lies_is_refused(struct kunit *test)
{
	static const u32 lengths[] = { 5, 6, 0x7fffffff, 0xfffffffb, U32_MAX };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		struct vector *v = vector_new(test);
		struct rbd_span text;

		rbd_put_32(&v->c, lengths[i]);
		rbd_put_32(&v->c, 0);
		KUNIT_EXPECT_EQ(
			test, rbd_decode_text(vector_cut(test, v, 8), 8, &text),
			-EBADMSG);
	}
}

static void snapcontext_is_read(struct kunit *test)
{
	struct vector *v = vector_new(test);
	size_t len;
	u64 *ids;
	u64 seq;
	u32 count;

	put_snapcontext(v, 12, 3, 10);
	len = vector_len(v);
	KUNIT_EXPECT_EQ(test,
			decode_snapcontext(test, vector_cut(test, v, len), len,
					   &seq, &count, &ids),
			0);
	KUNIT_EXPECT_EQ(test, seq, 12);
	KUNIT_EXPECT_EQ(test, count, 3);
	KUNIT_EXPECT_EQ(test, ids[0], 10);
	KUNIT_EXPECT_EQ(test, ids[2], 8);
}

/*
 * The array has room for RBD_SNAPS_MAX numbers and not for one more: the
 * sanitizer watches its end.
 */
static void snapcontext_is_bounded(struct kunit *test)
{
	struct vector *v = vector_new(test);
	size_t len;
	u64 *ids;
	u64 seq;
	u32 count;

	BUILD_BUG_ON(12 + (RBD_SNAPS_MAX + 1) * 8 > VECTOR_MAX);
	put_snapcontext(v, 2000, RBD_SNAPS_MAX, 2000);
	len = vector_len(v);
	KUNIT_EXPECT_EQ(test,
			decode_snapcontext(test, vector_cut(test, v, len), len,
					   &seq, &count, &ids),
			0);
	KUNIT_EXPECT_EQ(test, ids[RBD_SNAPS_MAX - 1], 2001 - RBD_SNAPS_MAX);

	v = vector_new(test);
	put_snapcontext(v, 2000, RBD_SNAPS_MAX + 1, 2000);
	len = vector_len(v);
	KUNIT_EXPECT_EQ(test,
			decode_snapcontext(test, vector_cut(test, v, len), len,
					   &seq, &count, &ids),
			-E2BIG);

	v = vector_new(test);
	put_snapcontext(v, 2000, U32_MAX, 2000);
	KUNIT_EXPECT_EQ(test,
			decode_snapcontext(test, vector_cut(test, v, 12), 12,
					   &seq, &count, &ids),
			-E2BIG);
}

static void snapcontext_out_of_order_is_refused(struct kunit *test)
{
	static const u64 orders[][3] = {
		{ 10, 11, 9 }, /* rises */
		{ 10, 10, 9 }, /* twice */
		{ 13, 10, 9 }, /* newer than the sequence number */
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(orders); i++) {
		struct vector *v = vector_new(test);
		u64 *ids;
		u64 seq;
		u32 count;

		rbd_put_64(&v->c, 12);
		rbd_put_32(&v->c, 3);
		rbd_put_64(&v->c, orders[i][0]);
		rbd_put_64(&v->c, orders[i][1]);
		rbd_put_64(&v->c, orders[i][2]);
		KUNIT_EXPECT_EQ(test,
				decode_snapcontext(test,
						   vector_cut(test, v, 36), 36,
						   &seq, &count, &ids),
				-EBADMSG);
	}
}

static void snapcontext_cut_is_refused(struct kunit *test)
{
	struct vector *v = vector_new(test);
	size_t len;
	u64 *ids;
	u64 seq;
	u32 count;

	put_snapcontext(v, 12, 3, 10);
	for (len = 0; len < vector_len(v); len++)
		KUNIT_EXPECT_EQ(test,
				decode_snapcontext(test,
						   vector_cut(test, v, len),
						   len, &seq, &count, &ids),
				-EBADMSG);
}

static void parent_is_read_and_bounded(struct kunit *test)
{
	struct vector *v = vector_new(test);
	struct rbd_span image;
	u64 snap, overlap;
	size_t len;
	s64 pool;

	rbd_put_64(&v->c, 7);
	rbd_put_text(&v->c, "10226b8b4567");
	rbd_put_64(&v->c, 4);
	rbd_put_64(&v->c, 1 << 20);
	for (len = 0; len < vector_len(v); len++)
		KUNIT_EXPECT_EQ(test,
				rbd_decode_parent(vector_cut(test, v, len), len,
						  &pool, &image, &snap,
						  &overlap),
				-EBADMSG);
	KUNIT_EXPECT_EQ(test,
			rbd_decode_parent(vector_cut(test, v, len), len, &pool,
					  &image, &snap, &overlap),
			0);
	KUNIT_EXPECT_EQ(test, pool, 7);
	KUNIT_EXPECT_TRUE(test, rbd_span_is(image, "10226b8b4567"));
	KUNIT_EXPECT_EQ(test, snap, 4);
	KUNIT_EXPECT_EQ(test, overlap, 1 << 20);
}

static struct kunit_case header_cases[] = {
	KUNIT_CASE(size_is_read),
	KUNIT_CASE(size_out_of_range_is_refused),
	KUNIT_CASE(short_replies_are_refused),
	KUNIT_CASE(text_is_read),
	KUNIT_CASE(text_that_lies_is_refused),
	KUNIT_CASE(snapcontext_is_read),
	KUNIT_CASE(snapcontext_is_bounded),
	KUNIT_CASE(snapcontext_out_of_order_is_refused),
	KUNIT_CASE(snapcontext_cut_is_refused),
	KUNIT_CASE(parent_is_read_and_bounded),
	{}
};

static struct kunit_suite header_suite = {
	.name = "rbd_header_decode",
	.test_cases = header_cases,
};

kunit_test_suites(&header_suite);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit suites of rbd's pure logic");
