/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a check found: a list of sentences, each with its place in a file and
 * the command that mends it.
 */
#ifndef RBDSHARE_LIB_FINDING_H
#define RBDSHARE_LIB_FINDING_H

#include <stdbool.h>
#include <stddef.h>

/**
 * enum finding_severity - how bad it is
 * @FINDING_ERROR: the cluster does not start or does not work
 * @FINDING_WARNING: it works now, but not in every case
 */
enum finding_severity {
	FINDING_ERROR,
	FINDING_WARNING,
};

/**
 * struct finding_place - where
 * @file: path; NULL when it is not about a file
 * @line: from 1; 0 when it is about the file as a whole
 * @column: character in the line, from 1; 0 when it is about the whole line
 */
struct finding_place {
	const char *file;
	unsigned int line;
	unsigned int column;
};

/* The strings belong to the list. @fix is NULL when there is no command. */
struct finding {
	enum finding_severity severity;
	char *file;
	unsigned int line;
	unsigned int column;
	char *text;
	char *fix;
};

/* Start with a zeroed one; finding_clear() frees what it holds. */
struct finding_list {
	struct finding *v;
	size_t n;
};

/**
 * finding_add() - append one
 * @list: may be NULL: then nothing is kept
 * @place: copied; NULL when there is none
 * @fix: the command that mends it, copied; or NULL
 * @fmt: the sentence, without a full stop or newline at the end
 *
 * Return: 0 or -ENOMEM.
 */
int finding_add(struct finding_list *list, enum finding_severity severity,
		const struct finding_place *place, const char *fix,
		const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* How many of one severity. */
size_t finding_count(const struct finding_list *list,
		     enum finding_severity severity);

/* By file (in the order of their first finding), then line, then column. */
void finding_sort(struct finding_list *list);

void finding_clear(struct finding_list *list);

/* "error" or "warning". */
const char *finding_severity_str(enum finding_severity severity);

#endif
