// SPDX-License-Identifier: GPL-2.0
/*
 * Drives the kernel's fs/dlm by hand, on a node that has one.
 *
 * usage: dlmtool CLUSTER SELF IP_PREFIX FIFO	node N has the address IP_PREFIX<N>
 *
 * Reads commands from FIFO, one a line, and prints events:
 *	stop LS GEN | prepare LS GEN SPEC | join LS GEN SPEC | start LS GEN
 *	joined LS GEN | refuse LS | left LS | quit
 * SPEC is "1:11,2:21,!3:31,-4": members with their lives, failed, left.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connect.h"
#include "lib/dlmdoor.h"

static struct dlmdoor *door;
static const char *prefix;
static uint32_t self;

static struct dlmtree_node node(uint32_t id)
{
	struct dlmtree_node n = { .nodeid = id, .n_addrs = 1 };
	struct sockaddr_in *in = (struct sockaddr_in *)&n.addrs[0];
	char ip[64];

	snprintf(ip, sizeof(ip), "%s%u", prefix, id);
	in->sin_family = AF_INET;
	if (inet_pton(AF_INET, ip, &in->sin_addr) != 1)
		connect_die("'%s' is no address", ip);
	n.local = id == self;
	return n;
}

static struct dlmdoor_change parse(char *spec)
{
	struct dlmdoor_change c = { 0 };
	char *word, *save = NULL;
	unsigned long long life;
	unsigned int id;

	for (word = strtok_r(spec, ",", &save); word;
	     word = strtok_r(NULL, ",", &save)) {
		life = 0;
		if (sscanf(word + !!strchr("!-", *word), "%u:%llu", &id,
			   &life) < 1)
			connect_die("bad '%s'", word);
		if (*word == '!') {
			c.failed_lives[c.failed.n] = life;
			c.failed.ids[c.failed.n++] = id;
		} else if (*word == '-') {
			c.left.ids[c.left.n++] = id;
		} else {
			c.members.ids[c.members.n++] = id;
			c.lives[c.n_nodes] = life;
			c.nodes[c.n_nodes++] = node(id);
		}
	}
	return c;
}

static int command(char *line)
{
	char verb[16], ls[65], spec[256] = "";
	struct dlmdoor_change c;
	uint32_t gen = 0;

	if (sscanf(line, "%15s %64s %u %255s", verb, ls, &gen, spec) < 2)
		exit(0);
	if (!strcmp(verb, "stop"))
		return dlmdoor_stop(door, ls, gen);
	if (!strcmp(verb, "start"))
		return dlmdoor_start(door, ls, gen);
	if (!strcmp(verb, "joined"))
		return dlmdoor_joined(door, ls, gen);
	if (!strcmp(verb, "refuse"))
		return dlmdoor_refuse(door, ls, -EACCES);
	if (!strcmp(verb, "left"))
		return dlmdoor_left(door, ls);
	c = parse(spec);
	c.generation = gen;
	c.join = !strcmp(verb, "join");
	return dlmdoor_prepare(door, ls, &c);
}

static void show(const struct dlmdoor_event *e)
{
	static const char *const kinds[] = { "online", "offline", "found",
					     "gone",   "done",	  "overdue" };

	printf("%s %s", kinds[e->kind], e->lockspace);
	if (e->kind == DLMDOOR_DONE || e->kind == DLMDOOR_OVERDUE)
		printf(" %s %u %d", dlmdoor_step_str(e->step), e->generation,
		       e->error);
	putchar('\n');
}

int main(int argc, char **argv)
{
	struct dlmdoor_config config = { .uevents = true,
					 .monitor_fd = -1,
					 .comms_file = "/run/dlmtool.comms" };
	struct dlmdoor_event e;
	struct pollfd fds[2];
	char line[512];
	FILE *in;
	int ret;

	if (argc != 5)
		connect_die("usage: dlmtool CLUSTER SELF IP_PREFIX FIFO");
	self = (uint32_t)atoi(argv[2]);
	prefix = argv[3];
	config.cluster_name = argv[1];
	config.self = node(self);
	config.life = self * 10 + 1;
	setvbuf(stdout, NULL, _IOLBF, 0);
	ret = dlmdoor_open(&door, &config);
	if (ret)
		connect_die("cannot open: %s", strerror(-ret));
	/* Read and write: it never ends. */
	in = fdopen(open(argv[4], O_RDWR), "r");
	if (!in)
		connect_die("cannot open %s", argv[4]);
	setvbuf(in, NULL, _IONBF, 0);
	printf("ready\n");
	fds[0] = (struct pollfd){ .fd = dlmdoor_fd(door), .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = fileno(in), .events = POLLIN };
	for (;;) {
		while (dlmdoor_next(door, &e))
			show(&e);
		poll(fds, 2, 1000);
		if (!(fds[1].revents & POLLIN) ||
		    !fgets(line, sizeof(line), in))
			continue;
		ret = command(line);
		if (ret)
			printf("error %d: %s", ret, line);
	}
}
