// SPDX-License-Identifier: GPL-2.0
/* The document itself: lines in and out. Their reading is in clusterread.c. */
#include "lib/clusterconf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct clusterconf *clusterconf_new(void)
{
	return calloc(1, sizeof(struct clusterconf));
}

static void wipe_line(struct clusterconf_line *l)
{
	free(l->key);
	free(l->value);
}

void clusterconf_free(struct clusterconf *doc)
{
	size_t i;

	if (!doc)
		return;
	for (i = 0; i < doc->count; i++)
		wipe_line(&doc->lines[i]);
	free(doc->lines);
	free(doc);
}

ssize_t clusterconf_stanza(const struct clusterconf *doc, size_t from,
			   const char *type)
{
	size_t i;

	for (i = from; i < doc->count; i++)
		if (doc->lines[i].kind == CLUSTERCONF_HEADER &&
		    (!type || !strcmp(doc->lines[i].key, type)))
			return i;
	return -1;
}

size_t clusterconf_stanza_end(const struct clusterconf *doc, size_t header)
{
	size_t i, end = header + 1;

	for (i = header + 1; i < doc->count; i++) {
		if (doc->lines[i].kind == CLUSTERCONF_HEADER)
			break;
		if (doc->lines[i].kind == CLUSTERCONF_ATTR)
			end = i + 1;
	}
	return end;
}

/* Index of the attribute that counts, or 0 (index 0 is never an attribute). */
static size_t attr_index(const struct clusterconf *doc, size_t header,
			 const char *key)
{
	size_t i, hit = 0, end = clusterconf_stanza_end(doc, header);

	for (i = header + 1; i < end; i++)
		if (doc->lines[i].kind == CLUSTERCONF_ATTR &&
		    !strcmp(doc->lines[i].key, key))
			hit = i;
	return hit;
}

const struct clusterconf_line *clusterconf_attr(const struct clusterconf *doc,
						size_t header, const char *key)
{
	size_t i = attr_index(doc, header, key);

	return i ? &doc->lines[i] : NULL;
}

const char *clusterconf_value(const struct clusterconf *doc, size_t header,
			      const char *key)
{
	const struct clusterconf_line *l = clusterconf_attr(doc, header, key);

	return l ? l->value : NULL;
}

/* Makes room for n zeroed lines before index at. */
static int open_gap(struct clusterconf *doc, size_t at, size_t n)
{
	struct clusterconf_line *bigger;

	bigger = realloc(doc->lines, (doc->count + n) * sizeof(*doc->lines));
	if (!bigger)
		return -ENOMEM;
	doc->lines = bigger;
	memmove(bigger + at + n, bigger + at,
		(doc->count - at) * sizeof(*bigger));
	memset(bigger + at, 0, n * sizeof(*bigger));
	doc->count += n;
	return 0;
}

static void close_gap(struct clusterconf *doc, size_t at, size_t n)
{
	size_t i;

	for (i = at; i < at + n; i++)
		wipe_line(&doc->lines[i]);
	memmove(doc->lines + at, doc->lines + at + n,
		(doc->count - at - n) * sizeof(*doc->lines));
	doc->count -= n;
}

static int fill_attr(struct clusterconf_line *l, const char *key,
		     const char *value)
{
	l->kind = CLUSTERCONF_ATTR;
	l->key = strdup(key);
	l->value = strdup(value);
	return l->key && l->value ? 0 : -ENOMEM;
}

int clusterconf_set(struct clusterconf *doc, size_t header, const char *key,
		    const char *value)
{
	size_t i = attr_index(doc, header, key);
	char *copy;
	int ret;

	if (i) {
		copy = strdup(value);
		if (!copy)
			return -ENOMEM;
		free(doc->lines[i].value);
		doc->lines[i].value = copy;
		return 0;
	}
	i = clusterconf_stanza_end(doc, header);
	ret = open_gap(doc, i, 1);
	if (ret)
		return ret;
	ret = fill_attr(&doc->lines[i], key, value);
	if (ret)
		close_gap(doc, i, 1);
	return ret;
}

