// SPDX-License-Identifier: GPL-2.0
/* Names we create, feature names, near words and exit codes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "lib/exitcode.h"
#include "lib/featurenames.h"
#include "lib/names.h"
#include "lib/nearest.h"

static void names(void **state)
{
	static const char *const good[] = { "a", "dovecot-rbd-1", "A_b.c", "1",
					    "\xc3\xa4" };
	static const char *const bad[] = { "",	  "a/b", "a@b",	 "-a",
					   ".a",  "a b", "a,b",	 "a=b",
					   "a#b", "a\n", "\x7f", "a'b" };
	char longest[98];
	struct fault f;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_int_equal(names_check("pool", good[i], &f), 0);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		f.text[0] = '\0';
		assert_int_equal(names_check("pool", bad[i], &f), -EINVAL);
		assert_non_null(strstr(f.text, "pool name"));
	}
	memset(longest, 'x', sizeof(longest));
	longest[97] = '\0';
	assert_int_equal(names_check("pool", longest, &f), -EINVAL);
	longest[96] = '\0';
	assert_int_equal(names_check("pool", longest, &f), 0);
}

static void pg_num(void **state)
{
	static const char *const bad[] = { "",	     "0",
					   "-1",     "8x",
					   " 8",     "+8",
					   "131072", "99999999999999999999" };
	unsigned int n = 0;
	struct fault f;
	size_t i;

	assert_int_equal(names_pg_num("8", &n, &f), 0);
	assert_int_equal(n, 8);
	assert_int_equal(names_pg_num("65536", &n, &f), 0);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(names_pg_num(bad[i], &n, &f), -EINVAL);
	assert_int_equal(names_pg_num("100", &n, &f), -EINVAL);
	assert_non_null(strstr(f.text, "such as 64"));
}

static void features(void **state)
{
	char buf[64];

	assert_int_equal(feature_mask("layering"), 1);
	assert_int_equal(feature_mask("deep-flatten"), 32);
	assert_int_equal(feature_mask("magic"), 0);
	features_format(0, buf, sizeof(buf));
	assert_string_equal(buf, "none");
	features_format(33 | 1ULL << 63, buf, sizeof(buf));
	assert_string_equal(buf, "layering, deep-flatten, bit-63");
	features_format(UINT64_MAX, buf, 20);
	assert_string_equal(buf, "layering, striping,");
}

static void near(void **state)
{
	static const char *const v[] = { "create", "ls", "rm", "resize" };

	assert_int_equal(nearest_distance("", "abc"), 3);
	assert_int_equal(nearest_distance("craete", "create"), 1);
	assert_int_equal(nearest_distance("kitten", "sitting"), 3);
	assert_string_equal(nearest_word("craete", v, 4), "create");
	assert_string_equal(nearest_word("lss", v, 4), "ls");
	assert_string_equal(nearest_word("reisze", v, 4), "resize");
	assert_null(nearest_word("frobnicate", v, 4));
	assert_null(nearest_word("xy", v, 4));
}

static void codes(void **state)
{
	assert_int_equal(exitcode_of(0), 0);
	assert_int_equal(exitcode_of(3), 0);
	assert_int_equal(exitcode_of(-ENOENT), 2);
	assert_int_equal(exitcode_of(-ETIMEDOUT), 110);
	assert_int_equal(exitcode_of(-ECANCELED), 125);
	/* 1 is for wrong usage. */
	assert_int_equal(exitcode_of(-EPERM), EACCES);
	assert_int_equal(exitcode_of(-EKEYREJECTED), EIO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),    cmocka_unit_test(pg_num),
		cmocka_unit_test(features), cmocka_unit_test(near),
		cmocka_unit_test(codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
