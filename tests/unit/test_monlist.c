// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/monlist.h"

static void expect(const char *text, const char *v1, const char *v2)
{
	struct monlist list;
	struct fault f = { "" };
	char *got;

	assert_int_equal(monlist_parse(text, &list, &f), 0);
	got = monlist_format(&list, 1);
	assert_string_equal(got ? got : "", v1);
	free(got);
	got = monlist_format(&list, 2);
	assert_string_equal(got ? got : "", v2);
	free(got);
	monlist_free(&list);
}

static void test_grammar(void **state)
{
	(void)state;
	expect("10.0.0.1", "10.0.0.1:6789", "10.0.0.1:3300");
	expect("10.0.0.1:6789", "10.0.0.1:6789", "");
	expect("10.0.0.1:3300", "", "10.0.0.1:3300");
	expect("a:7000", "a:7000", "a:7000");
	expect("a,b; c\td", "a:6789,b:6789,c:6789,d:6789",
	       "a:3300,b:3300,c:3300,d:3300");
	expect("[v2:10.0.0.1:3300/0,v1:10.0.0.1:6789/0],[v2:10.0.0.2:3300/0,v1:10.0.0.2:6789/0]",
	       "10.0.0.1:6789,10.0.0.2:6789", "10.0.0.1:3300,10.0.0.2:3300");
	expect("v2:10.0.0.1:3300/0", "", "10.0.0.1:3300");
	expect("[2001:db8::1]:6789", "[2001:db8::1]:6789", "");
	expect("2001:db8::1", "[2001:db8::1]:6789", "[2001:db8::1]:3300");
	expect("[v2:[2001:db8::1]:3300/0,v1:[2001:db8::1]:6789/0]",
	       "[2001:db8::1]:6789", "[2001:db8::1]:3300");
	expect("v1:mon.example", "mon.example:6789", "");
}

static void test_bad(void **state)
{
	static const char *const bad[] = { "",	  " , ",  "a:0",   "a:99999",
					   "a:x", "[::1", ":6789", "[::1]x" };
	struct monlist list;
	struct fault f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		f.text[0] = '\0';
		assert_int_equal(monlist_parse(bad[i], &list, &f), -EINVAL);
		assert_true(f.text[0] != '\0');
	}
}

/* A network of our own, with a loopback that is up. */
static int own_network(void **state)
{
	struct ifreq ifr = { .ifr_name = "lo" };
	int fd, ret;

	(void)state;
	if (unshare(CLONE_NEWNET) && unshare(CLONE_NEWUSER | CLONE_NEWNET)) {
		print_error(
			"cannot make a network namespace; run as root or allow user namespaces\n");
		return -1;
	}
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	ifr.ifr_flags = IFF_UP;
	ret = ioctl(fd, SIOCSIFFLAGS, &ifr);
	close(fd);
	return ret;
}

/* A socket on the loopback that listens, and its port. */
static int listener(unsigned short *port)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&in, &len), 0);
	*port = ntohs(in.sin_port);
	return fd;
}

/* Accepts in a child, says the text, and stays. */
static pid_t serve(int fd, const char *text, size_t len)
{
	pid_t pid = fork();
	int c;

	if (pid)
		return pid;
	for (;;) {
		c = accept(fd, NULL, NULL);
		if (c >= 0 && write(c, text, len) < 0)
			_exit(1);
	}
}

static int probe(const char *format, unsigned short port, int *proto,
		 struct fault *f)
{
	struct monlist list;
	char text[64];
	int ret;

	snprintf(text, sizeof(text), format, port);
	assert_int_equal(monlist_parse(text, &list, f), 0);
	assert_int_equal(monlist_resolve(&list, f), 0);
	ret = monlist_probe(&list, 1500, 0, f);
	*proto = ret > 0 ? monlist_proto(&list) : 0;
	monlist_free(&list);
	return ret;
}

static void check_server(const char *banner, size_t len, int want_ret,
			 int want_proto)
{
	struct fault f = { "" };
	unsigned short port;
	int fd = listener(&port), proto;
	pid_t pid = serve(fd, banner, len);

	assert_true(pid > 0);
	assert_int_equal(probe("127.0.0.1:%u", port, &proto, &f), want_ret);
	assert_int_equal(proto, want_proto);
	kill(pid, SIGKILL);
	close(fd);
}

static void test_probe(void **state)
{
	(void)state;
	/* A port of its own may be either protocol: the banner decides. */
	check_server("ceph v027xxxxxxxxx", 18, 1, 1);
	check_server("ceph v2\n\0\0", 10, 1, 2);
	/* Something else, and a monitor that accepts but is frozen. */
	check_server("SSH-2.0-OpenSSH_9.2\r\n", 21, -ETIMEDOUT, 0);
	check_server("", 0, -ETIMEDOUT, 0);
}

static void test_refused(void **state)
{
	struct fault f = { "" };
	unsigned short port;
	int fd = listener(&port), proto;

	(void)state;
	close(fd);
	assert_int_equal(probe("v1:127.0.0.1:%u", port, &proto, &f),
			 -ECONNREFUSED);
	assert_non_null(strstr(f.text, "no monitor answers"));
	assert_non_null(strstr(f.text, "127.0.0.1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grammar),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, own_network, NULL);
}