int clusterconf_insert(struct clusterconf *doc, size_t at, const char *type,
		       const struct clusterconf_pair *pairs, size_t n)
{
	size_t i;
	int ret = open_gap(doc, at, n + 1);

	if (ret)
		return ret;
	doc->lines[at].kind = CLUSTERCONF_HEADER;
	doc->lines[at].key = strdup(type);
	if (!doc->lines[at].key)
		ret = -ENOMEM;
	for (i = 0; i < n && !ret; i++)
		ret = fill_attr(&doc->lines[at + 1 + i], pairs[i].key,
				pairs[i].value);
	if (ret)
		close_gap(doc, at, n + 1);
	return ret;
}

void clusterconf_remove(struct clusterconf *doc, size_t header)
{
	size_t end = clusterconf_stanza_end(doc, header);
	struct clusterconf_line *l = doc->lines;

	/* Of the blank lines on both sides only one side's are needed. */
	if (!header || l[header - 1].kind == CLUSTERCONF_BLANK)
		while (end < doc->count && l[end].kind == CLUSTERCONF_BLANK)
			end++;
	/* A comment that stood above must not stick to the next stanza. */
	if (header && l[header - 1].kind == CLUSTERCONF_COMMENT &&
	    end < doc->count && l[end].kind != CLUSTERCONF_BLANK) {
		wipe_line(&l[header]);
		memset(&l[header], 0, sizeof(*l));
		l[header++].kind = CLUSTERCONF_BLANK;
	}
	close_gap(doc, header, end - header);
}

/*
 * Whether a blank line has to be put before line i: it opens the next stanza,
 * or is the first of the comments that stand directly above the next stanza.
 */
static bool needs_blank_before(const struct clusterconf *doc, size_t i,
			       bool after_text, bool in_comments)
{
	if (!after_text)
		return false;
	if (doc->lines[i].kind == CLUSTERCONF_HEADER)
		return !in_comments;
	if (doc->lines[i].kind != CLUSTERCONF_COMMENT || in_comments)
		return false;
	while (i < doc->count && doc->lines[i].kind == CLUSTERCONF_COMMENT)
		i++;
	return i < doc->count && doc->lines[i].kind == CLUSTERCONF_HEADER;
}

static void print_line(FILE *f, const struct clusterconf_line *l)
{
	switch (l->kind) {
	case CLUSTERCONF_HEADER:
		fprintf(f, "%s:\n", l->key);
		break;
	case CLUSTERCONF_ATTR:
		fprintf(f, "\t%s = %s\n", l->key, l->value);
		break;
	case CLUSTERCONF_COMMENT:
		fprintf(f, "%s\n", l->value);
		break;
	case CLUSTERCONF_BLANK:
	case CLUSTERCONF_BROKEN:
		fputc('\n', f);
		break;
	}
}

static void print_document(FILE *f, const struct clusterconf *doc)
{
	bool after_text = false, in_comments = false;
	size_t i, end = 0;

	for (i = 0; i < doc->count; i++) {
		const struct clusterconf_line *l = &doc->lines[i];

		if (l->kind == CLUSTERCONF_HEADER)
			end = clusterconf_stanza_end(doc, i);
		if (l->kind == CLUSTERCONF_BLANK) {
			/* A blank line inside closes the stanza for o2cb. */
			if (i >= end) {
				fputc('\n', f);
				after_text = false;
				in_comments = false;
			}
			continue;
		}
		if (needs_blank_before(doc, i, after_text, in_comments))
			fputc('\n', f);
		print_line(f, l);
		after_text = true;
		in_comments = l->kind == CLUSTERCONF_COMMENT && i >= end;
	}
}

int clusterconf_format(const struct clusterconf *doc, char **text, size_t *len)
{
	FILE *f;

	if (doc->broken)
		return -EINVAL;
	*text = NULL;
	f = open_memstream(text, len);
	if (!f)
		return -ENOMEM;
	print_document(f, doc);
	if (fclose(f)) {
		free(*text);
		*text = NULL;
		return -ENOMEM;
	}
	return 0;
}
