// SPDX-License-Identifier: GPL-2.0
/* The bounded reader and writer: never past its end, bad once and for all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cursor.h"
#include "reply.h"

static const uint8_t counting[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };

static void reads_little_endian(void **state)
{
	struct rbd_cursor c;

	rbd_cursor_init(&c, counting, 9);
	assert_int_equal(rbd_get_8(&c), 1);
	assert_int_equal(rbd_get_64(&c), 0x0908070605040302);
	assert_int_equal(rbd_cursor_left(&c), 0);
	assert_false(rbd_cursor_bad(&c));

	rbd_cursor_init(&c, counting, 9);
	assert_int_equal(rbd_get_le(&c, 3), 0x030201);
	assert_int_equal(rbd_get_32(&c), 0x07060504);
	assert_int_equal(rbd_cursor_left(&c), 2);
	assert_int_equal(rbd_get_le(&c, 0), 0);
	assert_int_equal(rbd_get_le(&c, 2), 0x0908);
	assert_false(rbd_cursor_bad(&c));
}

static void reads_high_bits(void **state)
{
	uint8_t ones[8];
	struct rbd_cursor c;

	memset(ones, 0xff, sizeof(ones));
	rbd_cursor_init(&c, ones, 8);
	assert_true(rbd_get_64(&c) == UINT64_MAX);
	rbd_cursor_init(&c, ones, 8);
	assert_int_equal(rbd_get_32(&c), UINT32_MAX);
	assert_int_equal(rbd_get_8(&c), 0xff);
	assert_false(rbd_cursor_bad(&c));
}

/* What would still fit is not read any more either. */
static void stays_bad(void **state)
{
	struct rbd_cursor c;

	rbd_cursor_init(&c, counting, 7);
	assert_int_equal(rbd_get_64(&c), 0);
	assert_true(rbd_cursor_bad(&c));
	assert_int_equal(rbd_cursor_left(&c), 0);
	assert_int_equal(rbd_get_8(&c), 0);
	assert_int_equal(rbd_get_32(&c), 0);
	assert_null(rbd_get_span(&c).p);
	assert_null(rbd_cursor_take(&c, 0));
	assert_true(rbd_cursor_bad(&c));
}

static void takes_no_more_than_there_is(void **state)
{
	static const size_t sizes[] = { 10, 1 << 20, (1ULL << 32) + 1,
					SIZE_MAX / 2, SIZE_MAX };
	struct rbd_cursor c;
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		rbd_cursor_init(&c, counting, 9);
		assert_null(rbd_cursor_take(&c, sizes[i]));
		assert_true(rbd_cursor_bad(&c));
	}
	rbd_cursor_init(&c, counting, 9);
	assert_ptr_equal(rbd_cursor_take(&c, 9), counting);
	assert_non_null(rbd_cursor_take(&c, 0));
	assert_false(rbd_cursor_bad(&c));
	assert_null(rbd_cursor_take(&c, 1));
	assert_true(rbd_cursor_bad(&c));
}

static void empty_buffers(void **state)
{
	struct rbd_cursor c;

	rbd_cursor_init(&c, NULL, 0);
	assert_int_equal(rbd_cursor_left(&c), 0);
	assert_false(rbd_cursor_bad(&c));
	assert_int_equal(rbd_get_8(&c), 0);
	assert_true(rbd_cursor_bad(&c));

	rbd_cursor_init(&c, NULL, 0);
	rbd_put_text(&c, "");
	assert_true(rbd_cursor_bad(&c));
}

static void reads_spans(void **state)
{
	static const uint32_t lies[] = { 4, 5, 0x7fffffff, 0xfffffffc,
					 UINT32_MAX };
	struct reply r = { 0 };
	struct rbd_cursor c;
	struct rbd_span s;
	uint8_t *copy;
	size_t i;

	reply_text(&r, "abc");
	reply_text(&r, "");
	copy = reply_cut(&r, r.len);
	rbd_cursor_init(&c, copy, r.len);
	s = rbd_get_span(&c);
	assert_true(rbd_span_is(s, "abc"));
	assert_ptr_equal(s.p, copy + 4);
	s = rbd_get_span(&c);
	assert_non_null(s.p);
	assert_int_equal(s.len, 0);
	assert_false(rbd_cursor_bad(&c));
	free(copy);

	for (i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		r.len = 0;
		reply_le(&r, lies[i], 4);
		reply_le(&r, 0, 3);
		copy = reply_cut(&r, r.len);
		rbd_cursor_init(&c, copy, r.len);
		s = rbd_get_span(&c);
		assert_null(s.p);
		assert_int_equal(s.len, 0);
		assert_true(rbd_cursor_bad(&c));
		free(copy);
	}
}

static void compares_spans(void **state)
{
	struct rbd_span s = { "abcdef", 3 };

	assert_true(rbd_span_is(s, "abc"));
	assert_false(rbd_span_is(s, "abcd"));
	assert_false(rbd_span_is(s, "ab"));
	assert_false(rbd_span_is(s, "abd"));
	assert_false(rbd_span_is(s, ""));
	s.len = 0;
	assert_true(rbd_span_is(s, ""));
	/* A zero byte in the span is a byte, not an end. */
	s = (struct rbd_span){ "a\0b", 3 };
	assert_false(rbd_span_is(s, "a"));
}

