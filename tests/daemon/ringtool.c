// SPDX-License-Identifier: GPL-2.0
/*
 * The ring of events by hand.
 *
 * usage: ringtool POOL CLUSTER NODE put HALF_BYTES FROM TO	lines "event N"
 *        ringtool POOL CLUSTER NODE read
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connect.h"
#include "lib/eventring.h"

static int print(void *arg, const char *line)
{
	puts(line);
	return 0;
}

static void count(void *arg, const char *line)
{
	unsigned int *lost = arg;

	(void)line;
	++*lost;
}

static unsigned int put(struct session *s, rados_ioctx_t io, char **argv)
{
	uint32_t node = (uint32_t)atoi(argv[3]);
	struct eventring *r;
	struct pollfd fd;
	unsigned int lost = 0;
	char line[64];
	int i;

	if (eventring_open(&r, s->door, io, argv[2], node,
			   strtoul(argv[5], NULL, 10)))
		connect_die("cannot start");
	eventring_on_lost(r, count, &lost);
	fd = (struct pollfd){ .fd = eventring_fd(r), .events = POLLIN };
	for (i = atoi(argv[6]); i <= atoi(argv[7]); i++) {
		snprintf(line, sizeof(line), "{\"event\":%d}", i);
		while (eventring_put(r, line) == -EMSGSIZE)
			connect_die("the line is too long");
		poll(&fd, 1, 2000);
		eventring_collect(r);
	}
	eventring_close(r);
	return lost;
}

int main(int argc, char **argv)
{
	struct session s;
	rados_ioctx_t io;
	int ret = 0;

	if (argc < 5)
		connect_die("usage: see the top of ringtool.c");
	connect_client(&s, 5);
	io = connect_pool(&s, argv[1]);
	if (!strcmp(argv[4], "put") && argc == 8)
		printf("lost=%u\n", put(&s, io, argv));
	else
		ret = eventring_read(s.door, io, argv[2],
				     (uint32_t)atoi(argv[3]), print, NULL);
	rados_ioctx_destroy(io);
	session_close(&s);
	return ret ? 3 : 0;
}
