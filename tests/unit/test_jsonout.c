// SPDX-License-Identifier: GPL-2.0
/* JSON: types, times, and bytes that are no UTF-8. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <unistd.h>

#include "lib/jsonout.h"

static void object(void **state)
{
	struct json_object *o = jsonout_new();
	struct timespec t = { .tv_sec = 1795403357 }, none = { 0 };

	jsonout_string(o, "s", "a\"b");
	jsonout_string(o, "n", NULL);
	jsonout_u64(o, "u", UINT64_MAX);
	jsonout_bool(o, "b", true);
	jsonout_time(o, "t", &t);
	jsonout_time(o, "z", &none);
	assert_string_equal(
		json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN),
		"{\"schema_version\":1,\"s\":\"a\\\"b\",\"n\":null,\"u\":18446744073709551615,\"b\":true,\"t\":\"2026-11-23T03:09:17Z\",\"z\":null}");
	json_object_put(o);
}

static void bad_bytes(void **state)
{
#define FFFD "\xef\xbf\xbd"
	static const struct {
		const char *in, *out;
	} v[] = {
		{ "plain", "plain" },
		{ "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80",
		  "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80" },
		{ "a\xffz", "a" FFFD "z" },
		{ "\xc3", FFFD },
		{ "\xe2\x82", FFFD FFFD },
		/* Overlong, surrogate, above the last code point. */
		{ "\xc0\xaf", FFFD FFFD },
		{ "\xed\xa0\x80", FFFD FFFD FFFD },
		{ "\xf4\x90\x80\x80", FFFD FFFD FFFD FFFD },
	};
	struct json_object *s;
	size_t i;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		s = jsonout_text(v[i].in, strlen(v[i].in));
		assert_non_null(s);
		assert_string_equal(json_object_get_string(s), v[i].out);
		json_object_put(s);
	}
}

static void full_disk(void **state)
{
	int saved = dup(STDOUT_FILENO), full = open("/dev/full", O_WRONLY);
	int ret;

	assert_true(saved >= 0 && full >= 0);
	fflush(stdout);
	dup2(full, STDOUT_FILENO);
	ret = jsonout_print(jsonout_new());
	clearerr(stdout);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	close(full);
	assert_int_equal(ret, -5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(object),
		cmocka_unit_test(bad_bytes),
		cmocka_unit_test(full_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
