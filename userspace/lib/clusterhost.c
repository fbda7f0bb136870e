// SPDX-License-Identifier: GPL-2.0
#include "lib/clusterhost.h"

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <ifaddrs.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/clusternode.h"
#include "lib/slurp.h"

#define FIX_RESTART "/etc/init.d/o2cb offline && /etc/init.d/o2cb online"

/* One connection attempt; fd is -1 once it is decided. */
struct attempt {
	struct sockaddr_in to;
	const char *name;
	const struct clusterconf_line *at;
	int fd;
	int err;
};

static const char *root(const char *variable, const char *standard)
{
	const char *v = getenv(variable);

	return v && *v ? v : standard;
}

int clusterhost_name(char *buf, size_t size)
{
	if (gethostname(buf, size))
		return -errno;
	buf[size - 1] = '\0';
	buf[strcspn(buf, ".")] = '\0';
	return *buf ? 0 : -ENOENT;
}

static int cluster_path(char *buf, size_t size, const char *cluster,
			const char *attribute)
{
	int n = snprintf(buf, size, "%s/kernel/config/cluster/%s/%s",
			 root("RBDSHARE_SYSFS", "/sys"), cluster, attribute);

	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}

bool clusterhost_online(const char *cluster)
{
	char path[512];
	struct stat st;

	return !clusternode_check_cluster(cluster, NULL) &&
	       !cluster_path(path, sizeof(path), cluster, "") &&
	       !stat(path, &st) && S_ISDIR(st.st_mode);
}

bool clusterhost_joined(const char *cluster)
{
	char path[512], value[16];
	struct dirent *e;
	bool joined = false;
	DIR *dir;

	if (clusternode_check_cluster(cluster, NULL) ||
	    cluster_path(path, sizeof(path), cluster, "node"))
		return false;
	dir = opendir(path);
	while (dir && !joined && (e = readdir(dir))) {
		char local[NAME_MAX + 16];

		if (e->d_name[0] == '.')
			continue;
		snprintf(local, sizeof(local), "node/%s/local", e->d_name);
		joined = !cluster_path(path, sizeof(path), cluster, local) &&
			 !slurp_line(path, value, sizeof(value)) &&
			 !strcmp(value, "1");
	}
	if (dir)
		closedir(dir);
	return joined;
}

bool clusterhost_other_stack(void)
{
	char path[512], stack[16];
	int n = snprintf(path, sizeof(path), "%s/fs/ocfs2/cluster_stack",
			 root("RBDSHARE_SYSFS", "/sys"));

	return n > 0 && (size_t)n < sizeof(path) &&
	       !slurp_line(path, stack, sizeof(stack)) && *stack &&
	       strcmp(stack, "o2cb") != 0;
}

/* is_there() - some file is named as @pattern below @base. */
static bool is_there(const char *base, const char *pattern)
{
	char path[512];
	glob_t found;
	int n = snprintf(path, sizeof(path), "%s/%s", base, pattern);
	bool any;

	if (n < 0 || (size_t)n >= sizeof(path))
		return false;
	any = !glob(path, GLOB_NOSORT, NULL, &found);
	globfree(&found);
	return any;
}

bool clusterhost_rbdshared(void)
{
	const char *etc = root("RBDSHARE_ETC", "/etc");

	return is_there(root("RBDSHARE_SYSFS", "/sys"),
			"kernel/config/rbdshare/*") ||
	       is_there(etc, "systemd/system/*.wants/rbdshared.service") ||
	       is_there(etc, "rc[2-5].d/S[0-9][0-9]rbdshared");
}

int clusterhost_running(const char *cluster, enum o2cb_timeout which,
			unsigned int *value)
{
	unsigned long long v;
	char path[512];
	int ret = clusternode_check_cluster(cluster, NULL);

	if (!ret)
		ret = cluster_path(path, sizeof(path), cluster,
				   o2cb_timeout_desc[which].attribute);
	if (!ret)
		ret = slurp_u64(path, &v);
	if (!ret)
		*value = v;
	return ret;
}

