// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/gfs2sys.h"
#include "lib/krbd.h"
#include "lib/mapopts.h"
#include "lib/slurp.h"

static char root[64];

/* Writes ROOT/path, making its folders. */
static void put(const char *path, const char *text)
{
	char full[512], *p;
	FILE *f;

	snprintf(full, sizeof(full), "%s/%s", root, path);
	for (p = strchr(full + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = '\0';
		assert_true(!mkdir(full, 0755) || errno == EEXIST);
		*p = '/';
	}
	f = fopen(full, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void put_device(int id, const char *pool, const char *ns,
		       const char *image, const char *snap)
{
	const char *const names[] = { "pool", "pool_ns", "name",
				      "current_snap" };
	const char *const values[] = { pool, ns, image, snap };
	char path[128], text[128];
	size_t i;

	for (i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "bus/rbd/devices/%d/%s", id,
			 names[i]);
		snprintf(text, sizeof(text), "%s\n", values[i]);
		put(path, text);
	}
	snprintf(path, sizeof(path), "bus/rbd/devices/%d/size", id);
	put(path, "10737418240\n");
	snprintf(path, sizeof(path), "bus/rbd/devices/%d/fenced", id);
	put(path, "0\n");
	snprintf(path, sizeof(path), "bus/rbd/devices/%d/config_info", id);
	put(path, "1.1.1.1:6789 name=admin,secret=AQBC== rbd x -\n");
}

static int setup(void **state)
{
	(void)state;
	strcpy(root, "/tmp/rbdshare-test-krbd-XXXXXX");
	if (!mkdtemp(root))
		return -1;
	return setenv("RBDSHARE_SYSFS", root, 1);
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	return system(command);
}

static void test_list(void **state)
{
	struct krbd_list list;
	const struct krbd_device *d;
	struct rbd_spec spec;
	struct fault f;

	(void)state;
	assert_false(krbd_present());
	assert_int_equal(krbd_list(&list, &f), 0);
	assert_int_equal(list.n, 0);
	put_device(10, "dovecot", "", "dovecot-rbd-1", "-");
	put_device(2, "p", "ns", "i", "s1");
	put("bus/rbd/devices/junk/x", "");
	assert_true(krbd_present());
	assert_int_equal(krbd_list(&list, &f), 0);
	assert_int_equal(list.n, 2);
	assert_int_equal(list.v[0].id, 2);
	assert_string_equal(list.v[0].spec.ns, "ns");
	assert_string_equal(list.v[0].spec.snap, "s1");
	d = &list.v[1];
	assert_string_equal(d->spec.snap, "");
	assert_true(d->size == 10737418240ULL);
	assert_string_equal(d->config_info,
			    "1.1.1.1:6789 name=admin,secret=****** rbd x -");
	assert_int_equal(d->extra_n, 1);
	assert_string_equal(d->extra[0].name, "fenced");
	assert_int_equal(rbd_spec_parse("dovecot/dovecot-rbd-1", NULL, NULL,
					&spec, &f),
			 0);
	assert_ptr_equal(krbd_find(&list, &spec), d);
	rbd_spec_free(&spec);
	assert_ptr_equal(krbd_find_node(&list, "/dev/rbd10"), d);
	assert_ptr_equal(krbd_find_node(&list, "/dev/rbd10p1"), d);
	assert_null(krbd_find_node(&list, "/dev/rbd1"));
	assert_null(krbd_find_node(&list, "/dev/rbd10x"));
	assert_null(krbd_find_node(&list, "/dev/null"));
	krbd_list_free(&list);
}

static void test_add_line(void **state)
{
	struct rbd_spec spec;
	struct fault f = { "" };
	char *line, *huge;

	(void)state;
	assert_int_equal(rbd_spec_parse("p/n/i@s", NULL, NULL, &spec, &f), 0);
	line = krbd_add_line("1.1.1.1:6789", "name=a,secret=AQ==", &spec, &f);
	assert_string_equal(line,
			    "1.1.1.1:6789 name=a,secret=AQ==,_pool_ns=n p i s");
	krbd_mask(line);
	assert_string_equal(line,
			    "1.1.1.1:6789 name=a,secret=****,_pool_ns=n p i s");
	free(line);
	huge = malloc(5000);
	memset(huge, 'x', 4999);
	huge[4999] = '\0';
	assert_null(krbd_add_line("1.1.1.1", huge, &spec, &f));
	assert_non_null(strstr(f.text, "bytes long"));
	free(huge);
	rbd_spec_free(&spec);
}

static void test_remove(void **state)
{
	char path[128], text[64];

	(void)state;
	/* The old file is used when the driver has no other. */
	put("bus/rbd/remove", "");
	assert_int_equal(krbd_remove(3, KRBD_REMOVE_IF_UNUSED), 0);
	snprintf(path, sizeof(path), "%s/bus/rbd/remove", root);
	assert_int_equal(slurp_line(path, text, sizeof(text)), 0);
	assert_string_equal(text, "3");
	put("bus/rbd/remove_single_major", "");
	assert_int_equal(krbd_remove(7, KRBD_REMOVE_FULL_FORCE), 0);
	snprintf(path, sizeof(path), "%s/bus/rbd/remove_single_major", root);
	assert_int_equal(slurp_line(path, text, sizeof(text)), 0);
	assert_string_equal(text, "7 full-force");
}

static void test_add(void **state)
{
	struct rbd_spec spec;
	struct fault f;
	unsigned int id;

	(void)state;
	assert_int_equal(rbd_spec_parse("p/new", NULL, NULL, &spec, &f), 0);
	put("bus/rbd/add_single_major", "");
	/* A driver that accepts the line and makes nothing. */
	assert_int_equal(krbd_add("line", &spec, &id), -ENODEV);
	rbd_spec_free(&spec);
}

static void test_options(void **state)
{
	struct fault f = { "" };
	char *text;

	(void)state;
	assert_int_equal(mapopts_check("queue_depth=1,notrim,,ms_mode=crc", &f),
			 0);
	assert_int_equal(mapopts_check("try_read", &f), -EINVAL);
	assert_non_null(strstr(f.text, "unknown map option 'try_read'"));
	assert_int_equal(mapopts_check("notrim=1", &f), -EINVAL);
	assert_int_equal(mapopts_check("ms_mode=a b", &f), -EINVAL);
	assert_int_equal(mapopts_check("name=x", &f), -EINVAL);
	text = mapopts_value("a,ms_mode=x,ms_mode=crc", "ms_mode");
	assert_string_equal(text, "crc");
	free(text);
	assert_null(mapopts_value("a", "ms_mode"));
	text = mapopts_kernel("noudev,ro,,udev,queue_depth=5");
	assert_string_equal(text, "ro,queue_depth=5");
	free(text);
}

/* A mounted filesystem as the kernel shows it. */
static void put_gfs2(const char *table, const char *proto, const char *device)
{
	char path[256], link[320];

	snprintf(path, sizeof(path), "fs/gfs2/%s/lock_module/proto_name",
		 table);
	put(path, proto);
	snprintf(path, sizeof(path), "fs/gfs2/%s/lock_module/withdraw", table);
	put(path, "0\n");
	snprintf(path, sizeof(path), "fs/gfs2/%s/withdraw", table);
	put(path, "1\n");
	snprintf(link, sizeof(link), "%s/fs/gfs2/%s/device", root, table);
	assert_int_equal(symlink(device, link), 0);
}

static void test_gfs2(void **state)
{
	struct gfs2sys fs[4];
	char path[256], text[8];

	(void)state;
	assert_int_equal(gfs2sys_list(fs, 4), 0);
	put_gfs2("demo:web", "lock_dlm\n", "../../../devices/rbd/7/block/rbd7");
	put_gfs2("demo:other", "lock_dlm\n", "../../../devices/x/block/rbd7x");
	put_gfs2("demo:alone", "lock_nolock\n", "../../../rbd/8/block/rbd8");
	put_gfs2("nocolon", "lock_dlm\n", "../../../devices/rbd/9/block/rbd9");
	assert_int_equal(gfs2sys_list(fs, 4), 1);
	assert_string_equal(fs[0].table, "demo:web");
	assert_string_equal(fs[0].lockspace, "web");
	assert_int_equal(fs[0].device, 7);
	assert_true(fs[0].withdrawn && !fs[0].acked);

	assert_int_equal(gfs2sys_ack(&fs[0]), 0);
	assert_int_equal(gfs2sys_list(fs, 4), 1);
	assert_true(fs[0].acked);

	assert_int_equal(krbd_set_offline(7), -ENOENT);
	assert_false(krbd_in_flight(7));
	put("bus/rbd/devices/7/offline", "0\n");
	put("bus/rbd/devices/7/inflight", "write rbd_data.1 osd0 12 ms\n");
	assert_int_equal(krbd_set_offline(7), 0);
	snprintf(path, sizeof(path), "%s/bus/rbd/devices/7/offline", root);
	assert_int_equal(slurp_line(path, text, sizeof(text)), 0);
	assert_string_equal(text, "1");
	assert_true(krbd_in_flight(7));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_list, setup, teardown),
		cmocka_unit_test(test_add_line),
		cmocka_unit_test_setup_teardown(test_remove, setup, teardown),
		cmocka_unit_test_setup_teardown(test_add, setup, teardown),
		cmocka_unit_test(test_options),
		cmocka_unit_test_setup_teardown(test_gfs2, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
