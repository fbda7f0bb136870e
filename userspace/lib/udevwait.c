// SPDX-License-Identifier: GPL-2.0
#include "lib/udevwait.h"

#include <errno.h>
#include <libudev.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/clock.h"

/* Without events, and in case one is lost, look again this often. */
#define LOOK_MS 50
#define LOOK_WITH_EVENTS_MS 500

struct udevwait {
	struct udev *udev;
	struct udev_monitor *monitor;
};

struct udevwait *udevwait_open(bool use_udev)
{
	struct udevwait *w = calloc(1, sizeof(*w));

	if (!w || !use_udev || access("/run/udev/control", F_OK))
		return w;
	w->udev = udev_new();
	if (w->udev)
		w->monitor = udev_monitor_new_from_netlink(w->udev, "udev");
	if (w->monitor && (udev_monitor_filter_add_match_subsystem_devtype(
				   w->monitor, "block", "disk") < 0 ||
			   udev_monitor_enable_receiving(w->monitor) < 0)) {
		udev_monitor_unref(w->monitor);
		w->monitor = NULL;
	}
	return w;
}

void udevwait_close(struct udevwait *w)
{
	if (!w)
		return;
	if (w->monitor)
		udev_monitor_unref(w->monitor);
	if (w->udev)
		udev_unref(w->udev);
	free(w);
}

static bool node_exists(unsigned int id)
{
	char path[32];
	struct stat st;

	snprintf(path, sizeof(path), "/dev/rbd%u", id);
	return !stat(path, &st) && S_ISBLK(st.st_mode);
}

/* Has udev run its rules for the device? */
static bool initialized(struct udevwait *w, unsigned int id)
{
	char name[16];
	struct udev_device *dev;
	bool done;

	if (!w->monitor)
		return true;
	snprintf(name, sizeof(name), "rbd%u", id);
	dev = udev_device_new_from_subsystem_sysname(w->udev, "block", name);
	done = dev && udev_device_get_is_initialized(dev) > 0;
	if (dev)
		udev_device_unref(dev);
	return done;
}

/*
 * Sleeps until an event comes or it is time to look again. True when the
 * event says that udev is through with the removal of /dev/rbdN.
 */
static bool pause_for(struct udevwait *w, unsigned int id, long long left_ms)
{
	long long step = w->monitor ? LOOK_WITH_EVENTS_MS : LOOK_MS;
	struct pollfd pfd = { .fd = -1, .events = POLLIN };
	struct udev_device *dev;
	const char *action;
	bool removed = false;
	char name[16];

	if (step > left_ms)
		step = left_ms > 0 ? left_ms : 0;
	if (w->monitor)
		pfd.fd = udev_monitor_get_fd(w->monitor);
	if (poll(&pfd, 1, step) <= 0)
		return false;
	dev = udev_monitor_receive_device(w->monitor);
	if (!dev)
		return false;
	snprintf(name, sizeof(name), "rbd%u", id);
	action = udev_device_get_action(dev);
	removed = action && !strcmp(action, "remove") &&
		  !strcmp(udev_device_get_sysname(dev), name);
	udev_device_unref(dev);
	return removed;
}

int udevwait_device(struct udevwait *w, unsigned int id, int timeout_ms)
{
	long long end = clock_ms() + timeout_ms;

	for (;;) {
		if (node_exists(id) && initialized(w, id))
			return 0;
		if (clock_ms() >= end)
			return node_exists(id) ? -ETIME : -ETIMEDOUT;
		pause_for(w, id, end - clock_ms());
	}
}

int udevwait_gone(struct udevwait *w, unsigned int id, int timeout_ms)
{
	long long end = clock_ms() + timeout_ms;
	bool removed = !w->monitor;

	while (node_exists(id) || !removed) {
		if (clock_ms() >= end)
			return node_exists(id) ? -ETIMEDOUT : -ETIME;
		if (pause_for(w, id, end - clock_ms()))
			removed = true;
	}
	return 0;
}
