// SPDX-License-Identifier: GPL-2.0
#include "generator/unitname.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *unitname_escape(const char *text)
{
	/* Every byte may become four. */
	char *out = malloc(4 * strlen(text) + 1), *p = out;
	const char *s;

	if (!out)
		return NULL;
	for (s = text; *s; s++) {
		if (*s == '/')
			*p++ = '-';
		else if (isalnum((unsigned char)*s) || *s == ':' || *s == '_' ||
			 (*s == '.' && s != text))
			*p++ = *s;
		else
			p += sprintf(p, "\\x%02x", (unsigned char)*s);
	}
	*p = '\0';
	return out;
}

char *unitname_path(const char *path)
{
	char *clean = malloc(strlen(path) + 1), *p = clean, *out;

	if (!clean)
		return NULL;
	for (; *path; path++) {
		if (*path == '/' && (p == clean || p[-1] == '/'))
			continue;
		*p++ = *path;
	}
	if (p > clean && p[-1] == '/')
		p--;
	*p = '\0';
	out = *clean ? unitname_escape(clean) : strdup("-");
	free(clean);
	return out;
}
