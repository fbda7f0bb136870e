// SPDX-License-Identifier: GPL-2.0
#include "lib/table.h"

#include <errno.h>
#include <libsmartcols.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct table {
	struct libscols_table *t;
	unsigned int columns;
};

struct table *table_new(const char *columns)
{
	struct table *t = calloc(1, sizeof(*t));
	char *copy = strdup(columns), *word, *blank, *save = NULL;
	size_t len;

	scols_init_debug(0);
	if (t)
		t->t = scols_new_table();
	if (!t || !t->t || !copy) {
		free(copy);
		free(t);
		return NULL;
	}
	scols_table_set_column_separator(t->t, "  ");
	for (word = strtok_r(copy, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		for (blank = strchr(word, '_'); blank;
		     blank = strchr(blank, '_'))
			*blank = ' ';
		len = strlen(word);
		if (word[len - 1] == '>') {
			word[len - 1] = '\0';
			scols_table_new_column(t->t, word, 0, SCOLS_FL_RIGHT);
		} else {
			scols_table_new_column(t->t, word, 0, 0);
		}
		t->columns++;
	}
	/* In a pipe nothing is cut: it is for programs. */
	scols_table_set_termforce(t->t, SCOLS_TERMFORCE_AUTO);
	free(copy);
	return t;
}

void table_row(struct table *t, ...)
{
	struct libscols_line *line = t ? scols_table_new_line(t->t, NULL) :
					 NULL;
	unsigned int i;
	va_list ap;

	if (!line)
		return;
	va_start(ap, t);
	for (i = 0; i < t->columns; i++)
		scols_line_set_data(line, i, va_arg(ap, const char *));
	va_end(ap);
}

int table_print(struct table *t, FILE *out)
{
	int ret;

	if (!t)
		return -ENOMEM;
	scols_table_set_stream(t->t, out);
	ret = scols_table_is_empty(t->t) ? 0 : scols_print_table(t->t);
	scols_unref_table(t->t);
	free(t);
	return ret;
}
