/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Replies of the cluster, built byte by byte from the wire format. Nothing
 * of the code under test is used, so that a mistake there is not made twice.
 */
#ifndef TEST_REPLY_H
#define TEST_REPLY_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/**
 * struct reply - a reply under construction; start it with all zeroes
 * @len: bytes that are there
 * @bytes: the encoding; a test that outgrows it is aborted
 */
struct reply {
	size_t len;
	uint8_t bytes[16384];
};

static inline void reply_bytes(struct reply *r, const void *p, size_t len)
{
	if (len > sizeof(r->bytes) - r->len)
		abort();
	if (len)
		memcpy(r->bytes + r->len, p, len);
	r->len += len;
}

/* The low @bytes bytes of a number, lowest first. */
static inline void reply_le(struct reply *r, uint64_t v, unsigned int bytes)
{
	uint8_t b;

	for (; bytes; bytes--, v /= 256) {
		b = v % 256;
		reply_bytes(r, &b, 1);
	}
}

/* A string: 32-bit length, bytes. */
static inline void reply_string(struct reply *r, const void *p, size_t len)
{
	reply_le(r, len, 4);
	reply_bytes(r, p, len);
}

static inline void reply_text(struct reply *r, const char *text)
{
	reply_string(r, text, strlen(text));
}

/* Begin a versioned structure; its place goes to reply_close(). */
static inline size_t reply_open(struct reply *r, unsigned int version,
				unsigned int compat)
{
	reply_le(r, version, 1);
	reply_le(r, compat, 1);
	reply_le(r, 0, 4);
	return r->len;
}

static inline void reply_close(struct reply *r, size_t place)
{
	size_t end = r->len;

	r->len = place - 4;
	reply_le(r, end - place, 4);
	r->len = end;
}

/*
 * The first @len bytes in memory of exactly that size, where the sanitizer
 * sees a read of one byte too many. To be freed by the caller.
 */
static inline void *reply_cut(const struct reply *r, size_t len)
{
	uint8_t *copy = malloc(len);

	if (!copy || len > r->len)
		abort();
	memcpy(copy, r->bytes, len);
	return copy;
}

#endif
