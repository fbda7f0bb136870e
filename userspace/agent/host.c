// SPDX-License-Identifier: GPL-2.0
#include "agent/host.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <ifaddrs.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/krbd.h"

static const char *proc_root(void)
{
	const char *root = getenv("RBDSHARE_PROC");

	return root && *root ? root : "/proc";
}

static bool is_at(const struct ifaddrs *i, const struct clientaddr *a)
{
	const struct sockaddr_in6 *six = (const void *)i->ifa_addr;
	const struct sockaddr_in *four = (const void *)i->ifa_addr;

	if (!i->ifa_addr || i->ifa_addr->sa_family != a->family)
		return false;
	if (a->family == AF_INET)
		return !memcmp(&four->sin_addr, a->ip, 4);
	return !memcmp(&six->sin6_addr, a->ip, 16);
}

size_t host_has(const struct nodemap_hosts *h)
{
	struct ifaddrs *list, *one;
	size_t i, count = 0;

	if (getifaddrs(&list))
		return 0;
	for (i = 0; i < h->n; i++)
		for (one = list; one; one = one->ifa_next)
			if (is_at(one, &h->v[i])) {
				count++;
				break;
			}
	freeifaddrs(list);
	return count;
}

int64_t host_uptime_s(void)
{
	char path[PATH_MAX];
	double up = -1;
	FILE *in;

	snprintf(path, sizeof(path), "%s/uptime", proc_root());
	in = fopen(path, "re");
	if (in) {
		if (fscanf(in, "%lf", &up) != 1)
			up = -1;
		fclose(in);
	}
	return up < 0 || up > 1e12 ? HOST_UPTIME_UNKNOWN : (int64_t)up + 1;
}

static FILE *open_of(const char *pid, const char *file)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s/%s", proc_root(), pid, file);
	return fopen(path, "re");
}

static void name_of(const char *pid, char *buf, size_t size)
{
	FILE *in = open_of(pid, "comm");

	*buf = '\0';
	if (!in)
		return;
	if (fgets(buf, (int)size, in))
		buf[strcspn(buf, "\n")] = '\0';
	fclose(in);
}

static bool maps_librbd(const char *pid)
{
	FILE *in = open_of(pid, "maps");
	char *line = NULL;
	size_t size = 0;
	bool found = false;

	/* It has ended, or is a thread of the kernel. */
	if (!in)
		return false;
	while (!found && getline(&line, &size, in) > 0)
		found = strstr(line, "/librbd.so");
	free(line);
	fclose(in);
	return found;
}

/* Of ourselves and our like nothing is written. */
static bool is_client(const char *pid, char *program, size_t size)
{
	if (atoi(pid) == getpid() || !maps_librbd(pid))
		return false;
	name_of(pid, program, size);
	return strcmp(program, "fence_rbd") != 0;
}

int host_clients(struct decide_host *h, struct fault *f)
{
	struct krbd_list devices;
	struct dirent *e;
	DIR *dir;
	int ret = krbd_list(&devices, f);

	if (ret)
		return ret;
	h->devices = devices.n;
	krbd_list_free(&devices);
	h->pid = 0;
	dir = opendir(proc_root());
	if (!dir)
		return fault_file(f, -errno, "read", proc_root());
	while (!h->pid && (e = readdir(dir)))
		if (*e->d_name >= '0' && *e->d_name <= '9' &&
		    is_client(e->d_name, h->program, sizeof(h->program)))
			h->pid = atoi(e->d_name);
	closedir(dir);
	return 0;
}
