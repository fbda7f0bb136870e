/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sizes as people write and read them.
 */
#ifndef RBDSHARE_LIB_SIZE_H
#define RBDSHARE_LIB_SIZE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/fault.h"

#define SIZE_MIB (1ULL << 20)

/**
 * size_parse() - "10G", "10GiB", "10240M", "1.5T", "4096B"
 * @text: what the user wrote; letters in any case, no sign
 * @unit: bytes that a number without a suffix stands for
 * @bytes: the result
 * @f: what is wrong with @text
 *
 * All suffixes are powers of 1024, as in the stock tools. A fraction must come
 * out at a whole number of bytes.
 *
 * Return: 0, -EINVAL, or -ERANGE when it does not fit.
 */
int size_parse(const char *text, uint64_t unit, uint64_t *bytes,
	       struct fault *f);

/**
 * size_parse_device() - size of an image: mebibytes when there is no suffix
 *
 * Return: as size_parse(); -EINVAL also for 0 and for what is no multiple of
 * a sector, -EFBIG above 1 EiB.
 */
int size_parse_device(const char *text, uint64_t *bytes, struct fault *f);

/* size_format() - "10 GiB", "1.5 TiB", "512 B"; 16 bytes always suffice. */
void size_format(uint64_t bytes, char *buf, size_t size);

#endif
