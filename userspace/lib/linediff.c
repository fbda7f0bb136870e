// SPDX-License-Identifier: GPL-2.0
#include "lib/linediff.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define CONTEXT 3
/* Above this product of line counts the middle is replaced as one piece. */
#define MAX_CELLS 4000000UL

struct text {
	const char **line;
	size_t *len;
	size_t n;
	bool open_end;
};

/* One line of the result: ' ' kept, '-' taken out, '+' put in. */
struct edit {
	char op;
	size_t a;
	size_t b;
};

struct script {
	struct edit *v;
	size_t n;
};

static int split(const char *s, struct text *t)
{
	const char *nl, *p;
	size_t n = 1;

	for (p = s; *p; p++)
		n += *p == '\n';
	t->line = calloc(n, sizeof(*t->line));
	t->len = calloc(n, sizeof(*t->len));
	if (!t->line || !t->len)
		return -ENOMEM;
	while (*s) {
		nl = strchrnul(s, '\n');
		t->line[t->n] = s;
		t->len[t->n++] = nl - s;
		t->open_end = !*nl;
		s = *nl ? nl + 1 : nl;
	}
	return 0;
}

static bool same(const struct text *a, size_t i, const struct text *b, size_t j)
{
	/* A last line without its newline is another line. */
	if ((a->open_end && i == a->n - 1) != (b->open_end && j == b->n - 1))
		return false;
	return a->len[i] == b->len[j] &&
	       !memcmp(a->line[i], b->line[j], a->len[i]);
}

static void push(struct script *s, char op, size_t a, size_t b)
{
	s->v[s->n++] = (struct edit){ .op = op, .a = a, .b = b };
}

/* Table of the longest common subsequence of a[a0..a1) and b[b0..b1). */
static int middle(const struct text *a, size_t a0, size_t a1,
		  const struct text *b, size_t b0, size_t b1, struct script *s)
{
	size_t w = b1 - b0 + 1, i, j;
	unsigned int *t = NULL, down, right;

	if ((a1 - a0 + 1) * w <= MAX_CELLS) {
		t = calloc((a1 - a0 + 1) * w, sizeof(*t));
		if (!t)
			return -ENOMEM;
		for (i = a1; i-- > a0;)
			for (j = b1; j-- > b0;) {
				down = t[(i - a0 + 1) * w + j - b0];
				right = t[(i - a0) * w + j - b0 + 1];
				if (same(a, i, b, j))
					down = t[(i - a0 + 1) * w + j - b0 + 1] +
					       1;
				t[(i - a0) * w + j - b0] = down > right ? down :
									  right;
			}
	}
	i = a0;
	j = b0;
	while (t && i < a1 && j < b1) {
		if (same(a, i, b, j)) {
			push(s, ' ', i++, j++);
			continue;
		}
		down = t[(i - a0 + 1) * w + j - b0];
		right = t[(i - a0) * w + j - b0 + 1];
		if (down >= right) {
			push(s, '-', i, j);
			i++;
		} else {
			push(s, '+', i, j);
			j++;
		}
	}
	for (; i < a1; i++)
		push(s, '-', i, j);
	for (; j < b1; j++)
		push(s, '+', i, j);
	free(t);
	return 0;
}

static int compare(const struct text *a, const struct text *b, struct script *s)
{
	size_t head = 0, tail = 0, i;
	int ret;

	s->v = calloc(a->n + b->n + 1, sizeof(*s->v));
	if (!s->v)
		return -ENOMEM;
	while (head < a->n && head < b->n && same(a, head, b, head)) {
		push(s, ' ', head, head);
		head++;
	}
	while (tail < a->n - head && tail < b->n - head &&
	       same(a, a->n - tail - 1, b, b->n - tail - 1))
		tail++;
	ret = middle(a, head, a->n - tail, b, head, b->n - tail, s);
	for (i = tail; i && !ret; i--)
		push(s, ' ', a->n - i, b->n - i);
	return ret;
}

static void print_edit(FILE *f, const struct edit *e, const struct text *a,
		       const struct text *b)
{
	const struct text *t = e->op == '+' ? b : a;
	size_t i = e->op == '+' ? e->b : e->a;

	fprintf(f, "%c%.*s\n", e->op, (int)t->len[i], t->line[i]);
	if (t->open_end && i == t->n - 1)
		fputs("\\ No newline at end of file\n", f);
}

static void print_hunk(FILE *f, const struct script *s, size_t from, size_t to,
		       const struct text *a, const struct text *b)
{
	size_t i, na = 0, nb = 0;

	for (i = from; i < to; i++) {
		na += s->v[i].op != '+';
		nb += s->v[i].op != '-';
	}
	/* An empty side is named by the line before it. */
	fprintf(f, "@@ -%zu,%zu +%zu,%zu @@\n", s->v[from].a + !!na, na,
		s->v[from].b + !!nb, nb);
	for (i = from; i < to; i++)
		print_edit(f, &s->v[i], a, b);
}

/* Index of the next change at or behind i, or the end. */
static size_t next_change(const struct script *s, size_t i)
{
	while (i < s->n && s->v[i].op == ' ')
		i++;
	return i;
}

static void print_script(FILE *f, const struct script *s, const struct text *a,
			 const struct text *b)
{
	size_t i = next_change(s, 0), from, to, next;

	while (i < s->n) {
		from = i > CONTEXT ? i - CONTEXT : 0;
		for (;;) {
			while (i < s->n && s->v[i].op != ' ')
				i++;
			next = next_change(s, i);
			if (next == s->n || next - i > 2 * CONTEXT)
				break;
			i = next;
		}
		to = i + CONTEXT < s->n ? i + CONTEXT : s->n;
		print_hunk(f, s, from, to, a, b);
		i = next;
	}
}

static void wipe(struct text *t)
{
	free(t->line);
	free(t->len);
}

int linediff_print(FILE *f, const char *path, const char *before,
		   const char *after)
{
	struct text a = { 0 }, b = { 0 };
	struct script s = { 0 };
	int ret;

	if (before && !strcmp(before, after))
		return 0;
	ret = split(before ? before : "", &a);
	if (!ret)
		ret = split(after, &b);
	if (!ret)
		ret = compare(&a, &b, &s);
	if (!ret) {
		fprintf(f, "--- %s\n+++ %s\n", before ? path : "/dev/null",
			path);
		print_script(f, &s, &a, &b);
	}
	wipe(&a);
	wipe(&b);
	free(s.v);
	return ret;
}
