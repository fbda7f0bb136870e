// SPDX-License-Identifier: GPL-2.0
#include "lib/shellvars.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool starts_name(char c)
{
	return isalpha((unsigned char)c) || c == '_';
}

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void wipe_line(struct shellvars_line *l)
{
	free(l->text);
	free(l->key);
	free(l->value);
}

void shellvars_free(struct shellvars *vars)
{
	size_t i;

	if (!vars)
		return;
	for (i = 0; i < vars->count; i++)
		wipe_line(&vars->lines[i]);
	free(vars->lines);
	free(vars);
}

/* Finds the name of an assignment, after blanks and "export". */
static bool find_name(struct shellvars_line *l)
{
	const char *s = l->text;
	size_t at = strspn(s, " \t"), end;

	if (!strncmp(s + at, "export", 6) && is_blank(s[at + 6])) {
		at += 6;
		at += strspn(s + at, " \t");
	}
	if (!starts_name(s[at]))
		return false;
	for (end = at; is_name(s[end]); end++)
		;
	if (s[end] != '=')
		return false;
	l->key_at = at;
	l->value_at = end + 1;
	return true;
}

/*
 * Resolves quotes and backslashes of the word at value_at into out, which is
 * as long as the line. Returns false when a quote is open at the line's end.
 */
static bool unquote(struct shellvars_line *l, char *out)
{
	const char *s = l->text + l->value_at;
	char quote = 0;

	for (; *s; s++) {
		if (!quote && (is_blank(*s) || strchr(";&|", *s)))
			break;
		if (*s == quote) {
			quote = 0;
		} else if (!quote && (*s == '"' || *s == '\'')) {
			quote = *s;
		} else if (*s == '\\' && quote != '\'') {
			if (!s[1])
				return false;
			/* In "" a backslash hides only these. */
			if (quote && !strchr("$`\"\\", s[1]))
				*out++ = *s;
			*out++ = *++s;
		} else {
			if (quote != '\'' && (*s == '$' || *s == '`'))
				l->computed = true;
			*out++ = *s;
		}
	}
	*out = '\0';
	l->value_end = s - l->text;
	return !quote;
}

static int read_value(struct shellvars_line *l, bool *open)
{
	size_t len = strlen(l->text + l->value_at);

	l->key = strndup(l->text + l->key_at, l->value_at - 1 - l->key_at);
	l->value = malloc(len + 1);
	if (!l->key || !l->value)
		return -ENOMEM;
	*open = !unquote(l, l->value);
	if (*open || !l->computed)
		return 0;
	free(l->value);
	l->value = strndup(l->text + l->value_at, l->value_end - l->value_at);
	return l->value ? 0 : -ENOMEM;
}

static int judge_line(struct shellvars *v, struct shellvars_line *l,
		      struct finding_place *place, struct finding_list *found)
{
	bool open = false;
	int ret;

	if (!find_name(l))
		return 0;
	ret = read_value(l, &open);
	if (ret || !open)
		return ret;
	v->broken++;
	place->column = l->value_at + 1;
	free(l->key);
	l->key = NULL;
	return finding_add(
		found, FINDING_ERROR, place, NULL,
		"a quote is not closed on this line, or the line ends with '\\'; write the value on one line");
}

static int read_line(struct shellvars *v, const char *s, size_t len,
		     struct finding_place *place, struct finding_list *found,
		     bool *crlf)
{
	struct shellvars_line *l = &v->lines[v->count++];
	int ret = 0;

	place->column = len;
	if (len && s[len - 1] == '\r') {
		/* All of them: what is written has none, and must read the same. */
		while (len && s[len - 1] == '\r')
			len--;
		if (!*crlf)
			ret = finding_add(
				found, FINDING_ERROR, place,
				"sed -i 's/\\r$//' FILE",
				"lines end in CR LF, as on DOS, so the shell sees a CR at the end of each value");
		*crlf = true;
	}
	if (ret)
		return ret;
	if (memchr(s, '\0', len)) {
		v->broken++;
		place->column = 0;
		ret = finding_add(
			found, FINDING_ERROR, place, NULL,
			"this line has a NUL byte; is this a text file?");
		if (ret)
			return ret;
	}
	l->text = strndup(s, len);
	return l->text ? judge_line(v, l, place, found) : -ENOMEM;
}

