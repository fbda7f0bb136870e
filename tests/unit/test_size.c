// SPDX-License-Identifier: GPL-2.0
/* Sizes: what is taken, what is refused, how they are shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "lib/size.h"

static void takes(void **state)
{
	static const struct {
		const char *text;
		uint64_t unit, bytes;
	} v[] = {
		{ "10240", SIZE_MIB, 10240ULL << 20 },
		{ "10G", SIZE_MIB, 10ULL << 30 },
		{ "10GiB", SIZE_MIB, 10ULL << 30 },
		{ "10gb", SIZE_MIB, 10ULL << 30 },
		{ "10 G", SIZE_MIB, 10ULL << 30 },
		{ "4096B", SIZE_MIB, 4096 },
		{ "4096", 1, 4096 },
		{ "1.5T", SIZE_MIB, 3ULL << 39 },
		{ "0.5K", SIZE_MIB, 512 },
		{ "0", SIZE_MIB, 0 },
		{ "15E", 1, 15ULL << 60 },
		{ "18446744073709551615", 1, UINT64_MAX },
	};
	uint64_t bytes;
	size_t i;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		bytes = 1;
		assert_int_equal(size_parse(v[i].text, v[i].unit, &bytes, NULL),
				 0);
		assert_int_equal(bytes, v[i].bytes);
	}
}

static void refuses(void **state)
{
	static const struct {
		const char *text;
		int err;
	} v[] = {
		{ "", -EINVAL },
		{ "G", -EINVAL },
		{ "-1G", -EINVAL },
		{ "+1G", -EINVAL },
		{ "1X", -EINVAL },
		{ "1GG", -EINVAL },
		{ "1Gi", -EINVAL },
		{ "1iB", -EINVAL },
		{ "1BB", -EINVAL },
		{ "1G ", -EINVAL },
		{ " 1G", -EINVAL },
		{ "0x10", -EINVAL },
		{ "1.0.0G", -EINVAL },
		{ "1.1B", -EINVAL },
		{ "1.3333333333G", -EINVAL },
		{ "16E", -ERANGE },
		{ "18446744073709551616", -ERANGE },
		{ "99999999999999999999999999", -ERANGE },
		{ "15.999999999E", -EINVAL },
	};
	uint64_t bytes = 7;
	struct fault f;
	size_t i;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		f.text[0] = '\0';
		if (size_parse(v[i].text, 1, &bytes, &f) >= 0)
			fail_msg("'%s' was taken", v[i].text);
		assert_int_equal(size_parse(v[i].text, 1, &bytes, &f),
				 v[i].err);
		assert_non_null(strstr(f.text, v[i].text));
		assert_int_equal(bytes, 7);
	}
}

static void shows(void **state)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} v[] = {
		{ 0, "0 B" },
		{ 512, "512 B" },
		{ 1023, "1023 B" },
		{ 1024, "1 KiB" },
		{ 1536, "1.5 KiB" },
		{ 10ULL << 30, "10 GiB" },
		{ 3ULL << 39, "1.5 TiB" },
		/* Never more than there is. */
		{ (1ULL << 30) - 1, "1023.9 MiB" },
		{ 1ULL << 60, "1 EiB" },
		{ UINT64_MAX, "15.9 EiB" },
	};
	char buf[16];
	size_t i;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		size_format(v[i].bytes, buf, sizeof(buf));
		assert_string_equal(buf, v[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes),
		cmocka_unit_test(refuses),
		cmocka_unit_test(shows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
