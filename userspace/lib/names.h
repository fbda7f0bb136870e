/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rules for names we create. Ceph takes more than its own tools can use later.
 */
#ifndef RBDSHARE_LIB_NAMES_H
#define RBDSHARE_LIB_NAMES_H

#include "lib/fault.h"

/* Most PGs we let a pool be created with; the monitors have a limit as well. */
#define NAMES_PG_MAX 65536

/**
 * names_check() - may something be created under this name?
 * @what: "pool", "image", "snapshot", "client": for the sentence
 *
 * No empty names, no '/', '@', ',', '=', '#', blanks or control characters,
 * no '-' or '.' in front: specs, map files and options could not name it.
 *
 * Return: 0 or -EINVAL.
 */
int names_check(const char *what, const char *name, struct fault *f);

/* names_pg_num() - a power of two in range. Return: 0 or -EINVAL. */
int names_pg_num(const char *text, unsigned int *pg_num, struct fault *f);

#endif
