// SPDX-License-Identifier: GPL-2.0
#include "lib/keyringfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/slurp.h"

#define KEYRING_MAX (64 << 10)

void keyringfile_default(const char *cluster, const char *client, char *path,
			 size_t size)
{
	snprintf(path, size, "/etc/ceph/%.60s.client.%.120s.keyring",
		 cluster ?: "ceph", client);
}

int keyringfile_check(const char *path, struct fault *f)
{
	char *dir = strdup(path), *slash;
	int ret = 0;

	if (!dir)
		return -ENOMEM;
	slash = strrchr(dir, '/');
	if (slash)
		*(slash == dir ? slash + 1 : slash) = '\0';
	if (access(slash ? dir : ".", W_OK | X_OK)) {
		ret = -errno;
		fault_set(
			f, ret,
			"cannot write a keyring into %s: %s; name a file with --keyring-out",
			slash ? dir : ".", strerror(-ret));
	}
	free(dir);
	return ret;
}

int keyringfile_write(const char *path, const char *client, const char *key,
		      struct fault *f)
{
	char text[320], *old = NULL;
	int fd, len, ret = 0;
	bool same;

	len = snprintf(text, sizeof(text), "[client.%s]\n\tkey = %s\n", client,
		       key);
	if (!slurp_file(path, KEYRING_MAX, &old, NULL)) {
		same = !strcmp(old, text);
		free(old);
		return same ? 0 :
			      fault_set(
				      f, -EEXIST,
				      "%s exists with other content and was not touched; name another file with --keyring-out",
				      path);
	}
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, text, (size_t)len) != len || fsync(fd))
		ret = errno ? -errno : -EIO;
	if (fd >= 0)
		close(fd);
	explicit_bzero(text, sizeof(text));
	if (ret)
		return fault_set(
			f, ret,
			"cannot write the key of client.%s to %s: %s; get it with: ceph auth get client.%s",
			client, path, strerror(-ret), client);
	return 0;
}
