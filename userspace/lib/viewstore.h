/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The view object for an event loop: requests are queued, a thread does them
 * one after the other, results come in the same order. The watch on the object
 * only makes things faster; who relies on it polls as well.
 *
 * One thread uses a viewstore.
 */
#ifndef RBDSHARE_LIB_VIEWSTORE_H
#define RBDSHARE_LIB_VIEWSTORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/viewobject.h"

enum viewstore_kind {
	VIEWSTORE_READ,
	VIEWSTORE_CAS,
	/* Somebody says that he has changed the view: read it. */
	VIEWSTORE_NOTICE,
};

/**
 * struct viewstore_result - what became of a request
 * @kind: of the request
 * @tag: the caller's, handed through; 0 for a notice
 * @error: as of viewobject_read() or viewobject_cas()
 * @view: read: the view; failed change: the view as it is, if @view.seq is
 *	not 0. The caller frees it with viewobject_copy_free().
 */
struct viewstore_result {
	enum viewstore_kind kind;
	uint64_t tag;
	int error;
	struct viewobject_copy view;
};

struct viewstore;

/**
 * viewstore_open() - start its thread
 * @object: copied; its pool handle must outlive the viewstore, and have
 *	rados_set_pool_full_try(): else nobody can watch while the pool is full
 * @own_id: rados_get_instance_id(): our own notices are left out
 *
 * Return: 0 or a negative errno.
 */
int viewstore_open(struct viewstore **vs, const struct viewobject *object,
		   uint64_t own_id);

/* Readable when viewstore_next() may have something. */
int viewstore_fd(const struct viewstore *vs);

/* viewstore_read() - Return: 0 or -ENOMEM; the rest comes as a result. */
int viewstore_read(struct viewstore *vs, uint64_t tag);

/**
 * viewstore_cas() - see viewobject_cas()
 * @body: copied
 *
 * When it succeeds the other nodes get a notice.
 *
 * Return: 0, -EFBIG or -ENOMEM; the rest comes as a result.
 */
int viewstore_cas(struct viewstore *vs, uint64_t seq, const void *body,
		  size_t len, unsigned int timeout_ms, uint64_t tag);

/**
 * viewstore_next() - take a result
 *
 * To be called when the descriptor is readable, until it gives none, and once
 * a second: a watch that was lost is made anew from here.
 *
 * Return: was there one?
 */
bool viewstore_next(struct viewstore *vs, struct viewstore_result *result);

/* How long the request that is being done has been waiting for Ceph; 0: none */
long long viewstore_busy_ms(struct viewstore *vs);

/**
 * viewstore_close() - end it
 *
 * Finishes what is queued (bounded by the time-outs), drops the results. The
 * registration of a watch and a notice have no time-out in librados; what Ceph
 * does not answer within some seconds is not waited for.
 *
 * Return: was all answered? If not, neither the pool handle nor the client may
 * be ended before the process (librados calls into what it has freed), what
 * the answer needs stays allocated, and what is queued may be done or not.
 */
bool viewstore_close(struct viewstore *vs);

#endif
