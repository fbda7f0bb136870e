// SPDX-License-Identifier: GPL-2.0
#include "lib/cephconf.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/slurp.h"

/* A ceph.conf is a few kilobytes; a megabyte is somebody's mistake. */
#define CONF_MAX_BYTES (1 << 20)

struct setting {
	struct setting *next;
	char *section;
	char *key;
	char *value;
};

struct cephconf {
	char *origin;
	struct setting *first;
	struct setting **tail;
};

/* Cursor over the text; line counts from 1 and is for messages. */
struct reader {
	const char *origin;
	const char *p;
	const char *end;
	unsigned int line;
};

/*
 * One logical line into buf (which is as large as the whole text): comments
 * cut, continuation lines joined. Quotes protect comment characters.
 */
static void read_line(struct reader *r, char *buf)
{
	size_t n = 0;
	char quote = 0;
	bool comment = false;

	for (; r->p < r->end; r->p++) {
		char c = *r->p;

		if (c == '\\' && r->p + 1 < r->end && r->p[1] == '\n') {
			r->p++;
			r->line++;
			continue;
		}
		if (c == '\n')
			break;
		if (c == '\r' || c == '\0' || comment)
			continue;
		if (quote ? c == quote : (c == '"' || c == '\''))
			quote = quote ? 0 : c;
		else if (!quote && (c == '#' || c == ';'))
			comment = true;
		if (!comment)
			buf[n++] = c;
	}
	if (r->p < r->end)
		r->p++;
	while (n && isspace((unsigned char)buf[n - 1]))
		n--;
	buf[n] = '\0';
}

static char *skip_blanks(char *s)
{
	while (isspace((unsigned char)*s))
		s++;
	return s;
}

/* "mon host", "mon-host" and "Mon_Host" are one key. */
static void normalize_key(char *key)
{
	char *in = key, *out = key;

	while (*in) {
		char c = *in++;

		if (isspace((unsigned char)c) || c == '-' || c == '_') {
			if (out == key || out[-1] != '_')
				*out++ = '_';
		} else {
			*out++ = tolower((unsigned char)c);
		}
	}
	while (out > key && out[-1] == '_')
		out--;
	*out = '\0';
}

/* Strips one pair of quotes around the value. */
static char *unquote(char *value)
{
	size_t n = strlen(value);

	if (n >= 2 && (value[0] == '"' || value[0] == '\'') &&
	    value[n - 1] == value[0]) {
		value[n - 1] = '\0';
		value++;
	}
	return value;
}

static int add_setting(struct cephconf *conf, const char *section,
		       const char *key, const char *value)
{
	struct setting *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->section = strdup(section);
	s->key = strdup(key);
	s->value = strdup(value);
	*conf->tail = s;
	conf->tail = &s->next;
	return s->section && s->key && s->value ? 0 : -ENOMEM;
}

/* A "[section]" line: copies the name without brackets and blanks. */
static int parse_section(const struct reader *r, char *line, char **section,
			 struct fault *f)
{
	char *close = strchr(line, ']');
	char *name = skip_blanks(line + 1);

	if (!close || *skip_blanks(close + 1))
		return fault_set(f, -EINVAL,
				 "%s:%u: '%.60s' is not a section; write [name]",
				 r->origin, r->line, line);
	*close = '\0';
	while (close > name && isspace((unsigned char)close[-1]))
		*--close = '\0';
	if (!*name)
		return fault_set(f, -EINVAL, "%s:%u: empty section name",
				 r->origin, r->line);
	free(*section);
	*section = strdup(name);
	return *section ? 0 : -ENOMEM;
}

static int parse_line(struct cephconf *conf, const struct reader *r, char *line,
		      char **section, struct fault *f)
{
	char *eq;

	line = skip_blanks(line);
	if (!*line)
		return 0;
	if (*line == '[')
		return parse_section(r, line, section, f);
	eq = strchr(line, '=');
	if (!eq || eq == line)
		return fault_set(
			f, -EINVAL,
			"%s:%u: '%.60s' is neither 'key = value' nor [section]",
			r->origin, r->line, line);
	*eq = '\0';
	normalize_key(line);
	return add_setting(conf, *section, line, unquote(skip_blanks(eq + 1)));
}

int cephconf_parse(const char *origin, const char *text, size_t len,
		   struct cephconf **out, struct fault *f)
{
	struct reader r = { origin, text, text + len, 1 };
	struct cephconf *conf = calloc(1, sizeof(*conf));
	char *buf = malloc(len + 1);
	char *section = strdup("global");
	int ret = -ENOMEM;

	if (conf) {
		conf->tail = &conf->first;
		conf->origin = strdup(origin);
	}
	if (conf && conf->origin && buf && section)
		ret = 0;
	for (; !ret && r.p < r.end; r.line++) {
		read_line(&r, buf);
		ret = parse_line(conf, &r, buf, &section, f);
	}
	if (ret == -ENOMEM)
		fault_set(f, ret, "out of memory reading %s", origin);
	free(section);
	free(buf);
	if (ret)
		cephconf_free(conf);
	else
		*out = conf;
	return ret;
}

