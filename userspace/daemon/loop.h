/* SPDX-License-Identifier: GPL-2.0 */
/* The event loop: one thread that waits for descriptors and a clock. */
#ifndef RBDSHARED_LOOP_H
#define RBDSHARED_LOOP_H

struct loop;

/* Called when a descriptor is readable, or the time has come. */
typedef void (*loop_fn)(void *arg);

/**
 * loop_new() - an empty one
 * @after: called behind each round of callbacks
 *
 * Return: 0 or a negative errno.
 */
int loop_new(struct loop **loop, loop_fn after, void *arg);

/**
 * loop_add() - call @fn when @fd is readable
 *
 * The descriptor stays the caller's. Return: 0 or a negative errno.
 */
int loop_add(struct loop *loop, int fd, loop_fn fn, void *arg);

/* loop_drop() - no longer; before @fd is closed. Fine within a callback. */
void loop_drop(struct loop *loop, int fd);

/**
 * loop_every() - call @fn again and again
 *
 * Return: 0 or a negative errno.
 */
int loop_every(struct loop *loop, unsigned int ms, loop_fn fn, void *arg);

/* loop_pace() - from now on at another interval */
void loop_pace(struct loop *loop, unsigned int ms, loop_fn fn, void *arg);

/* loop_run() - until loop_stop(). Return: 0 or a negative errno. */
int loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

void loop_free(struct loop *loop);

#endif
