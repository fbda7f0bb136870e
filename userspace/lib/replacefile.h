/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Replacing a small file at once: whoever reads it sees the old or the new
 * text, also after a power cut.
 */
#ifndef RBDSHARE_LIB_REPLACEFILE_H
#define RBDSHARE_LIB_REPLACEFILE_H

#include <stddef.h>

#include "lib/fault.h"

/**
 * replacefile_lock() - keep others that use this function away from a file
 * @path: need not exist; its folder is made (0755) when it is missing, but
 *	only that one level
 *
 * The lock is on the folder, so nothing is left behind. close() ends it.
 *
 * Return: a descriptor, or a negative errno with a sentence.
 */
int replacefile_lock(const char *path, struct fault *f);

/**
 * replacefile_write() - put a text in the place of a file
 * @path: a symbolic link is followed
 *
 * Mode and owner stay; a new file gets 0644 less the umask. The text is on
 * the disk when it returns.
 *
 * Return: 0 or a negative errno with a sentence; the old file is whole then.
 */
int replacefile_write(const char *path, const char *text, size_t len,
		      struct fault *f);

#endif
