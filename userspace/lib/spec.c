// SPDX-License-Identifier: GPL-2.0
#include "lib/spec.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a name is called in messages. */
static int check_name(const char *what, const char *name, const char *text,
		      struct fault *f)
{
	const unsigned char *p;

	if (!*name)
		return fault_set(
			f, -EINVAL,
			"'%s' has an empty %s; write [POOL/[NAMESPACE/]]IMAGE[@SNAP]",
			text, what);
	if (strlen(name) > RBD_SPEC_NAME_MAX)
		return fault_set(f, -EINVAL,
				 "the %s in '%.40s...' is longer than %d bytes",
				 what, text, RBD_SPEC_NAME_MAX);
	for (p = (const unsigned char *)name; *p; p++)
		if (isspace(*p) || iscntrl(*p))
			return fault_set(
				f, -EINVAL,
				"the %s '%s' has a blank or control character, which the kernel cannot map",
				what, name);
	return 0;
}

static int check_spec(const struct rbd_spec *s, const char *text, bool has_snap,
		      struct fault *f)
{
	int ret = check_name("pool name", s->pool, text, f);

	if (!ret && *s->ns)
		ret = check_name("namespace", s->ns, text, f);
	if (!ret)
		ret = check_name("image name", s->image, text, f);
	if (!ret && has_snap)
		ret = check_name("snapshot name", s->snap, text, f);
	if (!ret && strchr(s->snap, '@'))
		ret = fault_set(
			f, -EINVAL,
			"'%s' has more than one '@'; write [POOL/[NAMESPACE/]]IMAGE[@SNAP]",
			text);
	return ret;
}

int rbd_spec_make(const char *pool, const char *ns, const char *image,
		  const char *snap, struct rbd_spec *out)
{
	if (!snap || !strcmp(snap, "-"))
		snap = "";
	out->pool = strdup(pool);
	out->ns = strdup(ns ? ns : "");
	out->image = strdup(image);
	out->snap = strdup(snap);
	if (out->pool && out->ns && out->image && out->snap)
		return 0;
	rbd_spec_free(out);
	return -ENOMEM;
}

int rbd_spec_parse(const char *text, const char *pool, const char *ns,
		   struct rbd_spec *out, struct fault *f)
{
	const char *part[3] = { NULL, NULL, NULL };
	struct rbd_spec s = { 0 };
	char *copy = strdup(text);
	char *at, *slash;
	int n = 0, ret;

	if (!copy)
		return fault_set(f, -ENOMEM, "out of memory");
	at = strchr(copy, '@');
	if (at)
		*at++ = '\0';
	part[n++] = copy;
	for (slash = strchr(copy, '/'); slash; slash = strchr(slash, '/')) {
		*slash++ = '\0';
		if (n == 3) {
			free(copy);
			return fault_set(
				f, -EINVAL,
				"'%s' has too many '/'; write [POOL/[NAMESPACE/]]IMAGE[@SNAP]",
				text);
		}
		part[n++] = slash;
	}
	ret = rbd_spec_make(n > 1 ? part[0] : (pool && *pool ? pool : "rbd"),
			    n == 3 ? part[1] : (n == 1 ? ns : NULL),
			    part[n - 1], at, &s);
	if (ret)
		fault_set(f, ret, "out of memory");
	else if (n == 3 && !*part[1])
		ret = check_name("namespace", "", text, f);
	else if (at && !strcmp(at, "-"))
		/* "-" stands for "no snapshot" in the kernel's interface. */
		ret = fault_set(f, -EINVAL, "a snapshot cannot be named '-'");
	else
		ret = check_spec(&s, text, !!at, f);
	free(copy);
	if (ret)
		rbd_spec_free(&s);
	else
		*out = s;
	return ret;
}

void rbd_spec_free(struct rbd_spec *spec)
{
	free(spec->pool);
	free(spec->ns);
	free(spec->image);
	free(spec->snap);
	memset(spec, 0, sizeof(*spec));
}

bool rbd_spec_equal(const struct rbd_spec *a, const struct rbd_spec *b)
{
	return !strcmp(a->pool, b->pool) && !strcmp(a->ns, b->ns) &&
	       !strcmp(a->image, b->image) && !strcmp(a->snap, b->snap);
}

static char *format_with(const char *prefix, const struct rbd_spec *s)
{
	char *text;

	if (asprintf(&text, "%s%s/%s%s%s%s%s", prefix, s->pool, s->ns,
		     *s->ns ? "/" : "", s->image, *s->snap ? "@" : "",
		     s->snap) < 0)
		return NULL;
	return text;
}

char *rbd_spec_format(const struct rbd_spec *spec)
{
	return format_with("", spec);
}

char *rbd_spec_format_image(const struct rbd_spec *spec)
{
	struct rbd_spec image = *spec;

	image.snap = (char *)"";
	return rbd_spec_format(&image);
}

char *rbd_spec_link(const struct rbd_spec *spec)
{
	return format_with("/dev/rbd/", spec);
}
