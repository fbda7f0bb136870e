/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bounded reading and writing of Ceph's little-endian encoding.
 *
 * A cursor never leaves its buffer. The first step that does not fit makes
 * it bad; from then on every read gives zero and every write does nothing,
 * so a decoder checks once, at its end, with rbd_cursor_bad().
 */
#ifndef RBD_LOGIC_CURSOR_H
#define RBD_LOGIC_CURSOR_H

#include "base.h"

struct rbd_cursor {
	u8 *p;
	u8 *end;
	bool bad;
};

static inline void rbd_cursor_init(struct rbd_cursor *c, const void *buf,
				   size_t len)
{
	c->p = (u8 *)buf;
	/* Nothing may be added to a NULL pointer, not even 0. */
	c->end = len ? c->p + len : c->p;
	c->bad = false;
}

static inline bool rbd_cursor_bad(const struct rbd_cursor *c)
{
	return c->bad;
}

static inline size_t rbd_cursor_left(const struct rbd_cursor *c)
{
	return c->bad ? 0 : (size_t)(c->end - c->p);
}

/* Room for @len bytes, or NULL and a bad cursor. */
static inline u8 *rbd_cursor_take(struct rbd_cursor *c, size_t len)
{
	u8 *at = c->p;

	if (c->bad || (size_t)(c->end - c->p) < len) {
		c->bad = true;
		return NULL;
	}
	c->p += len;
	return at;
}

static inline u64 rbd_get_le(struct rbd_cursor *c, unsigned int bytes)
{
	const u8 *at = rbd_cursor_take(c, bytes);
	u64 v = 0;

	while (at && bytes--)
		v = v << 8 | at[bytes];
	return v;
}

static inline u8 rbd_get_8(struct rbd_cursor *c)
{
	return (u8)rbd_get_le(c, 1);
}

static inline u32 rbd_get_32(struct rbd_cursor *c)
{
	return (u32)rbd_get_le(c, 4);
}

static inline u64 rbd_get_64(struct rbd_cursor *c)
{
	return rbd_get_le(c, 8);
}

/* A string: 32-bit length and bytes. */
static inline struct rbd_span rbd_get_span(struct rbd_cursor *c)
{
	struct rbd_span s = { NULL, rbd_get_32(c) };

	s.p = (const char *)rbd_cursor_take(c, s.len);
	if (!s.p)
		s.len = 0;
	return s;
}

/*
 * The start of a versioned structure: version, lowest version of a reader
 * that understands it, length. @body becomes a cursor over just that
 * structure and @c goes on behind it, so that fields added by a newer
 * writer are passed over. Returns the version, 0 when it is bad or wants
 * a reader newer than @reader.
 */
static inline u8 rbd_get_start(struct rbd_cursor *c, u8 reader,
			       struct rbd_cursor *body)
{
	u8 version = rbd_get_8(c);
	u8 compat = rbd_get_8(c);
	u32 len = rbd_get_32(c);
	const u8 *at = rbd_cursor_take(c, len);

	if (!at || compat > reader) {
		c->bad = true;
		rbd_cursor_init(body, c->end, 0);
		body->bad = true;
		return 0;
	}
	rbd_cursor_init(body, at, len);
	return version;
}

static inline void rbd_put_le(struct rbd_cursor *c, u64 v, unsigned int bytes)
{
	u8 *at = rbd_cursor_take(c, bytes);
	unsigned int i;

	for (i = 0; at && i < bytes; i++)
		at[i] = (u8)(v >> (8 * i));
}

static inline void rbd_put_8(struct rbd_cursor *c, u8 v)
{
	rbd_put_le(c, v, 1);
}

static inline void rbd_put_32(struct rbd_cursor *c, u32 v)
{
	rbd_put_le(c, v, 4);
}

static inline void rbd_put_64(struct rbd_cursor *c, u64 v)
{
	rbd_put_le(c, v, 8);
}

static inline void rbd_put_text(struct rbd_cursor *c, const char *text)
{
	size_t len = strlen(text);
	u8 *at;

	rbd_put_32(c, (u32)len);
	at = rbd_cursor_take(c, len);
	if (at)
		memcpy(at, text, len);
}

/* Begin a versioned structure; give the returned place to rbd_put_end(). */
static inline u8 *rbd_put_start(struct rbd_cursor *c, u8 version, u8 compat)
{
	rbd_put_8(c, version);
	rbd_put_8(c, compat);
	return rbd_cursor_take(c, 4);
}

static inline void rbd_put_end(struct rbd_cursor *c, u8 *len_at)
{
	struct rbd_cursor len;

	if (c->bad || !len_at)
		return;
	rbd_cursor_init(&len, len_at, 4);
	rbd_put_32(&len, (u32)(c->p - len_at - 4));
}

#endif
