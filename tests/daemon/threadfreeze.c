// SPDX-License-Identifier: GPL-2.0
#include "threadfreeze.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "connect.h"
#include "lib/slurp.h"

static void stop_one(struct threadfreeze *t, pid_t tid)
{
	int status;

	if (t->n == THREADFREEZE_MAX)
		connect_die("more than %d threads to stop", THREADFREEZE_MAX);
	if (ptrace(PTRACE_SEIZE, tid, NULL, NULL) ||
	    ptrace(PTRACE_INTERRUPT, tid, NULL, NULL))
		connect_die("cannot trace thread %d: %s", tid, strerror(errno));
	if (waitpid(tid, &status, __WALL) != tid || !WIFSTOPPED(status))
		connect_die("thread %d did not stop", tid);
	t->tids[t->n++] = tid;
}

void threadfreeze_stop(struct threadfreeze *t, pid_t pid, const char *name)
{
	char path[64], comm[32];
	struct dirent *e;
	DIR *dir;

	t->n = 0;
	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	if (!dir)
		connect_die("there is no process %d", pid);
	while ((e = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%d/task/%.16s/comm", pid,
			 e->d_name);
		if (e->d_name[0] != '.' &&
		    !slurp_line(path, comm, sizeof(comm)) &&
		    !strcmp(comm, name))
			stop_one(t, atoi(e->d_name));
	}
	closedir(dir);
	if (!t->n)
		connect_die("process %d has no thread '%s'", pid, name);
}

void threadfreeze_go(struct threadfreeze *t)
{
	while (t->n)
		ptrace(PTRACE_DETACH, t->tids[--t->n], NULL, NULL);
}
