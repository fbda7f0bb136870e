// SPDX-License-Identifier: GPL-2.0
/*
 * rbdshare unmap: by device, partition, link or image.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/globals.h"
#include "cli/verbs.h"
#include "lib/holders.h"
#include "lib/kmsg.h"
#include "lib/krbd.h"
#include "lib/maperror.h"
#include "lib/msg.h"
#include "lib/udevwait.h"

/* udev may hold a device for a moment after it was closed. */
#define BUSY_MS 10000

struct unmap_options {
	enum krbd_force force;
};

static void usage(FILE *out)
{
	fprintf(out,
		"Usage: rbdshare unmap DEVICE|[POOL/[NAMESPACE/]]IMAGE[@SNAP] [OPTIONS]\n\n"
		"      --force       also when it is open; waits for running I/O\n"
		"      --full-force  end running I/O with errors; for when the cluster is gone\n"
		"      --dry-run     print what would be written to the kernel\n");
}

static int parse(int argc, char **argv, struct unmap_options *o)
{
	static const struct option longs[] = {
		{ "force", no_argument, NULL, 'f' },
		{ "full-force", no_argument, NULL, 'F' },
		{ "options", required_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int c;

	optind = 0;
	while ((c = getopt_long(argc, argv, "o:h", longs, NULL)) != -1) {
		switch (c) {
		case 'f':
			o->force = KRBD_REMOVE_FORCE;
			break;
		case 'F':
			o->force = KRBD_REMOVE_FULL_FORCE;
			break;
		case 'o':
			/* As the stock tool spells it. */
			if (!strcmp(optarg, "force")) {
				o->force = KRBD_REMOVE_FORCE;
			} else if (!strcmp(optarg, "full-force")) {
				o->force = KRBD_REMOVE_FULL_FORCE;
			} else {
				msg_error(
					"unknown unmap option '%s'; there are force and full-force",
					optarg);
				return -1;
			}
			break;
		case 'h':
			usage(stdout);
			return 1;
		default:
			return -1;
		}
	}
	if (argc - optind == 1)
		return 0;
	msg_error(argc == optind ?
			  "say what to unmap: rbdshare unmap /dev/rbd0" :
			  "only one device can be unmapped at a time");
	return -1;
}

/* By image: the first device of it; says so when there are more. */
static const struct krbd_device *by_spec(const struct krbd_list *list,
					 const char *text, int *ret)
{
	const struct krbd_device *dev;
	struct rbd_spec spec;
	struct fault f;
	size_t i, n = 0;

	*ret = rbd_spec_parse(text, globals.pool, globals.namespace, &spec, &f);
	if (*ret) {
		msg_error("%s", f.text);
		return NULL;
	}
	dev = krbd_find(list, &spec);
	for (i = 0; i < list->n; i++)
		n += rbd_spec_equal(&list->v[i].spec, &spec);
	rbd_spec_free(&spec);
	if (!dev) {
		msg_error(
			"%s: not a mapped image or snapshot; 'rbdshare devices' lists them",
			text);
		*ret = -EINVAL;
	} else if (n > 1) {
		msg_warn("%s: mapped more than once, unmapping /dev/rbd%u only",
			 text, dev->id);
	}
	return dev;
}

static const struct krbd_device *find(const struct krbd_list *list,
				      const char *text, int *ret)
{
	const struct krbd_device *dev;

	*ret = 0;
	if (*text != '/')
		return by_spec(list, text, ret);
	dev = krbd_find_node(list, text);
	if (!dev) {
		msg_error(
			"'%s' is not an rbd device; 'rbdshare devices' lists them",
			text);
		*ret = -EINVAL;
	}
	return dev;
}

static void print_lines(const char *text)
{
	size_t len;

	while (text && *text) {
		len = strcspn(text, "\n");
		msg_info("  %.*s", (int)len, text);
		text += len + (text[len] == '\n');
	}
}

static int unmap_device(const struct krbd_device *dev, enum krbd_force force)
{
	struct udevwait *wait = udevwait_open(true);
	int log = kmsg_open(), ret;
	char *who, *kernel;

	ret = krbd_remove_wait(dev->id, force, BUSY_MS);
	kernel = kmsg_collect(log, NULL);
	if (ret == -EINVAL && force == KRBD_REMOVE_FULL_FORCE) {
		msg_error(
			"the loaded rbd module has no full-force; load rbdshare's, or use --force");
	} else if (ret) {
		who = ret == -EBUSY ? holders_describe(dev->id) : NULL;
		msg_error("cannot unmap /dev/rbd%u: %s (%s)", dev->id,
			  maperror_unmap_hint(ret), strerror(-ret));
		print_lines(who);
		if (!who)
			print_lines(kernel);
		free(who);
	} else if (wait &&
		   udevwait_gone(wait, dev->id, BUSY_MS) == -ETIMEDOUT) {
		msg_warn("/dev/rbd%u is still there; udev may be slow",
			 dev->id);
	}
	free(kernel);
	udevwait_close(wait);
	return ret;
}

int cmd_unmap(int argc, char **argv)
{
	struct unmap_options o = { KRBD_REMOVE_IF_UNUSED };
	static const char *const word[] = { "", " force", " full-force" };
	const struct krbd_device *dev;
	struct krbd_list list;
	struct fault f;
	int ret = parse(argc, argv, &o);

	if (ret)
		return ret > 0 ? 0 : 1;
	ret = krbd_list(&list, &f);
	if (ret) {
		msg_error("%s", f.text);
		return maperror_exit(ret);
	}
	dev = find(&list, argv[optind], &ret);
	if (dev && globals.dry_run)
		printf("echo '%u%s' > /sys/bus/rbd/remove_single_major\n",
		       dev->id, word[o.force]);
	else if (dev)
		ret = unmap_device(dev, o.force);
	krbd_list_free(&list);
	return maperror_exit(ret);
}
