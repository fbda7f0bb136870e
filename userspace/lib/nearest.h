/* SPDX-License-Identifier: GPL-2.0 */
/*
 * "Did you mean": the word of a list that is closest to a mistyped one.
 */
#ifndef RBDSHARE_LIB_NEAREST_H
#define RBDSHARE_LIB_NEAREST_H

#include <stddef.h>

/* How many letters must change, go, come or swap places. Words < 64 bytes. */
unsigned int nearest_distance(const char *a, const char *b);

/**
 * nearest_word() - the closest of @n words
 *
 * Return: one of @words, or NULL when none is close enough to suggest it.
 */
const char *nearest_word(const char *word, const char *const *words, size_t n);

#endif
