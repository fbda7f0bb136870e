// SPDX-License-Identifier: GPL-2.0
/* States and entries, and files that end anywhere. */
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
#include <sys/stat.h>
#include <unistd.h>

#include "lib/plockjournal.h"

#define LIFE 0x1234
#define FSID 9

static char path[64];
static struct plockjournal j;
static struct plockstate s;

static int setup(void **state)
{
	snprintf(path, sizeof(path), "/tmp/plockjournal.%d", (int)getpid());
	unlink(path);
	plockjournal_init(&j, path, FSID, LIFE);
	plockstate_init(&s);
	return 0;
}

static int teardown(void **state)
{
	plockjournal_close(&j, true);
	plockstate_free(&s);
	return 0;
}

static struct plockentry entry(uint16_t node, uint64_t id, uint8_t type,
			       uint64_t start, uint64_t end)
{
	struct plockentry e = { .seq = s.seq + 1,
				.kind = PLOCKENTRY_OP,
				.node = node,
				.id = id,
				.op = { .type = type,
					.ex = true,
					.wait = true,
					.node = node + 1U,
					.owner = 7,
					.resource = id % 3,
					.start = start,
					.end = end } };

	return e;
}

static void put(uint16_t node, uint64_t id, uint8_t type, uint64_t start,
		uint64_t end)
{
	struct plockentry e = entry(node, id, type, start, end);

	assert_int_equal(plockjournal_entry(&j, &e), 0);
	assert_int_equal(plockstate_apply(&s, &e, NULL, NULL), 0);
}

static void same(const struct plockstate *a, const struct plockstate *b)
{
	unsigned char *x, *y;
	size_t n, m;

	assert_int_equal(plockstate_encode(a, &x, &n), 0);
	assert_int_equal(plockstate_encode(b, &y, &m), 0);
	assert_int_equal(n, m);
	assert_memory_equal(x, y, n);
	free(x);
	free(y);
}

static void expect_loaded(bool want_fresh)
{
	struct plockstate got;
	bool fresh;

	plockstate_init(&got);
	assert_int_equal(plockjournal_load(&j, &got, &fresh), 0);
	assert_int_equal(fresh, want_fresh);
	same(&got, &s);
	plockstate_free(&got);
}

static void test_round_trip(void **state)
{
	unsigned int i;

	assert_int_equal(plockjournal_state(&j, &s, true), 0);
	expect_loaded(true);
	assert_int_equal(plockjournal_agreed(&j, 5), 0);
	s.generation = 5;
	expect_loaded(false);
	for (i = 1; i <= 50; i++)
		put((uint16_t)(i % 4), i,
		    i % 5 ? RBD_PLOCK_LOCK : RBD_PLOCK_UNLOCK, i % 7,
		    i % 7 + 3);
	expect_loaded(false);
	assert_int_equal(plockjournal_state(&j, &s, false), 0);
	expect_loaded(false);
	put(2, 1000, RBD_PLOCK_UNLOCK, 0, 100);
	expect_loaded(false);
}

/* Wherever it ends: a beginning of what was written, or nothing at all. */
static void test_any_end(void **state)
{
	struct plockstate got;
	struct stat st;
	uint64_t last = 0;
	bool fresh;
	off_t size;
	int fd, ret;

	assert_int_equal(plockjournal_state(&j, &s, false), 0);
	put(1, 1, RBD_PLOCK_LOCK, 0, 9);
	put(2, 2, RBD_PLOCK_LOCK, 0, 9);
	put(1, 3, RBD_PLOCK_UNLOCK, 3, 4);
	fd = open(path, O_RDWR);
	assert_int_equal(fstat(fd, &st), 0);
	for (size = st.st_size; size >= 0; size--) {
		assert_int_equal(ftruncate(fd, size), 0);
		plockstate_init(&got);
		ret = plockjournal_load(&j, &got, &fresh);
		assert_true(!ret || ret == -EBADMSG || ret == -ENOENT);
		assert_true(got.seq <= 3);
		assert_true(size == st.st_size || got.seq <= last);
		last = got.seq;
		plockstate_free(&got);
	}
	close(fd);
}

static void test_another_life(void **state)
{
	struct plockjournal other;
	struct plockstate got;
	bool fresh;

	plockstate_init(&got);
	assert_int_equal(plockjournal_load(&j, &got, &fresh), -ENOENT);
	assert_int_equal(plockjournal_state(&j, &s, false), 0);
	plockjournal_init(&other, path, FSID, LIFE + 1);
	assert_int_equal(plockjournal_load(&other, &got, &fresh), -ENOENT);
	plockjournal_init(&other, path, FSID + 1, LIFE);
	assert_int_equal(plockjournal_load(&other, &got, &fresh), -ENOENT);
}

static void test_gets_long(void **state)
{
	unsigned int i;

	assert_true(plockjournal_is_long(&j));
	assert_int_equal(plockjournal_state(&j, &s, false), 0);
	assert_false(plockjournal_is_long(&j));
	for (i = 1; !plockjournal_is_long(&j); i++)
		put(1, i, i % 2 ? RBD_PLOCK_LOCK : RBD_PLOCK_UNLOCK, 0, 9);
	assert_in_range(i, 5000, 50000);
	assert_int_equal(plockjournal_state(&j, &s, false), 0);
	assert_false(plockjournal_is_long(&j));
}

/* What cannot be kept is not there at all, rather than wrong. */
static void test_no_folder(void **state)
{
	struct plockjournal bad;
	struct plockentry e = entry(1, 1, RBD_PLOCK_LOCK, 0, 1);

	plockjournal_init(&bad, "/nonexistent/plocks", FSID, LIFE);
	assert_int_equal(plockjournal_state(&bad, &s, false), -ENOENT);
	assert_int_equal(plockjournal_entry(&bad, &e), 0);
	assert_true(plockjournal_is_long(&bad));
	plockjournal_close(&bad, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_round_trip, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_any_end, setup, teardown),
		cmocka_unit_test_setup_teardown(test_another_life, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_gets_long, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_no_folder, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
