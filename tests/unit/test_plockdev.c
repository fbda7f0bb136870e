// SPDX-License-Identifier: GPL-2.0
/* The other end of a socket pair stands for the kernel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/dlm_plock.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/plockdev.h"

static struct plockdev *dev;
static int kernel;

static int setup(void **state)
{
	int fds[2];

	assert_int_equal(
		socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fds), 0);
	kernel = fds[0];
	return plockdev_attach(&dev, fds[1], 5);
}

static int teardown(void **state)
{
	plockdev_close(dev);
	close(kernel);
	return 0;
}

static struct dlm_plock_info info(uint8_t type, bool wait, uint32_t fsid,
				  uint64_t number)
{
	struct dlm_plock_info i = { .version = { 1, 2, 0 },
				    .optype = type,
				    .ex = 1,
				    .wait = wait,
				    .pid = 77,
				    .fsid = fsid,
				    .number = number,
				    .start = 10,
				    .end = 19,
				    .owner = 0xabc };

	return i;
}

static uint64_t ask(uint8_t type, bool wait, uint32_t fsid, uint64_t number)
{
	struct dlm_plock_info i = info(type, wait, fsid, number);
	struct plockdev_request r;

	assert_int_equal(write(kernel, &i, sizeof(i)), sizeof(i));
	assert_int_equal(plockdev_read(dev, &r), 0);
	assert_int_equal(r.get, type == DLM_PLOCK_OP_GET);
	assert_int_equal(r.fsid, fsid);
	assert_int_equal(r.op.node, 5);
	assert_int_equal(r.op.resource, number);
	return r.id;
}

/* The kernel gets this result next. */
static struct dlm_plock_info expect(uint64_t number, int rv)
{
	struct dlm_plock_info i;

	assert_int_equal(read(kernel, &i, sizeof(i)), sizeof(i));
	assert_int_equal(i.number, number);
	assert_int_equal(i.rv, rv);
	return i;
}

static void expect_nothing(void)
{
	struct dlm_plock_info i;

	assert_int_equal(read(kernel, &i, sizeof(i)), -1);
	assert_int_equal(errno, EAGAIN);
}

static void test_results_in_order(void **state)
{
	uint64_t a = ask(DLM_PLOCK_OP_LOCK, false, 1, 100);
	uint64_t b = ask(DLM_PLOCK_OP_GET, false, 1, 101);
	uint64_t c = ask(DLM_PLOCK_OP_LOCK, false, 2, 102);
	uint64_t w = ask(DLM_PLOCK_OP_LOCK, true, 1, 103);

	/* A get is answered at once, but the lock before it is still open. */
	assert_int_equal(plockdev_answer(dev, b, 0, NULL), 0);
	expect_nothing();
	/* Another lockspace, and one that waits, are free of that. */
	assert_int_equal(plockdev_answer(dev, c, 0, NULL), 0);
	expect(102, 0);
	assert_int_equal(plockdev_answer(dev, w, 0, NULL), 0);
	expect(103, 0);
	assert_int_equal(plockdev_answer(dev, a, -EAGAIN, NULL), 0);
	expect(100, -EAGAIN);
	expect(101, 0);
	assert_int_equal(plockdev_answer(dev, a, 0, NULL), -ENOENT);
}

static void test_get(void **state)
{
	struct rbd_plock_op holder = { .ex = true,
				       .node = 9,
				       .pid = 1234,
				       .owner = 4,
				       .start = 15,
				       .end = 15 };
	struct dlm_plock_info i;
	uint64_t id = ask(DLM_PLOCK_OP_GET, false, 1, 100);

	assert_int_equal(plockdev_answer(dev, id, 0, &holder), 0);
	i = expect(100, 1);
	assert_int_equal(i.nodeid, 9);
	assert_int_equal(i.pid, 1234);
	assert_int_equal(i.start, 15);
	assert_int_equal(i.end, 15);
}

static void test_close_has_no_answer(void **state)
{
	struct dlm_plock_info i = info(DLM_PLOCK_OP_UNLOCK, false, 1, 100);
	struct plockdev_request r;
	uint64_t id;

	i.flags = DLM_PLOCK_FL_CLOSE;
	assert_int_equal(write(kernel, &i, sizeof(i)), sizeof(i));
	assert_int_equal(plockdev_read(dev, &r), 0);
	assert_true(r.op.close);
	assert_int_equal(r.id, 0);
	id = ask(DLM_PLOCK_OP_UNLOCK, false, 1, 101);
	assert_int_equal(plockdev_answer(dev, id, 0, NULL), 0);
	expect(101, 0);
	expect_nothing();
}

static void test_find(void **state)
{
	struct dlm_plock_info i = info(DLM_PLOCK_OP_LOCK, true, 1, 100);
	struct plockdev_request r;

	assert_int_equal(write(kernel, &i, sizeof(i)), sizeof(i));
	assert_int_equal(plockdev_read(dev, &r), 0);
	assert_int_equal(plockdev_find(dev, 1, &r.op), r.id);
	assert_int_equal(plockdev_find(dev, 2, &r.op), 0);
	r.op.end++;
	assert_int_equal(plockdev_find(dev, 1, &r.op), 0);
}

static void test_bad(void **state)
{
	struct dlm_plock_info i = info(9, false, 1, 1);
	struct plockdev_request r;

	assert_int_equal(plockdev_read(dev, &r), -EAGAIN);
	assert_int_equal(write(kernel, &i, sizeof(i)), sizeof(i));
	assert_int_equal(plockdev_read(dev, &r), -EBADMSG);
	i.version[0] = 2;
	assert_int_equal(write(kernel, &i, sizeof(i)), sizeof(i));
	assert_int_equal(plockdev_read(dev, &r), -EPROTONOSUPPORT);
	assert_int_equal(write(kernel, &i, 7), 7);
	assert_int_equal(plockdev_read(dev, &r), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_results_in_order, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_get, setup, teardown),
		cmocka_unit_test_setup_teardown(test_close_has_no_answer, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_find, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
