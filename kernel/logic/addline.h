/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The lines that are written to /sys/bus/rbd/add* and remove*.
 *
 * add:    <mon addresses> <options> <pool> <image> [<snapshot>|-]
 * remove: <device id> [force|full-force]
 */
#ifndef RBD_LOGIC_ADDLINE_H
#define RBD_LOGIC_ADDLINE_H

#include "base.h"

/* Longest names that are taken, in bytes. */
#define RBD_POOL_NAME_MAX 128
#define RBD_IMAGE_NAME_MAX 96
#define RBD_SNAP_NAME_MAX 255

/**
 * struct rbd_addline - an add line, cut into its words
 * @mons: comma-separated monitor addresses
 * @options: comma-separated options, at least one (name=... for cephx)
 * @pool: pool name
 * @image: image name
 * @snap: snapshot name; len 0 when the image itself is meant
 */
struct rbd_addline {
	struct rbd_span mons;
	struct rbd_span options;
	struct rbd_span pool;
	struct rbd_span image;
	struct rbd_span snap;
};

/**
 * rbd_addline_parse() - cut an add line into words
 * @text: the line; blanks, tabs and newlines part words
 * @len: its length in bytes
 * @out: filled on success; points into @text
 * @why: set to one sentence on failure
 *
 * Return: 0, -EINVAL (a word is missing or one too many) or -ENAMETOOLONG.
 */
int rbd_addline_parse(const char *text, size_t len, struct rbd_addline *out,
		      const char **why);

enum rbd_remove_force {
	RBD_REMOVE_IF_UNUSED, /* refuse while the device is open */
	RBD_REMOVE_FORCE, /* open or not; wait for running requests */
	RBD_REMOVE_FULL_FORCE, /* end running requests too; bounded */
};

/**
 * rbd_removeline_parse() - read a remove line
 * @text: the line
 * @len: its length in bytes
 * @id: device id
 * @force: how
 *
 * Return: 0 or -EINVAL.
 */
int rbd_removeline_parse(const char *text, size_t len, u32 *id,
			 enum rbd_remove_force *force);

#endif
