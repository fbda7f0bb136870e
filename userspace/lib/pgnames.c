// SPDX-License-Identifier: GPL-2.0
#include "lib/pgnames.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define GOLDEN_RATIO 0x9e3779b9U
#define NS_SEPARATOR '\037'
#define NS_MAX 256
/* Numbers are never this large: random ones find all groups far earlier. */
#define UNSET UINT32_MAX

static uint32_t word(const unsigned char *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

/* A step of the mixing: x minus the others, then xor with a shifted one. */
static uint32_t step(uint32_t x, uint32_t y, uint32_t z, int shift)
{
	x -= y + z;
	return x ^ (shift > 0 ? z >> shift : z << -shift);
}

static void mix(uint32_t v[3])
{
	static const int shifts[9] = { 13, -8, 13, 12, -16, 5, 3, -10, 15 };
	int i, at;

	for (i = 0; i < 9; i++) {
		at = i % 3;
		v[at] = step(v[at], v[(at + 1) % 3], v[(at + 2) % 3],
			     shifts[i]);
	}
}

uint32_t pgnames_hash(const void *bytes, size_t len)
{
	uint32_t v[3] = { GOLDEN_RATIO, GOLDEN_RATIO, 0 };
	const unsigned char *p = bytes;
	unsigned char tail[12] = { 0 };
	size_t left = len;

	for (; left >= 12; left -= 12, p += 12) {
		v[0] += word(p);
		v[1] += word(p + 4);
		v[2] += word(p + 8);
		mix(v);
	}
	/* The lowest byte of the third word is kept for the length. */
	memcpy(tail, p, left < 8 ? left : 8);
	if (left > 8)
		memcpy(tail + 9, p + 8, left - 8);
	v[0] += word(tail);
	v[1] += word(tail + 4);
	v[2] += word(tail + 8) + (uint32_t)len;
	mix(v);
	return v[2];
}

uint32_t pgnames_pg(uint32_t hash, uint32_t pg_num)
{
	uint32_t mask = 1;

	/* The least 2^n - 1 that covers all groups. */
	while (mask < pg_num)
		mask <<= 1;
	mask--;
	return (hash & mask) < pg_num ? hash & mask : hash & (mask >> 1);
}

void pgnames_format(uint32_t number, char name[PGNAMES_NAME])
{
	snprintf(name, PGNAMES_NAME, "rbdshare.sweep.%" PRIx32, number);
}

static uint32_t hash_of(char *key, size_t ns_len, uint32_t number)
{
	pgnames_format(number, key + ns_len);
	return pgnames_hash(key, strlen(key));
}

int pgnames_make(uint32_t pg_num, const char *ns, uint32_t *numbers)
{
	char key[NS_MAX + PGNAMES_NAME];
	size_t ns_len = strlen(ns);
	uint32_t i, pg, left = pg_num;

	if (!pg_num || pg_num > PGNAMES_MAX_PGS)
		return -EINVAL;
	if (ns_len + 2 > NS_MAX)
		return -ENAMETOOLONG;
	memcpy(key, ns, ns_len);
	if (ns_len)
		key[ns_len++] = NS_SEPARATOR;
	for (i = 0; i < pg_num; i++)
		numbers[i] = UNSET;
	/* About pg_num * ln(pg_num) are needed; some groups are twice as big. */
	for (i = 0; left && i < 1000 + pg_num * 64; i++) {
		pg = pgnames_pg(hash_of(key, ns_len, i), pg_num);
		if (numbers[pg] != UNSET)
			continue;
		numbers[pg] = i;
		left--;
	}
	return left ? -ENOENT : 0;
}
