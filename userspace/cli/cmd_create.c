// SPDX-License-Identifier: GPL-2.0
/* rbdshare create: images that several nodes can use at once, by default. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/globals.h"
#include "cli/verbargs.h"
#include "cli/verbctx.h"
#include "cli/verbs.h"
#include "lib/exitcode.h"
#include "lib/featurenames.h"
#include "lib/jsonout.h"
#include "lib/names.h"
#include "lib/size.h"

#define OBJECT_SIZE_DEFAULT (4ULL << 20)
#define OBJECT_SIZE_MIN (4ULL << 10)
#define OBJECT_SIZE_MAX (32ULL << 20)

struct create_options {
	const char *size_text;
	uint64_t size;
	uint64_t object_size;
	uint64_t extra;
	uint64_t features;
	bool exclusive;
};

static const struct option longopts[] = {
	{ "size", required_argument, NULL, 's' },
	{ "object-size", required_argument, NULL, 'O' },
	{ "exclusive", no_argument, NULL, 'x' },
	{ "image-feature", required_argument, NULL, 'F' },
	{ NULL, 0, NULL, 0 },
};

static int parse_object_size(struct create_options *o, const char *text,
			     struct fault *f)
{
	/* Bytes without a suffix, as the stock tool has it. */
	int ret = size_parse(text, 1, &o->object_size, f);

	if (ret)
		return ret;
	if (o->object_size < OBJECT_SIZE_MIN ||
	    o->object_size > OBJECT_SIZE_MAX ||
	    o->object_size & (o->object_size - 1))
		return fault_set(
			f, -EINVAL,
			"object size '%s' is not a power of two from 4K to 32M",
			text);
	return 0;
}

static int parse_feature(struct create_options *o, const char *name,
			 struct fault *f)
{
	uint64_t mask = feature_mask(name);

	if (!mask || mask & (RBD_FEATURES_INTERNAL | RBD_FEATURE_MIGRATING |
			     RBD_FEATURE_NON_PRIMARY | RBD_FEATURE_DIRTY_CACHE |
			     RBD_FEATURE_DATA_POOL | RBD_FEATURE_STRIPINGV2))
		return fault_set(
			f, -EINVAL,
			"'%.40s' is not a feature to create an image with; take layering, deep-flatten or, with --exclusive, exclusive-lock, object-map, fast-diff, journaling",
			name);
	o->extra |= mask;
	return 0;
}

static int check_features(struct create_options *o, struct fault *f)
{
	uint64_t single = o->extra & RBD_FEATURES_SINGLE_CLIENT;
	char names[128];

	if (single && !o->exclusive) {
		features_format(single, names, sizeof(names));
		return fault_set(
			f, -EINVAL,
			"%s only works while one client writes, and this image is for several nodes; add --exclusive or leave it out",
			names);
	}
	o->features = RBD_FEATURE_LAYERING | RBD_FEATURE_DEEP_FLATTEN |
		      o->extra;
	if (o->exclusive)
		o->features |= RBD_FEATURE_EXCLUSIVE_LOCK;
	if (o->features & RBD_FEATURE_FAST_DIFF)
		o->features |= RBD_FEATURE_OBJECT_MAP;
	return 0;
}

/* Return: 0, a negative errno with a sentence, or 1 for a usage error. */
static int parse(int argc, char **argv, struct create_options *o,
		 struct verbctx *c)
{
	int ch, ret = 0;

	o->object_size = OBJECT_SIZE_DEFAULT;
	while (!ret &&
	       (ch = getopt_long(argc, argv, ":s:", longopts, NULL)) != -1) {
		if (ch == 's')
			o->size_text = optarg;
		else if (ch == 'O')
			ret = parse_object_size(o, optarg, &c->f);
		else if (ch == 'x')
			o->exclusive = true;
		else if (ch == 'F')
			ret = parse_feature(o, optarg, &c->f);
		else
			return verb_bad_option("create", ch, argv);
	}
	if (ret)
		return ret;
	if (verb_one("create", argc, "image"))
		return EXITCODE_USAGE;
	if (!o->size_text)
		return verb_usage("create", "give a size, such as --size 10G");
	ret = verb_spec(c, argv[optind], 0);
	if (!ret)
		ret = names_check("image", c->spec.image, &c->f);
	if (!ret)
		ret = size_parse_device(o->size_text, &o->size, &c->f);
	return ret ? ret : check_features(o, &c->f);
}

