// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "lib/shellvars.h"

static struct shellvars *parse(const char *text, struct finding_list *found)
{
	struct shellvars *v = NULL;

	assert_int_equal(shellvars_parse(text, strlen(text), "f", &v, found),
			 0);
	assert_non_null(v);
	return v;
}

static void assert_text(const struct shellvars *v, const char *expected)
{
	char *text;
	size_t len;

	assert_int_equal(shellvars_format(v, &text, &len), 0);
	assert_string_equal(text, expected);
	assert_int_equal(len, strlen(expected));
	free(text);
}

static void assert_value(const char *text, const char *expected)
{
	struct shellvars *v = parse(text, NULL);

	assert_string_equal(shellvars_get(v, "A"), expected);
	shellvars_free(v);
}

static void test_values(void **state)
{
	(void)state;
	assert_value("A=1\n", "1");
	assert_value("A=1", "1");
	assert_value("  export  A=1 # why\n", "1");
	assert_value("A='x y'\n", "x y");
	assert_value("A=\"x y\"z\n", "x yz");
	assert_value("A=a\\ b\n", "a b");
	assert_value("A=\"a\\b\\\"\"\n", "a\\b\"");
	assert_value("A=\n", "");
	assert_value("A=1;B=2\n", "1");
	assert_value("A=1\nA=2\n", "2");
	assert_value("A=1\r\n", "1");
	assert_value("A='$x'\n", "$x");
}

static void test_absent(void **state)
{
	struct shellvars *v = parse("#A=1\nAB=2\nA B=3\n=4\n", NULL);

	(void)state;
	assert_null(shellvars_get(v, "A"));
	assert_int_equal(shellvars_find(v, "A"), 0);
	assert_int_equal(shellvars_find(v, "AB"), 2);
	shellvars_free(v);
}

static void test_computed(void **state)
{
	struct shellvars *v = parse("A=$B\nC=\"`d`\"\nD=1\n", NULL);

	(void)state;
	assert_true(v->lines[0].computed);
	assert_string_equal(v->lines[0].value, "$B");
	assert_true(v->lines[1].computed);
	assert_false(v->lines[2].computed);
	assert_int_equal(shellvars_set(v, "A", "$B"), 0);
	assert_text(v, "A='$B'\nC=\"`d`\"\nD=1\n");
	shellvars_free(v);
}

static void test_set_keeps_the_rest(void **state)
{
	struct shellvars *v;

	(void)state;
	v = parse(
		"# head\n\n export A='1' # why\nB=2\n#A=9\nif x; then\n\tB=3\nfi\n",
		NULL);
	assert_int_equal(shellvars_set(v, "A", "true"), 0);
	assert_int_equal(shellvars_set(v, "B", "it's 4"), 0);
	assert_int_equal(shellvars_set(v, "C", ""), 0);
	assert_string_equal(shellvars_get(v, "A"), "true");
	assert_string_equal(shellvars_get(v, "B"), "it's 4");
	assert_string_equal(shellvars_get(v, "C"), "");
	assert_text(
		v,
		"# head\n\n export A=true # why\nB=2\n#A=9\nif x; then\n\tB='it'\\''s 4'\nfi\nC=\n");
	shellvars_free(v);
}

static void test_equal_value_is_not_rewritten(void **state)
{
	struct shellvars *v = parse("A=\"31\"\n", NULL);

	(void)state;
	assert_int_equal(shellvars_set(v, "A", "31"), 0);
	assert_text(v, "A=\"31\"\n");
	shellvars_free(v);
}

static void test_broken(void **state)
{
	struct finding_list found = { 0 };
	struct shellvars *v = parse("B=1\nA='1\n", &found);
	char *text;
	size_t len;

	(void)state;
	assert_int_equal(v->broken, 1);
	assert_int_equal(found.n, 1);
	assert_int_equal(found.v[0].line, 2);
	assert_int_equal(found.v[0].column, 3);
	assert_null(shellvars_get(v, "A"));
	assert_int_equal(shellvars_format(v, &text, &len), -EINVAL);
	shellvars_free(v);
	finding_clear(&found);

	v = parse("A=1\\\n2\n", &found);
	assert_int_equal(v->broken, 1);
	shellvars_free(v);
	finding_clear(&found);

	v = parse("A=1\r\nB=2\r\n", &found);
	assert_int_equal(found.n, 1);
	assert_non_null(strstr(found.v[0].text, "CR LF"));
	assert_text(v, "A=1\nB=2\n");
	shellvars_free(v);
	finding_clear(&found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_computed),
		cmocka_unit_test(test_set_keeps_the_rest),
		cmocka_unit_test(test_equal_value_is_not_rewritten),
		cmocka_unit_test(test_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
