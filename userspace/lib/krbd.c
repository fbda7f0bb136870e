// SPDX-License-Identifier: GPL-2.0
#include "lib/krbd.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/slurp.h"

#define ATTR_MAX 4096

/* Attributes that have their own field, or are write-only or housekeeping. */
static const char *const known[] = {
	"size",
	"features",
	"major",
	"minor",
	"client_addr",
	"client_id",
	"pool",
	"cluster_fsid",
	"pool_id",
	"config_info",
	"pool_ns",
	"name",
	"image_id",
	"snap_id",
	"current_snap",
	"refresh",
	"parent",
	"uevent",
	"power",
	"subsystem",
	"driver",
	"block",
	"waiting_for_supplier",
};

char *krbd_sysfs_path(const char *fmt, ...)
{
	const char *root = secure_getenv("RBDSHARE_SYSFS");
	char *rel = NULL, *path = NULL;
	va_list ap;
	int ret;

	va_start(ap, fmt);
	ret = vasprintf(&rel, fmt, ap);
	va_end(ap);
	if (ret < 0)
		return NULL;
	if (asprintf(&path, "%s/%s", root && *root ? root : "/sys", rel) < 0)
		path = NULL;
	free(rel);
	return path;
}

bool krbd_present(void)
{
	char *path = krbd_sysfs_path("bus/rbd");
	bool there = path && !access(path, F_OK);

	free(path);
	return there;
}

/* An attribute as a fresh string; "" when it cannot be read. */
static char *attr(unsigned int id, const char *name)
{
	char *path = krbd_sysfs_path("bus/rbd/devices/%u/%s", id, name);
	char value[ATTR_MAX];

	if (!path)
		return NULL;
	slurp_line(path, value, sizeof(value));
	free(path);
	return strdup(value);
}

static unsigned long long attr_number(unsigned int id, const char *name)
{
	char *path = krbd_sysfs_path("bus/rbd/devices/%u/%s", id, name);
	unsigned long long value = 0;

	if (path)
		slurp_u64(path, &value);
	free(path);
	return value;
}

int krbd_set_offline(unsigned int id)
{
	char *path = krbd_sysfs_path("bus/rbd/devices/%u/offline", id);
	int fd = path ? open(path, O_WRONLY | O_CLOEXEC) : -1;
	int err = fd < 0 || write(fd, "1\n", 2) != 2 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	free(path);
	return err;
}

bool krbd_in_flight(unsigned int id)
{
	char *path = krbd_sysfs_path("bus/rbd/devices/%u/inflight", id);
	char value[ATTR_MAX];
	int err = path ? slurp_line(path, value, sizeof(value)) : -ENOMEM;

	free(path);
	return err == -EOVERFLOW || err == -ENOMEM || (!err && *value);
}

static bool is_known(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (!strcmp(known[i], name))
			return true;
	return false;
}

static int read_extra(struct krbd_device *dev)
{
	char *path = krbd_sysfs_path("bus/rbd/devices/%u", dev->id);
	DIR *dir = path ? opendir(path) : NULL;
	struct krbd_attr *bigger;
	struct dirent *e;
	struct stat st;
	int ret = 0;

	free(path);
	if (!dir)
		return path ? 0 : -ENOMEM;
	while (!ret && (e = readdir(dir))) {
		if (e->d_name[0] == '.' || is_known(e->d_name) ||
		    fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW) ||
		    !S_ISREG(st.st_mode) || !(st.st_mode & 0444))
			continue;
		bigger = realloc(dev->extra,
				 (dev->extra_n + 1) * sizeof(*bigger));
		if (!bigger) {
			ret = -ENOMEM;
			break;
		}
		dev->extra = bigger;
		bigger[dev->extra_n].name = strdup(e->d_name);
		bigger[dev->extra_n].value = attr(dev->id, e->d_name);
		if (!bigger[dev->extra_n].name || !bigger[dev->extra_n].value)
			ret = -ENOMEM;
		dev->extra_n++;
	}
	closedir(dir);
	return ret;
}

static void device_free(struct krbd_device *dev)
{
	size_t i;

	rbd_spec_free(&dev->spec);
	free(dev->image_id);
	free(dev->fsid);
	free(dev->client_id);
	free(dev->client_addr);
	free(dev->features);
	free(dev->config_info);
	for (i = 0; i < dev->extra_n; i++) {
		free(dev->extra[i].name);
		free(dev->extra[i].value);
	}
	free(dev->extra);
}

static int read_spec(struct krbd_device *dev)
{
	char *pool = attr(dev->id, "pool"), *ns = attr(dev->id, "pool_ns");
	char *name = attr(dev->id, "name");
	char *snap = attr(dev->id, "current_snap");
	int ret = -ENOMEM;

	/* Gone between readdir and here: the caller leaves it out. */
	if (pool && name && (!*pool || !*name))
		ret = -ENOENT;
	else if (pool && ns && name && snap)
		ret = rbd_spec_make(pool, ns, name, snap, &dev->spec);
	free(pool);
	free(ns);
	free(name);
	free(snap);
	return ret;
}

