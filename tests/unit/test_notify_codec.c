// SPDX-License-Identifier: GPL-2.0
/* Notifications on a header: which operation, and when they are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "notify_codec.h"
#include "reply.h"

/* A notification whose structure holds @op and @more bytes behind it. */
static void put_notify(struct reply *r, unsigned int version, u32 op,
		       unsigned int more)
{
	size_t place;

	r->len = 0;
	place = reply_open(r, version, 1);
	reply_le(r, op, 4);
	for (; more; more--)
		reply_le(r, 0xff, 1);
	reply_close(r, place);
}

static int decode(const struct reply *r, size_t len, u32 *op)
{
	uint8_t *copy = reply_cut(r, len);
	int ret = rbd_decode_notify(copy, len, op);

	free(copy);
	return ret;
}

static void bytes_as_sent(void **state)
{
	static const uint8_t update[] = { 7, 1, 4, 0, 0, 0, 3, 0, 0, 0 };
	static const uint8_t request[] = { 1, 1, 6, 0, 0, 0, 2, 0, 0, 0, 9, 9 };
	u32 op = 99;

	assert_int_equal(rbd_decode_notify(update, sizeof(update), &op), 0);
	assert_int_equal(op, RBD_NOTIFY_HEADER_UPDATE);
	assert_int_equal(rbd_decode_notify(request, sizeof(request), &op), 0);
	assert_int_equal(op, RBD_NOTIFY_REQUEST_LOCK);
}

/* Also those that are not known: they are the caller's to pass over. */
static void every_operation(void **state)
{
	static const u32 ops[] = { 0,  1,   2,	 3,	4,
				   17, 255, 256, 65536, UINT32_MAX };
	static const unsigned int versions[] = { 0, 1, 7, 255 };
	struct reply r;
	size_t i, k;
	u32 op;

	for (i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		for (k = 0; k < 4; k++) {
			op = ~ops[i];
			put_notify(&r, versions[k], ops[i], k * 5);
			assert_int_equal(decode(&r, r.len, &op), 0);
			assert_int_equal(op, ops[i]);
		}
	}
}

static void empty_means_update(void **state)
{
	u32 op = 99;

	assert_int_equal(rbd_decode_notify(NULL, 0, &op), 0);
	assert_int_equal(op, RBD_NOTIFY_HEADER_UPDATE);
	op = 99;
	assert_int_equal(rbd_decode_notify("x", 0, &op), 0);
	assert_int_equal(op, RBD_NOTIFY_HEADER_UPDATE);
}

static void cuts_are_refused(void **state)
{
	unsigned int more;
	struct reply r;
	size_t len;
	u32 op;

	for (more = 0; more < 20; more += 5) {
		put_notify(&r, 7, RBD_NOTIFY_REQUEST_LOCK, more);
		for (len = 1; len < r.len; len++)
			assert_int_equal(decode(&r, len, &op), -EBADMSG);
	}
}

/* The structure's own length counts, not what stands behind it. */
static void short_structures_are_refused(void **state)
{
	static const u32 lengths[] = { 0, 1, 2, 3 };
	static const u32 lies[] = { 9, 0x7fffffff, 0xfffffffa, UINT32_MAX };
	struct reply r = { 0 };
	size_t i;
	u32 op;

	for (i = 0; i < 4; i++) {
		r.len = 0;
		reply_le(&r, 0x0101, 2);
		reply_le(&r, lengths[i], 4);
		reply_le(&r, RBD_NOTIFY_HEADER_UPDATE, 8);
		assert_int_equal(decode(&r, r.len, &op), -EBADMSG);
		r.len = 2;
		reply_le(&r, lies[i], 4);
		reply_le(&r, RBD_NOTIFY_HEADER_UPDATE, 8);
		assert_int_equal(decode(&r, r.len, &op), -EBADMSG);
	}
	/* Behind a whole one, bytes do no harm. */
	r.len = 2;
	reply_le(&r, 4, 4);
	reply_le(&r, RBD_NOTIFY_HEADER_UPDATE, 8);
	assert_int_equal(decode(&r, r.len, &op), 0);
	assert_int_equal(op, RBD_NOTIFY_HEADER_UPDATE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_as_sent),
		cmocka_unit_test(every_operation),
		cmocka_unit_test(empty_means_update),
		cmocka_unit_test(cuts_are_refused),
		cmocka_unit_test(short_structures_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
