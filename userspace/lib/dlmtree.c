// SPDX-License-Identifier: GPL-2.0
#include "lib/dlmtree.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/dlmfiles.h"

#define CONFIG "/sys/kernel/config/dlm"
#define CLUSTER CONFIG "/cluster"
#define SYSFS "/sys/kernel/dlm"
/* In recover_status: this node has all locks of the new generation. */
#define RECOVERY_DONE 0x40
#define PATH_BYTES 256

static const struct dlmtree_ops *ops_of(const struct dlmtree *t)
{
	return t->ops ? t->ops : &dlmfiles_ops;
}

static int make(const struct dlmtree *t, const char *path)
{
	return ops_of(t)->make(t->ctx, path);
}

static int remove_folder(const struct dlmtree *t, const char *path)
{
	int ret = ops_of(t)->remove(t->ctx, path);

	return ret == -ENOENT ? 0 : ret;
}

static int write_text(const struct dlmtree *t, const char *folder,
		      const char *file, const char *text)
{
	char path[PATH_BYTES + 32];

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	return ops_of(t)->write(t->ctx, path, text, strlen(text));
}

static int write_number(const struct dlmtree *t, const char *folder,
			const char *file, int64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, value);
	return write_text(t, folder, file, text);
}

static void comm_path(char path[PATH_BYTES], uint32_t nodeid)
{
	snprintf(path, PATH_BYTES, CLUSTER "/comms/%u", nodeid);
}

static void space_path(char path[PATH_BYTES], const char *lockspace)
{
	snprintf(path, PATH_BYTES, CLUSTER "/spaces/%s", lockspace);
}

static void member_path(char path[PATH_BYTES], const char *lockspace,
			uint32_t nodeid)
{
	snprintf(path, PATH_BYTES, CLUSTER "/spaces/%s/nodes/%u", lockspace,
		 nodeid);
}

bool dlmtree_name_ok(const char *name)
{
	size_t n = strlen(name);

	return n && n <= DLMTREE_NAME_MAX && !strchr(name, '/') &&
	       strcmp(name, ".") && strcmp(name, "..");
}

bool dlmtree_has(const struct dlmtree_members *m, uint32_t nodeid)
{
	unsigned int i;

	for (i = 0; m && i < m->n; i++)
		if (m->ids[i] == nodeid)
			return true;
	return false;
}

int dlmtree_cluster(const struct dlmtree *t, const char *cluster_name)
{
	char now[128];
	int ret;

	ret = make(t, CLUSTER);
	if (ret && ret != -EEXIST)
		return ret;
	if (ret == -EEXIST &&
	    !ops_of(t)->read(t->ctx, CLUSTER "/cluster_name", now,
			     sizeof(now)) &&
	    *now && strcmp(now, cluster_name))
		return -EBUSY;
	ret = write_text(t, CLUSTER, "cluster_name", cluster_name);
	if (!ret)
		ret = write_number(t, CLUSTER, "recover_callbacks", 1);
	return ret;
}

static const void *ip_of(const struct sockaddr_storage *addr, size_t *len)
{
	if (addr->ss_family == AF_INET6) {
		*len = sizeof(struct in6_addr);
		return &((const struct sockaddr_in6 *)addr)->sin6_addr;
	}
	*len = sizeof(struct in_addr);
	return &((const struct sockaddr_in *)addr)->sin_addr;
}

/* Only the first address is compared: that is what a line shows. */
static bool same_addr(const struct dlmtree *t, const char *folder,
		      const struct dlmtree_node *node)
{
	int family = node->addrs[0].ss_family;
	char path[PATH_BYTES + 32], line[128], name[16], text[64];
	struct in6_addr ip;
	const void *want;
	size_t len;

	snprintf(path, sizeof(path), "%s/addr_list", folder);
	if (ops_of(t)->read(t->ctx, path, line, sizeof(line)) ||
	    sscanf(line, "%15s %63s", name, text) != 2 ||
	    strcmp(name, family == AF_INET6 ? "AF_INET6" : "AF_INET") ||
	    inet_pton(family, text, &ip) != 1)
		return false;
	want = ip_of(&node->addrs[0], &len);
	return !memcmp(&ip, want, len);
}

