// SPDX-License-Identifier: GPL-2.0
#include "lib/mapfile.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/mapopts.h"
#include "lib/slurp.h"

#define MAPFILE_MAX_BYTES (1 << 20)
/* A day: longer is a typing error, and boot would seem to hang. */
#define TIMEOUT_MAX_S 86400
#define RETRY_MAX 1000

const char *mapfile_path(void)
{
	const char *path = getenv("RBDMAPFILE");

	if (path && *path)
		return path;
	if (!access("/etc/rbdmap", F_OK))
		return "/etc/rbdmap";
	return "/etc/ceph/rbdmap";
}

static void entry_free(struct mapfile_entry *e)
{
	rbd_spec_free(&e->spec);
	free(e->name);
	free(e->keyring);
	free(e->keyfile);
	free(e->conf);
	free(e->cluster);
	free(e->mon_host);
	free(e->options);
}

void mapfile_free(struct mapfile *file)
{
	size_t i;

	for (i = 0; i < file->n; i++)
		entry_free(&file->v[i]);
	for (i = 0; i < file->bad_n; i++)
		free(file->bad[i].text);
	free(file->v);
	free(file->bad);
	free(file->path);
	memset(file, 0, sizeof(*file));
}

static int replace(char **slot, const char *value)
{
	char *copy = strdup(value);

	if (!copy)
		return -ENOMEM;
	free(*slot);
	*slot = copy;
	return 0;
}

/* "90", "90s", "2m" or "2min" in seconds. */
static int parse_seconds(const char *text, unsigned int *out)
{
	char *end;
	unsigned long v;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	v = strtoul(text, &end, 10);
	if (errno || v > TIMEOUT_MAX_S)
		return -EINVAL;
	if (!strcmp(end, "m") || !strcmp(end, "min"))
		v *= 60;
	else if (*end && strcmp(end, "s"))
		return -EINVAL;
	if (!v || v > TIMEOUT_MAX_S)
		return -EINVAL;
	*out = v;
	return 0;
}

static int set_client(struct mapfile_entry *e, const char *key,
		      const char *value, struct fault *f)
{
	bool full = !strcmp(key, "name") || !strcmp(key, "n");
	char *text;
	int ret;

	if (full && (strncmp(value, "client.", 7) || !value[7]))
		return fault_set(
			f, -EINVAL,
			"'%s=%s' is not a client name; write name=client.ID or id=ID",
			key, value);
	if (asprintf(&text, "%s%s", full ? "" : "client.", value) < 0)
		return -ENOMEM;
	ret = replace(&e->name, text);
	free(text);
	return ret;
}

static int set_snap(struct mapfile_entry *e, const char *value, struct fault *f)
{
	if (*e->spec.snap && strcmp(e->spec.snap, value))
		return fault_set(f, -EINVAL,
				 "the line names two snapshots, '%s' and '%s'",
				 e->spec.snap, value);
	return replace(&e->spec.snap, value);
}

static int set_retry(struct mapfile_entry *e, const char *value,
		     struct fault *f)
{
	size_t n = strspn(value, "0123456789");
	long v = n && !value[n] && n < 6 ? atol(value) : -1;

	if (v < 0 || v > RETRY_MAX)
		return fault_set(f, -EINVAL,
				 "retry=%s is not a number from 0 to %d", value,
				 RETRY_MAX);
	e->retries = v;
	return 0;
}

/* Parameters of 'rbd device map' that take a string. */
static char **string_slot(struct mapfile_entry *e, const char *key)
{
	if (!strcmp(key, "keyring") || !strcmp(key, "k"))
		return &e->keyring;
	if (!strcmp(key, "keyfile") || !strcmp(key, "K"))
		return &e->keyfile;
	if (!strcmp(key, "conf") || !strcmp(key, "c"))
		return &e->conf;
	if (!strcmp(key, "cluster"))
		return &e->cluster;
	if (!strcmp(key, "mon-host") || !strcmp(key, "m"))
		return &e->mon_host;
	return NULL;
}

