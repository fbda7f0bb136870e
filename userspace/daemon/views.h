/* SPDX-License-Identifier: GPL-2.0 */
/* The view between the core and the storage. */
#ifndef RBDSHARED_VIEWS_H
#define RBDSHARED_VIEWS_H

#include "lib/viewstore.h"

struct daemon;
struct rbd_view;

/**
 * struct views - state of it
 * @reading: a read is under way
 * @read_ms: when the last one was over
 */
struct views {
	struct viewobject object;
	struct viewstore *store;
	bool reading;
	long long read_ms;
};

/**
 * views_first() - read it, waiting for the storage as long as it takes
 * @d: its session is open
 * @view: result
 *
 * Return: 0; -ENOENT there is none; another negative errno.
 */
int views_first(struct daemon *d, struct rbd_view *view, struct fault *f);

/* views_open() - serve it in the loop. Return: 0 or a negative errno. */
int views_open(struct daemon *d);
/* views_close() - Return: as of viewstore_close() */
bool views_close(struct daemon *d);

/* views_read() - have it read, unless that is under way */
void views_read(struct daemon *d);

/* views_cas() - RBD_CORE_CAS */
void views_cas(struct daemon *d);

/* views_serve() - take results; each second too */
void views_serve(void *daemon);

#endif
