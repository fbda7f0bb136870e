// SPDX-License-Identifier: GPL-2.0
#include "lib/maperror.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

static const struct {
	int error;
	bool retry;
	const char *hint;
} table[] = {
	{ ENOENT, false,
	  "there is no such pool, namespace, image or snapshot; see 'rbdshare ls'" },
	{ EACCES, false,
	  "the cluster refuses this client; check its key and caps (see 'ceph auth get')" },
	{ EPERM, false,
	  "not permitted; run as root, and give the client's key 'profile rbd'" },
	{ ENXIO, false,
	  "features that are not supported; see 'rbdshare info' and 'rbd feature disable'" },
	{ EOPNOTSUPP, false,
	  "the image or an option needs something this driver does not support" },
	{ EINVAL, false, "the driver does not accept an option or a name" },
	{ EROFS, false,
	  "another client holds the exclusive lock; map with --read-only, or unmap it there" },
	{ E2BIG, false, "the request is too long" },
	{ ENAMETOOLONG, false, "a name is too long" },
	{ ENOKEY, false,
	  "the kernel has no key for this client; check --keyring" },
	{ ENODEV, false, "the driver made no device; see dmesg" },
	{ ENOMEM, true, "the kernel is out of memory" },
	{ ESHUTDOWN, false,
	  "this client is on the cluster's blocklist; see 'ceph osd blocklist ls'" },
	{ ETIMEDOUT, true,
	  "the cluster did not answer in time; check the network and 'ceph -s'" },
	{ EBUSY, true, "busy; another client may hold the lock" },
	{ EAGAIN, true, "try again" },
	{ EINTR, true, "interrupted" },
	{ EIO, true,
	  "no usable answer from the cluster; see dmesg (a msgr2 port needs -o ms_mode=)" },
	{ ENETUNREACH, true, "no route to the monitors; check the network" },
	{ ENETDOWN, true, "the network is down" },
	{ EHOSTUNREACH, true, "no route to the monitors; check the network" },
	{ EHOSTDOWN, true, "the monitors' hosts are down" },
	{ ECONNREFUSED, true,
	  "the monitors' hosts answer, but no monitor runs there" },
	{ ECONNRESET, true, "a monitor closed the connection" },
	{ ECONNABORTED, true, "the connection was aborted" },
	{ ENOTCONN, true, "the connection was lost" },
	{ EPIPE, true, "the connection was lost" },
};

static int find(int err)
{
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (table[i].error == -err)
			return i;
	return -1;
}

bool maperror_retryable(int err)
{
	int i = find(err);

	return i >= 0 && table[i].retry;
}

const char *maperror_hint(int err)
{
	int i = find(err);

	return i >= 0 ? table[i].hint : "see dmesg";
}

const char *maperror_unmap_hint(int err)
{
	switch (-err) {
	case EBUSY:
		return "it is in use; unmount it and stop what holds it, or use --force";
	case ENOENT:
	case EINVAL:
		return "it is not mapped, or the driver does not know this way of removing it";
	case EPERM:
	case EACCES:
		return "unmapping needs root";
	default:
		return "see dmesg";
	}
}
