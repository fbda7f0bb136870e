// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/mapfile.h"

static struct mapfile parse(const char *text)
{
	struct mapfile m;

	assert_int_equal(mapfile_parse("f", text, strlen(text), &m), 0);
	return m;
}

/* The file of the guide, whose last line says to keep it. */
static void test_seed(void **state)
{
	struct mapfile m = parse(
		"# RbdDevice   Parameters\n"
		"#poolname/imagename [parameter=value[,parameter=value[,...]]]\n"
		"dovecot/dovecot-rbd-1 name=client.admin\n"
		"     "
		"\n"
		"# End of the configuration file (keep this line)\n");

	(void)state;
	assert_int_equal(m.n, 1);
	assert_int_equal(m.bad_n, 0);
	assert_int_equal(m.v[0].line, 3);
	assert_string_equal(m.v[0].spec.pool, "dovecot");
	assert_string_equal(m.v[0].spec.image, "dovecot-rbd-1");
	assert_string_equal(m.v[0].name, "client.admin");
	assert_null(m.v[0].options);
	assert_false(m.v[0].noauto);
	assert_int_equal(m.v[0].retries, -1);
	mapfile_free(&m);
}

static void test_last_line(void **state)
{
	struct mapfile m = parse("a\r\np/b\tid=x \r\nc");

	(void)state;
	assert_int_equal(m.n, 3);
	assert_string_equal(m.v[0].spec.pool, "rbd");
	assert_string_equal(m.v[0].spec.image, "a");
	assert_string_equal(m.v[1].name, "client.x");
	assert_string_equal(m.v[2].spec.image, "c");
	mapfile_free(&m);
}

static void test_params(void **state)
{
	struct mapfile m = parse(
		"p/n/i@s id=admin,keyring=/k,options='lock_on_read,queue_depth=1024'\n"
		"p/j name=client.y, read-only nofail,noauto timeout=2min,retry=3 # note\n"
		"p/k id=a,options=\"notrim,alloc_size=4096\",queue_depth=64,_netdev,x-systemd.y=1\n"
		"p/l keyfile=/f,conf=/c,cluster=z,mon_host='1.1.1.1,1.1.1.2',exclusive\n"
		"p/m id=a#comment,nofail\n"
		"p/o snap=s1,namespace=nn,device-type=krbd,shared\n");

	(void)state;
	assert_int_equal(m.bad_n, 0);
	assert_int_equal(m.n, 6);
	assert_string_equal(m.v[0].options, "lock_on_read,queue_depth=1024");
	assert_string_equal(m.v[0].keyring, "/k");
	assert_true(m.v[0].read_only);
	assert_true(m.v[1].read_only && m.v[1].nofail && m.v[1].noauto);
	assert_int_equal(m.v[1].timeout_s, 120);
	assert_int_equal(m.v[1].retries, 3);
	assert_string_equal(m.v[1].name, "client.y");
	assert_string_equal(m.v[2].options,
			    "notrim,alloc_size=4096,queue_depth=64");
	assert_string_equal(m.v[3].mon_host, "1.1.1.1,1.1.1.2");
	assert_string_equal(m.v[3].keyfile, "/f");
	assert_string_equal(m.v[3].conf, "/c");
	assert_string_equal(m.v[3].cluster, "z");
	assert_true(m.v[3].exclusive);
	assert_string_equal(m.v[4].name, "client.a");
	assert_false(m.v[4].nofail);
	assert_string_equal(m.v[5].spec.snap, "s1");
	assert_string_equal(m.v[5].spec.ns, "nn");
	assert_string_equal(m.v[5].options, "shared");
	mapfile_free(&m);
}

static void refuse(const char *text, const char *says)
{
	struct mapfile m = parse(text);

	assert_int_equal(m.n, 0);
	assert_int_equal(m.bad_n, 1);
	assert_non_null(strstr(m.bad[0].text, "f:1: "));
	assert_non_null(strstr(m.bad[0].text, says));
	mapfile_free(&m);
}

static void test_bad(void **state)
{
	(void)state;
	refuse("a/b/c/d", "too many");
	refuse("a foo=1", "unknown parameter 'foo'");
	refuse("a foo", "unknown parameter 'foo'");
	refuse("a id", "needs a value");
	refuse("a name=admin", "client.ID");
	refuse("a options='x,y", "not closed");
	refuse("a options=nonsense=1", "unknown map option");
	refuse("a queue_depth=many", "needs a number");
	refuse("a queue_depth", "needs a value");
	refuse("a timeout=0", "timeout=0");
	refuse("a timeout=1h", "timeout=1h");
	refuse("a timeout=99999999999999999999", "timeout=");
	refuse("a retry=-1", "retry=-1");
	refuse("a =x", "no name");
	refuse("a@s snap=t", "two snapshots");
	refuse("a snap='x y'", "blank");
	refuse("a snap=-", "'-'");
	refuse("a namespace='b/c'", "too many");
	refuse("a device-type=nbd", "only krbd");
	refuse("a secret=AAAA", "not a map option");
}

static void test_good_lines_survive(void **state)
{
	struct mapfile m = parse("a\nb bogus\nc\na\n");

	(void)state;
	assert_int_equal(m.n, 2);
	assert_int_equal(m.bad_n, 2);
	assert_int_equal(m.bad[0].line, 2);
	assert_int_equal(m.bad[1].line, 4);
	assert_non_null(strstr(m.bad[1].text, "on line 1 already"));
	mapfile_free(&m);
}

static void test_nul_and_bom(void **state)
{
	struct mapfile m;

	(void)state;
	assert_int_equal(mapfile_parse("f", "a\0b\nc\n", 6, &m), 0);
	assert_int_equal(m.n, 1);
	assert_int_equal(m.bad_n, 1);
	mapfile_free(&m);
	m = parse("\xef\xbb\xbf# note\na\n");
	assert_int_equal(m.n, 1);
	assert_int_equal(m.bad_n, 0);
	mapfile_free(&m);
	m = parse("");
	assert_int_equal(m.n, 0);
	mapfile_free(&m);
}

static void test_path(void **state)
{
	struct mapfile m;
	struct fault f;

	(void)state;
	setenv("RBDMAPFILE", "/nonexistent/map", 1);
	assert_string_equal(mapfile_path(), "/nonexistent/map");
	assert_int_equal(mapfile_load(NULL, &m, &f), -2);
	unsetenv("RBDMAPFILE");
}

static void test_by_source(void **state)
{
	struct mapfile m = parse("p/img1 id=x\np/img10 id=y\np/ns/a@s id=z\n");

	(void)state;
	assert_ptr_equal(mapfile_by_source(&m, "/dev/rbd/p/img1"), &m.v[0]);
	assert_ptr_equal(mapfile_by_source(&m, "/dev/rbd/p/img1-part2"),
			 &m.v[0]);
	assert_ptr_equal(mapfile_by_source(&m, "/dev/rbd/p/img10"), &m.v[1]);
	assert_ptr_equal(mapfile_by_source(&m, "/dev/rbd/p/ns/a@s"), &m.v[2]);
	assert_null(mapfile_by_source(&m, "/dev/rbd/p/img100"));
	assert_null(mapfile_by_source(&m, "/dev/rbd0"));
	mapfile_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_seed),
		cmocka_unit_test(test_last_line),
		cmocka_unit_test(test_params),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_good_lines_survive),
		cmocka_unit_test(test_nul_and_bom),
		cmocka_unit_test(test_path),
		cmocka_unit_test(test_by_source),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
