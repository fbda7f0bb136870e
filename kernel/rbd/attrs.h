/* SPDX-License-Identifier: GPL-2.0 */
/* Attributes of a device, /sys/bus/rbd/devices/N; see Documentation/ABI. */
#ifndef RBD_ATTRS_H
#define RBD_ATTRS_H

struct attribute_group;

extern const struct attribute_group *rbd_attr_groups[];

#endif
