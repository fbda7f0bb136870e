// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/finding.h"

static void add(struct finding_list *list, const char *file, unsigned int line,
		unsigned int column, const char *text)
{
	struct finding_place p = { .file = file,
				   .line = line,
				   .column = column };

	assert_int_equal(finding_add(list, FINDING_ERROR, &p, NULL, "%s", text),
			 0);
}

static void test_order(void **state)
{
	static const char *const sorted[] = {
		"a0", "a3-1", "a3-7", "a3-7 again", "b2", "b9",
	};
	struct finding_list list = { 0 };
	size_t i;

	(void)state;
	add(&list, "a", 3, 7, "a3-7");
	add(&list, "a", 3, 1, "a3-1");
	add(&list, "a", 3, 7, "a3-7 again");
	add(&list, "a", 0, 0, "a0");
	add(&list, "b", 9, 1, "b9");
	add(&list, "b", 2, 1, "b2");
	finding_sort(&list);
	assert_int_equal(list.n, 6);
	for (i = 0; i < 6; i++)
		assert_string_equal(list.v[i].text, sorted[i]);
	finding_clear(&list);
	assert_int_equal(list.n, 0);
}

static void test_counts_and_copies(void **state)
{
	struct finding_list list = { 0 };
	char fix[] = "run it";

	(void)state;
	assert_int_equal(finding_add(&list, FINDING_WARNING, NULL, fix, "%d %s",
				     5, "x"),
			 0);
	fix[0] = 'X';
	add(&list, NULL, 0, 0, "y");
	assert_int_equal(finding_count(&list, FINDING_WARNING), 1);
	assert_int_equal(finding_count(&list, FINDING_ERROR), 1);
	assert_string_equal(list.v[0].text, "5 x");
	assert_string_equal(list.v[0].fix, "run it");
	assert_null(list.v[0].file);
	assert_null(list.v[1].fix);
	assert_string_equal(finding_severity_str(FINDING_ERROR), "error");
	assert_string_equal(finding_severity_str(FINDING_WARNING), "warning");
	assert_int_equal(finding_add(NULL, FINDING_ERROR, NULL, NULL, "z"), 0);
	finding_clear(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_counts_and_copies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
