// SPDX-License-Identifier: GPL-2.0
/* rbdshare resize: growing is always safe, shrinking is guarded. */
#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "cli/globals.h"
#include "cli/verbargs.h"
#include "cli/verbctx.h"
#include "cli/verbs.h"
#include "lib/exitcode.h"
#include "lib/jsonout.h"
#include "lib/size.h"

struct resize_options {
	const char *size_text;
	uint64_t size;
	bool shrink;
	bool force;
};

static const struct option longopts[] = {
	{ "size", required_argument, NULL, 's' },
	{ "shrink", no_argument, NULL, 'S' },
	/* The stock tool's name. */
	{ "allow-shrink", no_argument, NULL, 'S' },
	{ "force", no_argument, NULL, 'f' },
	{ NULL, 0, NULL, 0 },
};

static int parse(int argc, char **argv, struct resize_options *o,
		 struct verbctx *c)
{
	int ch, ret;

	while ((ch = getopt_long(argc, argv, ":s:", longopts, NULL)) != -1) {
		if (ch == 's')
			o->size_text = optarg;
		else if (ch == 'S')
			o->shrink = true;
		else if (ch == 'f')
			o->force = true;
		else
			return verb_bad_option("resize", ch, argv);
	}
	if (verb_one("resize", argc, "image"))
		return EXITCODE_USAGE;
	if (!o->size_text)
		return verb_usage("resize",
				  "give the new size, such as --size 20G");
	ret = verb_spec(c, argv[optind], 0);
	return ret ? ret : size_parse_device(o->size_text, &o->size, &c->f);
}

static int guard_shrink(struct verbctx *c, const struct resize_options *o)
{
	char from[16], to[16], what[480];
	struct probe content;
	int ret;

	size_format(c->img.size, from, sizeof(from));
	size_format(o->size, to, sizeof(to));
	if (!o->shrink)
		return fault_set(
			&c->f, -EINVAL,
			"image '%s' has %s, so %s would cut data off; if that is meant, add --shrink",
			c->name, from, to);
	ret = image_refuse_in_use(&c->img, "shrink it", &c->f);
	if (ret)
		return ret;
	ret = image_content(&c->img, &content, &c->f);
	if (o->force || !ret)
		return ret < 0 && ret != -ENOTUNIQ ? ret : 0;
	if (ret < 0 && ret != -ENOTUNIQ)
		return ret;
	probe_describe(&content, what, sizeof(what));
	return fault_set(
		&c->f, -ENOTEMPTY,
		"image '%s' holds %s, which would lose its end; shrink that first, then add --force",
		c->name, ret < 0 ? "several signatures" : what);
}

static int resize(struct verbctx *c, const struct resize_options *o)
{
	uint64_t moved = o->size > c->img.size ? o->size - c->img.size :
						 c->img.size - o->size;
	int ret;

	verb_progress_begin(c, moved, "Resizing %s", c->name);
	ret = c->s.door->rbd_resize2(c->img.rbd, o->size, o->shrink,
				     verb_progress_cb, c);
	verb_progress_end(c, ret);
	if (ret)
		return session_fault(&c->s, &c->f, ret, c->spec.pool,
				     "resize image '%s'", c->name);
	return 0;
}

static int report(struct verbctx *c, const struct resize_options *o,
		  uint64_t before)
{
	struct json_object *j = jsonout_new();
	char from[16], to[16];

	size_format(before, from, sizeof(from));
	size_format(o->size, to, sizeof(to));
	jsonout_string(j, "image", c->name);
	jsonout_u64(j, "size_bytes_before", before);
	jsonout_u64(j, "size_bytes", o->size);
	return verb_report(j, "resize", "resized", "image %s from %s to %s%s",
			   c->name, from, to,
			   before == o->size ?
				   " (no change)" :
			   before < o->size && !globals.dry_run ?
				   "; a filesystem on it has to be grown next" :
				   "");
}

int cmd_resize(int argc, char **argv)
{
	struct resize_options o = { 0 };
	struct verbctx c = { 0 };
	uint64_t before = 0;
	int ret = parse(argc, argv, &o, &c);

	if (ret == 1)
		return verb_end(&c, 0) + ret;
	if (!ret)
		ret = verb_open(&c, !globals.dry_run);
	if (!ret) {
		before = c.img.size;
		if (o.size < before)
			ret = guard_shrink(&c, &o);
	}
	if (!ret && o.size != before && !globals.dry_run)
		ret = resize(&c, &o);
	if (!ret)
		ret = report(&c, &o, before);
	return verb_end(&c, ret);
}
