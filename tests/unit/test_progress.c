// SPDX-License-Identifier: GPL-2.0
/* The bar, its estimate, and the JSON lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <json-c/json.h>

#include "lib/progress.h"

static void styles(void **state)
{
	assert_int_equal(progress_style(false, false, true), PROGRESS_BAR);
	assert_int_equal(progress_style(false, true, true), PROGRESS_NONE);
	assert_int_equal(progress_style(false, false, false), PROGRESS_NONE);
	assert_int_equal(progress_style(true, true, false), PROGRESS_JSON);
}

static void estimates(void **state)
{
	struct progress p = { .title = "t", .done = 1, .total = 4 };

	assert_int_equal(progress_eta_s(&p, 10000), 30);
	/* Too early, or nothing done: nobody knows. */
	assert_int_equal(progress_eta_s(&p, 500), -1);
	p.done = 0;
	assert_int_equal(progress_eta_s(&p, 10000), -1);
	p.done = 4;
	assert_int_equal(progress_eta_s(&p, 500), 0);
	p.total = 0;
	assert_int_equal(progress_eta_s(&p, 10000), -1);
	p.done = 1;
	p.total = UINT64_MAX;
	assert_int_equal(progress_eta_s(&p, 10000), -1);
}

static void lines(void **state)
{
	struct progress p = { .title = "Removing a/b",
			      .done = 1,
			      .total = 2,
			      .bytes = 20ULL << 20 };
	char buf[256];
	unsigned int width;

	progress_line(&p, 10000, 80, buf, sizeof(buf));
	assert_string_equal(
		buf,
		"Removing a/b [###################....................]  50%  1 MiB/s  0:10 left");
	p.bytes = 0;
	progress_line(&p, 7200000, 36, buf, sizeof(buf));
	assert_string_equal(buf, "Removing a/b  50%  2:00:00 left");
	for (width = 1; width < 200; width++) {
		progress_line(&p, 10000, width, buf, sizeof(buf));
		assert_true(strlen(buf) < width);
	}
}

static void json_lines(void **state)
{
	struct json_object *o, *v;
	struct progress p;
	char *text = NULL, *line, *save = NULL;
	size_t size = 0, n = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	progress_begin(&p, "Removing a/\"b\"", 0, PROGRESS_JSON, out);
	progress_update(&p, 1, 4);
	/* Within the pause: not shown. */
	progress_update(&p, 2, 4);
	progress_end(&p, true);
	fclose(out);
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save), n++) {
		o = json_tokener_parse(line);
		assert_non_null(o);
		assert_true(json_object_object_get_ex(o, "schema_version", &v));
		assert_int_equal(json_object_get_int(v), 1);
		assert_true(json_object_object_get_ex(o, "percent", &v));
		assert_true(json_object_is_type(v, json_type_int));
		assert_int_equal(json_object_get_int(v), n ? 100 : 25);
		assert_true(json_object_object_get_ex(o, "state", &v));
		assert_string_equal(json_object_get_string(v),
				    n ? "done" : "running");
		json_object_put(o);
	}
	assert_int_equal(n, 2);
	free(text);
}

static void never_back_and_quiet(void **state)
{
	struct progress p;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	progress_begin(&p, "t", 0, PROGRESS_NONE, out);
	progress_update(&p, 3, 4);
	progress_update(&p, 2, 4);
	assert_int_equal(p.done, 3);
	/* A new total is a new phase. */
	progress_update(&p, 1, 8);
	assert_int_equal(p.done, 1);
	progress_end(&p, false);
	fclose(out);
	assert_int_equal(size, 0);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(styles),
		cmocka_unit_test(estimates),
		cmocka_unit_test(lines),
		cmocka_unit_test(json_lines),
		cmocka_unit_test(never_back_and_quiet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
