// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/cephconf.h"

static const struct cephconf_id admin = { NULL, "client.admin" };

static struct cephconf *parse(const char *text)
{
	struct cephconf *conf = NULL;
	struct fault f = { "" };

	assert_int_equal(cephconf_parse("t", text, strlen(text), &conf, &f), 0);
	return conf;
}

static void expect(const struct cephconf *conf, const struct cephconf_id *id,
		   const char *key, const char *want)
{
	char *got = cephconf_get(conf, id, key);

	if (want) {
		assert_non_null(got);
		assert_string_equal(got, want);
	} else {
		assert_null(got);
	}
	free(got);
}

static void test_spellings(void **state)
{
	struct cephconf *c = parse(
		"[global]\nmon host = a\nauth-client-required=none\r\n"
		"Log__File = x # note\n;c\n");

	(void)state;
	expect(c, &admin, "mon_host", "a");
	expect(c, &admin, "mon host", "a");
	expect(c, &admin, "auth_client_required", "none");
	expect(c, &admin, "log_file", "x");
	expect(c, &admin, "absent", NULL);
	cephconf_free(c);
}

static void test_sections(void **state)
{
	const struct cephconf_id other = { NULL, "client.x" };
	struct cephconf *c = parse("k = top\n[global]\nk=g\n[client]\nk=c\n"
				   "[ client.x ]\nk=x\nk=x2\n[osd]\nk=o\n");

	(void)state;
	expect(c, &other, "k", "x2");
	expect(c, &admin, "k", "c");
	cephconf_free(c);
	/* Before any section it is [global]. */
	c = parse("k = top");
	expect(c, &admin, "k", "top");
	cephconf_free(c);
}

static void test_values(void **state)
{
	struct cephconf *c = parse(
		"q = \"a # b; c\"\ns = 'x'\nlong = one \\\n"
		"two\nempty =\nkey = AQ==\nlast = no newline");

	(void)state;
	expect(c, &admin, "q", "a # b; c");
	expect(c, &admin, "s", "x");
	expect(c, &admin, "long", "one two");
	expect(c, &admin, "empty", "");
	expect(c, &admin, "key", "AQ==");
	expect(c, &admin, "last", "no newline");
	cephconf_free(c);
}

static void test_variables(void **state)
{
	const struct cephconf_id id = { "prod", "client.mail" };
	struct cephconf *c = parse("keyring = /etc/$cluster.$name.k\n"
				   "a = ${type}-$id-$nope$\n");

	(void)state;
	expect(c, &id, "keyring", "/etc/prod.client.mail.k");
	expect(c, &admin, "keyring", "/etc/ceph.client.admin.k");
	expect(c, &id, "a", "client-mail-$nope$");
	cephconf_free(c);
}

static void test_mons(void **state)
{
	struct cephconf *c = parse(
		"[mon.a]\nmon addr = 1.1.1.1:6789\n[mon.b]\n"
		"host = b\nmon_addr=1.1.1.2\n[osd.0]\nmon addr=x\n");
	char *mons = cephconf_mon_addrs(c);

	(void)state;
	assert_string_equal(mons, "1.1.1.1:6789,1.1.1.2");
	free(mons);
	cephconf_free(c);
	c = parse("[global]\n");
	assert_null(cephconf_mon_addrs(c));
	cephconf_free(c);
}

static void refuse(const char *text, const char *says)
{
	struct cephconf *conf = NULL;
	struct fault f = { "" };

	assert_int_equal(cephconf_parse("file", text, strlen(text), &conf, &f),
			 -EINVAL);
	assert_non_null(strstr(f.text, says));
	assert_null(conf);
}

static void test_bad(void **state)
{
	(void)state;
	refuse("a = 1\n\nnonsense\n", "file:3:");
	refuse("[global\n", "file:1:");
	refuse("[]\n", "empty section");
	refuse("= x\n", "file:1:");
}

static void test_load(void **state)
{
	struct cephconf *conf = NULL;
	struct fault f = { "" };

	(void)state;
	assert_int_equal(cephconf_load("/nonexistent/ceph.conf", NULL, &conf,
				       &f),
			 -ENOENT);
	assert_non_null(strstr(f.text, "--conf"));
	/* The default file may be absent: all comes from options then. */
	unsetenv("CEPH_CONF");
	assert_int_equal(cephconf_load(NULL, "no-such-cluster", &conf, &f), 0);
	assert_string_equal(cephconf_origin(conf), "");
	cephconf_free(conf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spellings),
		cmocka_unit_test(test_sections),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_variables),
		cmocka_unit_test(test_mons),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_load),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
