// SPDX-License-Identifier: GPL-2.0
#include "lib/finding.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void finding_wipe(struct finding *f)
{
	free(f->file);
	free(f->text);
	free(f->fix);
}

/* Copies an optional string; false only when out of memory. */
static bool dup_optional(char **to, const char *from)
{
	*to = from ? strdup(from) : NULL;
	return !from || *to;
}

int finding_add(struct finding_list *list, enum finding_severity severity,
		const struct finding_place *place, const char *fix,
		const char *fmt, ...)
{
	struct finding f = { .severity = severity };
	struct finding *bigger;
	va_list ap;
	int len;

	if (!list)
		return 0;
	bigger = realloc(list->v, (list->n + 1) * sizeof(*list->v));
	if (!bigger)
		return -ENOMEM;
	list->v = bigger;
	if (place) {
		f.line = place->line;
		f.column = place->column;
	}
	va_start(ap, fmt);
	len = vasprintf(&f.text, fmt, ap);
	va_end(ap);
	if (len < 0)
		f.text = NULL;
	if (!f.text || !dup_optional(&f.fix, fix) ||
	    !dup_optional(&f.file, place ? place->file : NULL)) {
		finding_wipe(&f);
		return -ENOMEM;
	}
	list->v[list->n++] = f;
	return 0;
}

size_t finding_count(const struct finding_list *list,
		     enum finding_severity severity)
{
	size_t i, n = 0;

	for (i = 0; i < list->n; i++)
		if (list->v[i].severity == severity)
			n++;
	return n;
}

static bool same_file(const struct finding *a, const struct finding *b)
{
	if (!a->file || !b->file)
		return a->file == b->file;
	return !strcmp(a->file, b->file);
}

static bool goes_after(const struct finding *a, const struct finding *b)
{
	if (!same_file(a, b))
		return false;
	if (a->line != b->line)
		return a->line > b->line;
	return a->column > b->column;
}

/*
 * Insertion sort: stable, and lists are short. Moving back only past findings
 * of the same file keeps the files in the order in which they were checked.
 */
void finding_sort(struct finding_list *list)
{
	struct finding f;
	size_t i, j;

	for (i = 1; i < list->n; i++) {
		f = list->v[i];
		for (j = i; j && goes_after(&list->v[j - 1], &f); j--)
			list->v[j] = list->v[j - 1];
		list->v[j] = f;
	}
}

void finding_clear(struct finding_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		finding_wipe(&list->v[i]);
	free(list->v);
	list->v = NULL;
	list->n = 0;
}

const char *finding_severity_str(enum finding_severity severity)
{
	return severity == FINDING_ERROR ? "error" : "warning";
}