static int fill_comm(const struct dlmtree *t, const char *folder,
		     const struct dlmtree_node *node)
{
	char path[PATH_BYTES + 32];
	unsigned int i;
	int ret;

	ret = write_number(t, folder, "nodeid", node->nodeid);
	if (!ret)
		ret = write_number(t, folder, "local", node->local);
	snprintf(path, sizeof(path), "%s/addr", folder);
	for (i = 0; !ret && i < node->n_addrs; i++)
		ret = ops_of(t)->write(t->ctx, path, &node->addrs[i],
				       sizeof(node->addrs[i]));
	return ret;
}

int dlmtree_comm_add(const struct dlmtree *t, const struct dlmtree_node *node)
{
	char folder[PATH_BYTES];
	int ret;

	if (!node->nodeid || node->nodeid > DLMTREE_NODES || !node->n_addrs ||
	    node->n_addrs > DLMTREE_ADDRS)
		return -EINVAL;
	comm_path(folder, node->nodeid);
	ret = make(t, folder);
	if (ret == -EEXIST)
		return same_addr(t, folder, node) ? 0 : -EEXIST;
	if (!ret)
		ret = fill_comm(t, folder, node);
	if (ret)
		remove_folder(t, folder);
	return ret;
}

bool dlmtree_comm_is_local(const struct dlmtree *t, uint32_t nodeid)
{
	char path[PATH_BYTES + 32], folder[PATH_BYTES], text[16];

	comm_path(folder, nodeid);
	snprintf(path, sizeof(path), "%s/local", folder);
	return !ops_of(t)->read(t->ctx, path, text, sizeof(text)) && atoi(text);
}

int dlmtree_comm_remove(const struct dlmtree *t, uint32_t nodeid)
{
	char folder[PATH_BYTES];

	comm_path(folder, nodeid);
	return remove_folder(t, folder);
}

static int collect(void *arg, const char *name)
{
	struct dlmtree_members *out = arg;
	unsigned long id = strtoul(name, NULL, 10);

	if (!id || id > DLMTREE_NODES || out->n == DLMTREE_NODES)
		return -ERANGE;
	out->ids[out->n++] = (uint32_t)id;
	return 0;
}

int dlmtree_comms(const struct dlmtree *t, struct dlmtree_members *out)
{
	out->n = 0;
	return ops_of(t)->list(t->ctx, CLUSTER "/comms", collect, out);
}

int dlmtree_get_members(const struct dlmtree *t, const char *lockspace,
			struct dlmtree_members *out)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), CLUSTER "/spaces/%s/nodes", lockspace);
	out->n = 0;
	return ops_of(t)->list(t->ctx, path, collect, out);
}

static int add_member(const struct dlmtree *t, const char *lockspace,
		      uint32_t nodeid)
{
	char folder[PATH_BYTES];
	int ret;

	member_path(folder, lockspace, nodeid);
	ret = make(t, folder);
	if (!ret)
		ret = write_number(t, folder, "nodeid", nodeid);
	if (!ret)
		ret = write_number(t, folder, "weight", 1);
	return ret;
}

static int remove_member(const struct dlmtree *t, const char *lockspace,
			 uint32_t nodeid, bool release)
{
	char folder[PATH_BYTES];
	int ret = 0;

	member_path(folder, lockspace, nodeid);
	/* Kernels before 6.18 have no such file, and no such need. */
	if (release)
		ret = write_number(t, folder, "release_recover", 1);
	if (ret && ret != -ENOENT)
		return ret;
	return remove_folder(t, folder);
}

