// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/dlmtree.h"

/* What the two files of lockspace "mail" say; NULL for not there. */
static const char *status, *nodeid;

static int fake_read(void *ctx, const char *path, char *buf, size_t size)
{
	const char *text = NULL;

	if (!strcmp(path, "/sys/kernel/dlm/mail/recover_status"))
		text = status;
	if (!strcmp(path, "/sys/kernel/dlm/mail/recover_nodeid"))
		text = nodeid;
	if (!text)
		return -ENOENT;
	snprintf(buf, size, "%s", text);
	return 0;
}

static const struct dlmtree_ops ops = { .read = fake_read };
static const struct dlmtree tree = { .ops = &ops };

static void test_recovery(void **state)
{
	int64_t id = 7;

	(void)state;
	/* It waits for the others, then for their locks, then it is over. */
	status = "1";
	nodeid = "3";
	assert_int_equal(dlmtree_recovery(&tree, "mail", &id), 0);
	assert_int_equal(id, 3);
	status = "1f";
	nodeid = "0";
	assert_int_equal(dlmtree_recovery(&tree, "mail", &id), 0);
	assert_int_equal(id, 0);
	status = "5f";
	nodeid = "2";
	assert_int_equal(dlmtree_recovery(&tree, "mail", &id), 1);
	assert_int_equal(id, 0);
	status = "ff";
	assert_int_equal(dlmtree_recovery(&tree, "mail", &id), 1);
	assert_int_equal(dlmtree_recovery(&tree, "other", &id), -ENOENT);
	status = "1";
	nodeid = "none";
	assert_int_equal(dlmtree_recovery(&tree, "mail", &id), -EINVAL);
}

static void test_runs(void **state)
{
	(void)state;
	status = "0";
	assert_false(dlmtree_runs(&tree, "mail"));
	status = "1";
	assert_true(dlmtree_runs(&tree, "mail"));
	status = NULL;
	assert_false(dlmtree_runs(&tree, "mail"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recovery),
		cmocka_unit_test(test_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
