// SPDX-License-Identifier: GPL-2.0
#include "lib/names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NAME_LEN_MAX 96
#define ALLOWED "use letters, digits, '-', '_' and '.'"

int names_check(const char *what, const char *name, struct fault *f)
{
	const unsigned char *p;

	if (!*name)
		return fault_set(f, -EINVAL, "the %s name is empty", what);
	if (strlen(name) > NAME_LEN_MAX)
		return fault_set(
			f, -EINVAL,
			"the %s name '%.20s...' is longer than %d bytes", what,
			name, NAME_LEN_MAX);
	if (*name == '-' || *name == '.')
		return fault_set(
			f, -EINVAL,
			"the %s name '%s' begins with '%c'; begin it with a letter or digit",
			what, name, *name);
	for (p = (const unsigned char *)name; *p; p++)
		if (*p <= ' ' || *p == 0x7f)
			return fault_set(
				f, -EINVAL,
				"the %s name '%s' has a blank or control character; " ALLOWED,
				what, name);
	p = (const unsigned char *)strpbrk(name, "/@,=#'\"\\");
	if (p)
		return fault_set(f, -EINVAL,
				 "the %s name '%s' has a '%c'; " ALLOWED, what,
				 name, *p);
	return 0;
}

int names_pg_num(const char *text, unsigned int *pg_num, struct fault *f)
{
	unsigned long v;
	char *end;

	errno = 0;
	v = strtoul(text, &end, 10);
	if (errno || *end || *text < '0' || *text > '9' || !v ||
	    v > NAMES_PG_MAX)
		return fault_set(f, -EINVAL,
				 "'%.20s' is not a number of PGs from 1 to %d",
				 text, NAMES_PG_MAX);
	if (v & (v - 1))
		return fault_set(
			f, -EINVAL,
			"%lu PGs would spread data unevenly: take a power of two, such as %lu",
			v,
			1UL << (8 * sizeof(v) - 1 -
				(unsigned int)__builtin_clzl(v)));
	*pg_num = (unsigned int)v;
	return 0;
}
