/* SPDX-License-Identifier: GPL-2.0 */
/*
 * POSIX locks (fcntl) of the lockspaces: the kernel's requests, the order
 * between the nodes (lib/plockorder.h), connections, and what outlives this
 * process.
 */
#ifndef RBDSHARED_PLOCKS_H
#define RBDSHARED_PLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/plockdev.h"
#include "lib/plocklink.h"

struct daemon;
struct plocks_space;

/**
 * struct plocks - state of it
 * @dev: NULL: fcntl waits for the next daemon
 * @spaces: lockspaces of the kernel
 * @told: that connections cannot be taken was said
 * @ticks: of the clock
 * @seq: of the view whose members may connect
 */
struct plocks {
	struct plockdev *dev;
	struct plocklink *link;
	struct plocks_space *spaces;
	bool told;
	unsigned int ticks;
	uint64_t seq;
};

/**
 * plocks_open() - take up what an earlier daemon has left, and serve it
 * @d: the loop is there, the core knows a view; before spaces_open()
 *
 * Without it all else works: what fails is said in the diary.
 */
void plocks_open(struct daemon *d);

/* plocks_close() - what is kept stays, for the next daemon */
void plocks_close(struct daemon *d);

/* plocks_stopped() - before the kernel stops a lockspace */
void plocks_stopped(struct daemon *d, const char *name);

/**
 * plocks_started() - the kernel runs that generation of a lockspace
 * @fresh: its mount has not been answered yet, so nobody holds a lock
 */
void plocks_started(struct daemon *d, const char *name, uint32_t generation,
		    bool fresh);

/* plocks_gone() - the kernel has it no more; unknown ones are fine */
void plocks_gone(struct daemon *d, const char *name);

/**
 * plocks_dump() - all locks of a lockspace, a line each, for people
 *
 * Return: bytes in @buf; what does not fit is left out.
 */
size_t plocks_dump(struct daemon *d, const char *name, char *buf, size_t size);

/* plocks_state() - one line about a lockspace; "" for an unknown one */
void plocks_state(const struct daemon *d, const char *name, char *buf,
		  size_t size);

#endif
