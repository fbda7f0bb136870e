// SPDX-License-Identifier: GPL-2.0
/* Add and remove lines: their words, their limits, their refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "addline.h"

/* The line without its terminating zero, in memory of exactly its size. */
static char *exact(const char *line, size_t len)
{
	char *copy = malloc(len);

	assert_non_null(copy);
	memcpy(copy, line, len);
	return copy;
}

static int parse(const char *line, size_t len, struct rbd_addline *out)
{
	const char *why = "left alone";
	int ret = rbd_addline_parse(line, len, out, &why);

	/* A refusal always has its sentence, a success never. */
	if (ret)
		assert_true(why && strlen(why) > 10 &&
			    strcmp(why, "left alone"));
	else
		assert_null(why);
	return ret;
}

static void takes(const char *line, const char *mons, const char *options,
		  const char *pool, const char *image, const char *snap)
{
	char *text = exact(line, strlen(line));
	struct rbd_addline l;

	assert_int_equal(parse(text, strlen(line), &l), 0);
	assert_true(rbd_span_is(l.mons, mons));
	assert_true(rbd_span_is(l.options, options));
	assert_true(rbd_span_is(l.pool, pool));
	assert_true(rbd_span_is(l.image, image));
	assert_true(rbd_span_is(l.snap, snap));
	free(text);
}

static void good_lines(void **state)
{
	takes("1.2.3.4:6789,[fd00::1]:3300 name=admin,secret=AQ== rbd img -\n",
	      "1.2.3.4:6789,[fd00::1]:3300", "name=admin,secret=AQ==", "rbd",
	      "img", "");
	takes("m o p i", "m", "o", "p", "i", "");
	takes("m o p i\n", "m", "o", "p", "i", "");
	takes("m o p i s", "m", "o", "p", "i", "s");
	takes("m o p i --", "m", "o", "p", "i", "--");
	takes("m o p i -s", "m", "o", "p", "i", "-s");
	takes("m o p -", "m", "o", "p", "-", "");
	takes("\n \t m\to\n p\r\ni\t\ts \t\n", "m", "o", "p", "i", "s");
	takes("m o p i@s s/t", "m", "o", "p", "i@s", "s/t");
	takes("m o p \xc3\xa4 s", "m", "o", "p", "\xc3\xa4", "s");
}

static void refuses(const char *line, const char *says)
{
	char *text = exact(line, strlen(line));
	struct rbd_addline l;
	const char *why;

	assert_int_equal(parse(text, strlen(line), &l), -EINVAL);
	assert_int_equal(rbd_addline_parse(text, strlen(line), &l, &why),
			 -EINVAL);
	if (!strstr(why, says))
		fail_msg("'%s': %s", line, why);
	free(text);
}

static void missing_words(void **state)
{
	refuses("", "monitor");
	refuses(" \t\r\n", "monitor");
	refuses("m", "options");
	refuses("m\t\n", "options");
	refuses("m o", "pool");
	refuses("m o p", "image");
	refuses("m o p\t\n", "image");
	refuses("m o p i s x", "too many");
	refuses("m o p i - -", "too many");
	refuses("m o p i s x y z", "too many");
}

/* Each beginning of a line: refused until the image has begun. */
static void cut_lines(void **state)
{
	static const char line[] = "mon opt pool image snap\n";
	size_t image = strstr(line, "image") - line;
	struct rbd_addline l;
	size_t len;
	char *text;

	for (len = 0; len < sizeof(line); len++) {
		text = exact(line, len);
		assert_int_equal(parse(text, len, &l),
				 len > image ? 0 : -EINVAL);
		if (len > image)
			assert_int_equal(l.image.len,
					 len - image < 5 ? len - image : 5);
		free(text);
	}
}

/* A zero byte ends the line, like the end of the buffer. */
static void zero_bytes(void **state)
{
	static const char line[] = "m o p i\0s x y z";
	struct rbd_addline l;

	assert_int_equal(parse(line, sizeof(line), &l), 0);
	assert_true(rbd_span_is(l.image, "i"));
	assert_int_equal(l.snap.len, 0);
	assert_int_equal(parse("m o p \0i", 8, &l), -EINVAL);
	assert_int_equal(parse("\0m o p i", 8, &l), -EINVAL);
}

