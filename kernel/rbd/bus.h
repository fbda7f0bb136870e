/* SPDX-License-Identifier: GPL-2.0 */
/* /sys/bus/rbd: the door through which images are mapped and unmapped. */
#ifndef RBD_BUS_H
#define RBD_BUS_H

#include <linux/types.h>

struct bus_type;
struct device;
struct rbd_device;

/** rbd_bus_init() - at the start of the module
 * @single_major: which of the two sets of files is in use
 */
int rbd_bus_init(bool single_major);

/** rbd_bus_exit() - at its end; there are no devices then */
void rbd_bus_exit(void);

/** rbd_bus() - the bus of the devices */
#ifdef RBD_HAVE_CONST_BUS
const struct bus_type *rbd_bus(void);
#else
struct bus_type *rbd_bus(void);
#endif

/** rbd_bus_root() - their parent, /sys/devices/rbd */
struct device *rbd_bus_root(void);

/** rbd_bus_forget() - nobody finds the device by its number any more */
void rbd_bus_forget(struct rbd_device *dev);

#endif
