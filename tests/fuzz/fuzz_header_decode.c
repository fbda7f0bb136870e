// SPDX-License-Identifier: GPL-2.0
/*
 * Replies of the class "rbd" from anywhere: each decoder takes exactly what
 * the format allows, and gives exactly what stands there.
 */
#include "header_decode.h"
#include "must.h"

static void text(const uint8_t *data, size_t size)
{
	struct rbd_span s;
	int ret = rbd_decode_text(data, size, &s);

	if (size < 4 || number_at(data, 4) > size - 4) {
		MUST(ret == -EBADMSG);
		return;
	}
	MUST(!ret && s.p == (const char *)data + 4);
	MUST(s.len == number_at(data, 4));
}

static void numbers(const uint8_t *data, size_t size)
{
	u64 a, b;

	MUST(rbd_decode_u64(data, size, &a) == (size < 8 ? -EBADMSG : 0));
	if (size >= 8)
		MUST(a == number_at(data, 8));
	MUST(rbd_decode_features(data, size, &a, &b) ==
	     (size < 16 ? -EBADMSG : 0));
	if (size >= 16)
		MUST(a == number_at(data, 8) && b == number_at(data + 8, 8));
	MUST(rbd_decode_striping(data, size, &a, &b) ==
	     (size < 16 ? -EBADMSG : 0));
	if (size >= 16)
		MUST(a == number_at(data, 8) && b == number_at(data + 8, 8));
}

static void image_size(const uint8_t *data, size_t size)
{
	u64 bytes;
	u8 order;
	int ret = rbd_decode_size(data, size, &order, &bytes);
	bool good = size >= 9 && data[0] >= 12 && data[0] <= 25 &&
		    number_at(data + 1, 8) <= INT64_MAX;

	MUST(ret == (good ? 0 : -EBADMSG));
	if (good)
		MUST(order == data[0] && bytes == number_at(data + 1, 8));
}

/* What the format allows: 0, or the error that is due. */
static int judge_snapcontext(const uint8_t *data, size_t size)
{
	u64 seq, count, i, id, above;

	if (size < 12)
		return -EBADMSG;
	seq = number_at(data, 8);
	count = number_at(data + 8, 4);
	if (seq > UINT64_MAX - 2)
		return -EBADMSG;
	if (count > RBD_SNAPS_MAX)
		return -E2BIG;
	if (size - 12 < count * 8)
		return -EBADMSG;
	for (i = 0, above = seq + 1; i < count; i++, above = id) {
		id = number_at(data + 12 + i * 8, 8);
		if (id >= above)
			return -EBADMSG;
	}
	return 0;
}

static void snapcontext(const uint8_t *data, size_t size)
{
	u64 *ids = malloc(RBD_SNAPS_MAX * sizeof(*ids));
	u32 count, i;
	u64 seq;
	int ret;

	MUST(ids);
	ret = rbd_decode_snapcontext(data, size, &seq, &count, ids);
	MUST(ret == judge_snapcontext(data, size));
	if (!ret) {
		MUST(seq == number_at(data, 8));
		MUST(count == number_at(data + 8, 4));
		for (i = 0; i < count; i++)
			MUST(ids[i] == number_at(data + 12 + i * 8, 8));
	}
	free(ids);
}

static void parent(const uint8_t *data, size_t size)
{
	struct rbd_span image;
	u64 snap, overlap;
	const uint8_t *at;
	s64 pool;
	int ret = rbd_decode_parent(data, size, &pool, &image, &snap, &overlap);

	if (size < 28 || number_at(data + 8, 4) > size - 28) {
		MUST(ret == -EBADMSG);
		return;
	}
	MUST(!ret && (u64)pool == number_at(data, 8));
	MUST(image.p == (const char *)data + 12);
	MUST(image.len == number_at(data + 8, 4));
	at = data + 12 + image.len;
	MUST(snap == number_at(at, 8) && overlap == number_at(at + 8, 8));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	text(data, size);
	numbers(data, size);
	image_size(data, size);
	snapcontext(data, size);
	parent(data, size);
	return 0;
}
