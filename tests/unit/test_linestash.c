// SPDX-License-Identifier: GPL-2.0
/* Lines put aside in a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/linestash.h"

static char dir[64];
static char path[128];
static char all[256];

static int setup(void **state)
{
	strcpy(dir, "/tmp/rbdshare-test-XXXXXX");
	*all = '\0';
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/f", dir);
	return 0;
}

static int teardown(void **state)
{
	unlink(path);
	return rmdir(dir);
}

static void take(void *arg, const char *line)
{
	strcat(strcat(all, line), "|");
	if (arg)
		assert_int_equal(linestash_put(path, 100, line), 0);
}

static void test_in_order_and_once(void **state)
{
	struct stat st;

	linestash_take(path, 100, take, NULL);
	assert_int_equal(linestash_put(path, 100, "a"), 0);
	assert_int_equal(linestash_put(path, 100, "b c"), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	linestash_take(path, 100, take, NULL);
	linestash_take(path, 100, take, NULL);
	assert_string_equal(all, "a|b c|");
}

static void test_put_again(void **state)
{
	linestash_put(path, 100, "a");
	linestash_put(path, 100, "b");
	linestash_take(path, 100, take, all);
	linestash_take(path, 100, take, NULL);
	assert_string_equal(all, "a|b|a|b|");
}

static void test_bounded(void **state)
{
	assert_int_equal(linestash_put(path, 4, "abc"), 0);
	assert_int_equal(linestash_put(path, 4, "d"), -EFBIG);
	linestash_take(path, 3, take, NULL);
	assert_int_equal(access(path, F_OK), -1);
	assert_string_equal(all, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_in_order_and_once, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_put_again, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_bounded, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
