// SPDX-License-Identifier: GPL-2.0
/* Which cluster this host brings online. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "lib/bootcluster.h"

#define CONF                                                \
	"cluster:\n\tnode_count = 1\n\tname = bad/name\n\n" \
	"cluster:\n    node_count = 1\n    name = mail\n\n" \
	"node:\n\tname = n1\n\tcluster = mail\n\n"          \
	"cluster:\n\tnode_count = 0\n\tname = other\n"

static char defaults[64];
static char conf[64];

static void put(char *path, const char *text)
{
	FILE *f;
	int fd;

	strcpy(path, "/tmp/rbdshare-test-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	f = fdopen(fd, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

/* With these two texts the name is this one; NULL means none. */
static void expect(const char *defaults_text, const char *conf_text,
		   const char *name)
{
	char *got;

	put(defaults, defaults_text);
	put(conf, conf_text);
	got = bootcluster_name(defaults, conf);
	if (name) {
		assert_non_null(got);
		assert_string_equal(got, name);
	} else {
		assert_null(got);
	}
	free(got);
	unlink(defaults);
	unlink(conf);
}

static void test_name(void **state)
{
	expect("O2CB_BOOTCLUSTER=first\nO2CB_BOOTCLUSTER=\"ocfs2\"\n", CONF,
	       "ocfs2");
	expect("O2CB_BOOTCLUSTER=\n", CONF, "mail");
	expect("# O2CB_BOOTCLUSTER=x\n", CONF, "mail");
	/* What is no name must not become part of a path. */
	expect("O2CB_BOOTCLUSTER=../x\n", CONF, "mail");
	expect("", "node:\n\tname = n1\n", NULL);
	expect("", "", NULL);
}

static void test_absent(void **state)
{
	assert_null(bootcluster_name("/nonexistent/a", "/nonexistent/b"));
	assert_null(bootcluster_set("/nonexistent/a"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_name),
		cmocka_unit_test(test_absent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