static int device_read(unsigned int id, struct krbd_device *dev)
{
	char *ro = krbd_sysfs_path("block/rbd%u/ro", id);
	unsigned long long value = 0;
	int ret;

	memset(dev, 0, sizeof(*dev));
	dev->id = id;
	ret = read_spec(dev);
	dev->size = attr_number(id, "size");
	dev->pool_id = attr_number(id, "pool_id");
	dev->major = attr_number(id, "major");
	dev->minor = attr_number(id, "minor");
	if (ro && !slurp_u64(ro, &value))
		dev->read_only = value != 0;
	free(ro);
	dev->image_id = attr(id, "image_id");
	dev->fsid = attr(id, "cluster_fsid");
	dev->client_id = attr(id, "client_id");
	dev->client_addr = attr(id, "client_addr");
	dev->features = attr(id, "features");
	dev->config_info = attr(id, "config_info");
	if (dev->config_info)
		krbd_mask(dev->config_info);
	if (!ret && (!dev->image_id || !dev->fsid || !dev->client_id ||
		     !dev->client_addr || !dev->features || !dev->config_info))
		ret = -ENOMEM;
	if (!ret)
		ret = read_extra(dev);
	if (ret)
		device_free(dev);
	return ret;
}

static int by_id(const void *a, const void *b)
{
	const struct krbd_device *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

static int list_add(struct krbd_list *list, unsigned int id)
{
	struct krbd_device dev, *bigger;
	int ret = device_read(id, &dev);

	if (ret)
		return ret == -ENOENT ? 0 : ret;
	bigger = realloc(list->v, (list->n + 1) * sizeof(*bigger));
	if (!bigger) {
		device_free(&dev);
		return -ENOMEM;
	}
	list->v = bigger;
	list->v[list->n++] = dev;
	return 0;
}

/* The number a directory entry is named after, or -1. */
static long entry_id(const char *name)
{
	char *end;
	unsigned long id;

	if (!isdigit((unsigned char)*name))
		return -1;
	id = strtoul(name, &end, 10);
	return *end || id > INT_MAX ? -1 : (long)id;
}

int krbd_list(struct krbd_list *list, struct fault *f)
{
	char *path = krbd_sysfs_path("bus/rbd/devices");
	struct dirent *e;
	int ret = 0;
	DIR *dir;
	long id;

	memset(list, 0, sizeof(*list));
	if (!path)
		return fault_set(f, -ENOMEM, "out of memory");
	dir = opendir(path);
	if (!dir && errno != ENOENT)
		ret = fault_file(f, -errno, "read", path);
	free(path);
	if (!dir)
		return ret;
	while (!ret && (e = readdir(dir))) {
		id = entry_id(e->d_name);
		if (id >= 0)
			ret = list_add(list, id);
	}
	closedir(dir);
	if (ret) {
		krbd_list_free(list);
		return fault_set(f, ret, "out of memory");
	}
	if (list->n)
		qsort(list->v, list->n, sizeof(*list->v), by_id);
	return 0;
}

void krbd_list_free(struct krbd_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		device_free(&list->v[i]);
	free(list->v);
	memset(list, 0, sizeof(*list));
}

const struct krbd_device *krbd_find(const struct krbd_list *list,
				    const struct rbd_spec *spec)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (rbd_spec_equal(&list->v[i].spec, spec))
			return &list->v[i];
	return NULL;
}

static const struct krbd_device *find_id(const struct krbd_list *list,
					 unsigned long id)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (list->v[i].id == id)
			return &list->v[i];
	return NULL;
}

/* Is the partition with this number a child of the whole disk "name"? */
static bool owns_partition(unsigned int id, dev_t devno)
{
	char *path = krbd_sysfs_path("dev/block/%u:%u", major(devno),
				     minor(devno));
	char target[PATH_MAX], want[32], *at;
	ssize_t n = path ? readlink(path, target, sizeof(target) - 1) : -1;

	free(path);
	if (n < 0)
		return false;
	target[n] = '\0';
	snprintf(want, sizeof(want), "/rbd%u/", id);
	at = strstr(target, want);
	return at;
}

const struct krbd_device *krbd_find_node(const struct krbd_list *list,
					 const char *path)
{
	struct stat st;
	size_t i;
	char *end;
	unsigned long id;

	if (!stat(path, &st) && S_ISBLK(st.st_mode)) {
		for (i = 0; i < list->n; i++) {
			const struct krbd_device *dev = &list->v[i];

			if (dev->major == major(st.st_rdev) &&
			    dev->minor == minor(st.st_rdev))
				return dev;
			if (owns_partition(dev->id, st.st_rdev))
				return dev;
		}
		return NULL;
	}
	/* The node may be missing (no udev, another mount namespace). */
	if (strncmp(path, "/dev/rbd", 8) || !isdigit((unsigned char)path[8]))
		return NULL;
	id = strtoul(path + 8, &end, 10);
	if (*end == 'p' && isdigit((unsigned char)end[1]))
		end += 1 + strspn(end + 1, "0123456789");
	return *end ? NULL : find_id(list, id);
}
