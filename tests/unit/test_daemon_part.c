// SPDX-License-Identifier: GPL-2.0
/* The daemon's part of a slot. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon_part.h"
#include "hb_slot.h"

static struct rbd_daemon_part part;
static struct rbd_daemon_part back;
static u8 buf[RBD_DAEMON_PART_MAX];

static u16 fill(unsigned int acks)
{
	unsigned int i;

	memset(&part, 0, sizeof(part));
	part.view_seq = 0x0102030405060708ULL;
	rbd_nodeset_add(&part.hears, 0);
	rbd_nodeset_add(&part.hears, 254);
	for (i = 0; i < acks; i++) {
		part.acks[31 - i].generation = 1000 + i;
		part.acks[31 - i].phase = (u8)(1 + i % 3);
	}
	return rbd_daemon_part_encode(&part, buf);
}

static void comes_back(void **state)
{
	unsigned int acks;
	u16 len;

	for (acks = 0; acks <= 32; acks++) {
		len = fill(acks);
		assert_int_equal(len, 42 + 6 * acks);
		assert_int_equal(rbd_daemon_part_decode(&back, buf, len), 0);
		assert_memory_equal(&back, &part, sizeof(part));
	}
	assert_true(RBD_DAEMON_PART_MAX <= RBD_HB_DAEMON_BYTES);
}

static void nothing_yet(void **state)
{
	static const struct rbd_daemon_part zero;

	memset(&back, 0x55, sizeof(back));
	assert_int_equal(rbd_daemon_part_decode(&back, NULL, 0), 0);
	assert_memory_equal(&back, &zero, sizeof(zero));
}

static void damage(void **state)
{
	static const struct rbd_daemon_part zero;
	u16 len = fill(3);
	u16 n;

	for (n = 1; n < len; n++) {
		u8 *copy = malloc(n);

		memcpy(copy, buf, n);
		assert_int_equal(rbd_daemon_part_decode(&back, copy, n),
				 -EBADMSG);
		assert_memory_equal(&back, &zero, sizeof(zero));
		free(copy);
	}
	assert_int_equal(rbd_daemon_part_decode(&back, buf, len + 1u),
			 -EBADMSG);
	buf[0] = 2;
	assert_int_equal(rbd_daemon_part_decode(&back, buf, len),
			 -EPROTONOSUPPORT);
	fill(3);
	buf[42] = 32; /* index */
	assert_int_equal(rbd_daemon_part_decode(&back, buf, len), -EBADMSG);
	fill(3);
	buf[43] = 4; /* phase */
	assert_int_equal(rbd_daemon_part_decode(&back, buf, len), -EBADMSG);
	fill(3);
	buf[48] = buf[42]; /* the same index twice */
	assert_int_equal(rbd_daemon_part_decode(&back, buf, len), -EBADMSG);
	fill(3);
	memset(buf + 44, 0, 4); /* generation */
	assert_int_equal(rbd_daemon_part_decode(&back, buf, len), -EBADMSG);
	fill(3);
	buf[41] |= 0x80; /* number 255 */
	assert_int_equal(rbd_daemon_part_decode(&back, buf, len), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back),
		cmocka_unit_test(nothing_yet),
		cmocka_unit_test(damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
