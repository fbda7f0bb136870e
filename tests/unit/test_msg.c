// SPDX-License-Identifier: GPL-2.0
/* Messages and the watchdog: what reaches stderr, and how the process ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/msg.h"
#include "lib/watchdog.h"

/* Runs @fn in a child; gives its exit code and what it wrote to stderr. */
static int in_child(void (*fn)(void), char *out, size_t size)
{
	size_t used = 0;
	ssize_t n;
	int fd[2], status;
	pid_t pid;

	assert_int_equal(pipe(fd), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		dup2(fd[1], STDERR_FILENO);
		close(fd[0]);
		fn();
		_exit(0);
	}
	close(fd[1]);
	while ((n = read(fd[0], out + used, size - 1 - used)) > 0)
		used += (size_t)n;
	out[used] = '\0';
	close(fd[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void speak(void)
{
	msg_set_program("prog");
	msg_error("bad %d", 1);
	msg_warn("odd");
	msg_info("done");
	msg_set_quiet(true);
	msg_info("unheard");
	msg_warn("heard");
}

static void messages(void **state)
{
	char out[256];

	assert_int_equal(in_child(speak, out, sizeof(out)), 0);
	/* No terminal, so no colour. */
	assert_string_equal(
		out,
		"prog: bad 1\nprog: warning: odd\nprog: done\nprog: warning: heard\n");
}

static void hang(void)
{
	watchdog_start(1, "sleeping");
	for (;;)
		pause();
}

static void bites(void **state)
{
	char out[512];

	assert_int_equal(in_child(hang, out, sizeof(out)), ETIMEDOUT);
	assert_non_null(strstr(out, "nothing moved for 1 s while sleeping"));
}

static void work(void)
{
	int i;

	watchdog_start(3, "working");
	for (i = 0; i < 25; i++) {
		clock_sleep_ms(200);
		watchdog_kick();
	}
	watchdog_stop();
	clock_sleep_ms(3500);
}

static void lets_live(void **state)
{
	char out[512];

	assert_int_equal(in_child(work, out, sizeof(out)), 0);
	assert_string_equal(out, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages),
		cmocka_unit_test(bites),
		cmocka_unit_test(lets_live),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
