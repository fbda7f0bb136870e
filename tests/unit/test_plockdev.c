// SPDX-License-Identifier: GPL-2.0
/* The other end of a socket pair stands for the kernel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/dlm_plock.h>
#include <stdio.h>
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
	/* The kernel warns of a result that is not of its request. */
	assert_int_equal(i.owner, 0xabc);
	assert_int_equal(i.optype, DLM_PLOCK_OP_GET);
}

static void test_close_has_no_answer(void **state)
{
	struct dlm_plock_info i = info(DLM_PLOCK_OP_UNLOCK, false, 1, 100);
	struct plockdev_request r;
	uint64_t id, closed;

	i.flags = DLM_PLOCK_FL_CLOSE;
	assert_int_equal(write(kernel, &i, sizeof(i)), sizeof(i));
	assert_int_equal(plockdev_read(dev, &r), 0);
	assert_true(r.op.close);
	closed = r.id;
	id = ask(DLM_PLOCK_OP_UNLOCK, false, 1, 101);
	assert_true(id > closed);
	assert_int_equal(plockdev_answer(dev, id, 0, NULL), 0);
	expect(101, 0);
	assert_int_equal(plockdev_answer(dev, closed, 0, NULL), 0);
	expect_nothing();
	assert_int_equal(plockdev_count(dev), 0);
}

static void test_forgotten(void **state)
{
	uint64_t w = ask(DLM_PLOCK_OP_LOCK, true, 1, 100);
	uint64_t c = ask(4, false, 1, 100);

	plockdev_forget(dev, w);
	assert_int_equal(plockdev_answer(dev, w, 0, NULL), -ENOENT);
	assert_int_equal(plockdev_answer(dev, c, 0, NULL), 0);
	assert_int_equal(expect(100, 0).optype, 4);
	expect_nothing();
}

/* More than there is room for at first. */
static void test_many(void **state)
{
	uint64_t ids[2000];
	unsigned int i;

	for (i = 0; i < 2000; i++)
		ids[i] = ask(DLM_PLOCK_OP_LOCK, true, 1, i);
	for (i = 2000; i--;) {
		assert_int_equal(plockdev_answer(dev, ids[i], 0, NULL), 0);
		expect(i, 0);
	}
	assert_int_equal(plockdev_count(dev), 0);
}

/* --- what an earlier daemon left --- */

static struct plockdev_request kept[8];
static unsigned int n_kept;

static void note_kept(void *arg, const struct plockdev_request *r)
{
	assert_true(n_kept < 8);
	assert_true(!n_kept || r->id > kept[n_kept - 1].id);
	kept[n_kept++] = *r;
}

static char keep_path[64];

/* The daemon is killed, and another one has the same device. */
static void another_daemon(void)
{
	int fd = dup(plockdev_fd(dev));

	plockdev_close(dev);
	assert_int_equal(plockdev_attach(&dev, fd, 5), 0);
	n_kept = 0;
	assert_int_equal(plockdev_keep(dev, keep_path, note_kept, NULL), 0);
}

static int setup_kept(void **state)
{
	int ret = setup(state);

	snprintf(keep_path, sizeof(keep_path), "/tmp/plockdev.%d",
		 (int)getpid());
	unlink(keep_path);
	return ret ?: plockdev_keep(dev, keep_path, note_kept, NULL);
}

static int teardown_kept(void **state)
{
	unlink(keep_path);
	return teardown(state);
}