int cephconf_load(const char *path, const char *cluster, struct cephconf **out,
		  struct fault *f)
{
	char *text = NULL, *name = NULL;
	size_t len = 0;
	int ret;

	if (!path)
		path = getenv("CEPH_CONF");
	if (path && *path)
		name = strdup(path);
	else if (asprintf(&name, "/etc/ceph/%s.conf",
			  cluster ? cluster : "ceph") < 0)
		name = NULL;
	if (!name)
		return fault_set(f, -ENOMEM, "out of memory");
	ret = slurp_file(name, CONF_MAX_BYTES, &text, &len);
	if (ret == -ENOENT && !(path && *path))
		ret = cephconf_parse("", "", 0, out, f);
	else if (ret)
		fault_set(f, ret,
			  "cannot read %s: %s; name the right file with --conf",
			  name, strerror(-ret));
	else
		ret = cephconf_parse(name, text, len, out, f);
	free(text);
	free(name);
	return ret;
}

void cephconf_free(struct cephconf *conf)
{
	struct setting *s, *next;

	if (!conf)
		return;
	for (s = conf->first; s; s = next) {
		next = s->next;
		free(s->section);
		free(s->key);
		free(s->value);
		free(s);
	}
	free(conf->origin);
	free(conf);
}

const char *cephconf_origin(const struct cephconf *conf)
{
	return conf->origin;
}

/* The value of a $variable at p (after the '$'), and its length there. */
static const char *variable(const char *p, const struct cephconf_id *id,
			    char *scratch, size_t size, size_t *len)
{
	static const char *const names[] = { "cluster", "type", "name",
					     "host",	"pid",	"id" };
	const char *dot = strchr(id->name, '.');
	bool braces = *p == '{';
	size_t i, n = 0;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		n = strlen(names[i]);
		if (!strncmp(p + braces, names[i], n) &&
		    (!braces || p[1 + n] == '}'))
			break;
	}
	if (i == sizeof(names) / sizeof(*names))
		return NULL;
	*len = n + 2 * braces;
	switch (i) {
	case 0:
		return id->cluster ? id->cluster : "ceph";
	case 1:
		snprintf(scratch, size, "%.*s", dot ? (int)(dot - id->name) : 0,
			 id->name);
		return scratch;
	case 2:
		return id->name;
	case 3:
		if (gethostname(scratch, size))
			scratch[0] = '\0';
		scratch[size - 1] = '\0';
		scratch[strcspn(scratch, ".")] = '\0';
		return scratch;
	case 4:
		snprintf(scratch, size, "%d", (int)getpid());
		return scratch;
	default:
		return dot ? dot + 1 : id->name;
	}
}

char *cephconf_expand(const char *text, const struct cephconf_id *id)
{
	char scratch[256], *out = NULL;
	size_t size = 0, len;
	FILE *m = open_memstream(&out, &size);
	const char *value;

	if (!m)
		return NULL;
	while (*text) {
		value = *text == '$' ? variable(text + 1, id, scratch,
						sizeof(scratch), &len) :
				       NULL;
		if (value) {
			fputs(value, m);
			text += 1 + len;
		} else {
			fputc(*text++, m);
		}
	}
	if (fclose(m)) {
		free(out);
		return NULL;
	}
	return out;
}

/* The last setting of a section wins, as in Ceph. */
static const char *lookup(const struct cephconf *conf, const char *section,
			  const char *key)
{
	const struct setting *s;
	const char *value = NULL;

	for (s = conf->first; s; s = s->next)
		if (!strcmp(s->section, section) && !strcmp(s->key, key))
			value = s->value;
	return value;
}

char *cephconf_get(const struct cephconf *conf, const struct cephconf_id *id,
		   const char *key)
{
	char type[64], want[128];
	const char *value;

	snprintf(want, sizeof(want), "%s", key);
	normalize_key(want);
	snprintf(type, sizeof(type), "%.*s", (int)strcspn(id->name, "."),
		 id->name);
	value = lookup(conf, id->name, want);
	if (!value)
		value = lookup(conf, type, want);
	if (!value)
		value = lookup(conf, "global", want);
	return value ? cephconf_expand(value, id) : NULL;
}

char *cephconf_mon_addrs(const struct cephconf *conf)
{
	const struct setting *s;
	char *out = NULL;
	size_t size = 0;
	FILE *m = open_memstream(&out, &size);

	if (!m)
		return NULL;
	for (s = conf->first; s; s = s->next) {
		if (strncmp(s->section, "mon.", 4) ||
		    (strcmp(s->key, "mon_addr") &&
		     strcmp(s->key, "public_addr")))
			continue;
		if (ftell(m) > 0)
			fputc(',', m);
		fputs(s->value, m);
	}
	if (fclose(m) || !size) {
		free(out);
		return NULL;
	}
	return out;
}
