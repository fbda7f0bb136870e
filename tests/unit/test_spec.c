// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/spec.h"

static void expect(const char *text, const char *pool, const char *ns,
		   const char *want)
{
	struct rbd_spec s;
	struct fault f;
	char *got;

	assert_int_equal(rbd_spec_parse(text, pool, ns, &s, &f), 0);
	got = rbd_spec_format(&s);
	assert_string_equal(got, want);
	free(got);
	rbd_spec_free(&s);
}

static void refuse(const char *text, const char *says)
{
	struct rbd_spec s = { 0 };
	struct fault f = { "" };

	assert_int_equal(rbd_spec_parse(text, NULL, NULL, &s, &f), -22);
	assert_non_null(strstr(f.text, says));
	assert_null(s.pool);
}

static void test_good(void **state)
{
	(void)state;
	expect("img", NULL, NULL, "rbd/img");
	expect("img", "dovecot", NULL, "dovecot/img");
	expect("img", "dovecot", "n", "dovecot/n/img");
	expect("img@s", NULL, NULL, "rbd/img@s");
	expect("p/img", "other", "ignored", "p/img");
	expect("p/n/img@snap.1", NULL, NULL, "p/n/img@snap.1");
	expect("p/img@a/b", NULL, NULL, "p/img@a/b");
}

static void test_bad(void **state)
{
	char longname[400];

	(void)state;
	refuse("", "empty image name");
	refuse("/img", "empty pool");
	refuse("p/", "empty image name");
	refuse("p//img", "empty namespace");
	refuse("a/b/c/d", "too many");
	refuse("img@", "empty snapshot");
	refuse("img@a@b", "more than one");
	refuse("img@-", "'-'");
	refuse("p/a b", "blank");
	refuse("p/a\tb", "blank");
	memset(longname, 'x', sizeof(longname) - 1);
	longname[sizeof(longname) - 1] = '\0';
	refuse(longname, "longer than");
}

static void test_equal(void **state)
{
	struct rbd_spec a, b;

	(void)state;
	assert_int_equal(rbd_spec_make("p", NULL, "i", "-", &a), 0);
	assert_int_equal(rbd_spec_make("p", "", "i", NULL, &b), 0);
	assert_true(rbd_spec_equal(&a, &b));
	rbd_spec_free(&b);
	assert_int_equal(rbd_spec_make("p", "n", "i", NULL, &b), 0);
	assert_false(rbd_spec_equal(&a, &b));
	rbd_spec_free(&a);
	rbd_spec_free(&b);
}

static void test_link(void **state)
{
	struct rbd_spec s;
	char *link;

	(void)state;
	assert_int_equal(rbd_spec_make("p", "n", "i", "s", &s), 0);
	link = rbd_spec_link(&s);
	assert_string_equal(link, "/dev/rbd/p/n/i@s");
	free(link);
	rbd_spec_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
