/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An image seen through librbd: what it is, who uses it, what is on it.
 */
#ifndef RBDSHARE_LIB_IMAGE_H
#define RBDSHARE_LIB_IMAGE_H

#include <stdbool.h>
#include <time.h>

#include "lib/imageusers.h"
#include "lib/probe.h"
#include "lib/session.h"
#include "lib/spec.h"

/* The mark in the image's metadata that makes the driver map it shared. */
#define IMAGE_MODE_KEY "rbdshare.mode"
#define IMAGE_MODE_SHARED "shared"

/* How the driver maps the image when it is not told otherwise. */
enum image_mode {
	IMAGE_UNMARKED,
	IMAGE_SHARED,
	IMAGE_EXCLUSIVE,
};

const char *image_mode_name(enum image_mode mode);

/**
 * struct image - an open image
 * @s: the session; borrowed
 * @spec: names; borrowed
 * @io: its pool
 * @rbd: librbd's handle
 * @id: the id that is part of its objects' names
 * @size: bytes
 * @object_size: bytes
 * @features: mask
 * @mode: see above
 */
struct image {
	struct session *s;
	const struct rbd_spec *spec;
	rados_ioctx_t io;
	rbd_image_t rbd;
	char id[64];
	uint64_t size;
	uint64_t object_size;
	uint64_t features;
	enum image_mode mode;
};

/**
 * image_open() - open an image (or its snapshot, when @spec names one)
 * @write: to change it; else read-only, which leaves no trace in the cluster
 *
 * Return: 0 or a negative errno with a sentence; image_close() ends it.
 */
int image_open(struct session *s, const struct rbd_spec *spec, bool write,
	       struct image *img, struct fault *f);

void image_close(struct image *img);

/**
 * image_users() - who else has it open
 * @u: filled; image_users_free() frees
 *
 * Return: 0 or a negative errno with a sentence.
 */
int image_users(struct image *img, struct image_users *u, struct fault *f);

/**
 * image_content() - what libblkid finds in the first and last MiB
 *
 * Return: 1 when something is there, 0 when nothing, or a negative errno
 * (-ENOTUNIQ: several things).
 */
int image_content(struct image *img, struct probe *out, struct fault *f);

/**
 * image_refuse_in_use() - the sentence when somebody uses it
 * @doing: "remove it", "shrink it"
 *
 * Return: 0 when nobody does, -EBUSY with a sentence that says who, another
 * negative errno.
 */
int image_refuse_in_use(struct image *img, const char *doing, struct fault *f);

#endif
