// SPDX-License-Identifier: GPL-2.0
#include "lib/featurenames.h"

#include <stdio.h>
#include <string.h>

/* By bit of the mask. */
static const char *const names[] = {
	"layering",   "striping",     "exclusive-lock", "object-map",
	"fast-diff",  "deep-flatten", "journaling",	"data-pool",
	"operations", "migrating",    "non-primary",	"dirty-cache",
};

#define NAMES (sizeof(names) / sizeof(names[0]))

const char *feature_name(unsigned int bit)
{
	return bit < NAMES ? names[bit] : NULL;
}

uint64_t feature_mask(const char *name)
{
	unsigned int i;

	for (i = 0; i < NAMES; i++)
		if (!strcmp(name, names[i]))
			return 1ULL << i;
	return 0;
}

void features_format(uint64_t mask, char *buf, size_t size)
{
	size_t used = 0;
	unsigned int i;
	char other[16];

	snprintf(buf, size, "none");
	for (i = 0; i < 64; i++) {
		if (!(mask & 1ULL << i) || used >= size)
			continue;
		snprintf(other, sizeof(other), "bit-%u", i);
		used += (size_t)snprintf(buf + used, size - used, "%s%s",
					 used ? ", " : "",
					 feature_name(i) ?: other);
	}
}
