// SPDX-License-Identifier: GPL-2.0
/* rbd_hb.ko's configuration: /sys/kernel/config/rbdshare. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/daemon.h"
#include "daemon/heart.h"
#include "lib/keyring.h"
#include "lib/mapreq.h"
#include "lib/slurp.h"
#include "view_timing.h"

#define CONFIG "/sys/kernel/config/rbdshare"
#define PROBE_MS 10000
/* Nodes that are added to cluster.conf later find room in what is read. */
#define SPARE_NODES 16

static int put(struct daemon *d, const char *attribute, const char *text,
	       struct fault *f)
{
	char path[160];
	int fd, err = 0;

	snprintf(path, sizeof(path), CONFIG "/%s/%s", d->set.cluster,
		 attribute);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err = -errno;
	if (fd >= 0)
		close(fd);
	return err ? fault_file(f, err, "write", path) : 0;
}

static int put_number(struct daemon *d, const char *attribute, uint64_t value,
		      struct fault *f)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	return put(d, attribute, text, f);
}

static int make(struct daemon *d, const char *folder, struct fault *f)
{
	char path[160];

	snprintf(path, sizeof(path), CONFIG "/%s%s", d->set.cluster, folder);
	if (mkdir(path, 0755) && errno != EEXIST)
		return fault_file(f, -errno, "make", path);
	return 0;
}

static int put_node(struct daemon *d, const struct nodesettings *set,
		    unsigned int n, struct fault *f)
{
	char folder[96], attribute[112], ip[INET_ADDRSTRLEN];
	const struct nodesettings_node *node = &set->nodes[n];
	int err;

	snprintf(folder, sizeof(folder), "/nodes/%u", n);
	err = make(d, folder, f);
	snprintf(attribute, sizeof(attribute), "nodes/%u/number", n);
	if (!err)
		err = put_number(d, attribute, n, f);
	/* It is there from an earlier life. */
	if (err == -EBUSY)
		err = 0;
	if (err || !*node->name)
		return err;
	inet_ntop(AF_INET, &node->ip, ip, sizeof(ip));
	snprintf(attribute, sizeof(attribute), "nodes/%u/address", n);
	return put(d, attribute, ip, f);
}

/* The last number for which there is room. */
static unsigned int spare(const struct nodesettings *set)
{
	unsigned int n, last = 0;

	for (n = 0; n < NODESETTINGS_NODES; n++)
		if (*set->nodes[n].name)
			last = n;
	last += SPARE_NODES;
	return last < NODESETTINGS_NODES ? last : NODESETTINGS_NODES - 1;
}

static int put_nodes(struct daemon *d, const struct nodesettings *set,
		     struct fault *f)
{
	unsigned int n;
	int err = 0;

	for (n = 0; !err && n < NODESETTINGS_NODES; n++)
		if (*set->nodes[n].name)
			err = put_node(d, set, n, f);
	return err ?: put_node(d, set, spare(set), f);
}

static void drop_node(struct daemon *d, unsigned int n)
{
	char path[160];

	snprintf(path, sizeof(path), CONFIG "/%s/nodes/%u", d->set.cluster, n);
	rmdir(path);
}

/* Most of these numbers nobody ever had. */
static void drop_others(struct daemon *d, const struct nodesettings *set)
{
	unsigned int n, keep = spare(set);

	for (n = 0; n < NODESETTINGS_NODES; n++)
		if (!*set->nodes[n].name && n != keep)
			drop_node(d, n);
}

/* A kernel from before it could change is content with the same again. */
static int put_hash(struct daemon *d, uint64_t config_hash, struct fault *f)
{
	unsigned long long now;
	char path[160];
	int err;

	snprintf(path, sizeof(path), CONFIG "/%s/config_hash", d->set.cluster);
	if (!slurp_u64(path, &now) && now == config_hash)
		return 0;
	err = put_number(d, "config_hash", config_hash, f);
	if (err == -EBUSY)
		fault_set(
			f, err,
			"rbd_hb is an older one, which keeps the nodes that it began with; cluster.conf takes effect with: rbdshare cluster offline, then online");
	return err;
}

