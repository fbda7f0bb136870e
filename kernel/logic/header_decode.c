// SPDX-License-Identifier: GPL-2.0
/* Decoding what the OSD class "rbd" answers. */
#include "header_decode.h"

#include "extent.h"

/* The numbers behind it mean "no snapshot" and "all of them". */
#define SNAP_ID_MAX (U64_MAX - 2)

static int finish(const struct rbd_cursor *c)
{
	return rbd_cursor_bad(c) ? -EBADMSG : 0;
}

int rbd_decode_text(const void *buf, size_t len, struct rbd_span *out)
{
	struct rbd_cursor c;

	rbd_cursor_init(&c, buf, len);
	*out = rbd_get_span(&c);
	return finish(&c);
}

int rbd_decode_size(const void *buf, size_t len, u8 *order, u64 *size)
{
	struct rbd_cursor c;

	rbd_cursor_init(&c, buf, len);
	*order = rbd_get_8(&c);
	*size = rbd_get_64(&c);
	if (!rbd_cursor_bad(&c) &&
	    (*order < RBD_ORDER_MIN || *order > RBD_ORDER_MAX))
		return -EBADMSG;
	/* The block layer counts in signed 64-bit bytes. */
	if (*size > (1ULL << 63) - 1)
		return -EBADMSG;
	return finish(&c);
}

int rbd_decode_features(const void *buf, size_t len, u64 *features,
			u64 *incompat)
{
	struct rbd_cursor c;

	rbd_cursor_init(&c, buf, len);
	*features = rbd_get_64(&c);
	*incompat = rbd_get_64(&c);
	return finish(&c);
}

int rbd_decode_u64(const void *buf, size_t len, u64 *out)
{
	struct rbd_cursor c;

	rbd_cursor_init(&c, buf, len);
	*out = rbd_get_64(&c);
	return finish(&c);
}

int rbd_decode_striping(const void *buf, size_t len, u64 *unit, u64 *count)
{
	return rbd_decode_features(buf, len, unit, count);
}

int rbd_decode_snapcontext(const void *buf, size_t len, u64 *seq, u32 *count,
			   u64 *ids)
{
	struct rbd_cursor c;
	u64 newest;
	u32 i;

	rbd_cursor_init(&c, buf, len);
	*seq = rbd_get_64(&c);
	*count = rbd_get_32(&c);
	if (rbd_cursor_bad(&c))
		return -EBADMSG;
	if (*seq > SNAP_ID_MAX)
		return -EBADMSG;
	if (*count > RBD_SNAPS_MAX)
		return -E2BIG;
	newest = *seq;
	for (i = 0; i < *count; i++) {
		ids[i] = rbd_get_64(&c);
		if (ids[i] > newest || (i && ids[i] == newest))
			return -EBADMSG;
		newest = ids[i];
	}
	return finish(&c);
}

int rbd_decode_parent(const void *buf, size_t len, s64 *pool,
		      struct rbd_span *image, u64 *snap, u64 *overlap)
{
	struct rbd_cursor c;

	rbd_cursor_init(&c, buf, len);
	*pool = (s64)rbd_get_64(&c);
	*image = rbd_get_span(&c);
	*snap = rbd_get_64(&c);
	*overlap = rbd_get_64(&c);
	return finish(&c);
}
