// SPDX-License-Identifier: GPL-2.0
/* Names of image features. */
#include "image_features.h"

static const struct {
	u64 bit;
	const char *name;
} names[] = {
	{ RBD_FEATURE_JOURNALING, "journaling" },
	{ RBD_FEATURE_FAST_DIFF, "fast-diff" },
	{ RBD_FEATURE_OBJECT_MAP, "object-map" },
	{ RBD_FEATURE_EXCLUSIVE_LOCK, "exclusive-lock" },
	{ RBD_FEATURE_DEEP_FLATTEN, "deep-flatten" },
	{ RBD_FEATURE_LAYERING, "layering" },
	{ RBD_FEATURE_STRIPING, "striping" },
	{ RBD_FEATURE_DATA_POOL, "data-pool" },
	{ RBD_FEATURE_OPERATIONS, "operations" },
	{ RBD_FEATURE_MIGRATING, "migrating" },
	{ RBD_FEATURE_NON_PRIMARY, "non-primary" },
};

struct text {
	char *p;
	size_t left;
};

static void add_char(struct text *t, char ch)
{
	if (t->left > 1) {
		*t->p++ = ch;
		t->left--;
	}
}

static void add_word(struct text *t, const char *start, const char *word)
{
	if (t->p != start)
		add_char(t, ' ');
	while (*word)
		add_char(t, *word++);
}

void rbd_features_names(u64 mask, char *buf, size_t size)
{
	struct text t = { buf, size };
	char bit_name[] = "bit-00";
	u32 i;

	if (!size)
		return;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (mask & names[i].bit)
			add_word(&t, buf, names[i].name);
		mask &= ~names[i].bit;
	}
	for (i = 0; i < 64; i++) {
		if (!(mask & 1ULL << i))
			continue;
		bit_name[4] = (char)('0' + i / 10);
		bit_name[5] = (char)('0' + i % 10);
		add_word(&t, buf, bit_name);
	}
	*t.p = '\0';
}
