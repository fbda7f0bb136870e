/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a node did and why, kept in RADOS so that it can be read when the node
 * is gone: lines of JSON in "events.<cluster>.<node>.0" and ".1".
 *
 * Only the node itself writes there, so nobody has to agree with anybody. It
 * appends to one of the two until that is full, then empties the other one and
 * goes on there. A line whose answer got lost may be there twice; readers take
 * equal neighbours for one.
 */
#ifndef RBDSHARE_LIB_EVENTRING_H
#define RBDSHARE_LIB_EVENTRING_H

#include <stddef.h>
#include <stdint.h>

#include "lib/radosdoor.h"

#define EVENTRING_HALF_BYTES (256U << 10)
/* Longest line, with its newline. */
#define EVENTRING_LINE 4096
/* Lines that wait for the storage; more are refused. */
#define EVENTRING_QUEUE 256

struct eventring;

/**
 * eventring_open() - go on where the last life of this node stopped
 * @io: pool; must outlive the ring
 * @half_bytes: EVENTRING_HALF_BYTES but in tests
 *
 * Nothing is read or written before the first line.
 *
 * Return: 0, -ENAMETOOLONG or another negative errno.
 */
int eventring_open(struct eventring **r, const struct radosdoor *door,
		   rados_ioctx_t io, const char *cluster, uint32_t node,
		   size_t half_bytes);

/**
 * eventring_put() - append a line, some time soon; never blocks
 * @line: without newline; copied
 *
 * Return: 0; -EMSGSIZE; -ENOMEM; -ENOBUFS too many wait already.
 */
int eventring_put(struct eventring *r, const char *line);

/* Readable when eventring_collect() has something to do. */
int eventring_fd(const struct eventring *r);

/**
 * eventring_on_lost() - who wants the lines that could not be written
 * @lost: called in eventring_collect() and eventring_close()
 *
 * A line whose answer got lost may have been written all the same.
 */
void eventring_on_lost(struct eventring *r,
		       void (*lost)(void *arg, const char *line), void *arg);

/* Takes back what is done. Return: how many lines of that were written. */
unsigned int eventring_collect(struct eventring *r);

/* Writes what is queued (bounded by the connection's time-outs). */
void eventring_close(struct eventring *r);

/**
 * eventring_read() - a node's lines, oldest first
 * @each: a line without its newline; nonzero ends it
 *
 * Blocks. Return: 0, also when the node has none; what @each returned; or a
 * negative errno.
 */
int eventring_read(const struct radosdoor *door, rados_ioctx_t io,
		   const char *cluster, uint32_t node,
		   int (*each)(void *arg, const char *line), void *arg);

#endif
