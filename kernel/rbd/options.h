/* SPDX-License-Identifier: GPL-2.0 */
/* From the options of an add line to the driver's and libceph's. */
#ifndef RBD_OPTIONS_H
#define RBD_OPTIONS_H

#include "addline.h"
#include "map_options.h"

struct ceph_options;
struct rbd_spec;

/**
 * rbd_options_parse() - take the options and monitors of an add line
 * @line: the line
 * @spec: for messages
 * @own: the driver's options, filled
 * @ceph: the connection's options, the caller's then
 *
 * Sleeps. Says what is wrong. Return: 0, -EINVAL, -ENOMEM, -EPERM when the
 * key is not in the keyring.
 */
int rbd_options_parse(const struct rbd_addline *line,
		      const struct rbd_spec *spec,
		      struct rbd_map_options *own, struct ceph_options **ceph);

/**
 * rbd_options_hide_secret() - a copy of an add line that may be shown
 *
 * Return: text for kfree(), or NULL without memory.
 */
char *rbd_options_hide_secret(const char *text, size_t len);

#endif
