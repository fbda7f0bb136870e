// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/linediff.h"

static void assert_diff(const char *before, const char *after,
			const char *expected)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	assert_int_equal(linediff_print(f, "p", before, after), 0);
	fclose(f);
	assert_string_equal(text, expected);
	free(text);
}

static void test_small(void **state)
{
	(void)state;
	assert_diff("a\n", "a\n", "");
	assert_diff("a\nb\n", "a\nc\n",
		    "--- p\n+++ p\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n");
	assert_diff(NULL, "a\n", "--- /dev/null\n+++ p\n@@ -0,0 +1,1 @@\n+a\n");
	assert_diff("a\n", "", "--- p\n+++ p\n@@ -1,1 +0,0 @@\n-a\n");
	assert_diff(
		"a", "a\n",
		"--- p\n+++ p\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n");
}

static void test_hunks(void **state)
{
	(void)state;
	/* Six equal lines between two changes join, seven part them. */
	assert_diff(
		"x\n1\n2\n3\n4\n5\n6\ny\n", "X\n1\n2\n3\n4\n5\n6\nY\n",
		"--- p\n+++ p\n@@ -1,8 +1,8 @@\n-x\n+X\n 1\n 2\n 3\n 4\n 5\n 6\n-y\n+Y\n");
	assert_diff(
		"x\n1\n2\n3\n4\n5\n6\n7\ny\n", "X\n1\n2\n3\n4\n5\n6\n7\nY\n",
		"--- p\n+++ p\n@@ -1,4 +1,4 @@\n-x\n+X\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-y\n+Y\n");
	assert_diff("1\n2\n3\n4\n5\n", "1\n2\n3\nnew\n4\n5\n",
		    "--- p\n+++ p\n@@ -1,5 +1,6 @@\n 1\n 2\n 3\n+new\n 4\n 5\n");
}

/* Too many lines for the table: still right, only not the shortest. */
static void test_large(void **state)
{
	size_t n = 3000, i, len, minus = 0, plus = 0;
	char *a = calloc(n, 16), *b = calloc(n, 16), *text, *p;
	FILE *f = open_memstream(&text, &len);

	(void)state;
	for (i = 0; i < n; i++) {
		sprintf(a + strlen(a), "a%zu\n", i);
		sprintf(b + strlen(b), "b%zu\n", i);
	}
	assert_int_equal(linediff_print(f, "p", a, b), 0);
	fclose(f);
	for (p = strstr(text, "@@"); p; p = strchr(p, '\n')) {
		p += *p == '\n';
		minus += *p == '-';
		plus += *p == '+';
	}
	assert_int_equal(minus, n);
	assert_int_equal(plus, n);
	free(a);
	free(b);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_hunks),
		cmocka_unit_test(test_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
