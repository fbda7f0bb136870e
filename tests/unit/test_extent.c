// SPDX-License-Identifier: GPL-2.0
/* Ranges to objects, and what a discard may and may not touch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "extent.h"

#define SMALL ((u32)1 << RBD_ORDER_MIN)

/* The same numbers at every run. */
static u64 next_number(void)
{
	static u64 seed = 88172645463325252;

	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static void first_piece(void **state)
{
	static const struct {
		u8 order;
		u64 at, length;
		struct rbd_extent want;
	} v[] = {
		{ 22, 0, 512, { 0, 0, 512 } },
		{ 22, 0, 4194304, { 0, 0, 4194304 } },
		{ 22, 0, UINT64_MAX, { 0, 0, 4194304 } },
		{ 22, 4194303, 2, { 0, 4194303, 1 } },
		{ 22, 4194304, 2, { 1, 0, 2 } },
		{ 12, 4097, 4096, { 1, 1, 4095 } },
		{ 25, (1ULL << 40) + 3, 1, { 1 << 15, 3, 1 } },
		{ 25, 33554431, 9, { 0, 33554431, 1 } },
		{ 22, 5, 0, { 0, 5, 0 } },
		{ 12, UINT64_MAX, 1, { UINT64_MAX >> 12, 4095, 1 } },
	};
	struct rbd_extent e;
	size_t i;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		e = rbd_extent_first(v[i].order, v[i].at, v[i].length);
		assert_true(e.object == v[i].want.object);
		assert_int_equal(e.offset, v[i].want.offset);
		assert_int_equal(e.length, v[i].want.length);
	}
}

static void counts(void **state)
{
	assert_true(rbd_extent_count(22, 0, 0) == 0);
	assert_true(rbd_extent_count(22, 4194303, 0) == 0);
	assert_true(rbd_extent_count(22, 0, 1) == 1);
	assert_true(rbd_extent_count(22, 0, 4194304) == 1);
	assert_true(rbd_extent_count(22, 0, 4194305) == 2);
	assert_true(rbd_extent_count(22, 4194303, 1) == 1);
	assert_true(rbd_extent_count(22, 4194303, 2) == 2);
	assert_true(rbd_extent_count(22, 4194303, 4194306) == 3);
	/* Up to the last byte that can be numbered. */
	assert_true(rbd_extent_count(12, UINT64_MAX, 1) == 1);
	assert_true(rbd_extent_count(12, UINT64_MAX - 4096, 4097) == 2);
}

/* The pieces follow each other without gap or overlap, and add up. */
static void pieces_cover_the_range(void **state)
{
	struct rbd_extent e;
	u64 at, left, count, n;
	unsigned int i;
	u8 order;

	for (i = 0; i < 20000; i++) {
		order = RBD_ORDER_MIN + i % (RBD_ORDER_MAX - RBD_ORDER_MIN + 1);
		at = next_number() >> (1 + next_number() % 40);
		left = next_number() % (20ULL << order);
		count = rbd_extent_count(order, at, left);
		for (n = 0; left; n++) {
			e = rbd_extent_first(order, at, left);
			assert_true(e.length && e.length <= left);
			assert_true((u64)e.offset + e.length <= 1ULL << order);
			assert_true((e.object << order) + e.offset == at);
			at += e.length;
			left -= e.length;
			/* Only the last one may end before its object. */
			assert_true(!left || !(at & ((1ULL << order) - 1)));
		}
		assert_true(n == count);
	}
}

static void zero_is_exact(void **state)
{
	static const struct {
		u8 order;
		struct rbd_extent e;
		enum rbd_zero_op want;
	} v[] = {
		{ 22, { 0, 0, 0 }, RBD_ZERO_NOTHING },
		{ 22, { 0, 4194304, 0 }, RBD_ZERO_NOTHING },
		{ 22, { 1, 0, 4194304 }, RBD_ZERO_REMOVE },
		{ 22, { 1, 0, 4194303 }, RBD_ZERO_RANGE },
		{ 22, { 1, 1, 4194302 }, RBD_ZERO_RANGE },
		{ 22, { 1, 1, 4194303 }, RBD_ZERO_TRUNCATE },
		{ 22, { 1, 4194303, 1 }, RBD_ZERO_TRUNCATE },
		{ 12, { 1, 0, 4096 }, RBD_ZERO_REMOVE },
		{ 25, { 1, 0, 1 << 25 }, RBD_ZERO_REMOVE },
		{ 25, { 1, 0, 1 << 24 }, RBD_ZERO_RANGE },
	};
	size_t i;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		assert_int_equal(rbd_extent_plan_zero(v[i].order, &v[i].e),
				 v[i].want);
}

