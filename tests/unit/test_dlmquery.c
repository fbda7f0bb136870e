// SPDX-License-Identifier: GPL-2.0
/*
 * The answers as bytes; and as Debian's dlm_tool prints them, where it is
 * installed and we may make a network namespace (abstract sockets belong to
 * one).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/dlmanswer.h"

static bool one_lockspace(void *arg, unsigned int n,
			  struct dlmquery_lockspace *out)
{
	if (n > 1)
		return false;
	memset(out, 0, sizeof(*out));
	strcpy(out->name, n ? "mail" : "web");
	out->id = 0x1234abcd + n;
	out->generation = 7;
	out->members = (struct dlmtree_members){ { 1, 2, 4 }, 3 };
	if (n) {
		out->stopped = true;
		out->next_generation = 8;
		out->next_members = (struct dlmtree_members){ { 1, 4 }, 2 };
		out->failed = (struct dlmtree_members){ { 2 }, 1 };
		out->fencing = true;
	}
	return true;
}

static void status(void *arg, struct dlmquery_status *out)
{
	out->nodeid = 4;
	out->quorate = true;
	out->view = 99;
	out->n_nodes = 2;
	out->nodes[0] = (struct dlmquery_node){ .nodeid = 1,
						.member = true,
						.since_s = 50 };
	out->nodes[1] = (struct dlmquery_node){ .nodeid = 2, .failed_s = 60 };
}

static size_t dump(void *arg, enum dlmquery_dump what, const char *lockspace,
		   char *buf, size_t size)
{
	static const char *const names[] = { "debug", "plocks", "plock log",
					     "config" };
	size_t n, i;

	if (what == DLMQUERY_DEBUG) {
		/* More than a socket takes at once. */
		for (n = 0; n + 7 < size; n += 7)
			memcpy(buf + n, "a line\n", 7);
		return n;
	}
	i = (size_t)snprintf(buf, size, "%s of '%s'\n", names[what], lockspace);
	return i;
}

static const struct dlmquery_source source = { one_lockspace, status, dump,
					       NULL };

static int make(uint32_t command, uint32_t option, int32_t data,
		const char *name, struct dlmanswer *out)
{
	uint32_t request[DLMANSWER_REQUEST / 4] = {
		0xD13CD13C, 0x00010001,	       command,
		option,	    DLMANSWER_REQUEST, (uint32_t)data
	};

	memcpy(&request[8], name, strlen(name));
	return dlmanswer_make(&source, (char *)request, out);
}

static uint32_t word(const struct dlmanswer *a, size_t at)
{
	uint32_t v;

	assert_true(at * 4 + 4 <= a->len);
	memcpy(&v, a->buf + at * 4, 4);
	return v;
}

static void test_lockspaces(void **state)
{
	struct dlmanswer a;

	assert_int_equal(make(5, 0, 0, "", &a), 0);
	assert_int_equal(a.len, 96 + 2 * 140);
	assert_int_equal(word(&a, 4), a.len);
	assert_int_equal(word(&a, 5), 2);
	/* The second: members, flags, id. */
	assert_int_equal(word(&a, 24 + 35), 3);
	assert_int_equal(word(&a, 24 + 35 + 16), 4);
	assert_int_equal(word(&a, 24 + 35 + 17), 0x1234abce);
	free(a.buf);
}

static void test_nodes(void **state)
{
	struct dlmanswer a;

	assert_int_equal(make(6, 2, 128, "web", &a), 0);
	assert_int_equal(word(&a, 5), 3);
	assert_int_equal(a.len, 96 + 3 * 40);
	free(a.buf);
	/* Room for two only. */
	assert_int_equal(make(6, 2, 2, "web", &a), 0);
	assert_int_equal((int32_t)word(&a, 5), -E2BIG);
	assert_int_equal(a.len, 96 + 2 * 40);
	free(a.buf);
	assert_int_equal(make(6, 2, 8, "nobody", &a), 0);
	assert_int_equal((int32_t)word(&a, 5), -ENOENT);
	free(a.buf);
	assert_int_equal(make(3, 0, 0, "mail", &a), 0);
	assert_int_equal(a.len, 96 + 140);
	free(a.buf);
	assert_int_equal(make(4, 0, 2, "mail", &a), 0);
	assert_int_equal(word(&a, 24), 2);
	free(a.buf);
}

static void test_bad_requests(void **state)
{
	char request[DLMANSWER_REQUEST] = { 0 };
	struct dlmanswer a;

	assert_int_equal(dlmanswer_make(&source, request, &a), -EBADMSG);
	/* A name that fills its field, and a command we do not have. */
	assert_int_equal(
		make(77, 0, 0,
		     "0123456789012345678901234567890123456789012345678901234567890123",
		     &a),
		0);
	assert_int_equal((int32_t)word(&a, 5), -EOPNOTSUPP);
	free(a.buf);
}

/* Runs the command while its questions are answered; gives what it prints. */
static void run_tool(const char *command, char *out, size_t size)
{
	struct dlmquery *q;
	struct pollfd fds[2];
	size_t got = 0;
	ssize_t n = 1;
	FILE *p;

	assert_int_equal(dlmquery_open(&q, &source, DLMQUERY_SOCKET), 0);
	p = popen(command, "r");
	assert_non_null(p);
	while (n > 0) {
		fds[0] = (struct pollfd){ dlmquery_fd(q), POLLIN, 0 };
		fds[1] = (struct pollfd){ fileno(p), POLLIN, 0 };
		assert_true(poll(fds, 2, 60000) > 0);
		dlmquery_serve(q);
		if (!fds[1].revents)
			continue;
		n = read(fileno(p), out + got, size - 1 - got);
		got += n > 0 ? (size_t)n : 0;
		assert_true(got < size - 1);
	}
	out[got] = '\0';
	assert_int_equal(pclose(p), 0);
	dlmquery_close(q);
}

static void test_dlm_tool(void **state)
{
	static char out[2 << 20];

	if (system("command -v dlm_tool >/dev/null") || unshare(CLONE_NEWNET)) {
		print_message("dlm_tool or root is missing\n");
		skip();
	}
	run_tool("dlm_tool ls 2>&1", out, sizeof(out));
	assert_non_null(strstr(out, "name          web"));
	assert_non_null(strstr(out, "id            0x1234abcd"));
	assert_non_null(strstr(out, "change        member 3"));
	assert_non_null(strstr(out, "members       1 2 4"));
	assert_non_null(strstr(out, "name          mail"));
	assert_non_null(strstr(out, "kern_stop"));
	assert_non_null(strstr(out, "new change    member 2"));
	assert_non_null(strstr(out, "fencing"));
	run_tool("dlm_tool status 2>&1", out, sizeof(out));
	assert_non_null(strstr(out,
			       "cluster nodeid 4 quorate 1 ring seq 99 99"));
	assert_non_null(strstr(out, "node 1 M add 50"));
	assert_non_null(strstr(out, "node 2 X"));
	run_tool("dlm_tool dump 2>&1", out, sizeof(out));
	assert_true(strlen(out) > 1000000);
	run_tool("dlm_tool plocks web 2>&1", out, sizeof(out));
	assert_non_null(strstr(out, "plocks of 'web'"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lockspaces),
		cmocka_unit_test(test_nodes),
		cmocka_unit_test(test_bad_requests),
		cmocka_unit_test(test_dlm_tool),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