int heart_nodes(struct daemon *d, const struct nodesettings *set,
		struct fault *f)
{
	/* The hash comes first: it is what a kernel may refuse. */
	int err = put_hash(d, set->config_hash, f);

	if (err)
		return err;
	err = put_nodes(d, set, f);
	if (err)
		put_hash(d, d->set.config_hash, NULL);
	drop_others(d, err ? &d->set : set);
	return err;
}

static int put_connection(struct daemon *d, struct fault *f)
{
	struct mapreq req = { .spec = { .pool = d->set.pool },
			      .name = d->set.user,
			      .conf = d->set.conf,
			      .keyring = d->set.keyring,
			      .probe_ms = PROBE_MS };
	char *line;
	int err = mapreq_connection(&req, &line, f);

	if (err)
		return err;
	err = put(d, "connection", line, f);
	keyring_wipe(line);
	return err;
}

static int put_identity(struct daemon *d, struct fault *f)
{
	char boot[2 * sizeof(d->self.boot_id) + 1];
	u32 dead_after, slow_after;
	unsigned int i;
	int err;

	rbd_view_lease_times(&d->core->view, &dead_after, &slow_after);
	for (i = 0; i < sizeof(d->self.boot_id); i++)
		sprintf(boot + 2 * i, "%02x", d->self.boot_id[i]);
	err = put(d, "boot_id", boot, f);
	err = err ?: put_number(d, "number", d->set.number, f);
	err = err ?: put_number(d, "incarnation", d->self.incarnation, f);
	err = err ?: put_number(d, "config_hash", d->set.config_hash, f);
	err = err ?: put_number(d, "dead_after_ms", dead_after, f);
	err = err ?: put_number(d, "slow_after_ms", slow_after, f);
	return err   ?:
		       put(d, "on_fenced",
			   d->set.hold_when_fenced ? "hold" : "fail", f);
}

/* By which heartbeats were begun; 0 for unknown. */
static u32 get_number(struct daemon *d, const char *attribute)
{
	unsigned long long value;
	char path[160];

	snprintf(path, sizeof(path), CONFIG "/%s/%s", d->set.cluster,
		 attribute);
	return slurp_u64(path, &value) || value > U32_MAX ? 0 : (u32)value;
}

void heart_paced(struct daemon *d)
{
	u32 dead_after = d->heart.state.dead_after_ms;
	u32 slow_after = d->heart.state.slow_after_ms;

	/* A kernel that does not say it has what it began with. */
	if (!dead_after) {
		dead_after = get_number(d, "dead_after_ms");
		slow_after = get_number(d, "slow_after_ms");
	}
	rbd_core_paced(d->core, 0, dead_after, slow_after);
}

int heart_online(struct daemon *d, struct fault *f)
{
	int err;

	if (access(CONFIG, F_OK))
		return fault_set(
			f, -ENOENT,
			CONFIG
			" is missing; run: modprobe rbd_hb, and: mount -t configfs none /sys/kernel/config");
	err = make(d, "", f);
	err = err ?: put_nodes(d, &d->set, f);
	err = err ?: put_identity(d, f);
	err = err ?: put_connection(d, f);
	if (!err && put(d, "online", "1", NULL))
		err = fault_set(
			f, -EIO,
			"the kernel does not begin with heartbeats; its reason is at the end of: dmesg");
	return err;
}

void heart_offline(struct daemon *d)
{
	char path[160];
	unsigned int n;

	put(d, "online", "0", NULL);
	for (n = 0; n < NODESETTINGS_NODES; n++)
		drop_node(d, n);
	snprintf(path, sizeof(path), CONFIG "/%s", d->set.cluster);
	rmdir(path);
}
