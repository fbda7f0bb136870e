// SPDX-License-Identifier: GPL-2.0
/*
 * Option lists from anywhere: the options stay within their limits, one that
 * is refused changes nothing, and what they are written out as is taken and
 * means the same.
 */
#include <stdio.h>

#include "map_options.h"
#include "must.h"

static const char *const hints[] = { "none", "compressible", "incompressible" };

static void within_limits(const struct rbd_map_options *o)
{
	MUST(o->queue_depth >= 1);
	MUST(o->alloc_size >= 512 && !(o->alloc_size & (o->alloc_size - 1)));
	MUST(o->lock_timeout_s <= 2147483);
	MUST(o->io_timeout_s >= 1 && o->io_timeout_s <= 2147483);
	MUST(o->on_timeout <= RBD_ON_TIMEOUT_FENCE);
	MUST(o->compression_hint <= RBD_COMPRESSION_INCOMPRESSIBLE);
	MUST(memchr(o->pool_ns, 0, sizeof(o->pool_ns)));
}

/* Sets one after the other; returns how many were refused. */
static unsigned int set_all(struct rbd_map_options *o, const char *text,
			    size_t size)
{
	struct rbd_span list = { text, (u32)size };
	const char *end = text + size;
	struct rbd_map_options before;
	struct rbd_span key, value;
	unsigned int refused = 0;
	const char *at = text;
	const char *why;
	int ret;

	while (rbd_map_options_next(&list, &key, &value)) {
		MUST(key.p >= at && key.p + key.len <= end);
		MUST(!memchr(key.p, ',', key.len));
		MUST(!memchr(key.p, '=', key.len));
		at = key.p + key.len;
		if (value.p) {
			MUST(value.p == at + 1 && value.p[-1] == '=');
			MUST(value.p + value.len <= end);
			MUST(!memchr(value.p, ',', value.len));
			at = value.p + value.len;
		}
		MUST(list.p == at && list.len == (size_t)(end - at));

		before = *o;
		ret = rbd_map_options_set(o, key, value, &why);
		MUST(!ret || ret == -ENOENT || ret == -EINVAL);
		MUST(!ret == !why);
		if (ret)
			MUST(!memcmp(o, &before, sizeof(before)));
		refused += !!ret;
		within_limits(o);
	}
	MUST(!list.len);
	return refused;
}

static void write_and_reread(const struct rbd_map_options *o)
{
	struct rbd_map_options again;
	char text[1024];
	int len;

	len = snprintf(text, sizeof(text),
		       "%s,queue_depth=%u,alloc_size=%u,lock_timeout=%u,"
		       "io_timeout=%u,on_timeout=%s,compression_hint=%s%s%s%s%s"
		       "%s%s",
		       o->read_only ? "ro" : "rw", o->queue_depth,
		       o->alloc_size, o->lock_timeout_s, o->io_timeout_s,
		       rbd_on_timeout_str(o->on_timeout),
		       hints[o->compression_hint],
		       o->lock_on_read ? ",lock_on_read" : "",
		       o->exclusive ? ",exclusive" : "",
		       o->trim ? "" : ",notrim", o->shared ? ",shared" : "",
		       *o->pool_ns ? ",_pool_ns=" : "", o->pool_ns);
	MUST(len > 0 && (size_t)len < sizeof(text));
	rbd_map_options_default(&again);
	MUST(!set_all(&again, text, len));
	MUST(again.read_only == o->read_only);
	MUST(again.queue_depth == o->queue_depth);
	MUST(again.alloc_size == o->alloc_size);
	MUST(again.lock_timeout_s == o->lock_timeout_s);
	MUST(again.io_timeout_s == o->io_timeout_s);
	MUST(again.on_timeout == o->on_timeout);
	MUST(again.compression_hint == o->compression_hint);
	MUST(again.lock_on_read == o->lock_on_read);
	MUST(again.exclusive == o->exclusive);
	MUST(again.trim == o->trim && again.shared == o->shared);
	MUST(!strcmp(again.pool_ns, o->pool_ns));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rbd_map_options o;

	rbd_map_options_default(&o);
	set_all(&o, (const char *)data, size);
	write_and_reread(&o);
	return 0;
}
