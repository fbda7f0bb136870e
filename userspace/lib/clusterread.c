// SPDX-License-Identifier: GPL-2.0
/* Reading of cluster.conf: one line at a time, loosely, with line and column. */
#include "lib/clusterconf.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIX_FORMAT "rbdshare cluster format"

/**
 * struct reader - where the reading is
 * @line: number of the current line, from 1
 * @start: its first byte
 * @in_stanza: a header has been seen
 * @gap: a blank line came after the header of this stanza
 * @gap_told, @crlf_told, @nbsp_told: said once, not for every line
 */
struct reader {
	struct clusterconf *doc;
	struct finding_list *found;
	const char *file;
	unsigned int line;
	const char *start;
	bool in_stanza;
	bool gap;
	bool gap_told;
	bool crlf_told;
	bool nbsp_told;
};

/*
 * Length of the blank at s, 0 when there is none. Text copied from a web page
 * or a document has no-break spaces (U+00A0), which look the same.
 */
static size_t blank_len(const char *s, size_t len)
{
	if (len && (*s == ' ' || *s == '\t'))
		return 1;
	return len > 1 && !memcmp(s, "\xc2\xa0", 2) ? 2 : 0;
}

/* Offset of the first byte from at on that is no blank. */
static size_t skip_blanks(const char *s, size_t len, size_t at)
{
	size_t n;

	while ((n = blank_len(s + at, len - at)))
		at += n;
	return at;
}

static size_t trim_blanks(const char *s, size_t len)
{
	while (len) {
		if (s[len - 1] == ' ' || s[len - 1] == '\t')
			len--;
		else if (len > 1 && blank_len(s + len - 2, 2) == 2)
			len -= 2;
		else
			break;
	}
	return len;
}

