// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "crc32c.h"
#include "hb_slot.h"

static const struct rbd_hb_slot example = {
	.flags = RBD_HB_FROZEN,
	.number = 3,
	.incarnation = 0x0123456789abcdefULL,
	.counter = 42,
	.boot_id = "0123456789abcde",
	.config_hash = 0xfedcba9876543210ULL,
	.dead_after_ms = 3000,
	.slow_after_ms = 45000,
	.daemon_len = 5,
	.daemon = "hello",
};

static void checksum_is_castagnolis(void **state)
{
	assert_int_equal(rbd_crc32c((const u8 *)"123456789", 9), 0xe3069283);
}

static void slot_comes_back(void **state)
{
	u8 buf[RBD_HB_SLOT_BYTES];
	struct rbd_hb_slot slot;

	rbd_hb_slot_encode(&example, buf);
	assert_int_equal(rbd_hb_slot_decode(&slot, buf, 3), 0);
	assert_memory_equal(&slot, &example, sizeof(slot));
}

static void layout_is_as_documented(void **state)
{
	u8 buf[RBD_HB_SLOT_BYTES];

	rbd_hb_slot_encode(&example, buf);
	assert_memory_equal(buf, "RBdH", 4);
	assert_int_equal(buf[4], RBD_HB_VERSION);
	assert_int_equal(buf[6], RBD_HB_FROZEN);
	assert_int_equal(buf[8], 0xef);
	assert_int_equal(buf[16], 42);
	assert_memory_equal(buf + 24, example.boot_id, 16);
	assert_int_equal(buf[40], 0x10);
	assert_int_equal(buf[56], 3);
	assert_int_equal(buf[58], 5);
	assert_memory_equal(buf + 60, "hello", 5);
	assert_int_equal(buf[65], 0);
	assert_int_equal(buf[48] | buf[49] << 8, 3000);
	assert_int_equal(buf[52] | buf[53] << 8, 45000);
}

static void full_daemon_part_fits(void **state)
{
	struct rbd_hb_slot slot = example, back;
	u8 buf[RBD_HB_SLOT_BYTES];

	slot.daemon_len = RBD_HB_DAEMON_BYTES;
	memset(slot.daemon, 0xa5, sizeof(slot.daemon));
	rbd_hb_slot_encode(&slot, buf);
	assert_int_equal(rbd_hb_slot_decode(&back, buf, 3), 0);
	assert_memory_equal(&back, &slot, sizeof(back));
}

static void empty_place_is_told_from_damage(void **state)
{
	u8 buf[RBD_HB_SLOT_BYTES] = { 0 };
	struct rbd_hb_slot slot;

	assert_int_equal(rbd_hb_slot_decode(&slot, buf, 0), -ENODATA);
	buf[100] = 1;
	assert_int_equal(rbd_hb_slot_decode(&slot, buf, 0), -EBADMSG);
}

static void every_flipped_bit_is_found(void **state)
{
	u8 buf[RBD_HB_SLOT_BYTES];
	struct rbd_hb_slot slot;
	unsigned int bit;

	rbd_hb_slot_encode(&example, buf);
	for (bit = 0; bit < RBD_HB_SLOT_BYTES * 8; bit++) {
		buf[bit / 8] ^= 1U << bit % 8;
		assert_int_equal(rbd_hb_slot_decode(&slot, buf, 3), -EBADMSG);
		buf[bit / 8] ^= 1U << bit % 8;
	}
}

/* Well-formed by its checksum, and still not to be believed. */
static void lies_are_refused(void **state)
{
	struct rbd_hb_slot liar = example, slot;
	u8 buf[RBD_HB_SLOT_BYTES];
	u32 crc;

	rbd_hb_slot_encode(&example, buf);
	assert_int_equal(rbd_hb_slot_decode(&slot, buf, 4), -EBADMSG);

	liar.incarnation = 0;
	rbd_hb_slot_encode(&liar, buf);
	assert_int_equal(rbd_hb_slot_decode(&slot, buf, 3), -EBADMSG);

	rbd_hb_slot_encode(&example, buf);
	buf[58] = 0xc1; /* 449 */
	buf[59] = 0x01;
	crc = rbd_crc32c(buf, 508);
	memcpy(buf + 508, &crc, 4);
	assert_int_equal(rbd_hb_slot_decode(&slot, buf, 3), -EBADMSG);

	rbd_hb_slot_encode(&example, buf);
	buf[4] = RBD_HB_VERSION + 1;
	crc = rbd_crc32c(buf, 508);
	memcpy(buf + 508, &crc, 4);
	assert_int_equal(rbd_hb_slot_decode(&slot, buf, 3), -EPROTONOSUPPORT);
}

static void another_host_is_told_from_an_earlier_self(void **state)
{
	static const u8 other[16] = "another host boo";

	assert_false(rbd_hb_slot_is_foreign(&example, example.incarnation,
					    example.boot_id));
	/* A daemon that was started again on the same host. */
	assert_false(rbd_hb_slot_is_foreign(&example, example.incarnation + 1,
					    example.boot_id));
	assert_true(rbd_hb_slot_is_foreign(&example, example.incarnation + 1,
					   other));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checksum_is_castagnolis),
		cmocka_unit_test(slot_comes_back),
		cmocka_unit_test(layout_is_as_documented),
		cmocka_unit_test(full_daemon_part_fits),
		cmocka_unit_test(empty_place_is_told_from_damage),
		cmocka_unit_test(every_flipped_bit_is_found),
		cmocka_unit_test(lies_are_refused),
		cmocka_unit_test(another_host_is_told_from_an_earlier_self),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