static int read_all(struct shellvars *v, const char *text, size_t len,
		    const char *file, struct finding_list *found)
{
	struct finding_place place = { .file = file };
	struct shellvars_line *bigger;
	bool crlf = false;
	const char *nl;
	size_t n, space = 0;
	int ret = 0;

	while (len && !ret) {
		if (v->count == space) {
			space = space ? 2 * space : 64;
			bigger = realloc(v->lines, space * sizeof(*bigger));
			if (!bigger)
				return -ENOMEM;
			v->lines = bigger;
		}
		memset(&v->lines[v->count], 0, sizeof(*v->lines));
		nl = memchr(text, '\n', len);
		n = nl ? (size_t)(nl - text) : len;
		place.line++;
		ret = read_line(v, text, n, &place, found, &crlf);
		n += !!nl;
		text += n;
		len -= n;
	}
	return ret;
}

int shellvars_parse(const char *text, size_t len, const char *file,
		    struct shellvars **out, struct finding_list *found)
{
	struct shellvars *v;
	int ret;

	if (len > SHELLVARS_MAX_BYTES)
		return -EFBIG;
	v = calloc(1, sizeof(*v));
	if (!v)
		return -ENOMEM;
	ret = read_all(v, text, len, file, found);
	if (ret) {
		shellvars_free(v);
		return ret;
	}
	*out = v;
	return 0;
}

size_t shellvars_find(const struct shellvars *vars, const char *key)
{
	size_t i;

	for (i = vars->count; i; i--)
		if (vars->lines[i - 1].key &&
		    !strcmp(vars->lines[i - 1].key, key))
			break;
	return i;
}

struct finding_place shellvars_place(const struct shellvars *vars,
				     const char *file, const char *key)
{
	size_t line = shellvars_find(vars, key);
	struct finding_place place = { .file = file, .line = line };

	if (line)
		place.column = vars->lines[line - 1].value_at + 1;
	return place;
}

const char *shellvars_get(const struct shellvars *vars, const char *key)
{
	size_t i = shellvars_find(vars, key);

	return i ? vars->lines[i - 1].value : NULL;
}

/* The value as a shell word: bare when that is safe, else in quotes. */
static char *quote(const char *value)
{
	static const char safe[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:,/@+%";
	char *out = malloc(4 * strlen(value) + 3), *o = out;

	if (!out)
		return NULL;
	if (!value[strspn(value, safe)])
		return strcpy(out, value);
	*o++ = '\'';
	for (; *value; value++) {
		if (*value == '\'')
			o = stpcpy(o, "'\\''");
		else
			*o++ = *value;
	}
	*o++ = '\'';
	*o = '\0';
	return out;
}

/* A new line text with the value replaced; head and tail stay. */
static char *rewrite(const struct shellvars_line *l, const char *key,
		     const char *word)
{
	char *text = NULL;
	int ret;

	if (l)
		ret = asprintf(&text, "%.*s%s%s", (int)l->value_at, l->text,
			       word, l->text + l->value_end);
	else
		ret = asprintf(&text, "%s=%s", key, word);
	return ret < 0 ? NULL : text;
}

static int make_line(struct shellvars_line *fresh,
		     const struct shellvars_line *old, const char *key,
		     const char *value)
{
	char *word = quote(value);
	bool open = false;

	memset(fresh, 0, sizeof(*fresh));
	if (word)
		fresh->text = rewrite(old, key, word);
	free(word);
	if (fresh->text && find_name(fresh) && !read_value(fresh, &open))
		return 0;
	wipe_line(fresh);
	return -ENOMEM;
}

int shellvars_set(struct shellvars *vars, const char *key, const char *value)
{
	struct shellvars_line fresh, *old = NULL, *bigger;
	size_t i = shellvars_find(vars, key);

	if (i)
		old = &vars->lines[i - 1];
	if (old && !old->computed && !strcmp(old->value, value))
		return 0;
	if (make_line(&fresh, old, key, value))
		return -ENOMEM;
	if (old) {
		wipe_line(old);
		*old = fresh;
		return 0;
	}
	bigger = realloc(vars->lines, (vars->count + 1) * sizeof(*bigger));
	if (!bigger) {
		wipe_line(&fresh);
		return -ENOMEM;
	}
	vars->lines = bigger;
	vars->lines[vars->count++] = fresh;
	return 0;
}

int shellvars_format(const struct shellvars *vars, char **text, size_t *len)
{
	size_t i;
	FILE *f;

	if (vars->broken)
		return -EINVAL;
	*text = NULL;
	f = open_memstream(text, len);
	if (!f)
		return -ENOMEM;
	for (i = 0; i < vars->count; i++)
		fprintf(f, "%s\n", vars->lines[i].text);
	if (fclose(f)) {
		free(*text);
		*text = NULL;
		return -ENOMEM;
	}
	return 0;
}