static int refuse_existing(struct verbctx *c)
{
	struct fault f;
	int ret = image_open(&c->s, &c->spec, false, &c->img, &f);
	char size[16];

	if (ret == -ENOENT)
		return 0;
	if (ret) {
		c->f = f;
		return ret;
	}
	size_format(c->img.size, size, sizeof(size));
	return fault_set(
		&c->f, -EEXIST,
		"image '%s' exists already (%s) and was not touched; take another name, or look with: rbdshare info %s",
		c->name, size, c->name);
}

/* An image that we made but could not mark would be mapped the wrong way. */
static int mark_shared(struct verbctx *c, rados_ioctx_t io)
{
	const struct radosdoor *d = c->s.door;
	rbd_image_t img;
	int ret = d->rbd_open(io, c->spec.image, &img, NULL);

	if (!ret) {
		ret = d->rbd_metadata_set(img, IMAGE_MODE_KEY,
					  IMAGE_MODE_SHARED);
		d->rbd_close(img);
	}
	if (!ret)
		return 0;
	d->rbd_remove_with_progress(io, c->spec.image, verb_progress_cb, c);
	return session_fault(&c->s, &c->f, ret, c->spec.pool,
			     "mark image '%s' as shared (it was removed again)",
			     c->name);
}

static int create_image(struct verbctx *c, const struct create_options *o,
			rados_ioctx_t io)
{
	const struct radosdoor *d = c->s.door;
	rbd_image_options_t opts;
	int ret;

	d->rbd_image_options_create(&opts);
	d->rbd_image_options_set_uint64(opts, RBD_IMAGE_OPTION_FORMAT, 2);
	d->rbd_image_options_set_uint64(opts, RBD_IMAGE_OPTION_FEATURES,
					o->features);
	d->rbd_image_options_set_uint64(
		opts, RBD_IMAGE_OPTION_ORDER,
		(uint64_t)__builtin_ctzll(o->object_size));
	ret = d->rbd_create4(io, c->spec.image, o->size, opts);
	d->rbd_image_options_destroy(opts);
	if (ret == -EEXIST)
		return fault_set(&c->f, ret,
				 "image '%s' exists already and was not touched",
				 c->name);
	if (ret)
		return session_fault(&c->s, &c->f, ret, c->spec.pool,
				     "create image '%s'", c->name);
	return o->exclusive ? 0 : mark_shared(c, io);
}

static int report(struct verbctx *c, const struct create_options *o)
{
	uint64_t objects = (o->size + o->object_size - 1) / o->object_size;
	const char *mode = image_mode_name(o->exclusive ? IMAGE_EXCLUSIVE :
							  IMAGE_SHARED);
	struct json_object *j = jsonout_new();
	char size[16], object_size[16], features[128];

	size_format(o->size, size, sizeof(size));
	size_format(o->object_size, object_size, sizeof(object_size));
	features_format(o->features, features, sizeof(features));
	jsonout_string(j, "image", c->name);
	jsonout_u64(j, "size_bytes", o->size);
	jsonout_u64(j, "object_size_bytes", o->object_size);
	jsonout_u64(j, "objects", objects);
	jsonout_string(j, "mode", mode);
	return verb_report(
		j, "create", "created",
		"image %s: %s in %llu objects of %s, %s, features %s", c->name,
		size, (unsigned long long)objects, object_size, mode, features);
}

int cmd_create(int argc, char **argv)
{
	struct create_options o = { 0 };
	struct verbctx c = { 0 };
	rados_ioctx_t io;
	int ret = parse(argc, argv, &o, &c);

	if (ret == 1)
		return verb_end(&c, 0) + ret;
	if (!ret)
		ret = verb_connect(&c);
	if (!ret)
		ret = session_pool(&c.s, c.spec.pool, c.spec.ns, &io, &c.f);
	if (!ret) {
		ret = refuse_existing(&c);
		if (!ret && !globals.dry_run)
			ret = create_image(&c, &o, io);
		c.s.door->rados_ioctx_destroy(io);
	}
	if (!ret)
		ret = report(&c, &o);
	return verb_end(&c, ret);
}
