// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/pgnames.h"

/* As "ceph osd map" of Ceph 16.2 tells them: all lengths of the last part. */
static void test_hash(void **state)
{
	static const struct {
		const char *name;
		uint32_t hash;
	} known[] = {
		{ "a", 0x29eec818 },
		{ "12345678", 0x37209781 },
		{ "12345678901", 0x79f32d84 },
		{ "123456789012", 0xf7e45e60 },
		{ "rbdshare.sweep.0", 0x216bc154 },
		{ "rbd_data.1234567890ab.0000000000000001", 0x4df393f2 },
		{ "ns1\037rbdshare.sweep.0", 0x0de9659d },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		assert_int_equal(pgnames_hash(known[i].name,
					      strlen(known[i].name)),
				 known[i].hash);
}

static void test_groups(void **state)
{
	/* 12 groups: 12 to 15 of sixteen fold back to 4 to 7. */
	assert_int_equal(pgnames_pg(11, 12), 11);
	assert_int_equal(pgnames_pg(12, 12), 4);
	assert_int_equal(pgnames_pg(0xffffffff, 12), 7);
	assert_int_equal(pgnames_pg(0xffffffff, 16), 15);
	assert_int_equal(pgnames_pg(0xffffffff, 1), 0);
	assert_int_equal(pgnames_pg(3, 3), 1);
}

static void check_all(uint32_t pg_num, const char *ns)
{
	uint32_t *numbers = calloc(pg_num, sizeof(*numbers)), pg;
	char key[64], name[PGNAMES_NAME];

	assert_non_null(numbers);
	assert_int_equal(pgnames_make(pg_num, ns, numbers), 0);
	for (pg = 0; pg < pg_num; pg++) {
		pgnames_format(numbers[pg], name);
		strcpy(key, ns);
		if (*ns)
			strcat(key, "\037");
		strcat(key, name);
		assert_int_equal(
			pgnames_pg(pgnames_hash(key, strlen(key)), pg_num), pg);
	}
	free(numbers);
}

static void test_every_group(void **state)
{
	uint32_t n;

	for (n = 1; n < 70; n++)
		check_all(n, n % 2 ? "" : "space");
	check_all(1024, "");
	check_all(1025, "");
	check_all(65536, "space");
}

static void test_limits(void **state)
{
	static char ns[300];
	uint32_t one;

	memset(ns, 'n', sizeof(ns) - 1);
	assert_int_equal(pgnames_make(0, "", &one), -EINVAL);
	assert_int_equal(pgnames_make(PGNAMES_MAX_PGS + 1, "", &one), -EINVAL);
	assert_int_equal(pgnames_make(1, ns, &one), -ENAMETOOLONG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_every_group),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