/* Columns count characters, as editors do, not bytes. */
static unsigned int column_of(const char *s, size_t offset)
{
	unsigned int n = 1;
	size_t i;

	for (i = 0; i < offset; i++)
		n += ((unsigned char)s[i] & 0xc0) != 0x80;
	return n;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static int note(struct reader *r, size_t offset, const char *fix,
		const char *text)
{
	struct finding_place place = {
		.file = r->file,
		.line = r->line,
		.column = column_of(r->start, offset),
	};

	return finding_add(r->found, FINDING_ERROR, &place, fix, "%s", text);
}

/* A form that we read and ocfs2-tools refuse. */
static int loose(struct reader *r, size_t offset, const char *text)
{
	r->doc->loose = true;
	return note(r, offset, FIX_FORMAT, text);
}

static int broken(struct reader *r, struct clusterconf_line *l, const char *s,
		  size_t len, size_t offset, const char *text)
{
	l->kind = CLUSTERCONF_BROKEN;
	l->column = column_of(s, offset);
	l->value = strndup(s, len);
	if (!l->value)
		return -ENOMEM;
	r->doc->broken++;
	return note(r, offset, NULL, text);
}

static int read_comment(struct reader *r, struct clusterconf_line *l,
			const char *s, size_t len, size_t at)
{
	l->kind = CLUSTERCONF_COMMENT;
	l->value = strndup(s + at, len - at);
	if (!l->value)
		return -ENOMEM;
	if (!at)
		return 0;
	return loose(
		r, at,
		"a comment has to start in the first column, or ocfs2-tools reject the whole file");
}

static int read_header(struct reader *r, struct clusterconf_line *l,
		       const char *s, size_t at, size_t word_end)
{
	l->kind = CLUSTERCONF_HEADER;
	l->key = strndup(s + at, word_end - at);
	if (!l->key)
		return -ENOMEM;
	r->in_stanza = true;
	r->gap = false;
	r->gap_told = false;
	if (!at)
		return 0;
	return loose(
		r, at,
		"a stanza has to start in the first column, or ocfs2-tools reject the whole file");
}

/* A blank for each no-break space. */
static void plain_blanks(char *s)
{
	char *to = s;
	size_t n;

	for (; *s; s += n) {
		n = blank_len(s, s[1] ? 2 : 1);
		*to++ = n == 2 ? ' ' : *s;
		n += !n;
	}
	*to = '\0';
}

static int judge_attr(struct reader *r, size_t at)
{
	if (!at)
		return loose(
			r, at,
			"an attribute has to be indented by a tab, or ocfs2-tools reject the whole file");
	if (r->gap && !r->gap_told) {
		r->gap_told = true;
		return loose(
			r, at,
			"a blank line ends the stanza for ocfs2-tools, which reject the whole file because of this attribute after it");
	}
	return 0;
}

static int read_attr(struct reader *r, struct clusterconf_line *l,
		     const char *s, size_t len, size_t at, size_t word_end,
		     size_t value)
{
	value = skip_blanks(s, len, value);
	if (!r->in_stanza)
		return broken(
			r, l, s, len, at,
			"this attribute belongs to no stanza; put it below a line 'cluster:', 'node:' or 'heartbeat:'");
	if (value < len && s[len - 1] == '\\')
		return broken(
			r, l, s, len, len - 1,
			"a value cannot go on in the next line; write it on one line without the '\\'");
	l->kind = CLUSTERCONF_ATTR;
	l->value_column = column_of(s, value);
	l->key = strndup(s + at, word_end - at);
	l->value = strndup(s + value, len - value);
	if (!l->key || !l->value)
		return -ENOMEM;
	plain_blanks(l->value);
	return judge_attr(r, at);
}

/* Offset of the first byte that no line may have, or len. */
static size_t find_control(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((iscntrl((unsigned char)s[i]) && s[i] != '\t'))
			break;
	return i;
}

static int read_words(struct reader *r, struct clusterconf_line *l,
		      const char *s, size_t len, size_t at)
{
	size_t word_end = at, next;

	while (word_end < len && is_word(s[word_end]))
		word_end++;
	next = skip_blanks(s, len, word_end);
	if (word_end == at)
		return broken(
			r, l, s, len, at,
			"expected a stanza ('node:'), an attribute ('name = value') or a comment ('#')");
	if (next < len && s[next] == '=')
		return read_attr(r, l, s, len, at, word_end, next + 1);
	if (next < len && s[next] == ':' && next + 1 == len)
		return read_header(r, l, s, at, word_end);
	if (next < len && s[next] == ':')
		return broken(
			r, l, s, len, next + 1,
			"nothing may follow the ':' of a stanza; put it on a line of its own");
	return broken(r, l, s, len, next,
		      "expected '=' and a value, or ':' to begin a stanza");
}

/* s has no line end and, unless it is a comment, no blanks at its end. */
static int read_content(struct reader *r, struct clusterconf_line *l,
			const char *s, size_t len)
{
	size_t at = skip_blanks(s, len, 0), control = find_control(s, len);

	l->line = r->line;
	l->column = column_of(s, at);
	if (control < len)
		return broken(
			r, l, s, len, control,
			"this line has a control character; is this a text file?");
	if (at == len) {
		l->kind = CLUSTERCONF_BLANK;
		r->gap = true;
		return 0;
	}
	if (s[at] == '#')
		return read_comment(r, l, s, len, at);
	return read_words(r, l, s, len, at);
}

static int read_line(struct reader *r, struct clusterconf_line *l,
		     const char *s, size_t len)
{
	const char *nbsp;
	int ret = 0;

	r->start = s;
	if (len && s[len - 1] == '\r') {
		len--;
		if (!r->crlf_told)
			ret = loose(
				r, len,
				"lines end in CR LF, as on DOS, and ocfs2-tools reject the whole file");
		r->crlf_told = true;
	}
	nbsp = memmem(s, len, "\xc2\xa0", 2);
	if (!ret && nbsp && !r->nbsp_told && !memchr(s, '#', nbsp - s)) {
		ret = loose(
			r, nbsp - s,
			"this is a no-break space, as copied from a web page or document; ocfs2-tools want tabs and blanks and reject the whole file");
		r->nbsp_told = true;
	}
	len = trim_blanks(s, len);
	return ret ? ret : read_content(r, l, s, len);
}

static size_t count_lines(const char *text, size_t len)
{
	size_t i, n = 0;

	for (i = 0; i < len; i++)
		if (text[i] == '\n')
			n++;
	return n + (len && text[len - 1] != '\n');
}

static int read_all(struct reader *r, const char *text, size_t len)
{
	static const char bom[] = "\xef\xbb\xbf";
	const char *nl;
	size_t n;
	int ret = 0;

	if (len >= 3 && !memcmp(text, bom, 3)) {
		r->line = 1;
		r->start = text;
		ret = loose(
			r, 0,
			"the file begins with a byte order mark, and ocfs2-tools reject it");
		r->line = 0;
		text += 3;
		len -= 3;
	}
	while (len && !ret) {
		nl = memchr(text, '\n', len);
		n = nl ? (size_t)(nl - text) : len;
		r->line++;
		ret = read_line(r, &r->doc->lines[r->doc->count++], text, n);
		n += !!nl;
		text += n;
		len -= n;
	}
	return ret;
}

int clusterconf_parse(const char *text, size_t len, const char *file,
		      struct clusterconf **out, struct finding_list *found)
{
	struct reader r = { .found = found, .file = file };
	int ret;

	if (len > CLUSTERCONF_MAX_BYTES)
		return -EFBIG;
	r.doc = clusterconf_new();
	if (!r.doc)
		return -ENOMEM;
	/* One more, so that the size is never 0. */
	r.doc->lines = calloc(count_lines(text, len) + 1,
			      sizeof(*r.doc->lines));
	ret = r.doc->lines ? read_all(&r, text, len) : -ENOMEM;
	if (ret) {
		clusterconf_free(r.doc);
		return ret;
	}
	*out = r.doc;
	return 0;
}
