/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Image features: bits as in the image header, names as the stock tools
 * print them.
 */
#ifndef RBD_LOGIC_IMAGE_FEATURES_H
#define RBD_LOGIC_IMAGE_FEATURES_H

#include "base.h"

#define RBD_FEATURE_LAYERING (1ULL << 0)
#define RBD_FEATURE_STRIPING (1ULL << 1)
#define RBD_FEATURE_EXCLUSIVE_LOCK (1ULL << 2)
#define RBD_FEATURE_OBJECT_MAP (1ULL << 3)
#define RBD_FEATURE_FAST_DIFF (1ULL << 4)
#define RBD_FEATURE_DEEP_FLATTEN (1ULL << 5)
#define RBD_FEATURE_JOURNALING (1ULL << 6)
#define RBD_FEATURE_DATA_POOL (1ULL << 7)
#define RBD_FEATURE_OPERATIONS (1ULL << 8)
#define RBD_FEATURE_MIGRATING (1ULL << 9)
#define RBD_FEATURE_NON_PRIMARY (1ULL << 10)

/* What the driver maps. */
#define RBD_FEATURES_SUPPORTED                              \
	(RBD_FEATURE_LAYERING | RBD_FEATURE_STRIPING |      \
	 RBD_FEATURE_DEEP_FLATTEN | RBD_FEATURE_DATA_POOL | \
	 RBD_FEATURE_OPERATIONS)

/* Only good while a single client writes; must be off in shared mode. */
#define RBD_FEATURES_SINGLE_CLIENT                             \
	(RBD_FEATURE_EXCLUSIVE_LOCK | RBD_FEATURE_OBJECT_MAP | \
	 RBD_FEATURE_FAST_DIFF | RBD_FEATURE_JOURNALING)

/**
 * rbd_features_names() - name the features of a mask
 * @mask: feature bits
 * @buf: text, names with a blank between them; always terminated, cut
 *	when it is too small (128 bytes hold every known name)
 * @size: size of @buf in bytes
 *
 * The order is the one in which they can be switched off: a feature comes
 * before those that it needs. Unknown bits are named by number.
 */
void rbd_features_names(u64 mask, char *buf, size_t size);

#endif