static bool have_address(const struct ifaddrs *list, struct in_addr addr)
{
	const struct sockaddr_in *in;

	for (; list; list = list->ifa_next) {
		if (!list->ifa_addr || list->ifa_addr->sa_family != AF_INET)
			continue;
		in = (const struct sockaddr_in *)list->ifa_addr;
		if (in->sin_addr.s_addr == addr.s_addr)
			return true;
	}
	return false;
}

int clusterhost_check_address(const struct clusterconf *doc, ssize_t self,
			      const char *file, struct finding_list *found)
{
	const struct clusterconf_line *l = clusterconf_attr(doc, self,
							    "ip_address");
	struct finding_place place = { .file = file };
	struct ifaddrs *list;
	struct in_addr addr;
	bool have;

	if (!l || clusternode_check_ip(l->value, &addr, NULL))
		return 0;
	if (getifaddrs(&list))
		return -errno;
	have = have_address(list, addr);
	freeifaddrs(list);
	if (have)
		return 0;
	place.line = l->line;
	place.column = l->value_column;
	return finding_add(
		found, FINDING_ERROR, &place, NULL,
		"no network interface of this host has the address %s; see 'ip -4 address', then correct it here or there",
		l->value);
}

static void start_attempt(struct attempt *a)
{
	a->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (a->fd < 0) {
		a->err = errno;
		return;
	}
	a->err = EINPROGRESS;
	if (!connect(a->fd, (struct sockaddr *)&a->to, sizeof(a->to)))
		a->err = 0;
	else if (errno != EINPROGRESS)
		a->err = errno;
	if (a->err == EINPROGRESS)
		return;
	close(a->fd);
	a->fd = -1;
}

static void finish_attempt(struct attempt *a)
{
	socklen_t len = sizeof(a->err);

	if (getsockopt(a->fd, SOL_SOCKET, SO_ERROR, &a->err, &len))
		a->err = errno;
	close(a->fd);
	a->fd = -1;
}

/* Waits until all are decided or the time is over. */
static int wait_attempts(struct attempt *v, size_t n)
{
	long long end = clock_ms() + CLUSTERHOST_CONNECT_MS, left;
	struct pollfd *p = calloc(n + 1, sizeof(*p));
	size_t i, open;

	if (!p)
		return -ENOMEM;
	for (;;) {
		for (open = i = 0; i < n; i++) {
			p[i].fd = v[i].fd;
			p[i].events = POLLOUT;
			p[i].revents = 0;
			open += v[i].fd >= 0;
		}
		left = end - clock_ms();
		if (!open || left <= 0)
			break;
		if (poll(p, n, left) < 0 && errno != EINTR)
			break;
		for (i = 0; i < n; i++)
			if (v[i].fd >= 0 && p[i].revents)
				finish_attempt(&v[i]);
	}
	for (i = 0; i < n; i++)
		if (v[i].fd >= 0) {
			close(v[i].fd);
			v[i].fd = -1;
			v[i].err = ETIMEDOUT;
		}
	free(p);
	return 0;
}

static const char *advice(int err)
{
	switch (err) {
	case ECONNREFUSED:
		return "run '/etc/init.d/o2cb online' there";
	case ETIMEDOUT:
		return "see that the host is up and that no firewall drops this port";
	case EHOSTUNREACH:
	case ENETUNREACH:
		return "see that the host is up and that there is a route to it";
	default:
		return "see the network between the nodes";
	}
}

static int judge_attempts(const struct attempt *v, size_t n, const char *file,
			  struct finding_list *found)
{
	struct finding_place place = { .file = file };
	char ip[INET_ADDRSTRLEN];
	const unsigned char *b;
	size_t i;
	int ret = 0;

