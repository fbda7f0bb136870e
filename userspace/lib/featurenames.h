/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names of image features, bit by bit.
 */
#ifndef RBDSHARE_LIB_FEATURENAMES_H
#define RBDSHARE_LIB_FEATURENAMES_H

#include <stddef.h>
#include <stdint.h>

/* Name of a bit (0..63), or NULL when it has none we know. */
const char *feature_name(unsigned int bit);

/* The mask of a name; 0 when there is no such feature. */
uint64_t feature_mask(const char *name);

/* "layering, deep-flatten"; unknown bits as "bit-40"; "none" for 0 */
void features_format(uint64_t mask, char *buf, size_t size);

#endif
