/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One object name for each placement group of a pool, so that a client can
 * send something to every one of them. The objects need not exist.
 *
 * Which group an object belongs to is part of Ceph's protocol: a 32-bit hash
 * of its name (with the namespace and byte 0x1f in front, when it is in one),
 * cut to the number of groups.
 */
#ifndef RBDSHARE_LIB_PGNAMES_H
#define RBDSHARE_LIB_PGNAMES_H

#include <stddef.h>
#include <stdint.h>

/* The monitors' "object_hash" of pools this works for: all since 2010. */
#define PGNAMES_HASH_RJENKINS 2
/* No pool comes near. */
#define PGNAMES_MAX_PGS (1U << 17)
/* Longest name, with its NUL. */
#define PGNAMES_NAME 32

/* pgnames_hash() - the hash; Bob Jenkins' of 1996 over the bytes */
uint32_t pgnames_hash(const void *bytes, size_t len);

/* pgnames_pg() - group of an object with that hash; @pg_num at least 1 */
uint32_t pgnames_pg(uint32_t hash, uint32_t pg_num);

/**
 * pgnames_make() - find the names
 * @pg_num: groups of the pool, from 1 to PGNAMES_MAX_PGS
 * @ns: RADOS namespace, "" for none
 * @numbers: room for @pg_num; the name for group i is then
 *	pgnames_format(numbers[i])
 *
 * Return: 0; -EINVAL for a bad @pg_num; -ENAMETOOLONG for the namespace;
 * -ENOENT when no name was found for some group (the hash would be broken).
 */
int pgnames_make(uint32_t pg_num, const char *ns, uint32_t *numbers);

void pgnames_format(uint32_t number, char name[PGNAMES_NAME]);

#endif
