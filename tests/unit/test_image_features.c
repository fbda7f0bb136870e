// SPDX-License-Identifier: GPL-2.0
/* Names of feature masks, in every room from nothing to enough. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "image_features.h"

#define KNOWN ((1ULL << 11) - 1)

static void says(u64 mask, const char *want)
{
	char buf[512];

	rbd_features_names(mask, buf, sizeof(buf));
	assert_string_equal(buf, want);
}

static void single_names(void **state)
{
	static const char *const names[] = {
		"layering",   "striping",     "exclusive-lock", "object-map",
		"fast-diff",  "deep-flatten", "journaling",	"data-pool",
		"operations", "migrating",    "non-primary",
	};
	char bit[16];
	u32 i;

	says(0, "");
	for (i = 0; i < 64; i++) {
		snprintf(bit, sizeof(bit), "bit-%02u", i);
		says(1ULL << i,
		     i < sizeof(names) / sizeof(names[0]) ? names[i] : bit);
	}
}

/* In this order each can be switched off without one that needs it left. */
static void order_is_that_of_disabling(void **state)
{
	says(0x3d, "fast-diff object-map exclusive-lock deep-flatten layering");
	says(0x7d,
	     "journaling fast-diff object-map exclusive-lock deep-flatten layering");
	says(RBD_FEATURES_SINGLE_CLIENT,
	     "journaling fast-diff object-map exclusive-lock");
	says(RBD_FEATURE_EXCLUSIVE_LOCK | RBD_FEATURE_OBJECT_MAP,
	     "object-map exclusive-lock");
}

static void unknown_bits_come_last(void **state)
{
	says(1ULL << 63 | 1ULL << 11 | 1, "layering bit-11 bit-63");
	says(3ULL << 20, "bit-20 bit-21");
}

static void known_names_fit(void **state)
{
	char buf[128], large[512];

	rbd_features_names(KNOWN, buf, sizeof(buf));
	rbd_features_names(KNOWN, large, sizeof(large));
	assert_string_equal(buf, large);
	assert_null(strstr(buf, "bit-"));
}

/* A room that is too small gives the beginning, terminated. */
static void small_rooms_cut(void **state)
{
	char all[1024];
	size_t room;
	char *buf;

	rbd_features_names(UINT64_MAX, all, sizeof(all));
	for (room = 1; room <= strlen(all) + 1; room++) {
		buf = malloc(room);
		assert_non_null(buf);
		memset(buf, '?', room);
		rbd_features_names(UINT64_MAX, buf, room);
		assert_int_equal(strnlen(buf, room), room - 1);
		assert_memory_equal(buf, all, room - 1);
		free(buf);
	}
}

static void no_room_is_left_alone(void **state)
{
	char c = '?';

	rbd_features_names(UINT64_MAX, &c, 0);
	assert_int_equal(c, '?');
}

/* What one client needs alone must never be mapped by several. */
static void masks_are_apart(void **state)
{
	assert_true(!(RBD_FEATURES_SUPPORTED & RBD_FEATURES_SINGLE_CLIENT));
	assert_true(!(RBD_FEATURES_SUPPORTED & RBD_FEATURE_MIGRATING));
	assert_true(!(RBD_FEATURES_SUPPORTED & RBD_FEATURE_NON_PRIMARY));
	assert_true(!((RBD_FEATURES_SUPPORTED | RBD_FEATURES_SINGLE_CLIENT) &
		      ~KNOWN));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(single_names),
		cmocka_unit_test(order_is_that_of_disabling),
		cmocka_unit_test(unknown_bits_come_last),
		cmocka_unit_test(known_names_fit),
		cmocka_unit_test(small_rooms_cut),
		cmocka_unit_test(no_room_is_left_alone),
		cmocka_unit_test(masks_are_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
