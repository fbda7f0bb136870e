// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/fdstore.h"

static int manager;

/* The manager's end, at an abstract address. */
static int setup(void **state)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	char env[128];
	int n;

	n = snprintf(un.sun_path + 1, sizeof(un.sun_path) - 1,
		     "rbdshare-test-%d", getpid());
	snprintf(env, sizeof(env), "@%s", un.sun_path + 1);
	manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	assert_int_equal(
		bind(manager, (struct sockaddr *)&un,
		     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
				 (size_t)n)),
		0);
	setenv("NOTIFY_SOCKET", env, 1);
	return 0;
}

static int teardown(void **state)
{
	unsetenv("NOTIFY_SOCKET");
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	close(manager);
	return 0;
}

/* The next message; returns the descriptor that came with it, or -1. */
static int expect(const char *want)
{
	char text[128] = "", control[CMSG_SPACE(sizeof(int))];
	struct iovec io = { text, sizeof(text) - 1 };
	struct msghdr m = { .msg_iov = &io,
			    .msg_iovlen = 1,
			    .msg_control = control,
			    .msg_controllen = sizeof(control) };
	struct cmsghdr *c;
	int fd = -1;

	assert_true(recvmsg(manager, &m, 0) > 0);
	assert_string_equal(text, want);
	c = CMSG_FIRSTHDR(&m);
	if (c)
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

static void test_notify(void **state)
{
	assert_int_equal(fdstore_notify("READY=1\nSTATUS=well"), 0);
	assert_int_equal(expect("READY=1\nSTATUS=well"), -1);
}

static void test_keep(void **state)
{
	int ends[2], fd;
	char c = 'x';

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(fdstore_keep("dlm-monitor", ends[0]), 0);
	assert_int_equal(expect("FDSTOREREMOVE=1\nFDNAME=dlm-monitor"), -1);
	fd = expect("FDSTORE=1\nFDNAME=dlm-monitor");
	assert_true(fd >= 0);
	/* It is the same pipe. */
	assert_int_equal(write(ends[1], "y", 1), 1);
	assert_int_equal(read(fd, &c, 1), 1);
	assert_int_equal(c, 'y');
	close(fd);
	close(ends[0]);
	close(ends[1]);
}

static void test_without_systemd(void **state)
{
	unsetenv("NOTIFY_SOCKET");
	assert_int_equal(fdstore_notify("READY=1"), 0);
	assert_int_equal(fdstore_keep("a", 0), 0);
	assert_int_equal(fdstore_take("a"), -ENOENT);
}

static void test_take(void **state)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", getpid());
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", "3", 1);
	setenv("LISTEN_FDNAMES", "other:dlm-monitor:dlm", 1);
	assert_int_equal(fdstore_take("dlm-monitor"), 4);
	assert_int_equal(fdstore_take("dlm"), 5);
	assert_int_equal(fdstore_take("dlm-mon"), -ENOENT);
	setenv("LISTEN_PID", "1", 1);
	assert_int_equal(fdstore_take("dlm"), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_notify, setup, teardown),
		cmocka_unit_test_setup_teardown(test_keep, setup, teardown),
		cmocka_unit_test_setup_teardown(test_without_systemd, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_take, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
