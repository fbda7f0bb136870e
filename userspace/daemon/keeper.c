// SPDX-License-Identifier: GPL-2.0
#include "daemon/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/daemon.h"
#include "lib/clock.h"
#include "lib/dlmtree.h"

#define LOCK DAEMON_RUN_DIR "/keeper"
#define LOOK_MS 5000

int keeper_start(void)
{
	pid_t child;

	if (getenv("NOTIFY_SOCKET"))
		return 0;
	child = fork();
	if (child < 0)
		return -errno;
	if (child) {
		waitpid(child, NULL, 0);
		return 0;
	}
	/* A grandchild of its own session; only exec comes before it. */
	setsid();
	if (!fork())
		execl("/proc/self/exe", "rbdshared", KEEPER_WORD, (char *)NULL);
	_exit(0);
}

static int open_monitor(void)
{
	int fd = open("/dev/misc/dlm-monitor", O_RDWR | O_CLOEXEC);

	return fd < 0 ? open("/dev/dlm-monitor", O_RDWR | O_CLOEXEC) : fd;
}

static int one(void *arg, const char *name)
{
	(void)name;
	*(bool *)arg = true;
	return 0;
}

static bool any_lockspace(void)
{
	struct dlmtree tree = { .ops = NULL };
	bool any = false;

	return dlmtree_lockspaces(&tree, one, &any) || any;
}

int keeper_run(void)
{
	int lock = open(LOCK, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	sigset_t all;
	int fd;

	/* One is enough. */
	if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB))
		return 0;
	fd = open_monitor();
	if (fd < 0)
		return 1;
	prctl(PR_SET_NAME, "rbdshared-keep");
	mlockall(MCL_CURRENT | MCL_FUTURE);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	if (chdir("/"))
		return 1;
	/* The daemon makes a lockspace possible, so it is there before one is. */
	do
		clock_sleep_ms(LOOK_MS);
	while (any_lockspace() || !daemon_lock_is_free());
	return 0;
}