static int with_lengths(u32 pool, u32 image, u32 snap)
{
	char line[1024];
	struct rbd_addline l;
	int len, ret;
	char *text;

	len = snprintf(line, sizeof(line), "m o %0*d %0*d %0*d", (int)pool, 0,
		       (int)image, 0, (int)snap, 0);
	text = exact(line, len);
	ret = parse(text, len, &l);
	if (!ret) {
		assert_int_equal(l.pool.len, pool);
		assert_int_equal(l.image.len, image);
		assert_int_equal(l.snap.len, snap);
	}
	free(text);
	return ret;
}

static void long_names(void **state)
{
	assert_int_equal(with_lengths(128, 96, 255), 0);
	assert_int_equal(with_lengths(129, 96, 255), -ENAMETOOLONG);
	assert_int_equal(with_lengths(128, 97, 255), -ENAMETOOLONG);
	assert_int_equal(with_lengths(128, 96, 256), -ENAMETOOLONG);
	assert_int_equal(with_lengths(129, 97, 256), -ENAMETOOLONG);
	assert_int_equal(with_lengths(1, 1, 1), 0);
}

/* Monitors and options have no limit of their own. */
static void long_lists(void **state)
{
	char line[8192];
	struct rbd_addline l;

	memset(line, 'x', sizeof(line));
	line[4000] = ' ';
	memcpy(line + sizeof(line) - 4, " p i", 4);
	assert_int_equal(parse(line, sizeof(line), &l), 0);
	assert_int_equal(l.mons.len, 4000);
	assert_int_equal(l.options.len, sizeof(line) - 4 - 4001);
}

static int parse_remove(const char *line, u32 *id, enum rbd_remove_force *force)
{
	char *text = exact(line, strlen(line));
	int ret = rbd_removeline_parse(text, strlen(line), id, force);

	free(text);
	return ret;
}

static void remove_lines(void **state)
{
	static const struct {
		const char *line;
		u32 id;
		enum rbd_remove_force force;
	} v[] = {
		{ "0", 0, RBD_REMOVE_IF_UNUSED },
		{ "7\n", 7, RBD_REMOVE_IF_UNUSED },
		{ " \t17\t\n", 17, RBD_REMOVE_IF_UNUSED },
		{ "007", 7, RBD_REMOVE_IF_UNUSED },
		{ "999999999", 999999999, RBD_REMOVE_IF_UNUSED },
		{ "3 force", 3, RBD_REMOVE_FORCE },
		{ "3\tforce\n", 3, RBD_REMOVE_FORCE },
		{ "3 full-force\n", 3, RBD_REMOVE_FULL_FORCE },
	};
	enum rbd_remove_force force;
	size_t i;
	u32 id;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		id = 12345;
		force = v[i].force == RBD_REMOVE_FORCE ? RBD_REMOVE_IF_UNUSED :
							 RBD_REMOVE_FORCE;
		assert_int_equal(parse_remove(v[i].line, &id, &force), 0);
		assert_int_equal(id, v[i].id);
		assert_int_equal(force, v[i].force);
	}
}

static void bad_remove_lines(void **state)
{
	static const char *const lines[] = {
		"",
		" ",
		"\n",
		"x",
		"-1",
		"+1",
		"1x",
		"0x1",
		"1.0",
		"1000000000",
		"force",
		"3 forc",
		"3 forced",
		"3 FORCE",
		"3 full",
		"3 3",
		"3 full-",
		"3 force x",
		"3 force force",
		"3,force",
		"3 full-force force",
		"99999999999999999999",
	};
	enum rbd_remove_force force;
	size_t i;
	u32 id;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (parse_remove(lines[i], &id, &force) != -EINVAL)
			fail_msg("'%s' was taken", lines[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_lines),
		cmocka_unit_test(missing_words),
		cmocka_unit_test(cut_lines),
		cmocka_unit_test(zero_bytes),
		cmocka_unit_test(long_names),
		cmocka_unit_test(long_lists),
		cmocka_unit_test(remove_lines),
		cmocka_unit_test(bad_remove_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
