// SPDX-License-Identifier: GPL-2.0
#include "map/o2cb.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/bootcluster.h"
#include "lib/clusterhost.h"
#include "lib/o2cbdefaults.h"
#include "map/pool.h"

#define O2CB_SCRIPT "/etc/init.d/o2cb"
#define CLUSTER_CONF "/etc/ocfs2/cluster.conf"
#define ONLINE_TIMEOUT_MS 60000

static int run_online(void *ctx, size_t i, struct pool_reply *reply)
{
	int status;
	pid_t pid = fork();

	(void)i;
	(void)reply;
	if (pid < 0)
		return -errno;
	if (!pid) {
		/* Not by way of systemctl: this may be part of a boot. */
		setenv("SYSTEMCTL_SKIP_REDIRECT", "1", 1);
		execl(O2CB_SCRIPT, O2CB_SCRIPT, "online", (const char *)ctx,
		      (char *)NULL);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	/* Its status is 1 also for "already online": look for ourselves. */
	return 0;
}

int o2cb_online(struct fault *f)
{
	struct pool_reply reply;
	char *name;
	int ret;

	if (access(O2CB_SCRIPT, X_OK) || access(CLUSTER_CONF, R_OK))
		return 0;
	/* Its script would take OCFS2 away from the stack that it has. */
	if (clusterhost_other_stack())
		return 0;
	name = bootcluster_name(o2cb_defaults_path(), CLUSTER_CONF);
	if (!name)
		return fault_set(
			f, -EINVAL,
			"%s has no cluster stanza with a name; see 'rbdshare cluster check'",
			CLUSTER_CONF);
	if (clusterhost_joined(name)) {
		printf("Cluster %s already online\n", name);
		ret = 0;
	} else {
		ret = pool_step(run_online, name, ONLINE_TIMEOUT_MS, &reply);
		if (!ret && !clusterhost_joined(name))
			ret = -ENODEV;
		if (ret)
			fault_set(
				f, ret,
				"cluster %s does not come online%s; see 'rbdshare cluster check' and 'service o2cb online'",
				name, ret == -ETIMEDOUT ? " within 60 s" : "");
	}
	free(name);
	return ret;
}
