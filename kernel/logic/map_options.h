/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The options of a mapping that are the driver's own; those of the cluster
 * connection (name, secret, key, mount_timeout, ms_mode...) are libceph's.
 */
#ifndef RBD_LOGIC_MAP_OPTIONS_H
#define RBD_LOGIC_MAP_OPTIONS_H

#include "base.h"

#define RBD_NAMESPACE_MAX 255

enum rbd_compression_hint {
	RBD_COMPRESSION_NONE,
	RBD_COMPRESSION_COMPRESSIBLE,
	RBD_COMPRESSION_INCOMPRESSIBLE,
};

/* What becomes of a request that the cluster does not answer in time. */
enum rbd_on_timeout {
	RBD_ON_TIMEOUT_QUEUE, /* wait for ever */
	RBD_ON_TIMEOUT_FAIL, /* end it with an error */
	RBD_ON_TIMEOUT_FENCE, /* blocklist ourselves, then end it */
};

/**
 * struct rbd_map_options - the driver's options of one mapping
 * @queue_depth: requests in flight per hardware queue, 1 or more
 * @alloc_size: bytes; granularity of discards, power of 2, 512 or more
 * @lock_timeout_s: seconds to wait for the exclusive lock, 0 for ever
 * @io_timeout_s: seconds after which @on_timeout acts, 1 or more
 * @on_timeout: see there
 * @compression_hint: told to the OSDs with the first write of an object
 * @read_only: map read-only
 * @lock_on_read: take the exclusive lock for reads too
 * @exclusive: never hand the exclusive lock over
 * @trim: offer discard and write-zeroes
 * @shared: several nodes write at once; see Documentation/design
 * @pool_ns: RADOS namespace, empty for the default one
 */
struct rbd_map_options {
	u32 queue_depth;
	u32 alloc_size;
	u32 lock_timeout_s;
	u32 io_timeout_s;
	enum rbd_on_timeout on_timeout;
	enum rbd_compression_hint compression_hint;
	bool read_only;
	bool lock_on_read;
	bool exclusive;
	bool trim;
	bool shared;
	char pool_ns[RBD_NAMESPACE_MAX + 1];
};

/** rbd_map_options_default() - the values when nothing is said */
void rbd_map_options_default(struct rbd_map_options *o);

/**
 * rbd_map_options_next() - cut the next option off a comma-separated list
 * @list: what is left; moved on
 * @key: the option's name
 * @value: what stands behind '=', with p NULL when there is no '='
 *
 * Return: false when the list is at its end.
 */
bool rbd_map_options_next(struct rbd_span *list, struct rbd_span *key,
			  struct rbd_span *value);

/**
 * rbd_map_options_set() - take one option
 * @o: the options to change
 * @key: its name
 * @value: its value, p NULL when none was given
 * @why: set to one sentence when it is refused
 *
 * Return: 0, -ENOENT when the name is unknown, -EINVAL when the value is
 * missing, superfluous or out of range.
 */
int rbd_map_options_set(struct rbd_map_options *o, struct rbd_span key,
			struct rbd_span value, const char **why);

/** rbd_on_timeout_str() - "queue", "fail" or "fence-then-fail" */
const char *rbd_on_timeout_str(enum rbd_on_timeout v);

/**
 * rbd_on_timeout_parse() - the other way round
 *
 * Return: 0 or -EINVAL.
 */
int rbd_on_timeout_parse(struct rbd_span text, enum rbd_on_timeout *v);

#endif
