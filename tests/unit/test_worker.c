// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "lib/clock.h"
#include "lib/worker.h"

/* A job that notes in which order and where it was run and done. */
struct note {
	struct worker_job job;
	int number;
	pthread_t ran_in;
	atomic_bool *hold;
};

static int ran[8], done[8];
static int runs, dones;

static void run_note(struct worker_job *job)
{
	struct note *n = (struct note *)job;

	while (n->hold && atomic_load(n->hold))
		clock_sleep_ms(1);
	n->ran_in = pthread_self();
	ran[runs++] = n->number;
}

static void done_note(struct worker_job *job)
{
	done[dones++] = ((struct note *)job)->number;
}

static void init_note(struct note *n, int number, atomic_bool *hold)
{
	*n = (struct note){ .job = { run_note, done_note, NULL },
			    .number = number,
			    .hold = hold };
}

static int reset(void **state)
{
	runs = 0;
	dones = 0;
	return 0;
}

static void test_order_and_threads(void **state)
{
	struct note notes[3];
	struct pollfd fd;
	struct worker *w;
	int i;

	assert_int_equal(worker_new(&w, "test"), 0);
	for (i = 0; i < 3; i++) {
		init_note(&notes[i], i, NULL);
		worker_submit(w, &notes[i].job);
	}
	fd = (struct pollfd){ .fd = worker_fd(w), .events = POLLIN };
	while (dones < 3) {
		assert_int_equal(poll(&fd, 1, 60000), 1);
		worker_collect(w);
	}
	for (i = 0; i < 3; i++) {
		assert_int_equal(ran[i], i);
		assert_int_equal(done[i], i);
		assert_false(pthread_equal(notes[i].ran_in, pthread_self()));
	}
	/* Nothing left: once more at the most, the descriptor is quiet then. */
	worker_collect(w);
	assert_int_equal(poll(&fd, 1, 0), 0);
	worker_free(w);
}

static void test_caller_does_not_wait(void **state)
{
	atomic_bool hold = true;
	struct note note;
	struct worker *w;

	assert_int_equal(worker_new(&w, "test"), 0);
	assert_int_equal(worker_busy_ms(w), 0);
	init_note(&note, 7, &hold);
	worker_submit(w, &note.job);
	while (worker_busy_ms(w) < 5)
		clock_sleep_ms(1);
	worker_collect(w);
	assert_int_equal(dones, 0);
	atomic_store(&hold, false);
	worker_free(w);
	assert_int_equal(dones, 1);
	assert_int_equal(done[0], 7);
}

static void test_wake(void **state)
{
	struct pollfd fd;
	struct worker *w;

	assert_int_equal(worker_new(&w, "test"), 0);
	fd = (struct pollfd){ .fd = worker_fd(w), .events = POLLIN };
	assert_int_equal(poll(&fd, 1, 0), 0);
	worker_wake(w);
	assert_int_equal(poll(&fd, 1, 0), 1);
	worker_collect(w);
	assert_int_equal(poll(&fd, 1, 0), 0);
	worker_free(w);
	worker_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_order_and_threads, reset),
		cmocka_unit_test_setup(test_caller_does_not_wait, reset),
		cmocka_unit_test_setup(test_wake, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
