// SPDX-License-Identifier: GPL-2.0
/*
 * The view object by hand, through the interface of the event loop.
 *
 * usage: viewtool POOL CLUSTER read
 *        viewtool POOL CLUSTER cas SEQ BODY [TIMEOUT_MS]
 *        viewtool POOL CLUSTER race N	N changes, each on top of the newest
 *        viewtool POOL CLUSTER wait SEQ	be told when a view >= SEQ is there
 *
 * Prints "seq=N body=TEXT" or the result; exit code 0 or 3.
 */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connect.h"
#include "lib/clock.h"
#include "lib/viewstore.h"

#define LIMIT_MS 60000
#define CAS_MS 20000

static struct session s;
static struct viewstore *vs;

static struct viewstore_result next(void)
{
	long long end = clock_ms() + LIMIT_MS;
	struct pollfd fd = { .fd = viewstore_fd(vs), .events = POLLIN };
	struct viewstore_result r;

	while (!viewstore_next(vs, &r)) {
		if (clock_ms() > end)
			connect_die("no result after %d ms", LIMIT_MS);
		poll(&fd, 1, 1000);
	}
	return r;
}

/* The next result that is no notice. */
static struct viewstore_result answer(void)
{
	struct viewstore_result r = next();

	while (r.kind == VIEWSTORE_NOTICE)
		r = next();
	return r;
}

static int show(const struct viewstore_result *r)
{
	if (r->error)
		printf("error=%d ", r->error);
	if (r->view.seq)
		printf("seq=%" PRIu64 " body=%.*s", r->view.seq,
		       (int)r->view.len, (const char *)r->view.body);
	putchar('\n');
	return r->error ? 3 : 0;
}

static int cmd_cas(char **argv)
{
	unsigned int ms = argv[2] ? (unsigned int)atoi(argv[2]) : CAS_MS;
	struct viewstore_result r;

	viewstore_cas(vs, strtoull(argv[0], NULL, 10), argv[1], strlen(argv[1]),
		      ms, 1);
	r = answer();
	return show(&r);
}

/* The body counts the changes: one that was lost or done twice would show. */
static int cmd_race(unsigned int n)
{
	struct viewstore_result r;
	unsigned int won = 0, lost = 0;
	char body[32];

	viewstore_read(vs, 0);
	r = answer();
	while (won < n) {
		if (!r.view.seq)
			connect_die("no view: %d", r.error);
		snprintf(body, sizeof(body), "%.*s", (int)r.view.len,
			 (const char *)r.view.body);
		snprintf(body, sizeof(body), "%d", atoi(body) + 1);
		viewstore_cas(vs, r.view.seq, body, strlen(body), CAS_MS, 1);
		viewobject_copy_free(&r.view);
		r = answer();
		if (!r.error) {
			won++;
			viewstore_read(vs, 0);
			r = answer();
		} else {
			lost++;
		}
	}
	viewobject_copy_free(&r.view);
	printf("won=%u lost=%u\n", won, lost);
	return 0;
}

/* Without polling: only a notice makes it read. */
static int cmd_wait(uint64_t seq)
{
	struct viewstore_result r;

	for (;;) {
		r = next();
		if (r.kind == VIEWSTORE_NOTICE) {
			viewstore_read(vs, 0);
			continue;
		}
		if (r.view.seq >= seq)
			return show(&r);
		printf("watching at seq=%" PRIu64 "\n", r.view.seq);
		fflush(stdout);
		viewobject_copy_free(&r.view);
	}
}

int main(int argc, char **argv)
{
	struct viewobject object;
	struct viewstore_result r;
	rados_ioctx_t io;
	int ret = 1;

	if (argc < 4)
		connect_die("usage: see the top of viewtool.c");
	connect_client(&s, 3);
	io = connect_pool(&s, argv[1]);
	rados_set_pool_full_try(io);
	viewobject_init(&object, s.door, io, argv[2]);
	if (viewstore_open(&vs, &object,
			   s.door->rados_get_instance_id(s.cluster)))
		connect_die("cannot start");
	if (!strcmp(argv[3], "cas") && argc >= 6) {
		ret = cmd_cas(argv + 4);
	} else if (!strcmp(argv[3], "race") && argc == 5) {
		ret = cmd_race((unsigned int)atoi(argv[4]));
	} else if (!strcmp(argv[3], "wait") && argc == 5) {
		ret = cmd_wait(strtoull(argv[4], NULL, 10));
	} else if (!strcmp(argv[3], "read")) {
		viewstore_read(vs, 0);
		r = answer();
		ret = show(&r);
	}
	if (viewstore_close(vs)) {
		rados_ioctx_destroy(io);
		session_close(&s);
	}
	fflush(NULL);
	_exit(ret);
}
