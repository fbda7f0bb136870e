// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/dlmuevent.h"

/* Newlines stand for the NULs. */
static int parse(const char *text, struct dlmuevent *u)
{
	size_t i, n = strlen(text);
	char buf[512];

	assert_true(n < sizeof(buf));
	for (i = 0; i < n; i++)
		buf[i] = text[i] == '\n' ? '\0' : text[i];
	return dlmuevent_parse(buf, n, u);
}

static void test_online(void **state)
{
	struct dlmuevent u;

	assert_int_equal(
		parse("online@/kernel/dlm/vol1\nACTION=online\nDEVPATH=/kernel/dlm/vol1\nSUBSYSTEM=dlm\nLOCKSPACE=vol1\nSEQNUM=7\n",
		      &u),
		0);
	assert_true(u.online);
	assert_false(u.release_recover);
	assert_string_equal(u.lockspace, "vol1");
	/* A name from the path alone. */
	assert_int_equal(
		parse("x\nACTION=online\nDEVPATH=/kernel/dlm/vol2\nSUBSYSTEM=dlm\n",
		      &u),
		0);
	assert_string_equal(u.lockspace, "vol2");
}

static void test_offline(void **state)
{
	struct dlmuevent u;

	assert_int_equal(
		parse("x\nACTION=offline\nSUBSYSTEM=dlm\nLOCKSPACE=a\nRELEASE_RECOVER=1\n",
		      &u),
		0);
	assert_false(u.online);
	assert_true(u.release_recover);
	assert_int_equal(
		parse("x\nACTION=offline\nSUBSYSTEM=dlm\nLOCKSPACE=a\nRELEASE_RECOVER=0\n",
		      &u),
		0);
	assert_false(u.release_recover);
}

static void test_not_for_us(void **state)
{
	struct dlmuevent u;

	assert_int_equal(
		parse("x\nACTION=online\nSUBSYSTEM=block\nLOCKSPACE=a\n", &u),
		-ENOENT);
	assert_int_equal(parse("x\nACTION=change\nSUBSYSTEM=dlm\nLOCKSPACE=a\n",
			       &u),
			 -ENOENT);
	assert_int_equal(parse("x\nSUBSYSTEM=dlm\nLOCKSPACE=a\n", &u), -ENOENT);
	assert_int_equal(parse("\n", &u), -ENOENT);
}

/* The name becomes part of a path. */
static void test_bad_names(void **state)
{
	struct dlmuevent u;

	assert_int_equal(
		parse("x\nACTION=online\nSUBSYSTEM=dlm\nLOCKSPACE=../x\n", &u),
		-EBADMSG);
	assert_int_equal(
		parse("x\nACTION=online\nSUBSYSTEM=dlm\nLOCKSPACE=..\n", &u),
		-EBADMSG);
	assert_int_equal(parse("x\nACTION=online\nSUBSYSTEM=dlm\nLOCKSPACE=\n",
			       &u),
			 -EBADMSG);
	assert_int_equal(parse("x\nACTION=online\nSUBSYSTEM=dlm\n", &u),
			 -EBADMSG);
	assert_int_equal(
		parse("x\nACTION=online\nSUBSYSTEM=dlm\nLOCKSPACE=0123456789012345678901234567890123456789012345678901234567890123\n",
		      &u),
		0);
	assert_int_equal(
		parse("x\nACTION=online\nSUBSYSTEM=dlm\nLOCKSPACE=01234567890123456789012345678901234567890123456789012345678901234\n",
		      &u),
		-EBADMSG);
	/* Not terminated. */
	assert_int_equal(parse("x\nACTION=online\nSUBSYSTEM=dlm\nLOCKSPACE=a",
			       &u),
			 -EBADMSG);
	assert_int_equal(parse("", &u), -EBADMSG);
}

static void test_socket(void **state)
{
	struct dlmuevent u;
	int fd = dlmuevent_open();

	assert_true(fd >= 0);
	assert_int_equal(dlmuevent_read(fd, &u), -EAGAIN);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_online),
		cmocka_unit_test(test_offline),
		cmocka_unit_test(test_not_for_us),
		cmocka_unit_test(test_bad_names),
		cmocka_unit_test(test_socket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
