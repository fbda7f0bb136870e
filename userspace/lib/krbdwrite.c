// SPDX-License-Identifier: GPL-2.0
/*
 * The writing half of krbd.h: what goes into the driver's add and remove files.
 */
#include <errno.h>
#include <fcntl.h>
#include <libkmod.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/krbd.h"

/* sysfs takes one page per write. */
#define LINE_MAX_BYTES 4095
#define BUSY_PAUSE_MS 250

int krbd_load_module(struct fault *f)
{
	struct kmod_module *mod = NULL;
	struct kmod_ctx *ctx;
	int ret;

	if (krbd_present())
		return 0;
	ctx = kmod_new(NULL, NULL);
	if (!ctx)
		return fault_set(f, -ENOMEM, "cannot start libkmod");
	kmod_set_log_priority(ctx, 0);
	ret = kmod_module_new_from_name(ctx, "rbd", &mod);
	if (!ret)
		ret = kmod_module_probe_insert_module(
			mod, KMOD_PROBE_APPLY_BLACKLIST, "single_major=Y", NULL,
			NULL, NULL);
	if (mod)
		kmod_module_unref(mod);
	kmod_unref(ctx);
	if (ret > 0)
		return fault_set(
			f, -EPERM,
			"kernel module rbd is blacklisted; remove the blacklist line from /etc/modprobe.d");
	if (ret == -ENOENT)
		return fault_set(
			f, ret,
			"this kernel has no module rbd; install it with 'make dkms-install' or boot a kernel that has it");
	if (ret == -EPERM || ret == -EACCES)
		return fault_set(f, ret, "loading module rbd needs root");
	if (ret == -EKEYREJECTED)
		return fault_set(
			f, ret,
			"the kernel rejects the signature of module rbd; enroll its key with 'mokutil --import'");
	if (ret < 0)
		return fault_set(f, ret,
				 "cannot load module rbd: %s; see dmesg",
				 strerror(-ret));
	if (!krbd_present())
		return fault_set(
			f, -ENODEV,
			"module rbd is loaded but /sys/bus/rbd is missing; is /sys mounted?");
	return 0;
}

char *krbd_add_line(const char *mons, const char *options,
		    const struct rbd_spec *spec, struct fault *f)
{
	char *line;
	int n = asprintf(&line, "%s %s%s%s %s %s %s", mons, options,
			 *spec->ns ? ",_pool_ns=" : "", spec->ns, spec->pool,
			 spec->image, *spec->snap ? spec->snap : "-");

	if (n < 0) {
		fault_set(f, -ENOMEM, "out of memory");
		return NULL;
	}
	if (n > LINE_MAX_BYTES) {
		explicit_bzero(line, n);
		free(line);
		fault_set(
			f, -E2BIG,
			"monitor addresses and options are %d bytes long, the kernel takes %d; name fewer monitors with --mon-host",
			n, LINE_MAX_BYTES);
		return NULL;
	}
	return line;
}

void krbd_mask(char *line)
{
	char *s = line;

	while ((s = strstr(s, "secret="))) {
		s += strlen("secret=");
		while (*s && !strchr(", \t\n", *s))
			*s++ = '*';
	}
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), ret = 0;
	size_t len = strlen(text);
	ssize_t n;

	if (fd < 0)
		return -errno;
	/* One write, never repeated: the driver acts on each. */
	n = write(fd, text, len);
	if (n < 0)
		ret = -errno;
	else if ((size_t)n != len)
		ret = -EIO;
	close(fd);
	return ret;
}

/* Writes to FILE_single_major, or to FILE when the driver has only that. */
static int write_bus(const char *file, const char *text)
{
	char *path = krbd_sysfs_path("bus/rbd/%s_single_major", file);
	int ret;

	if (path && access(path, F_OK)) {
		free(path);
		path = krbd_sysfs_path("bus/rbd/%s", file);
	}
	if (!path)
		return -ENOMEM;
	ret = write_file(path, text);
	free(path);
	return ret;
}

static bool had(const struct krbd_list *before, unsigned int id)
{
	size_t i;

	for (i = 0; i < before->n; i++)
		if (before->v[i].id == id)
			return true;
	return false;
}

int krbd_add(const char *line, const struct rbd_spec *spec, unsigned int *id)
{
	struct krbd_list before, after;
	size_t i;
	int ret = krbd_list(&before, NULL);

	if (ret)
		return ret;
	ret = write_bus("add", line);
	if (!ret)
		ret = krbd_list(&after, NULL);
	if (ret) {
		krbd_list_free(&before);
		return ret;
	}
	/* The write says nothing about the id: it is the one that is new. */
	ret = -ENODEV;
	for (i = 0; i < after.n && ret; i++) {
		if (had(&before, after.v[i].id) ||
		    !rbd_spec_equal(&after.v[i].spec, spec))
			continue;
		*id = after.v[i].id;
		ret = 0;
	}
	krbd_list_free(&before);
	krbd_list_free(&after);
	return ret;
}

int krbd_remove(unsigned int id, enum krbd_force force)
{
	static const char *const how[] = {
		[KRBD_REMOVE_IF_UNUSED] = "",
		[KRBD_REMOVE_FORCE] = " force",
		[KRBD_REMOVE_FULL_FORCE] = " full-force",
	};
	char text[32];

	snprintf(text, sizeof(text), "%u%s", id, how[force]);
	return write_bus("remove", text);
}

int krbd_remove_wait(unsigned int id, enum krbd_force force, int timeout_ms)
{
	long long end = clock_ms() + timeout_ms;
	int ret;

	for (;;) {
		ret = krbd_remove(id, force);
		if (ret != -EBUSY || clock_ms() >= end)
			return ret;
		clock_sleep_ms(BUSY_PAUSE_MS);
	}
}
