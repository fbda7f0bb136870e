/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reading of small files whole: configuration, sysfs attributes, keyrings.
 */
#ifndef RBDSHARE_LIB_SLURP_H
#define RBDSHARE_LIB_SLURP_H

#include <stdbool.h>
#include <stddef.h>

/**
 * slurp_file() - read a regular file
 * @path: the file
 * @max: largest size accepted, in bytes
 * @text: the bytes with a NUL behind them; the caller frees
 * @len: number of bytes; may be NULL
 *
 * Return: 0, -EFBIG when larger than @max, or the errno of open or read.
 */
int slurp_file(const char *path, size_t max, char **text, size_t *len);

/**
 * slurp_line() - first line of a (sysfs) file, into the caller's buffer
 *
 * Return: 0, -EOVERFLOW when the line does not fit, or a negative errno. The
 * buffer holds "" after a failure.
 */
int slurp_line(const char *path, char *buf, size_t size);

/**
 * slurp_u64() - a decimal number that fills the first line of a file
 *
 * Return: 0, -EINVAL when it is not a number, or a negative errno.
 */
int slurp_u64(const char *path, unsigned long long *value);

#endif