static void discard_cases(void **state)
{
	static const struct {
		u32 granularity;
		struct rbd_extent e;
		enum rbd_zero_op want;
		u32 offset, length;
	} v[] = {
		{ 65536, { 7, 0, 65536 }, RBD_ZERO_RANGE, 0, 65536 },
		{ 65536, { 7, 0, 65535 }, RBD_ZERO_NOTHING, 0, 0 },
		{ 65536, { 7, 1, 131071 }, RBD_ZERO_RANGE, 65536, 65536 },
		{ 65536, { 7, 512, 65536 }, RBD_ZERO_NOTHING, 0, 0 },
		{ 65536, { 7, 1, 4194303 }, RBD_ZERO_TRUNCATE, 65536, 4128768 },
		{ 65536, { 7, 0, 4194304 }, RBD_ZERO_REMOVE, 0, 4194304 },
		{ 65536, { 7, 0, 4194303 }, RBD_ZERO_RANGE, 0, 4128768 },
		{ 512, { 7, 512, 512 }, RBD_ZERO_RANGE, 512, 512 },
		/* One unit is the object: all of it or nothing. */
		{ 4194304, { 7, 0, 4194304 }, RBD_ZERO_REMOVE, 0, 4194304 },
		{ 4194304, { 7, 512, 4193792 }, RBD_ZERO_NOTHING, 0, 0 },
		/* A unit larger than the object counts as the object. */
		{ 1u << 31, { 7, 0, 4194304 }, RBD_ZERO_REMOVE, 0, 4194304 },
		{ 1u << 31, { 7, 0, 4193792 }, RBD_ZERO_NOTHING, 0, 0 },
		{ 512, { 7, 0, 0 }, RBD_ZERO_NOTHING, 0, 0 },
	};
	struct rbd_extent e;
	size_t i;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		e = v[i].e;
		assert_int_equal(rbd_extent_plan_discard(22, v[i].granularity,
							 &e),
				 v[i].want);
		assert_int_equal(e.object, 7);
		assert_int_equal(e.length, v[i].length);
		if (v[i].length)
			assert_int_equal(e.offset, v[i].offset);
	}
}

/* What an OSD does with each operation, on an object of one-bytes. */
static void carry_out(enum rbd_zero_op op, const struct rbd_extent *e,
		      u8 *object)
{
	memset(object, 1, SMALL);
	if (op == RBD_ZERO_REMOVE)
		memset(object, 0, SMALL);
	else if (op == RBD_ZERO_TRUNCATE)
		memset(object + e->offset, 0, SMALL - e->offset);
	else if (op == RBD_ZERO_RANGE)
		memset(object + e->offset, 0, e->length);
}

/*
 * No byte outside of the request is touched; inside, every whole unit is
 * freed and nothing else.
 */
static void check_discard(u32 unit, u32 from, u32 length)
{
	struct rbd_extent e = { 3, from, length };
	enum rbd_zero_op op = rbd_extent_plan_discard(RBD_ORDER_MIN, unit, &e);
	u32 real_unit = unit < SMALL ? unit : SMALL;
	u8 object[SMALL];
	u32 at, start;
	bool whole;

	assert_int_equal(op == RBD_ZERO_NOTHING, e.length == 0);
	carry_out(op, &e, object);
	for (at = 0; at < SMALL; at++) {
		start = at - at % real_unit;
		whole = start >= from && start + real_unit <= from + length;
		if (object[at] != !whole)
			fail_msg("unit %u, %u+%u: byte %u", unit, from, length,
				 at);
	}
}

static void discard_frees_whole_units_only(void **state)
{
	static const u32 units[] = { 512, 1024, 2048, 4096, 8192, 1 << 22 };
	u32 from, length;
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		for (from = 0; from <= SMALL; from += 256)
			for (length = 0; length <= SMALL - from; length += 256)
				check_discard(units[i], from, length);
		for (length = 0; length < 500; length++) {
			from = next_number() % SMALL;
			check_discard(units[i], from,
				      next_number() % (SMALL - from + 1));
		}
	}
}

static void zero_touches_the_request_exactly(void **state)
{
	u8 object[SMALL];
	struct rbd_extent e = { .object = 3 };
	unsigned int i;
	u32 at;

	for (i = 0; i < 3000; i++) {
		e.offset = next_number() % SMALL;
		e.length = SMALL - e.offset;
		if (i % 3)
			e.length = next_number() % (e.length + 1);
		if (i % 9 == 0)
			e = (struct rbd_extent){ 3, 0, SMALL };
		carry_out(rbd_extent_plan_zero(RBD_ORDER_MIN, &e), &e, object);
		for (at = 0; at < SMALL; at++)
			if (object[at] !=
			    (at < e.offset || at - e.offset >= e.length))
				fail_msg("%u+%u: byte %u", e.offset, e.length,
					 at);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_piece),
		cmocka_unit_test(counts),
		cmocka_unit_test(pieces_cover_the_range),
		cmocka_unit_test(zero_is_exact),
		cmocka_unit_test(discard_cases),
		cmocka_unit_test(discard_frees_whole_units_only),
		cmocka_unit_test(zero_touches_the_request_exactly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
