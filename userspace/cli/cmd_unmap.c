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
#include "cli/verbargs.h"
#include "cli/verbs.h"
#include "lib/exitcode.h"
#include "lib/holders.h"
#include "lib/kmsg.h"
#include "lib/krbd.h"
#include "lib/maperror.h"
#include "lib/msg.h"
#include "lib/udevwait.h"

/* udev may hold a device for a moment after it was closed. */
#define BUSY_MS 10000

/* As the stock tool spells it, in -o. Return: 0 or -EINVAL. */
static int read_force(const char *text, enum krbd_force *force)
{
	if (!strcmp(text, "force"))
		*force = KRBD_REMOVE_FORCE;
	else if (!strcmp(text, "full-force"))
		*force = KRBD_REMOVE_FULL_FORCE;
	else
		return -EINVAL;
	return 0;
}

/* Return: 0 or the exit code. */
static int parse(int argc, char **argv, enum krbd_force *force)
{
	static const struct option longs[] = {
		{ "force", no_argument, NULL, 'f' },
		{ "full-force", no_argument, NULL, 'F' },
		{ "options", required_argument, NULL, 'o' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, ":o:", longs, NULL)) != -1) {
		if (c == 'f')
			*force = KRBD_REMOVE_FORCE;
		else if (c == 'F')
			*force = KRBD_REMOVE_FULL_FORCE;
		else if (c != 'o')
			return verb_bad_option("unmap", c, argv);
		else if (read_force(optarg, force))
			return verb_usage(
				"unmap",
				"unknown unmap option '%.40s'; there are force and full-force",
				optarg);
	}
	return verb_one("unmap", argc, "device or image");
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
		msg_lines("", who);
		if (!who)
			msg_lines("", kernel);
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
	enum krbd_force force = KRBD_REMOVE_IF_UNUSED;
	static const char *const word[] = { "", " force", " full-force" };
	const struct krbd_device *dev;
	struct krbd_list list;
	struct fault f;
	int ret = parse(argc, argv, &force);

	if (ret)
		return ret;
	ret = krbd_list(&list, &f);
	if (ret) {
		msg_error("%s", f.text);
		return exitcode_of(ret);
	}
	dev = find(&list, argv[optind], &ret);
	if (dev && globals.dry_run)
		printf("echo '%u%s' > /sys/bus/rbd/remove_single_major\n",
		       dev->id, word[force]);
	else if (dev)
		ret = unmap_device(dev, force);
	krbd_list_free(&list);
	return exitcode_of(ret);
}