	for (i = 0; i < n && !ret; i++) {
		if (!v[i].err)
			continue;
		place.line = v[i].at->line;
		place.column = v[i].at->value_column;
		b = (const unsigned char *)&v[i].to.sin_addr;
		snprintf(ip, sizeof(ip), "%u.%u.%u.%u", b[0], b[1], b[2], b[3]);
		ret = finding_add(
			found, FINDING_WARNING, &place, NULL,
			"node '%s' does not answer on %s port %u (%s); %s",
			v[i].name, ip, ntohs(v[i].to.sin_port),
			strerror(v[i].err), advice(v[i].err));
	}
	return ret;
}

/* Fills v with the nodes that have a usable address; returns how many. */
static size_t collect_peers(const struct clusterconf *doc, const char *cluster,
			    ssize_t self, struct attempt *v)
{
	const char *ip, *port, *name;
	unsigned long number;
	ssize_t h = -1;
	size_t n = 0;

	while ((h = clusternode_next(doc, h + 1, cluster)) >= 0) {
		ip = clusterconf_value(doc, h, "ip_address");
		port = clusterconf_value(doc, h, "ip_port");
		name = clusterconf_value(doc, h, "name");
		if (h == self || !ip || !port || !name ||
		    clusternode_check_ip(ip, &v[n].to.sin_addr, NULL) ||
		    clusternode_number(port, 1, 65535, &number))
			continue;
		v[n].to.sin_family = AF_INET;
		v[n].to.sin_port = htons(number);
		v[n].name = name;
		v[n].at = clusterconf_attr(doc, h, "ip_address");
		n++;
	}
	return n;
}

int clusterhost_check_ports(const struct clusterconf *doc, const char *cluster,
			    ssize_t self, const char *file,
			    struct finding_list *found)
{
	struct attempt *v;
	size_t i, n;
	int ret;

	v = calloc(clusternode_count(doc, cluster) + 1, sizeof(*v));
	if (!v)
		return -ENOMEM;
	n = collect_peers(doc, cluster, self, v);
	for (i = 0; i < n; i++)
		start_attempt(&v[i]);
	ret = wait_attempts(v, n);
	if (!ret)
		ret = judge_attempts(v, n, file, found);
	free(v);
	return ret;
}

static int check_sysctl(const char *name, const char *fix, const char *why,
			struct finding_list *found)
{
	unsigned long long v;
	char path[512];

	snprintf(path, sizeof(path), "%s/sys/kernel/%s",
		 root("RBDSHARE_PROC", "/proc"), name);
	if (slurp_u64(path, &v) || v)
		return 0;
	return finding_add(found, FINDING_WARNING, NULL, fix,
			   "kernel.%s is 0: %s", name, why);
}

int clusterhost_check_sysctls(struct finding_list *found)
{
	int ret;

	ret = check_sysctl(
		"panic_on_oops", "sysctl -w kernel.panic_on_oops=1",
		"after a crash of a kernel thread this host would stay in the cluster and hang all nodes",
		found);
	if (ret)
		return ret;
	return check_sysctl(
		"panic", "sysctl -w kernel.panic=30",
		"after a panic this host would stand still instead of booting again",
		found);
}

int clusterhost_check_running(const char *cluster,
			      const struct o2cb_timeouts *t, const char *file,
			      struct finding_list *found)
{
	struct finding_place place = { .file = file };
	unsigned int v;
	int i, ret = 0;

	for (i = 0; i < O2CB_TIMEOUTS && !ret; i++) {
		if (clusterhost_running(cluster, i, &v) || v == t->value[i])
			continue;
		place.line = t->line[i];
		place.column = t->column[i];
		ret = finding_add(
			found, FINDING_WARNING, &place, FIX_RESTART,
			"%s is %u here, but the running cluster uses %u until it goes offline and online",
			o2cb_timeout_desc[i].variable, t->value[i], v);
	}
	return ret;
}
