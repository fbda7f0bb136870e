// SPDX-License-Identifier: GPL-2.0
/* What the machine says, on a made-up /sys and /proc. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/clusterhost.h"

static char dir[64];

static void put(const char *path, const char *text)
{
	char command[256];

	snprintf(command, sizeof(command),
		 "mkdir -p $(dirname %s/%s) && echo '%s' >%s/%s", dir, path,
		 text, dir, path);
	assert_int_equal(system(command), 0);
}

static int setup(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/rbdshare-test-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	setenv("RBDSHARE_SYSFS", dir, 1);
	setenv("RBDSHARE_PROC", dir, 1);
	return 0;
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command);
}

static void test_online(void **state)
{
	(void)state;
	assert_false(clusterhost_online("ocfs2"));
	put("kernel/config/cluster/ocfs2/idle_timeout_ms", "30000");
	assert_true(clusterhost_online("ocfs2"));
	/* A name that is none must not lead elsewhere. */
	assert_false(clusterhost_online(".."));
	assert_false(clusterhost_online(""));
}

static void test_joined(void **state)
{
	(void)state;
	assert_false(clusterhost_joined("ocfs2"));
	put("kernel/config/cluster/ocfs2/node/a/local", "0");
	assert_false(clusterhost_joined("ocfs2"));
	put("kernel/config/cluster/ocfs2/node/b/local", "1");
	assert_true(clusterhost_joined("ocfs2"));
	assert_false(clusterhost_joined("../ocfs2"));
}

static void test_other_stack(void **state)
{
	(void)state;
	assert_false(clusterhost_other_stack());
	put("fs/ocfs2/cluster_stack", "o2cb");
	assert_false(clusterhost_other_stack());
	put("fs/ocfs2/cluster_stack", "pcmk");
	assert_true(clusterhost_other_stack());
}

static void test_running(void **state)
{
	static const struct o2cb_timeouts t = {
		.value = { 31, 30000, 2000, 2000 },
		.line = { 4, 0, 0, 0 },
		.column = { 26, 0, 0, 0 },
	};
	struct finding_list found = { 0 };
	unsigned int v = 0;

	(void)state;
	assert_int_equal(clusterhost_running("ocfs2", O2CB_IDLE, &v), -ENOENT);
	put("kernel/config/cluster/ocfs2/heartbeat/dead_threshold", "61");
	put("kernel/config/cluster/ocfs2/idle_timeout_ms", "30000");
	assert_int_equal(clusterhost_running("ocfs2", O2CB_IDLE, &v), 0);
	assert_int_equal(v, 30000);
	assert_int_equal(clusterhost_check_running("ocfs2", &t, "d", &found),
			 0);
	assert_int_equal(found.n, 1);
	assert_int_equal(found.v[0].line, 4);
	assert_int_equal(found.v[0].column, 26);
	assert_non_null(strstr(found.v[0].text, "uses 61"));
	finding_clear(&found);
}

static void test_sysctls(void **state)
{
	struct finding_list found = { 0 };

	(void)state;
	put("sys/kernel/panic", "0");
	put("sys/kernel/panic_on_oops", "1");
	assert_int_equal(clusterhost_check_sysctls(&found), 0);
	assert_int_equal(found.n, 1);
	assert_string_equal(found.v[0].fix, "sysctl -w kernel.panic=30");
	finding_clear(&found);
}

/* A listening socket on the loop-back; its port. */
static int listen_here(unsigned int *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(fd, 4), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	*port = ntohs(a.sin_port);
	return fd;
}

static void test_ports_and_address(void **state)
{
	struct finding_list found = { 0 };
	struct clusterconf *doc;
	unsigned int port;
	char text[512];
	int fd = listen_here(&port);

	(void)state;
	snprintf(
		text, sizeof(text),
		"node:\n\tip_port = 7777\n\tip_address = 192.0.2.77\n\tname = me\n\tcluster = c\n\n"
		"node:\n\tip_port = %u\n\tip_address = 127.0.0.1\n\tname = peer\n\tcluster = c\n",
		port);
	assert_int_equal(
		clusterconf_parse(text, strlen(text), "f", &doc, &found), 0);
	assert_int_equal(clusterhost_check_ports(doc, "c", 0, "f", &found), 0);
	assert_int_equal(found.n, 0);
	close(fd);
	assert_int_equal(clusterhost_check_ports(doc, "c", 0, "f", &found), 0);
	assert_int_equal(found.n, 1);
	assert_int_equal(found.v[0].line, 9);
	assert_int_equal(found.v[0].column, 15);
	assert_non_null(strstr(found.v[0].text, "Connection refused"));
	finding_clear(&found);
	assert_int_equal(clusterhost_check_address(doc, 6, "f", &found), 0);
	assert_int_equal(found.n, 0);
	assert_int_equal(clusterhost_check_address(doc, 0, "f", &found), 0);
	assert_int_equal(found.n, 1);
	assert_int_equal(found.v[0].column, 15);
	assert_non_null(strstr(found.v[0].text, "192.0.2.77"));
	finding_clear(&found);
	clusterconf_free(doc);
}

int main(void)
{
#define T(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_online),	 T(test_joined),  T(test_other_stack),
		T(test_running), T(test_sysctls), T(test_ports_and_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