/* A structure with a field that this reader does not know, then a number. */
static void passes_over_newer_fields(void **state)
{
	struct rbd_cursor c, body;
	struct reply r = { 0 };
	size_t place = reply_open(&r, 9, 3);

	reply_le(&r, 77, 4);
	reply_text(&r, "of a newer writer");
	reply_close(&r, place);
	reply_le(&r, 0xabcd, 4);

	rbd_cursor_init(&c, r.bytes, r.len);
	assert_int_equal(rbd_get_start(&c, 3, &body), 9);
	assert_int_equal(rbd_get_32(&body), 77);
	assert_int_equal(rbd_get_32(&c), 0xabcd);
	assert_int_equal(rbd_cursor_left(&c), 0);
	assert_false(rbd_cursor_bad(&c));
	assert_false(rbd_cursor_bad(&body));

	rbd_cursor_init(&c, r.bytes, r.len);
	assert_int_equal(rbd_get_start(&c, 2, &body), 0);
	assert_true(rbd_cursor_bad(&c));
	assert_true(rbd_cursor_bad(&body));
	assert_int_equal(rbd_cursor_left(&body), 0);
	assert_int_equal(rbd_get_32(&body), 0);
}

/* What is read of a structure ends with it, though the buffer goes on. */
static void keeps_to_the_structure(void **state)
{
	struct rbd_cursor c, body;
	struct reply r = { 0 };
	size_t place = reply_open(&r, 1, 1);

	reply_le(&r, 5, 2);
	reply_close(&r, place);
	reply_le(&r, 0x11223344, 4);

	rbd_cursor_init(&c, r.bytes, r.len);
	assert_int_equal(rbd_get_start(&c, 1, &body), 1);
	assert_int_equal(rbd_cursor_left(&body), 2);
	assert_int_equal(rbd_get_32(&body), 0);
	assert_true(rbd_cursor_bad(&body));
	assert_false(rbd_cursor_bad(&c));
	assert_int_equal(rbd_get_32(&c), 0x11223344);
}

static void refuses_cut_structures(void **state)
{
	struct rbd_cursor c, body;
	struct reply r = { 0 };
	size_t place = reply_open(&r, 1, 1);
	uint8_t *copy;
	size_t len;

	reply_le(&r, 5, 4);
	reply_close(&r, place);
	for (len = 0; len < r.len; len++) {
		copy = reply_cut(&r, len);
		rbd_cursor_init(&c, copy, len);
		assert_int_equal(rbd_get_start(&c, 1, &body), 0);
		assert_true(rbd_cursor_bad(&c));
		assert_true(rbd_cursor_bad(&body));
		free(copy);
	}
}

static void write_all(struct rbd_cursor *c)
{
	uint8_t *outer = rbd_put_start(c, 3, 2);
	uint8_t *inner;

	rbd_put_8(c, 0xfe);
	rbd_put_32(c, 0x01020304);
	inner = rbd_put_start(c, 1, 1);
	rbd_put_text(c, "xy");
	rbd_put_end(c, inner);
	rbd_put_text(c, "");
	rbd_put_64(c, 0x1112131415161718);
	rbd_put_le(c, 0xffaabbcc, 3);
	rbd_put_end(c, outer);
}

static const uint8_t written[] = {
	3, 2,	 32,   0,    0,	   0,	 0xfe, 4,    3,	   2,	 1,    1,    1,
	6, 0,	 0,    0,    2,	   0,	 0,    0,    'x',  'y',	 0,    0,    0,
	0, 0x18, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11, 0xcc, 0xbb, 0xaa,
};

static void writes_the_format(void **state)
{
	uint8_t buf[sizeof(written) + 1];
	struct rbd_cursor c;

	memset(buf, 0x5a, sizeof(buf));
	rbd_cursor_init(&c, buf, sizeof(buf));
	write_all(&c);
	assert_false(rbd_cursor_bad(&c));
	assert_int_equal(rbd_cursor_left(&c), 1);
	assert_memory_equal(buf, written, sizeof(written));
	assert_int_equal(buf[sizeof(written)], 0x5a);
}

/* Every room up to the one that is needed: only that one suffices. */
static void writes_only_into_its_room(void **state)
{
	struct rbd_cursor c;
	uint8_t *buf;
	size_t room;

	for (room = 0; room <= sizeof(written); room++) {
		buf = malloc(room);
		assert_non_null(buf);
		rbd_cursor_init(&c, buf, room);
		write_all(&c);
		assert_int_equal(rbd_cursor_bad(&c), room < sizeof(written));
		assert_int_equal(rbd_cursor_left(&c), 0);
		free(buf);
	}
}

/* A structure that did not fit gets no length. */
static void ends_nothing_that_is_bad(void **state)
{
	uint8_t buf[8] = { 0 };
	struct rbd_cursor c;
	uint8_t *place;

	rbd_cursor_init(&c, buf, sizeof(buf));
	place = rbd_put_start(&c, 1, 1);
	assert_ptr_equal(place, buf + 2);
	rbd_put_64(&c, UINT64_MAX);
	assert_true(rbd_cursor_bad(&c));
	rbd_put_end(&c, place);
	assert_int_equal(buf[2], 0);

	rbd_cursor_init(&c, buf, 3);
	assert_null(rbd_put_start(&c, 1, 1));
	rbd_put_end(&c, NULL);
	assert_true(rbd_cursor_bad(&c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_little_endian),
		cmocka_unit_test(reads_high_bits),
		cmocka_unit_test(stays_bad),
		cmocka_unit_test(takes_no_more_than_there_is),
		cmocka_unit_test(empty_buffers),
		cmocka_unit_test(reads_spans),
		cmocka_unit_test(compares_spans),
		cmocka_unit_test(passes_over_newer_fields),
		cmocka_unit_test(keeps_to_the_structure),
		cmocka_unit_test(refuses_cut_structures),
		cmocka_unit_test(writes_the_format),
		cmocka_unit_test(writes_only_into_its_room),
		cmocka_unit_test(ends_nothing_that_is_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
