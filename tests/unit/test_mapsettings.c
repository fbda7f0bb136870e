// SPDX-License-Identifier: GPL-2.0
/* The knobs of rbdmap, from the environment and from a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <unistd.h>

#include "lib/mapsettings.h"

/* Reads @text as a file of settings. */
static int from_file(struct mapsettings *s, const char *text)
{
	char path[] = "/tmp/rbdshare-test-XXXXXX";
	int fd = mkstemp(path), ret;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	ret = mapsettings_file(s, path);
	unlink(path);
	return ret;
}

static void test_file(void **state)
{
	struct mapsettings s = mapsettings_default;

	assert_int_equal(s.start_timeout_s, 300);
	assert_int_equal(from_file(&s, "# RBDMAP_START_TIMEOUT=1\n"
				       "RBDMAP_START_TIMEOUT=30\n"
				       "RBDMAP_START_TIMEOUT=\"900\"  # slow\n"
				       "RBDMAP_STOP_TIMEOUT='120'\n"),
			 0);
	/* The last one counts, as for a shell. */
	assert_int_equal(s.start_timeout_s, 900);
	assert_int_equal(s.stop_timeout_s, 120);
	assert_int_equal(s.parallel, mapsettings_default.parallel);
}

static void test_bad_values_in_file(void **state)
{
	struct mapsettings s = mapsettings_default;

	assert_int_equal(from_file(&s, "RBDMAP_START_TIMEOUT=5min\n"
				       "RBDMAP_MAP_TIMEOUT=0\n"
				       "RBDMAP_HOOK_TIMEOUT=-3\n"
				       "RBDMAP_PARALLEL=99999999999999999999\n"
				       "RBDMAP_STOP_TIMEOUT=\n"
				       "RBDMAP_UMOUNT_TIMEOUT=$X\n"),
			 0);
	assert_memory_equal(&s, &mapsettings_default, sizeof(s));
}

static void test_no_file(void **state)
{
	struct mapsettings s = mapsettings_default;

	assert_int_equal(mapsettings_file(&s, "/nonexistent/rbdmap"), 0);
	assert_memory_equal(&s, &mapsettings_default, sizeof(s));
	assert_int_equal(mapsettings_file(&s, "/"), -EISDIR);
}

static void test_environment(void **state)
{
	struct mapsettings s = mapsettings_default;

	setenv("RBDMAP_PARALLEL", "3", 1);
	setenv("RBDMAP_MOUNT_TIMEOUT", "x", 1);
	setenv("RBDMAP_HOOK_TIMEOUT", "", 1);
	mapsettings_environment(&s);
	assert_int_equal(s.parallel, 3);
	assert_int_equal(s.mount_timeout_s, 120);
	assert_int_equal(s.hook_timeout_s, 60);
	unsetenv("RBDMAP_PARALLEL");
	unsetenv("RBDMAP_MOUNT_TIMEOUT");
	unsetenv("RBDMAP_HOOK_TIMEOUT");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_bad_values_in_file),
		cmocka_unit_test(test_no_file),
		cmocka_unit_test(test_environment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
