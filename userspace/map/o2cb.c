// SPDX-License-Identifier: GPL-2.0
#include "map/o2cb.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/slurp.h"
#include "map/pool.h"

#define O2CB_SCRIPT "/etc/init.d/o2cb"
#define O2CB_DEFAULTS "/etc/default/o2cb"
#define CLUSTER_CONF "/etc/ocfs2/cluster.conf"
#define CONFIGFS "/sys/kernel/config/cluster"
#define CONF_MAX_BYTES (256 * 1024)
#define ONLINE_TIMEOUT_MS 60000

/* Copies a word: what o2cb accepts as the name of a cluster. */
static void copy_word(char *buf, size_t size, const char *s)
{
	size_t n = 0;

	while (isspace((unsigned char)*s) || *s == '"' || *s == '\'')
		s++;
	while (n + 1 < size &&
	       (isalnum((unsigned char)s[n]) || s[n] == '_' || s[n] == '-'))
		n++;
	memcpy(buf, s, n);
	buf[n] = '\0';
}

/* O2CB_BOOTCLUSTER of the defaults file; the last assignment counts. */
static void name_from_defaults(char *name, size_t size)
{
	char *text, *line, *save = NULL;

	if (slurp_file(O2CB_DEFAULTS, CONF_MAX_BYTES, &text, NULL))
		return;
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		line += strspn(line, " \t");
		if (!strncmp(line, "O2CB_BOOTCLUSTER=", 17))
			copy_word(name, size, line + 17);
	}
	free(text);
}

/* "name = X" of the first cluster stanza. */
static void name_from_conf(char *name, size_t size)
{
	char *text, *line, *save = NULL, *eq;
	bool in_cluster = false;

	if (slurp_file(CLUSTER_CONF, CONF_MAX_BYTES, &text, NULL))
		return;
	for (line = strtok_r(text, "\r\n", &save); line && !*name;
	     line = strtok_r(NULL, "\r\n", &save)) {
		line += strspn(line, " \t");
		if (strchr(line, ':') && !strchr(line, '='))
			in_cluster = !strncmp(line, "cluster:", 8);
		eq = strchr(line, '=');
		if (in_cluster && eq && !strncmp(line, "name", 4))
			copy_word(name, size, eq + 1);
	}
	free(text);
}

/* Online means: registered, and this node is in it. */
static bool is_online(const char *name)
{
	char path[512], value[16];
	struct dirent *e;
	bool online = false;
	DIR *dir;

	snprintf(path, sizeof(path), CONFIGFS "/%s/node", name);
	dir = opendir(path);
	while (dir && !online && (e = readdir(dir))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), CONFIGFS "/%s/node/%s/local", name,
			 e->d_name);
		online = !slurp_line(path, value, sizeof(value)) &&
			 !strcmp(value, "1");
	}
	if (dir)
		closedir(dir);
	return online;
}

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
	char name[64] = "";
	int ret;

	if (access(O2CB_SCRIPT, X_OK) || access(CLUSTER_CONF, R_OK))
		return 0;
	name_from_defaults(name, sizeof(name));
	if (!*name)
		name_from_conf(name, sizeof(name));
	if (!*name)
		return fault_set(
			f, -EINVAL,
			"%s has no cluster stanza with a name; see 'rbdshare cluster check'",
			CLUSTER_CONF);
	if (is_online(name)) {
		printf("Cluster %s already online\n", name);
		return 0;
	}
	ret = pool_step(run_online, name, ONLINE_TIMEOUT_MS, &reply);
	if (!ret && is_online(name))
		return 0;
	return fault_set(
		f, ret ? ret : -ENODEV,
		"cluster %s does not come online%s; see 'rbdshare cluster check' and 'service o2cb online'",
		name, ret == -ETIMEDOUT ? " within 60 s" : "");
}