static void test_kept(void **state)
{
	uint64_t w = ask(DLM_PLOCK_OP_LOCK, true, 1, 100);
	uint64_t a = ask(DLM_PLOCK_OP_LOCK, false, 1, 101);
	uint64_t b = ask(DLM_PLOCK_OP_UNLOCK, false, 1, 102);
	uint64_t c = ask(DLM_PLOCK_OP_GET, false, 2, 103), d;

	/* Answered, but the one before it is not. */
	assert_int_equal(plockdev_answer(dev, b, -EIO, NULL), 0);
	assert_int_equal(plockdev_answer(dev, c, 0, NULL), 0);
	expect(103, 0);
	another_daemon();
	assert_int_equal(n_kept, 2);
	assert_int_equal(kept[0].id, w);
	assert_true(kept[0].op.wait);
	assert_int_equal(kept[1].id, a);
	assert_int_equal(kept[1].op.resource, 101);
	expect_nothing();
	d = ask(DLM_PLOCK_OP_LOCK, false, 1, 104);
	assert_true(d > c);
	assert_int_equal(plockdev_answer(dev, d, 0, NULL), 0);
	assert_int_equal(plockdev_answer(dev, w, 0, NULL), 0);
	expect(100, 0);
	assert_int_equal(plockdev_answer(dev, a, 0, NULL), 0);
	expect(101, 0);
	expect(102, -EIO);
	expect(104, 0);
	another_daemon();
	assert_int_equal(n_kept, 0);
}

static void test_kept_many(void **state)
{
	uint64_t last = 0;
	unsigned int i;

	for (i = 0; i < 1500; i++) {
		last = ask(DLM_PLOCK_OP_LOCK, true, 1, i);
		if (i >= 5)
			assert_int_equal(plockdev_answer(dev, last, 0, NULL),
					 0);
		if (i >= 5)
			expect(i, 0);
	}
	another_daemon();
	assert_int_equal(n_kept, 5);
	assert_true(ask(DLM_PLOCK_OP_LOCK, true, 1, 0) > last);
}

/* As if the daemon had died just before or behind the write of a result. */
static void unsure(uint64_t id)
{
	int fd = open(keep_path, O_RDWR);
	uint32_t slot_bytes, writing = 4;
	uint64_t found = 0;
	off_t at;

	assert_int_equal(pread(fd, &slot_bytes, 4, 8), 4);
	for (at = 32; found != id; at += slot_bytes)
		assert_int_equal(pread(fd, &found, 8, at + 8), 8);
	assert_int_equal(pwrite(fd, &writing, 4, at - slot_bytes), 4);
	close(fd);
}

static void test_kept_unsure(void **state)
{
	uint64_t a = ask(DLM_PLOCK_OP_LOCK, false, 1, 100);
	uint64_t other = ask(DLM_PLOCK_OP_LOCK, false, 2, 101), w;

	/* Nothing else could take the result for its own. */
	assert_int_equal(plockdev_answer(dev, a, -EAGAIN, NULL), 0);
	expect(100, -EAGAIN);
	unsure(a);
	another_daemon();
	assert_int_equal(n_kept, 1);
	expect(100, -EAGAIN);
	/* Here something could, but not what waits. */
	a = ask(DLM_PLOCK_OP_LOCK, false, 2, 102);
	w = ask(DLM_PLOCK_OP_LOCK, true, 2, 103);
	assert_int_equal(plockdev_answer(dev, other, 0, NULL), 0);
	expect(101, 0);
	unsure(other);
	another_daemon();
	assert_int_equal(n_kept, 2);
	expect_nothing();
	assert_int_equal(plockdev_answer(dev, w, 0, NULL), 0);
	expect(103, 0);
	unsure(w);
	another_daemon();
	expect(103, 0);
	assert_int_equal(plockdev_answer(dev, a, 0, NULL), 0);
	expect(102, 0);
}

/* A file that is none is not used. */
static void test_kept_nonsense(void **state)
{
	uint64_t before = ask(DLM_PLOCK_OP_LOCK, true, 1, 1);
	int fd = open(keep_path, O_WRONLY);

	assert_int_equal(pwrite(fd, "nonsense", 8, 0), 8);
	close(fd);
	another_daemon();
	assert_int_equal(n_kept, 0);
	assert_true(ask(DLM_PLOCK_OP_LOCK, true, 1, 0) > before);
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
		cmocka_unit_test_setup_teardown(test_forgotten, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_many, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad, setup, teardown),
		cmocka_unit_test_setup_teardown(test_kept, setup_kept,
						teardown_kept),
		cmocka_unit_test_setup_teardown(test_kept_many, setup_kept,
						teardown_kept),
		cmocka_unit_test_setup_teardown(test_kept_unsure, setup_kept,
						teardown_kept),
		cmocka_unit_test_setup_teardown(test_kept_nonsense, setup_kept,
						teardown_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