/* Parameters with a value; -ENOENT when the name is none of them. */
static int set_valued(struct mapfile_entry *e, const char *key,
		      const char *value, struct fault *f)
{
	char **slot = string_slot(e, key);
	int ret;

	if (slot)
		return replace(slot, value);
	if (!strcmp(key, "name") || !strcmp(key, "n") || !strcmp(key, "id") ||
	    !strcmp(key, "user"))
		return set_client(e, key, value, f);
	if (!strcmp(key, "options") || !strcmp(key, "o")) {
		ret = mapopts_check(value, f);
		return ret ? ret : mapopts_append(&e->options, value, NULL);
	}
	if (!strcmp(key, "snap"))
		return set_snap(e, value, f);
	if (!strcmp(key, "namespace"))
		return replace(&e->spec.ns, value);
	if (!strcmp(key, "timeout"))
		return parse_seconds(value, &e->timeout_s) ?
			       fault_set(
				       f, -EINVAL,
				       "timeout=%s is not a time from 1 to %d seconds (or 1min...)",
				       value, TIMEOUT_MAX_S) :
			       0;
	if (!strcmp(key, "retry"))
		return set_retry(e, value, f);
	if (!strcmp(key, "device-type") || !strcmp(key, "t"))
		return strcmp(value, "krbd") ?
			       fault_set(
				       f, -EINVAL,
				       "device-type '%s' is not mapped by rbdmap, only krbd",
				       value) :
			       0;
	return -ENOENT;
}

/* Parameters without a value; -ENOENT when the name is none of them. */
static int set_flag(struct mapfile_entry *e, const char *key)
{
	if (!strcmp(key, "read-only") || !strcmp(key, "ro"))
		e->read_only = true;
	else if (!strcmp(key, "exclusive"))
		e->exclusive = true;
	else if (!strcmp(key, "nofail"))
		e->nofail = true;
	else if (!strcmp(key, "noauto"))
		e->noauto = true;
	else if (!strcmp(key, "auto"))
		e->noauto = false;
	else if (strcmp(key, "_netdev") && strcmp(key, "defaults") &&
		 strcmp(key, "force"))
		return -ENOENT;
	return 0;
}

static int set_param(struct mapfile_entry *e, const char *key,
		     const char *value, struct fault *f)
{
	char name[64], *dash;
	int ret;

	/* For whoever mounts, not for us. */
	if (!strncmp(key, "x-", 2))
		return 0;
	snprintf(name, sizeof(name), "%s", key);
	/* "mon_host" and "read_only" are how ceph.conf would spell them. */
	for (dash = name; (dash = strchr(dash, '_')) && dash != name;)
		*dash = '-';
	ret = value ? set_valued(e, name, value, f) : set_flag(e, name);
	if (ret != -ENOENT)
		return ret;
	if (!value && (string_slot(e, name) || !strcmp(name, "name") ||
		       !strcmp(name, "id") || !strcmp(name, "options") ||
		       !strcmp(name, "timeout") || !strcmp(name, "retry")))
		return fault_set(f, -EINVAL, "'%s' needs a value: %s=...", key,
				 key);
	if (!mapopt_find(key))
		return fault_set(f, -EINVAL,
				 "unknown parameter '%s'; rbdmap(5) lists them",
				 key);
	/* A bare map option, as in "pool/image id=x,queue_depth=256". */
	ret = mapopts_append(&e->options, key, value);
	return ret ? ret : mapopts_check(e->options, f);
}

/*
 * Cuts the next parameter off *rest and takes its quotes away. 1 when there is
 * one, 0 at the end, -EINVAL for an open quote.
 */
static int next_param(char **rest, char **key, char **value, struct fault *f)
{
	char *in = *rest, *out, quote = 0;

	while (*in == ',' || isspace((unsigned char)*in))
		in++;
	if (!*in || *in == '#')
		return 0;
	*key = out = in;
	*value = NULL;
	for (; *in; in++) {
		if (quote && *in == quote) {
			quote = 0;
		} else if (!quote && (*in == '\'' || *in == '"')) {
			quote = *in;
		} else if (!quote && *in == '=' && !*value) {
			*out++ = '\0';
			*value = out;
		} else {
			if (!quote && (*in == ',' || *in == '#' ||
				       isspace((unsigned char)*in)))
				break;
			*out++ = *in;
		}
	}
	if (quote)
		return fault_set(f, -EINVAL, "the quote %c is not closed",
				 quote);
	*rest = *in && *in != '#' ? in + 1 : in + strlen(in);
	*out = '\0';
	return 1;
}

/* snap= and namespace= may have brought in what a spec cannot hold. */
static int recheck_spec(const struct rbd_spec *spec, struct fault *f)
{
	char *text = rbd_spec_format(spec);
	struct rbd_spec again;
	int ret = text ? rbd_spec_parse(text, NULL, NULL, &again, f) : -ENOMEM;

	free(text);
	if (!ret)
		rbd_spec_free(&again);
	return ret;
}

