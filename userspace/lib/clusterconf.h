/* SPDX-License-Identifier: GPL-2.0 */
/*
 * /etc/ocfs2/cluster.conf as a document: every line is kept, so that an edit
 * leaves comments, blank lines and the order alone.
 *
 * Reading is loose: blanks or tabs or nothing before an attribute, no blank
 * line between stanzas, blank lines inside them, indented comments, no-break
 * spaces, CR LF, no newline at the end. Writing is strict, as ocfs2-tools want it: stanzas
 * and comments in the first column, one tab before an attribute, a blank line
 * between stanzas and none inside. ocfs2-tools throw the whole file away at
 * the first line they do not like, without a line number; the reader notes
 * each such line as a finding.
 */
#ifndef RBDSHARE_LIB_CLUSTERCONF_H
#define RBDSHARE_LIB_CLUSTERCONF_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "lib/finding.h"

/* No real file comes near; larger ones are refused with -EFBIG. */
#define CLUSTERCONF_MAX_BYTES (256 * 1024)

enum clusterconf_kind {
	CLUSTERCONF_BLANK,
	CLUSTERCONF_COMMENT,
	CLUSTERCONF_HEADER,
	CLUSTERCONF_ATTR,
	CLUSTERCONF_BROKEN,
};

/**
 * struct clusterconf_line - one line of the document
 * @line: number in the file that was read, from 1; 0 when added since
 * @column: where @key begins, in characters from 1
 * @value_column: where @value begins, from 1 (attributes only)
 * @key: type of the stanza, or key of the attribute; else NULL
 * @value: value of the attribute without blanks around it, or the comment
 *	with its '#', or the whole broken line; else NULL
 */
struct clusterconf_line {
	enum clusterconf_kind kind;
	unsigned int line;
	unsigned int column;
	unsigned int value_column;
	char *key;
	char *value;
};

/**
 * struct clusterconf - the document; clusterconf_free() frees it
 * @loose: some line was in a form that ocfs2-tools refuse
 * @broken: number of lines that are neither stanza, attribute nor comment;
 *	such a document can be looked at but must not be written
 */
struct clusterconf {
	struct clusterconf_line *lines;
	size_t count;
	bool loose;
	size_t broken;
};

/* One attribute of a stanza to be added; the strings are copied. */
struct clusterconf_pair {
	const char *key;
	const char *value;
};

/**
 * clusterconf_parse() - text to document
 * @text: need not end with a newline or a NUL
 * @file: path for the findings
 * @out: the document, also when some lines are broken (see @broken)
 * @found: takes what is wrong with the form; may be NULL
 *
 * Return: 0, -ENOMEM, or -EFBIG.
 */
int clusterconf_parse(const char *text, size_t len, const char *file,
		      struct clusterconf **out, struct finding_list *found);

/* An empty document, to be filled; NULL when out of memory. */
struct clusterconf *clusterconf_new(void);

void clusterconf_free(struct clusterconf *doc);

/**
 * clusterconf_format() - document to text, in the strict form
 * @text: NUL-terminated; the caller frees
 * @len: bytes without the NUL
 *
 * What it writes reads back as the same document, and writing that again
 * gives the same bytes.
 *
 * Return: 0, -ENOMEM, or -EINVAL for a document with broken lines.
 */
int clusterconf_format(const struct clusterconf *doc, char **text, size_t *len);

/**
 * clusterconf_stanza() - index of the next stanza
 * @from: first line index to look at
 * @type: "cluster", "node", "heartbeat"; NULL for any
 *
 * Return: index of the header in @lines, or -1.
 */
ssize_t clusterconf_stanza(const struct clusterconf *doc, size_t from,
			   const char *type);

/* Index of the first line that cannot be part of the stanza at @header. */
size_t clusterconf_stanza_end(const struct clusterconf *doc, size_t header);

/**
 * clusterconf_attr() - an attribute of a stanza
 *
 * When the key is there several times the last one counts, as in o2cb.
 *
 * Return: the line, or NULL.
 */
const struct clusterconf_line *clusterconf_attr(const struct clusterconf *doc,
						size_t header, const char *key);

/* clusterconf_value() - only its value; NULL when absent. */
const char *clusterconf_value(const struct clusterconf *doc, size_t header,
			      const char *key);

/**
 * clusterconf_set() - change an attribute, or add it as the last
 *
 * Line indexes behind @header may move.
 *
 * Return: 0 or -ENOMEM (nothing changed then).
 */
int clusterconf_set(struct clusterconf *doc, size_t header, const char *key,
		    const char *value);

/**
 * clusterconf_insert() - add a stanza
 * @at: line index it is put before; @doc->count for the end
 *
 * Return: 0 or -ENOMEM (nothing changed then).
 */
int clusterconf_insert(struct clusterconf *doc, size_t at, const char *type,
		       const struct clusterconf_pair *pairs, size_t n);

/**
 * clusterconf_remove() - take a stanza out
 *
 * Comments between its attributes go with it; comments above it stay, for
 * nobody but their author knows whether they speak of this stanza alone.
 */
void clusterconf_remove(struct clusterconf *doc, size_t header);

#endif
