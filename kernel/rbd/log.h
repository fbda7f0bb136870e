/* SPDX-License-Identifier: GPL-2.0 */
/* One form of message: "rbd: rbdN: ..." once there is a device. */
#ifndef RBD_LOG_H
#define RBD_LOG_H

#include <linux/printk.h>

#define rbd_err(dev, fmt, ...) pr_err("%s: " fmt, (dev)->name, ##__VA_ARGS__)
#define rbd_warn(dev, fmt, ...) pr_warn("%s: " fmt, (dev)->name, ##__VA_ARGS__)
#define rbd_info(dev, fmt, ...) pr_info("%s: " fmt, (dev)->name, ##__VA_ARGS__)

/*
 * Why a mapping could not be made: exactly one such line for each failed
 * write to /sys/bus/rbd/add*. Tools read it from the log by its start.
 */
#define rbd_map_err(spec, fmt, ...)					\
	pr_err("map %s/%s failed: " fmt, (spec)->pool_name,		\
	       (spec)->image_name, ##__VA_ARGS__)

#endif