static int parse_entry(char *line, struct mapfile_entry *e, struct fault *f)
{
	char *rest = line + strcspn(line, " \t"), *key, *value;
	int ret;

	if (*rest)
		*rest++ = '\0';
	ret = rbd_spec_parse(line, NULL, NULL, &e->spec, f);
	while (!ret && (ret = next_param(&rest, &key, &value, f)) > 0) {
		if (!*key)
			ret = fault_set(f, -EINVAL,
					"a parameter has no name before '='");
		else
			ret = set_param(e, key, value, f);
	}
	if (!ret)
		ret = recheck_spec(&e->spec, f);
	if (!ret && *e->spec.snap)
		e->read_only = true;
	return ret;
}

static int add_problem(struct mapfile *file, unsigned int line,
		       const char *text)
{
	struct mapfile_problem *bigger;

	bigger = realloc(file->bad, (file->bad_n + 1) * sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	file->bad = bigger;
	bigger[file->bad_n].line = line;
	if (asprintf(&bigger[file->bad_n].text, "%s:%u: %s", file->path, line,
		     text) < 0)
		return -ENOMEM;
	file->bad_n++;
	return 0;
}

static int add_entry(struct mapfile *file, struct mapfile_entry *e)
{
	struct mapfile_entry *bigger;
	char text[64];
	size_t i;
	int ret;

	for (i = 0; i < file->n; i++) {
		if (!rbd_spec_equal(&file->v[i].spec, &e->spec))
			continue;
		snprintf(text, sizeof(text),
			 "the image is on line %u already; remove one of them",
			 file->v[i].line);
		ret = add_problem(file, e->line, text);
		entry_free(e);
		return ret;
	}
	bigger = realloc(file->v, (file->n + 1) * sizeof(*bigger));
	if (!bigger) {
		entry_free(e);
		return -ENOMEM;
	}
	file->v = bigger;
	file->v[file->n++] = *e;
	return 0;
}

static int parse_line(struct mapfile *file, char *line, unsigned int number)
{
	struct mapfile_entry e = { .line = number, .retries = -1 };
	struct fault f = { "" };
	size_t n = strlen(line);
	int ret;

	while (n && isspace((unsigned char)line[n - 1]))
		line[--n] = '\0';
	while (isspace((unsigned char)*line))
		line++;
	if (!*line || *line == '#')
		return 0;
	ret = parse_entry(line, &e, &f);
	if (!ret)
		return add_entry(file, &e);
	entry_free(&e);
	return ret == -ENOMEM ? ret : add_problem(file, number, f.text);
}

int mapfile_parse(const char *path, const char *text, size_t len,
		  struct mapfile *out)
{
	const char *p = text, *end = text + len, *eol;
	unsigned int number = 1;
	char *line;
	int ret = 0;

	memset(out, 0, sizeof(*out));
	out->path = strdup(path);
	if (!out->path)
		return -ENOMEM;
	/* Some editors put a byte order mark in front. */
	if (len >= 3 && !memcmp(p, "\xef\xbb\xbf", 3))
		p += 3;
	for (; !ret && p < end; p = eol + 1, number++) {
		eol = memchr(p, '\n', end - p);
		if (!eol)
			eol = end;
		if (memchr(p, '\0', eol - p)) {
			ret = add_problem(out, number,
					  "a NUL byte is in the line");
			continue;
		}
		line = strndup(p, eol - p);
		ret = line ? parse_line(out, line, number) : -ENOMEM;
		free(line);
	}
	if (ret)
		mapfile_free(out);
	return ret;
}

int mapfile_load(const char *path, struct mapfile *out, struct fault *f)
{
	char *text = NULL;
	size_t len;
	int ret;

	memset(out, 0, sizeof(*out));
	if (!path)
		path = mapfile_path();
	ret = slurp_file(path, MAPFILE_MAX_BYTES, &text, &len);
	if (ret)
		return fault_file(f, ret, "read", path);
	ret = mapfile_parse(path, text, len, out);
	free(text);
	return ret ? fault_set(f, ret, "out of memory") : 0;
}

const struct mapfile_entry *mapfile_by_source(const struct mapfile *file,
					      const char *source)
{
	size_t i, n;
	char *link;
	bool hit;

	for (i = 0; i < file->n; i++) {
		link = rbd_spec_link(&file->v[i].spec);
		n = link ? strlen(link) : 0;
		hit = n && !strncmp(source, link, n) &&
		      (!source[n] || !strncmp(source + n, "-part", 5));
		free(link);
		if (hit)
			return &file->v[i];
	}
	return NULL;
}
