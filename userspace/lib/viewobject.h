/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The object "view.<cluster>": what all nodes agree on, changed by
 * compare-and-swap alone. Bytes in, bytes out; what they mean is no matter
 * here.
 *
 * The body is the object's data. The attribute "seq" holds the number of the
 * view as decimal text without leading zeroes, "writer" a random token of the
 * write that made it. One operation compares seq, replaces the body and sets
 * both: of any number of writers that go out from the same view exactly one
 * succeeds. librados compares attributes as strings, which for such a number
 * is the same as by value.
 *
 * The calls block, each attempt for at most the connection's
 * rados_osd_op_timeout. Not for the thread of an event loop: see viewstore.h.
 */
#ifndef RBDSHARE_LIB_VIEWOBJECT_H
#define RBDSHARE_LIB_VIEWOBJECT_H

#include <stddef.h>
#include <stdint.h>

#include "lib/radosdoor.h"

#define VIEWOBJECT_MAX_BYTES 65536
#define VIEWOBJECT_TOKEN_CHARS 32

/**
 * struct viewobject - where it is
 * @door: librados
 * @io: its pool; borrowed
 * @name: of the object
 */
struct viewobject {
	const struct radosdoor *door;
	rados_ioctx_t io;
	char name[80];
};

/**
 * struct viewobject_copy - one view as it was read; viewobject_copy_free()
 * @seq: its number, at least 1; 0 when there is no copy here
 * @writer: token of its writer
 * @body: VIEWOBJECT_MAX_BYTES at most; never NULL when @seq is not 0
 * @len: bytes in @body
 */
struct viewobject_copy {
	uint64_t seq;
	char writer[VIEWOBJECT_TOKEN_CHARS + 1];
	unsigned char *body;
	size_t len;
};

/* Return: 0, or -ENAMETOOLONG. */
int viewobject_init(struct viewobject *v, const struct radosdoor *door,
		    rados_ioctx_t io, const char *cluster);

/**
 * viewobject_read() - body, number and token in one operation
 *
 * Return: 0; -ENOENT there is none; -EBADMSG it is no view; -EFBIG;
 * -ETIMEDOUT; -ESHUTDOWN we are fenced; or what else librados says.
 */
int viewobject_read(const struct viewobject *v, struct viewobject_copy *copy);

/**
 * viewobject_cas() - put the successor of view @seq
 * @seq: number of the view that @body was made from; 0 to create the first
 * @timeout_ms: how long to go on when nothing is certain
 * @now: on every failure the view as it is, if it could be read (@seq not 0)
 *
 * When an attempt times out, nobody knows whether it was applied, or will be.
 * So the object is read and the token compared, and the attempt repeated with
 * the same token while the number is still @seq.
 *
 * Return:
 * 0		the view seq + 1 is ours;
 * -ECANCELED	somebody else's is: decide again from @now;
 * -ESTALE	the number moved on by more than one after an attempt of
 *		unknown end: @now tells whether ours was among them;
 * -ETIMEDOUT	unknown: it may be applied, now or later, but not behind
 *		another view than @seq;
 * -ENOENT	the object is gone; -ENOSPC, -EDQUOT the pool is full;
 * -ESHUTDOWN	we are fenced; -EFBIG; or what else librados says.
 */
int viewobject_cas(const struct viewobject *v, uint64_t seq, const void *body,
		   size_t len, unsigned int timeout_ms,
		   struct viewobject_copy *now);

/* Frees the body; the struct is empty then. */
void viewobject_copy_free(struct viewobject_copy *copy);

#endif
