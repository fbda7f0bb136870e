// SPDX-License-Identifier: GPL-2.0
/* rbdshare cluster online, offline: the daemon, started and stopped. */
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/clusterargs.h"
#include "cli/globals.h"
#include "lib/dlmtree.h"
#include "lib/exitcode.h"
#include "lib/jsonout.h"
#include "lib/msg.h"

#define INIT_SCRIPT "/etc/init.d/rbdshared"
#define SYSTEMD_RUNS "/run/systemd/system"
/* What a shell says when there is no such command. */
#define EXIT_NO_COMMAND 127
/* The same as init scripts say it. */
#define EXIT_NOT_INSTALLED 5

extern char **environ;

static const char *setting(const char *name, const char *standard)
{
	const char *env = getenv(name);

	return env && *env ? env : standard;
}

/* systemctl where systemd runs, else the init script; as sd_booted() sees it */
static void choose(const char *action, const char *words[4])
{
	memset(words, 0, 4 * sizeof(*words));
	if (!access(setting("RBDSHARE_SYSTEMD", SYSTEMD_RUNS), F_OK)) {
		words[0] = "systemctl";
		words[1] = action;
		words[2] = "rbdshared";
	} else {
		words[0] = setting("RBDSHARE_INIT_SCRIPT", INIT_SCRIPT);
		words[1] = action;
	}
}

/* Its output goes where @output does. Return: its exit code, or -errno. */
static int run(const char *const *words, int output)
{
	posix_spawn_file_actions_t files;
	int status;
	pid_t pid;
	int ret;

	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
	ret = posix_spawnp(&pid, words[0], &files, NULL, (char **)words,
			   environ);
	posix_spawn_file_actions_destroy(&files);
	if (ret)
		return -ret;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -EINTR;
}

/* What the daemon said last; systemctl only says that it ended. */
static void show_reason(void)
{
	static const char *const words[] = { "journalctl", "--no-pager", "-o",
					     "cat",	   "-n",	 "1",
					     "-u",	   "rbdshared",	 "-t",
					     "rbdshared",  NULL };

	run(words, STDERR_FILENO);
}

static int explain(const char *action, const char *const words[4], int ret)
{
	const char *look = words[2] ? "journalctl -u rbdshared -n 20" :
				      "its messages above, or syslog";

	if (ret == -ENOENT || ret == EXIT_NO_COMMAND) {
		msg_error("cannot run %s: rbdshared is not installed here",
			  words[0]);
		return EXIT_NOT_INSTALLED;
	}
	if (ret < 0) {
		msg_error("cannot run %s: %s", words[0], strerror(-ret));
		return exitcode_of(ret);
	}
	if (!strcmp(action, "stop"))
		msg_error(
			"rbdshared did not stop; unmount the cluster's filesystems first, and look at: %s",
			look);
	else
		msg_error("rbdshared did not start; look at: %s", look);
	if (words[2] && !strcmp(action, "start") && !globals.json)
		show_reason();
	return ret;
}

static int service(const char *action, const char *done)
{
	const char *words[4];
	struct json_object *o;
	int ret = 0;

	choose(action, words);
	if (globals.dry_run && !globals.json)
		printf("would run: %s %s%s%s\n", words[0], words[1],
		       words[2] ? " " : "", words[2] ? words[2] : "");
	if (!globals.dry_run)
		ret = run(words, STDOUT_FILENO);
	if (ret)
		return explain(action, words, ret);
	if (globals.json) {
		o = jsonout_new();
		jsonout_string(o, "action", action);
		jsonout_string(o, "command", words[0]);
		jsonout_bool(o, "dry_run", globals.dry_run);
		return exitcode_of(jsonout_print(o));
	}
	if (!globals.dry_run)
		msg_info("%s", done);
	return 0;
}

int cluster_online(const struct cluster_args *args)
{
	(void)args;
	return service("start", "rbdshared runs; see: rbdshare cluster status");
}

static int take_name(void *arg, const char *name)
{
	snprintf(arg, DLMTREE_NAME_MAX + 1, "%s", name);
	return 0;
}

/* The init script asks, systemctl does not; and lockspaces would stop. */
int cluster_offline(const struct cluster_args *args)
{
	struct dlmtree tree = { .ops = NULL };
	char name[DLMTREE_NAME_MAX + 1] = "";

	(void)args;
	dlmtree_lockspaces(&tree, take_name, name);
	if (*name) {
		msg_error(
			"the lockspace %s is in use: unmount the cluster's filesystems first",
			name);
		return exitcode_of(-EBUSY);
	}
	return service("stop", "rbdshared is stopped");
}
