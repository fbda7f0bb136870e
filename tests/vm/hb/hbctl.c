// SPDX-License-Identifier: GPL-2.0
/*
 * What the tests need of rbd_hb.ko's netlink family: a stand-in for the
 * daemon. One command and its output, or "serve", which keeps the daemon's
 * part fresh and answers every admission with the errno that is given, with
 * "silent" none.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hb_slot.h"
#include "lib/hbdoor.h"
#include "rbd_hb.h"

static int fail(const char *what, int ret)
{
	fprintf(stderr, "hbctl: %s: %s\n", what, strerror(-ret));
	return 1;
}

static int show_state(struct hbdoor *door)
{
	struct hbdoor_state s;
	int ret = hbdoor_state(door, &s);

	if (ret)
		return fail("state", ret);
	printf("cluster %s number %u incarnation %llu counter %llu good %d age_ms %u latency_us %u gate %u flags %u clash %d\n",
	       s.cluster, s.number, (unsigned long long)s.incarnation,
	       (unsigned long long)s.counter, s.good, s.age_ms, s.latency_us,
	       s.gate, s.flags, s.clash);
	return 0;
}

static void show_peer(const struct hbdoor_peer *p, void *arg)
{
	struct rbd_hb_slot slot;
	int ret = rbd_hb_slot_decode(&slot, p->slot, p->number);

	(void)arg;
	if (ret) {
		printf("%u none (%d)\n", p->number, ret);
		return;
	}
	printf("%u incarnation %llu counter %llu still %u flags %u daemon %.*s\n",
	       p->number, (unsigned long long)p->incarnation,
	       (unsigned long long)slot.counter, p->still_ticks, slot.flags,
	       slot.daemon_len, (const char *)slot.daemon);
}

static const char *kind_str(unsigned int kind)
{
	switch (kind) {
	case RBD_HB_CMD_TICK:
		return "tick";
	case RBD_HB_CMD_GATE:
		return "gate";
	case RBD_HB_CMD_FENCED:
		return "fenced";
	case RBD_HB_CMD_ADMIT_ASKED:
		return "admit";
	case RBD_HB_CMD_RETIRED:
		return "retired";
	default:
		return "?";
	}
}

/* Until killed; a line for each event that is no tick. */
static int serve(struct hbdoor *door, const char *answer)
{
	struct pollfd p = { .fd = hbdoor_fd(door), .events = POLLIN };
	struct hbdoor_event e;
	int ret;

	printf("listening\n");
	fflush(stdout);
	for (;;) {
		hbdoor_daemon(door, "served", 6, true);
		poll(&p, 1, 1000);
		while ((ret = hbdoor_next(door, &e)) > 0) {
			if (e.kind == RBD_HB_CMD_TICK)
				continue;
			printf("%s %u %s %s\n", kind_str(e.kind), e.state.gate,
			       e.address, e.image);
			fflush(stdout);
			if (e.kind == RBD_HB_CMD_ADMIT_ASKED &&
			    strcmp(answer, "silent") != 0)
				hbdoor_admit(door, e.admit_id,
					     (uint32_t)atoi(answer));
		}
		if (ret < 0 && ret != -ENOBUFS)
			return fail("events", ret);
	}
}

static const char *round_str(unsigned int round)
{
	static const char *const names[] = { "good", "bad", "extra", "gap" };

	return round < sizeof(names) / sizeof(names[0]) ? names[round] : "?";
}

/* The next @n ticks, a line each. */
static int ticks(struct hbdoor *door, int n)
{
	struct pollfd p = { .fd = hbdoor_fd(door), .events = POLLIN };
	struct hbdoor_event e;
	int ret;

	while (n > 0) {
		if (poll(&p, 1, 20000) <= 0)
			return fail("ticks", -ETIMEDOUT);
		while (n > 0 && (ret = hbdoor_next(door, &e)) > 0) {
			if (e.kind != RBD_HB_CMD_TICK)
				continue;
			printf("%s %llu\n", round_str(e.round),
			       (unsigned long long)e.state.counter);
			n--;
		}
		if (n > 0 && ret < 0)
			return fail("ticks", ret);
	}
	return 0;
}

/* Of commands with one number, or two. */
static uint32_t number(char **argv, int i)
{
	return argv[i] ? (uint32_t)strtoul(argv[i], NULL, 0) : 0;
}

static int run(struct hbdoor *door, int argc, char **argv)
{
	const char *verb = argv[1];
	int ret;

	if (!strcmp(verb, "state"))
		return show_state(door);
	if (!strcmp(verb, "serve"))
		return serve(door, argc > 2 ? argv[2] : "0");
	if (!strcmp(verb, "ticks"))
		return ticks(door, (int)number(argv, 2));
	if (!strcmp(verb, "peers"))
		ret = hbdoor_peers(door, show_peer, NULL);
	else if (!strcmp(verb, "daemon") && argc > 2)
		ret = hbdoor_daemon(door, argv[2], strlen(argv[2]), false);
	else if (!strcmp(verb, "admit") && argc > 3)
		ret = hbdoor_admit(door, number(argv, 2), number(argv, 3));
	else if (!strcmp(verb, "retime") && argc > 3)
		ret = hbdoor_retime(door, number(argv, 2), number(argv, 3));
	else if (!strcmp(verb, "barrier"))
		ret = hbdoor_barrier(door, number(argv, 2));
	else if (!strcmp(verb, "kick"))
		ret = hbdoor_kick(door);
	else if (!strcmp(verb, "freeze") || !strcmp(verb, "thaw"))
		ret = hbdoor_freeze(door, *verb == 'f');
	else
		ret = -EINVAL;
	return ret ? fail(verb, ret) : 0;
}

int main(int argc, char **argv)
{
	struct hbdoor *door;
	struct fault f = { "" };
	int ret;

	if (argc < 2) {
		fprintf(stderr,
			"usage: hbctl state|peers|kick|freeze|thaw|daemon TEXT|ticks N|admit ID ERRNO|retime DEAD SLOW|barrier EPOCH|serve [ERRNO|silent]\n");
		return 1;
	}
	if (hbdoor_open(&door, &f)) {
		fprintf(stderr, "hbctl: %s\n", f.text);
		return 1;
	}
	ret = run(door, argc, argv);
	hbdoor_close(door);
	return ret;
}
