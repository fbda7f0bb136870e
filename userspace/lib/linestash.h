/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lines of text in a small file of this boot, put aside until they can go
 * where they belong.
 */
#ifndef RBDSHARE_LIB_LINESTASH_H
#define RBDSHARE_LIB_LINESTASH_H

#include <stddef.h>

/**
 * linestash_put() - one more line
 * @path: made, 0600, when it is missing
 * @max: bytes of the file; what would exceed that is dropped
 * @line: without newline
 *
 * Return: 0, -EFBIG or another negative errno.
 */
int linestash_put(const char *path, size_t max, const char *line);

/**
 * linestash_take() - empty it
 * @each: a line without its newline; it may put lines again
 *
 * A larger file than @max is not ours: it goes away unread.
 */
void linestash_take(const char *path, size_t max,
		    void (*each)(void *arg, const char *line), void *arg);

#endif
