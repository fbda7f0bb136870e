/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files of shell assignments (/etc/default/...) as a document: single values
 * are read and changed, all other bytes stay as they are.
 */
#ifndef RBDSHARE_LIB_SHELLVARS_H
#define RBDSHARE_LIB_SHELLVARS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/finding.h"

#define SHELLVARS_MAX_BYTES (256 * 1024)

/**
 * struct shellvars_line - one line
 * @text: the line without its line end
 * @key: name of the variable; NULL when the line assigns none
 * @value: the value with quotes and backslashes resolved
 * @key_at, @value_at, @value_end: offsets of name and value in @text
 * @computed: the value has a '$' or '`' that only a shell can resolve, and
 *	@value is the text as written
 */
struct shellvars_line {
	char *text;
	char *key;
	char *value;
	size_t key_at;
	size_t value_at;
	size_t value_end;
	bool computed;
};

/* shellvars_free() frees it. @broken counts lines with an open quote. */
struct shellvars {
	struct shellvars_line *lines;
	size_t count;
	size_t broken;
};

/**
 * shellvars_parse() - text to document
 * @text: need not end with a newline or a NUL
 * @file: path for the findings
 * @found: takes open quotes, CR LF, control characters; may be NULL
 *
 * Return: 0, -ENOMEM or -EFBIG.
 */
int shellvars_parse(const char *text, size_t len, const char *file,
		    struct shellvars **out, struct finding_list *found);

void shellvars_free(struct shellvars *vars);

/**
 * shellvars_find() - the line that decides about a variable: the last one
 *
 * Return: its index + 1, which is its line number; 0 when it is not assigned.
 */
size_t shellvars_find(const struct shellvars *vars, const char *key);

/**
 * shellvars_place() - where that value stands, for a finding
 * @file: path of the document
 *
 * Line 0, the file as a whole, when the variable is not assigned.
 */
struct finding_place shellvars_place(const struct shellvars *vars,
				     const char *file, const char *key);

/* shellvars_get() - the value, NULL when not assigned. */
const char *shellvars_get(const struct shellvars *vars, const char *key);

/**
 * shellvars_set() - change the deciding line, or add one at the end
 *
 * A line that already has this value is not touched.
 *
 * Return: 0 or -ENOMEM (nothing changed then).
 */
int shellvars_set(struct shellvars *vars, const char *key, const char *value);

/**
 * shellvars_format() - document to text; each line ends with LF
 *
 * Return: 0, -ENOMEM, or -EINVAL for a document with broken lines.
 */
int shellvars_format(const struct shellvars *vars, char **text, size_t *len);

#endif
