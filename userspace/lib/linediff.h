/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The difference of two small texts, in the unified form patch(1) reads.
 */
#ifndef RBDSHARE_LIB_LINEDIFF_H
#define RBDSHARE_LIB_LINEDIFF_H

#include <stdio.h>

/**
 * linediff_print() - print what changes; nothing when the texts are equal
 * @f: where to
 * @path: for the head; "a/" and "b/" are not put before it
 * @before: NUL-terminated; NULL for a file that does not exist yet
 * @after: NUL-terminated
 *
 * Return: 0 or -ENOMEM.
 */
int linediff_print(FILE *f, const char *path, const char *before,
		   const char *after);

#endif
