// SPDX-License-Identifier: GPL-2.0
#include "map/hooks.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct hook {
	const char *path;
	const char *what;
	const char *device;
};

static const char *hook_dir(void)
{
	const char *dir = secure_getenv("RBDMAP_HOOKS");

	return dir && *dir ? dir : "/etc/ceph/rbd.d";
}

static int run(void *ctx, size_t i, struct pool_reply *reply)
{
	const struct hook *h = ctx;
	int status;
	pid_t pid = fork();

	(void)i;
	if (pid < 0)
		return -errno;
	if (!pid) {
		execl(h->path, h->path, h->what, h->device, (char *)NULL);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	if (WIFEXITED(status))
		snprintf(reply->text, sizeof(reply->text),
			 "hook '%.300s %s' exited with status %d", h->path,
			 h->what, WEXITSTATUS(status));
	else
		snprintf(reply->text, sizeof(reply->text),
			 "hook '%.300s %s' was killed by signal %d", h->path,
			 h->what, WTERMSIG(status));
	return -ECANCELED;
}

int hooks_run(const struct rbd_spec *spec, const char *what, unsigned int id,
	      int timeout_ms, struct pool_reply *reply)
{
	char *name = rbd_spec_format(spec), *link = rbd_spec_link(spec);
	struct hook h = { .what = what };
	char node[32], *path = NULL;
	struct stat st;
	int ret = 0;

	memset(reply, 0, sizeof(*reply));
	snprintf(node, sizeof(node), "/dev/rbd%u", id);
	if (!name || !link || asprintf(&path, "%s/%s", hook_dir(), name) < 0) {
		path = NULL;
		ret = -ENOMEM;
	} else if (!access(path, X_OK) && !stat(path, &st) &&
		   S_ISREG(st.st_mode)) {
		h.path = path;
		h.device = access(link, F_OK) ? node : link;
		ret = pool_step(run, &h, timeout_ms, reply);
		if (ret == -ETIMEDOUT)
			snprintf(
				reply->text, sizeof(reply->text),
				"hook '%.300s %s' took longer than %d s and was killed",
				path, what, timeout_ms / 1000);
		if (!ret)
			ret = 1;
	}
	free(path);
	free(name);
	free(link);
	return ret;
}
