// SPDX-License-Identifier: GPL-2.0
/* Events: read, sorted and printed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/eventline.h"

#define NO_TEXT "-                     n0: \x0a"

static const char *name(const void *arg, int node)
{
	return node == 1 ? "n\033one" : "n0";
}

static void expect_print(const char *line, const char *want)
{
	struct eventline e;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	eventline_parse(&e, line, 0);
	eventline_print(out, &e, name, NULL);
	eventline_free(&e);
	fclose(out);
	assert_string_equal(text, want);
	free(text);
}

static void test_print(void **state)
{
	expect_print(
		"{\"time\":\"2026-11-23T03:09:17Z\",\"node\":0,\"about\":1,\"text\":\"a\\nb\\u001b[2J\"}",
		"2026-11-23T03:09:17Z  n0: n one: a b [2J\n");
	/* About itself: said once. */
	expect_print(
		"{\"time\":\"2026-11-23T03:09:17Z\",\"node\":0,\"about\":0,\"text\":\"x\"}",
		"2026-11-23T03:09:17Z  n0: x\n");
	expect_print("cut in the mid",
		     "-                     n0: cut in the mid\n");
	expect_print("[1]", "-                     n0: [1]\n");
	/* No text. */
	expect_print("{\"time\":7,\"node\":\"x\",\"text\":7}", NO_TEXT);
	expect_print("", NO_TEXT);
}

static void test_order(void **state)
{
	static const char *const lines[] = {
		"{\"time\":\"2026-11-23T03:09:18Z\",\"text\":\"c\"}",
		"{\"time\":\"2026-11-23T03:09:17Z\",\"text\":\"a\"}",
		"{\"time\":\"2026-11-23T03:09:17Z\",\"text\":\"b\"}",
		"z",
	};
	struct eventline v[4];
	char all[5] = "";
	size_t i;

	for (i = 0; i < 4; i++) {
		eventline_parse(&v[i], lines[i], 0);
		v[i].place = i;
	}
	qsort(v, 4, sizeof(v[0]), eventline_compare);
	for (i = 0; i < 4; i++) {
		strcat(all, v[i].text);
		eventline_free(&v[i]);
	}
	assert_string_equal(all, "zabc");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
