// SPDX-License-Identifier: GPL-2.0
#include "lib/nearest.h"

#include <string.h>

#define WORD_MAX 64

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	return a < b ? (a < c ? a : c) : (b < c ? b : c);
}

unsigned int nearest_distance(const char *a, const char *b)
{
	unsigned int row[3][WORD_MAX + 1];
	unsigned int *before = row[0], *above = row[1], *now = row[2], *spare;
	size_t la = strlen(a), lb = strlen(b), i, j;

	if (la > WORD_MAX || lb > WORD_MAX)
		return WORD_MAX;
	memset(row, 0, sizeof(row));
	for (j = 0; j <= lb; j++)
		above[j] = (unsigned int)j;
	for (i = 1; i <= la; i++) {
		now[0] = (unsigned int)i;
		for (j = 1; j <= lb; j++) {
			now[j] = min3(above[j] + 1, now[j - 1] + 1,
				      above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && before[j - 2] + 1 < now[j])
				now[j] = before[j - 2] + 1;
		}
		spare = before;
		before = above;
		above = now;
		now = spare;
	}
	return above[lb];
}

const char *nearest_word(const char *word, const char *const *words, size_t n)
{
	unsigned int best = WORD_MAX, d;
	const char *found = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		d = nearest_distance(word, words[i]);
		if (d < best) {
			best = d;
			found = words[i];
		}
	}
	/* A third of the letters may be wrong, at least one, at most two. */
	d = (unsigned int)strlen(word) / 3;
	d = d < 1 ? 1 : d > 2 ? 2 : d;
	return best <= d ? found : NULL;
}
