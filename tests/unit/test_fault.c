// SPDX-License-Identifier: GPL-2.0
/* The sentence that goes with an errno. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <unistd.h>

#include "lib/fault.h"

static void test_set(void **state)
{
	struct fault f = { "old" };

	assert_int_equal(fault_set(&f, -EINVAL, "%s is %d", "x", 3), -EINVAL);
	assert_string_equal(f.text, "x is 3");
	assert_int_equal(fault_set(NULL, -EINVAL, "nobody asks"), -EINVAL);
}

static void test_file(void **state)
{
	struct fault f;

	assert_int_equal(fault_file(&f, -ENOENT, "read", "/etc/x"), -ENOENT);
	assert_string_equal(f.text,
			    "cannot read /etc/x: No such file or directory");
	fault_file(&f, -EISDIR, "read keyring", "/etc");
	assert_string_equal(
		f.text,
		"cannot read keyring /etc: Is a directory; name a file in it");
	assert_int_equal(fault_file(&f, -EACCES, "write", "/etc/x"), -EACCES);
	/* Root has no use for being told to be root. */
	assert_string_equal(
		f.text,
		geteuid() ?
			"cannot write /etc/x: Permission denied; run it as root" :
			"cannot write /etc/x: Permission denied");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