int dlmtree_set_members(const struct dlmtree *t, const char *lockspace,
			const struct dlmtree_members *members,
			const struct dlmtree_members *renew,
			const struct dlmtree_members *release)
{
	struct dlmtree_members now, kept = { .n = 0 };
	char folder[PATH_BYTES];
	unsigned int i;
	int ret;

	space_path(folder, lockspace);
	ret = make(t, folder);
	if (ret && ret != -EEXIST)
		return ret;
	ret = dlmtree_get_members(t, lockspace, &now);
	for (i = 0; !ret && i < now.n; i++) {
		if (dlmtree_has(members, now.ids[i]) &&
		    !dlmtree_has(renew, now.ids[i]))
			kept.ids[kept.n++] = now.ids[i];
		else
			ret = remove_member(t, lockspace, now.ids[i],
					    dlmtree_has(release, now.ids[i]));
	}
	for (i = 0; !ret && i < members->n; i++)
		if (!dlmtree_has(&kept, members->ids[i]))
			ret = add_member(t, lockspace, members->ids[i]);
	return ret;
}

int dlmtree_space_remove(const struct dlmtree *t, const char *lockspace)
{
	struct dlmtree_members now;
	char folder[PATH_BYTES];
	unsigned int i;
	int ret;

	ret = dlmtree_get_members(t, lockspace, &now);
	if (ret == -ENOENT)
		return 0;
	for (i = 0; !ret && i < now.n; i++)
		ret = remove_member(t, lockspace, now.ids[i], false);
	space_path(folder, lockspace);
	return ret ?: remove_folder(t, folder);
}

int dlmtree_write_int(const struct dlmtree *t, const char *lockspace,
		      const char *file, int64_t value)
{
	char folder[PATH_BYTES];

	snprintf(folder, sizeof(folder), SYSFS "/%s", lockspace);
	return write_number(t, folder, file, value);
}

int dlmtree_read_int(const struct dlmtree *t, const char *lockspace,
		     const char *file, int64_t *value)
{
	char path[PATH_BYTES], text[32], *end;
	int ret;

	snprintf(path, sizeof(path), SYSFS "/%s/%s", lockspace, file);
	ret = ops_of(t)->read(t->ctx, path, text, sizeof(text));
	if (ret)
		return ret;
	*value = strtoll(text, &end, 0);
	return end == text || *end ? -EINVAL : 0;
}

/* Bits of the steps that are done; hexadecimal, without a mark. */
static int recover_status(const struct dlmtree *t, const char *lockspace,
			  unsigned long *status)
{
	char path[PATH_BYTES], text[32];
	int ret;

	snprintf(path, sizeof(path), SYSFS "/%s/recover_status", lockspace);
	ret = ops_of(t)->read(t->ctx, path, text, sizeof(text));
	if (!ret)
		*status = strtoul(text, NULL, 16);
	return ret;
}

bool dlmtree_runs(const struct dlmtree *t, const char *lockspace)
{
	unsigned long status = 0;

	return !recover_status(t, lockspace, &status) && status;
}

int dlmtree_recovery(const struct dlmtree *t, const char *lockspace,
		     int64_t *nodeid)
{
	unsigned long status = 0;
	int ret = recover_status(t, lockspace, &status);

	*nodeid = 0;
	if (ret || status & RECOVERY_DONE)
		return ret ?: 1;
	return dlmtree_read_int(t, lockspace, "recover_nodeid", nodeid);
}

int dlmtree_lockspaces(const struct dlmtree *t,
		       int (*each)(void *arg, const char *name), void *arg)
{
	int ret = ops_of(t)->list(t->ctx, SYSFS, each, arg);

	/* The folder comes with the module. */
	return ret == -ENOENT ? 0 : ret;
}

/* CRC-32 of "dlm:ls:" and the name. */
uint32_t dlmtree_id(const char *lockspace)
{
	char text[DLMTREE_NAME_MAX + 16];
	uint32_t crc = UINT32_MAX;
	const char *p;
	int bit;

	snprintf(text, sizeof(text), "dlm:ls:%s", lockspace);
	for (p = text; *p; p++) {
		crc ^= (unsigned char)*p;
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320U : 0);
	}
	crc = ~crc;
	return crc ?: 1;
}
