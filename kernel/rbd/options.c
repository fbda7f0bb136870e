// SPDX-License-Identifier: GPL-2.0
/* Options of a mapping: each is libceph's or ours. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "options.h"

#include <linux/ceph/libceph.h>
#include <linux/fs_context.h>
#include <linux/fs_parser.h>
#include <linux/slab.h>

#include "log.h"
#include "spec.h"

/* Return: -ENOPARAM when libceph does not know the option. */
static int offer_to_libceph(struct ceph_options *ceph, struct rbd_span key,
			    struct rbd_span value)
{
	struct fs_parameter param = { .type = fs_value_is_flag };
	char *name;
	int err;

	name = kmemdup_nul(key.p, key.len, GFP_KERNEL);
	if (!name)
		return -ENOMEM;
	param.key = name;
	if (value.p) {
		param.type = fs_value_is_string;
		param.size = value.len;
		param.string = kmemdup_nul(value.p, value.len, GFP_KERNEL);
		if (!param.string) {
			kfree(name);
			return -ENOMEM;
		}
	}
	err = ceph_parse_param(&param, ceph, NULL);
	if (param.type == fs_value_is_string)
		kfree(param.string);
	kfree(name);
	return err;
}

static int take_option(const struct rbd_spec *spec,
		       struct rbd_map_options *own, struct ceph_options *ceph,
		       struct rbd_span key, struct rbd_span value)
{
	const char *why = "has a value that cannot be used";
	int err;

	err = offer_to_libceph(ceph, key, value);
	if (err == -ENOPARAM)
		err = rbd_map_options_set(own, key, value, &why);
	else if (err == -EPERM && rbd_span_is(key, "key"))
		why = "names a key that is not in the kernel's keyring";
	if (!err)
		return 0;
	if (err != -ENOMEM)
		rbd_map_err(spec, "option '%.*s' %s\n", (int)min(key.len, 64U),
			    key.p, why);
	return err == -ENOENT ? -EINVAL : err;
}

int rbd_options_parse(const struct rbd_addline *line,
		      const struct rbd_spec *spec,
		      struct rbd_map_options *own, struct ceph_options **ceph)
{
	struct rbd_span list = line->options;
	struct rbd_span key;
	struct rbd_span value;
	int err = 0;

	*ceph = ceph_alloc_options();
	if (!*ceph)
		return -ENOMEM;
	rbd_map_options_default(own);

	while (!err && rbd_map_options_next(&list, &key, &value))
		err = take_option(spec, own, *ceph, key, value);
	if (!err) {
		err = ceph_parse_mon_ips(line->mons.p, line->mons.len, *ceph,
					 NULL, ',');
		if (err)
			rbd_map_err(spec, "'%.*s' is no list of monitor addresses\n",
				    (int)min(line->mons.len, 256U),
				    line->mons.p);
	}
	if (err) {
		ceph_destroy_options(*ceph);
		*ceph = NULL;
	}
	return err;
}

char *rbd_options_hide_secret(const char *text, size_t len)
{
	static const char mark[] = "secret=";
	size_t n = sizeof(mark) - 1;
	char *copy = kmemdup_nul(text, len, GFP_KERNEL);
	char *at = copy;
	char *from;

	while (at && (at = strstr(at, mark)) != NULL) {
		at += n;
		from = at + strcspn(at, ", \t\n");
		if (from == at)
			continue;
		/* There is room: one character at least is taken out. */
		*at++ = '*';
		memmove(at, from, strlen(from) + 1);
	}
	return copy;
}
