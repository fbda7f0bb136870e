// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/hbslots.h"

static struct hbslots slots;

/* Object @i of the storage: an errno, or the slot of number 3. */
static struct {
	int err;
	struct rbd_hb_slot slot;
} stored[RBD_HB_OBJECTS];

static int fake_read(rados_ioctx_t io, const char *oid, char *buf, size_t len,
		     uint64_t off)
{
	unsigned int i = (unsigned int)(oid[strlen(oid) - 1] - '0');

	assert_true(i < RBD_HB_OBJECTS);
	assert_int_equal(strncmp(oid, "hb.demo.", 8), 0);
	if (stored[i].err)
		return stored[i].err;
	if (!stored[i].slot.incarnation)
		return 0;
	rbd_hb_slot_encode(&stored[i].slot, (u8 *)buf + 3 * RBD_HB_SLOT_BYTES);
	return 4 * RBD_HB_SLOT_BYTES;
}

static const struct radosdoor door = { .rados_read = fake_read };

static void put(unsigned int i, u64 incarnation, u64 counter)
{
	stored[i].err = 0;
	stored[i].slot = (struct rbd_hb_slot){ .number = 3,
					       .incarnation = incarnation,
					       .counter = counter };
}

static int look(void)
{
	return hbslots_read(&slots, &door, NULL, "demo");
}

static void test_newest(void **state)
{
	struct rbd_hb_slot slot;

	put(0, 7, 100);
	put(1, 8, 2);
	put(2, 8, 3);
	assert_int_equal(look(), 0);
	assert_true(hbslots_get(&slots, 3, &slot));
	assert_int_equal(slot.incarnation, 8);
	assert_int_equal(slot.counter, 3);
	assert_false(hbslots_get(&slots, 2, &slot));
	assert_int_equal(slot.incarnation, 0);
	assert_false(hbslots_get(&slots, RBD_HB_MAX_NODES, &slot));
}

static void test_damaged(void **state)
{
	struct rbd_hb_slot slot;

	put(0, 9, 1);
	put(1, 8, 2);
	put(2, 8, 2);
	assert_int_equal(look(), 0);
	slots.bytes[0][3 * RBD_HB_SLOT_BYTES + 20] ^= 1;
	assert_true(hbslots_get(&slots, 3, &slot));
	assert_int_equal(slot.incarnation, 8);
}

static void test_missing(void **state)
{
	struct rbd_hb_slot slot;

	put(0, 7, 100);
	stored[1].err = -ENOENT;
	stored[2].err = -ETIMEDOUT;
	assert_int_equal(look(), 0);
	assert_true(hbslots_get(&slots, 3, &slot));
	stored[1].err = -ETIMEDOUT;
	assert_int_equal(look(), -ETIMEDOUT);
	stored[0].err = -ENOENT;
	stored[1].err = -ENOENT;
	stored[2].err = -ENOENT;
	assert_int_equal(look(), 0);
	assert_false(hbslots_get(&slots, 3, &slot));
}

static void test_moved(void **state)
{
	struct rbd_hb_slot a = { .incarnation = 5, .counter = 9 }, b = a;

	assert_false(hbslots_moved(&a, &b));
	b.counter++;
	assert_true(hbslots_moved(&a, &b));
	b = a;
	b.incarnation++;
	assert_true(hbslots_moved(&a, &b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_newest),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_moved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
