/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Can this node and those that take part reach each other's TCP ports? Behind
 * a port that a firewall blocks every recovery of the lock manager would wait,
 * silently; so a node that is about to take part tries those of all others, and
 * asks them to try its own, and the core lets nobody in before all is well.
 */
#ifndef RBDSHARED_PROBES_H
#define RBDSHARED_PROBES_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/dlmprobe.h"
#include "lib/keepalive.h"

struct daemon;

/* The lock manager's, and the one for the order of POSIX locks. */
#define PROBES_PORTS 2

/**
 * struct probes_try - one attempt to connect
 * @fd: -1 for none under way
 * @until_ms: then it is over
 * @result: enum dlmprobe_result of the last one
 */
struct probes_try {
	int fd;
	long long until_ms;
	uint8_t result;
};

/**
 * struct probes_peer - another node
 * @incarnation: what is known is about that one
 * @listens: its kernel has lockspaces, so its port is open
 * @asked: it wants to know what ours find
 * @ours: from here to it
 * @its: what it says of the way from it to here, enum dlmprobe_result
 * @again_ms: not before that
 * @told: what was said of it
 */
struct probes_peer {
	uint64_t incarnation;
	bool listens;
	bool asked;
	struct probes_try ours[PROBES_PORTS];
	uint8_t its[PROBES_PORTS];
	long long again_ms;
	const char *told;
};

struct probes {
	struct probes_peer peer[KEEPALIVE_NODES];
};

/* probes_start() - nothing is known of anybody */
void probes_start(struct daemon *d);
void probes_stop(struct daemon *d);

/* probes_beat() - begin and end attempts, tell the core; each tick */
void probes_beat(struct daemon *d);

/* probes_take() - a message of another node; all kinds are welcome */
void probes_take(struct daemon *d, const struct keepalive_message *m);

/**
 * probes_trouble() - what keeps this node from taking part
 * @number: the node with which it is, when there is something
 *
 * Return: a sentence for people without a subject, or NULL.
 */
const char *probes_trouble(const struct daemon *d, unsigned int *number);

#endif
