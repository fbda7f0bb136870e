// SPDX-License-Identifier: GPL-2.0
/*
 * Fences by hand.
 *
 * usage: fencetool fence POOL INSTANCE [STOP_AFTER_MS]	follow it on stdout
 *        fencetool excuse POOL INSTANCE	the same; what is waited for is excused
 *        fencetool mark POOL NAMESPACE PG_NUM	write the object of each group
 *        fencetool watchers POOL IMAGE_ID IP...	instances of these hosts
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connect.h"
#include "lib/clock.h"
#include "lib/fencer.h"
#include "lib/pgnames.h"

static struct session s;
static struct fencer *fencer;
static bool excuse;

/* A line whenever the stage or the waiting changes. */
static void follow(void)
{
	static enum fence_stage last = FENCE_STAGE_DONE;
	static bool waited;
	struct fencer_status st;
	bool waits;

	fencer_status(fencer, &st);
	waits = st.waiting_ms > 1000;
	if (st.stage != last || waits != waited)
		printf("%s: %u/%u groups%s\n", fence_stage_str(st.stage),
		       st.answered, st.pgs, waits ? ", waiting" : "");
	if (excuse && waits && fencer_excuse(fencer))
		connect_die("nothing to excuse");
	if (excuse && st.stage < FENCE_STAGE_SWEEP &&
	    fencer_excuse(fencer) != -EAGAIN)
		connect_die("excused before it is in the map");
	last = st.stage;
	waited = waits;
	fflush(stdout);
}

/* The result of the one order there is. */
static struct fencer_result wait_result(bool talk, long long stop_ms)
{
	struct pollfd fd = { .fd = fencer_fd(fencer), .events = POLLIN };
	struct fencer_result r;

	while (!fencer_next(fencer, &r)) {
		if (talk)
			follow();
		if (stop_ms && clock_ms() >= stop_ms)
			fencer_cancel(fencer);
		poll(&fd, 1, 5);
	}
	return r;
}

static int cmd_fence(char **argv)
{
	struct fence_pool pool = { 0 };
	struct clientaddr victim;
	struct fence_order order = { .instances = &victim,
				     .n_instances = 1,
				     .pools = &pool,
				     .n_pools = 1 };
	long long start = clock_ms();
	struct fencer_result r;

	if (clientaddr_parse(argv[1], &victim))
		connect_die("'%s' is no instance such as 10.0.0.5:0/3819",
			    argv[1]);
	pool.id = rados_ioctx_get_id(connect_pool(&s, argv[0]));
	if (fencer_fence(fencer, &order, 7))
		connect_die("out of memory");
	r = wait_result(true, argv[2] ? start + atoi(argv[2]) : 0);
	printf("result %d epoch %u added %u replaced %u holds %lld groups %u excused %u ms %lld\n",
	       r.error, r.epoch, r.added, r.replaced, (long long)r.shortest_s,
	       r.pgs, r.excused, clock_ms() - start);
	return r.error ? 3 : 0;
}

static int cmd_mark(char **argv)
{
	rados_ioctx_t io = connect_pool(&s, argv[0]);
	uint32_t i, n = (uint32_t)atoi(argv[2]);
	uint32_t *numbers = calloc(n, sizeof(*numbers));
	char name[PGNAMES_NAME];
	rados_completion_t c;

	if (!numbers || pgnames_make(n, argv[1], numbers))
		connect_die("no names for %u groups", n);
	rados_ioctx_set_namespace(io, argv[1]);
	for (i = 0; i < n; i++) {
		pgnames_format(numbers[i], name);
		rados_aio_create_completion2(NULL, NULL, &c);
		if (rados_aio_write_full(io, name, c, "x", 1))
			connect_die("cannot write %s", name);
		rados_aio_release(c);
	}
	rados_aio_flush(io);
	free(numbers);
	return 0;
}

static int cmd_watchers(char **argv, int n)
{
	struct fencer_image images[2];
	struct fencer_result r;
	char text[CLIENTADDR_TEXT];
	size_t i;

	memset(images, 0, sizeof(images));
	images[0].pool.id = rados_ioctx_get_id(connect_pool(&s, argv[0]));
	snprintf(images[0].id, sizeof(images[0].id), "%s", argv[1]);
	/* Twice the same: each watcher is told once. */
	images[1] = images[0];
	fencer_watchers(fencer, images, 2, (const char **)argv + 2,
			(size_t)n - 2, 8);
	r = wait_result(false, 0);
	if (r.error)
		connect_die("watchers: %d", r.error);
	for (i = 0; i < r.n_found; i++) {
		clientaddr_format(&r.found[i], text);
		puts(text);
	}
	free(r.found);
	return 0;
}

int main(int argc, char **argv)
{
	int ret = 1;

	connect_client(&s, 5);
	if (fencer_open(&fencer, &s))
		connect_die("cannot start");
	excuse = argc == 4 && !strcmp(argv[1], "excuse");
	if (excuse || (argc >= 4 && !strcmp(argv[1], "fence")))
		ret = cmd_fence(argv + 2);
	else if (argc == 5 && !strcmp(argv[1], "mark"))
		ret = cmd_mark(argv + 2);
	else if (argc >= 5 && !strcmp(argv[1], "watchers"))
		ret = cmd_watchers(argv + 2, argc - 2);
	else
		connect_die("usage: see the top of fencetool.c");
	fencer_close(fencer);
	session_close(&s);
	return ret;
}
