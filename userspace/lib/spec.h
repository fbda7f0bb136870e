/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Image specs: [POOL/[NAMESPACE/]]IMAGE[@SNAP], the way the rbd tools write
 * them.
 */
#ifndef RBDSHARE_LIB_SPEC_H
#define RBDSHARE_LIB_SPEC_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/fault.h"

/* Longest name of a pool, namespace, image or snapshot, in bytes. */
#define RBD_SPEC_NAME_MAX 255

/**
 * struct rbd_spec - one image or snapshot, by name
 * @pool: never NULL after a successful parse
 * @ns: RADOS namespace; "" when there is none
 * @image: never NULL after a successful parse
 * @snap: snapshot; "" for the image itself
 *
 * The strings belong to the struct; rbd_spec_free() frees them.
 */
struct rbd_spec {
	char *pool;
	char *ns;
	char *image;
	char *snap;
};

/**
 * rbd_spec_parse() - split a spec
 * @text: what the user wrote
 * @pool: pool when @text names none; NULL means "rbd"
 * @ns: namespace when @text names neither pool nor namespace; may be NULL
 * @out: filled on success, untouched otherwise
 * @f: what is wrong with @text
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int rbd_spec_parse(const char *text, const char *pool, const char *ns,
		   struct rbd_spec *out, struct fault *f);

/**
 * rbd_spec_make() - build a spec from names that are already apart
 * @snap: NULL, "" and "-" (as sysfs has it) all mean: no snapshot
 *
 * Return: 0 or -ENOMEM.
 */
int rbd_spec_make(const char *pool, const char *ns, const char *image,
		  const char *snap, struct rbd_spec *out);

void rbd_spec_free(struct rbd_spec *spec);

bool rbd_spec_equal(const struct rbd_spec *a, const struct rbd_spec *b);

/**
 * rbd_spec_format() - the spec as text, always with its pool
 *
 * Return: a string the caller frees, NULL when out of memory.
 */
char *rbd_spec_format(const struct rbd_spec *spec);

/* rbd_spec_format_image() - the same without the snapshot */
char *rbd_spec_format_image(const struct rbd_spec *spec);

/**
 * rbd_spec_link() - the udev link of the spec, /dev/rbd/POOL/[NS/]IMAGE[@SNAP]
 *
 * Return: a string the caller frees, NULL when out of memory.
 */
char *rbd_spec_link(const struct rbd_spec *spec);

#endif
