/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Replies in buffers of exactly their size. Under KASAN a decoder that reads
 * one byte too far is reported, which no test with a large buffer would see.
 */
#ifndef RBD_KUNIT_VECTORS_H
#define RBD_KUNIT_VECTORS_H

#include <kunit/test.h>

#include "cursor.h"

#define VECTOR_MAX 8192

/**
 * struct vector - a reply under construction
 * @c: where the next field goes
 * @bytes: the encoding so far
 */
struct vector {
	struct rbd_cursor c;
	u8 bytes[VECTOR_MAX];
};

/* An empty one; freed with the test. */
static inline struct vector *vector_new(struct kunit *test)
{
	struct vector *v = kunit_kzalloc(test, sizeof(*v), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, v);
	rbd_cursor_init(&v->c, v->bytes, sizeof(v->bytes));
	return v;
}

/* Its size in bytes. */
static inline size_t vector_len(const struct vector *v)
{
	return v->c.p - v->bytes;
}

/*
 * The first @len bytes in memory of their own; freed with the test. A
 * length of zero gives a valid pointer that may not be read from.
 */
static inline void *vector_cut(struct kunit *test, const struct vector *v,
			       size_t len)
{
	u8 *copy = kunit_kmalloc(test, len ? len : 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, copy);
	memcpy(copy, v->bytes, len);
	return copy;
}

#endif
