// SPDX-License-Identifier: GPL-2.0
/* /sys/kernel/config/rbdshare: clusters and their nodes. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "configfs.h"

#include <linux/configfs.h>
#include <linux/kernel.h>
#include <linux/inet.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "cluster.h"

/**
 * struct hb_dir - a cluster's folder
 * @group: of configfs
 * @nodes: its folder "nodes"
 * @lock: protects what follows
 * @config: what was set; nodes is found when it goes online
 * @numbers: node numbers in use
 */
struct hb_dir {
	struct config_group group;
	struct config_group nodes;
	struct mutex lock;	/* protects what follows */
	struct hb_config config;
	DECLARE_BITMAP(numbers, RBD_HB_MAX_NODES);
};

/**
 * struct hb_node_dir - a node's folder
 * @item: of configfs
 * @dir: the cluster's
 * @number: -1 until it is set; under the cluster's lock
 * @address: likewise
 */
struct hb_node_dir {
	struct config_item item;
	struct hb_dir *dir;
	int number;
	__be32 address;
};

static struct hb_dir *to_dir(struct config_item *item)
{
	return container_of(to_config_group(item), struct hb_dir, group);
}

static struct hb_node_dir *to_node(struct config_item *item)
{
	return container_of(item, struct hb_node_dir, item);
}

/* --- a node --- */

static ssize_t hb_node_number_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%d\n", to_node(item)->number);
}

static ssize_t hb_node_number_store(struct config_item *item, const char *page,
				    size_t count)
{
	struct hb_node_dir *node = to_node(item);
	struct hb_dir *dir = node->dir;
	int err = 0;
	u16 number;

	if (kstrtou16(page, 0, &number) || number >= RBD_HB_MAX_NODES)
		return -EINVAL;
	mutex_lock(&dir->lock);
	if (node->number >= 0)
		err = -EBUSY;
	else if (test_and_set_bit(number, dir->numbers))
		err = -EEXIST;
	else
		node->number = number;
	/* Under the lock, or one that goes online now would miss it. */
	if (!err)
		hb_cluster_grow(dir->config.name, number + 1);
	mutex_unlock(&dir->lock);
	return err ?: count;
}

static ssize_t hb_node_address_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%pI4\n", &to_node(item)->address);
}

static ssize_t hb_node_address_store(struct config_item *item,
				     const char *page, size_t count)
{
	struct hb_node_dir *node = to_node(item);
	u8 ip[4];

	if (in4_pton(page, count, ip, '\n', NULL) != 1)
		return -EINVAL;
	memcpy(&node->address, ip, sizeof(ip));
	return count;
}

CONFIGFS_ATTR(hb_node_, number);
CONFIGFS_ATTR(hb_node_, address);

static struct configfs_attribute *node_attrs[] = {
	&hb_node_attr_number,
	&hb_node_attr_address,
	NULL,
};

static void hb_node_release(struct config_item *item)
{
	struct hb_node_dir *node = to_node(item);

	mutex_lock(&node->dir->lock);
	if (node->number >= 0)
		clear_bit(node->number, node->dir->numbers);
	mutex_unlock(&node->dir->lock);
	config_group_put(&node->dir->group);
	kfree(node);
}

static struct configfs_item_operations node_ops = {
	.release = hb_node_release,
};

static const struct config_item_type node_type = {
	.ct_item_ops = &node_ops,
	.ct_attrs = node_attrs,
	.ct_owner = THIS_MODULE,
};

static struct config_item *hb_nodes_make(struct config_group *group,
					 const char *name)
{
	struct hb_dir *dir = container_of(group, struct hb_dir, nodes);
	struct hb_node_dir *node = kzalloc(sizeof(*node), GFP_KERNEL);

	if (!node)
		return ERR_PTR(-ENOMEM);
	node->number = -1;
	node->dir = dir;
	config_group_get(&dir->group);
	config_item_init_type_name(&node->item, name, &node_type);
	return &node->item;
}

static struct configfs_group_operations nodes_ops = {
	.make_item = hb_nodes_make,
};

static const struct config_item_type nodes_type = {
	.ct_group_ops = &nodes_ops,
	.ct_owner = THIS_MODULE,
};

/* --- a cluster --- */

/* Most attributes are numbers: they must not change while it is online. */
#define HB_DIR_NUMBER(attr, field, format, parse)			\
static ssize_t hb_dir_##attr##_show(struct config_item *item, char *page) \
{									\
	return sysfs_emit(page, format "\n", to_dir(item)->config.field); \
}									\
									\
static ssize_t hb_dir_##attr##_store(struct config_item *item,		\
				     const char *page, size_t count)	\
{									\
	struct hb_dir *dir = to_dir(item);				\
	int err;							\
									\
	if (hb_cluster_is_online(dir->config.name))			\
		return -EBUSY;						\
	mutex_lock(&dir->lock);						\
	err = parse(page, 0, &dir->config.field);			\
	mutex_unlock(&dir->lock);					\
	return err ?: count;						\
}									\
CONFIGFS_ATTR(hb_dir_, attr)

HB_DIR_NUMBER(number, number, "%u", kstrtou16);
HB_DIR_NUMBER(incarnation, incarnation, "%llu", kstrtou64);
HB_DIR_NUMBER(dead_after_ms, dead_after_ms, "%u", kstrtou32);
HB_DIR_NUMBER(slow_after_ms, slow_after_ms, "%u", kstrtou32);

static ssize_t hb_dir_config_hash_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%llu\n", to_dir(item)->config.config_hash);
}

/* The node list may change while the cluster is online. */
static ssize_t hb_dir_config_hash_store(struct config_item *item,
					const char *page, size_t count)
{
	struct hb_dir *dir = to_dir(item);
	u64 hash;
	int err;

	err = kstrtou64(page, 0, &hash);
	if (err)
		return err;
	mutex_lock(&dir->lock);
	dir->config.config_hash = hash;
	hb_cluster_rehash(dir->config.name, hash);
	mutex_unlock(&dir->lock);
	return count;
}
CONFIGFS_ATTR(hb_dir_, config_hash);

/* "<monitors> <options> <pool>"; not shown, since it may hold a secret. */
static ssize_t hb_dir_connection_store(struct config_item *item,
				       const char *page, size_t count)
{
	struct hb_dir *dir = to_dir(item);

	if (hb_cluster_is_online(dir->config.name))
		return -EBUSY;
	if (count >= HB_LINE_MAX)
		return -E2BIG;
	mutex_lock(&dir->lock);
	strscpy(dir->config.line, page, HB_LINE_MAX);
	dir->config.line[strcspn(dir->config.line, "\n")] = '\0';
	mutex_unlock(&dir->lock);
	return count;
}
CONFIGFS_ATTR_WO(hb_dir_, connection);

static ssize_t hb_dir_boot_id_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%*phN\n", 16, to_dir(item)->config.boot_id);
}

/* 32 hexadecimal digits. */
static ssize_t hb_dir_boot_id_store(struct config_item *item, const char *page,
				    size_t count)
{
	struct hb_dir *dir = to_dir(item);
	u8 id[16];

	if (hb_cluster_is_online(dir->config.name))
		return -EBUSY;
	if (count < 32 || hex2bin(id, page, sizeof(id)))
		return -EINVAL;
	mutex_lock(&dir->lock);
	memcpy(dir->config.boot_id, id, sizeof(id));
	mutex_unlock(&dir->lock);
	return count;
}
CONFIGFS_ATTR(hb_dir_, boot_id);

static ssize_t hb_dir_on_fenced_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%s\n", to_dir(item)->config.hold_when_fenced ?
			  "hold" : "fail");
}

static ssize_t hb_dir_on_fenced_store(struct config_item *item,
				      const char *page, size_t count)
{
	struct hb_dir *dir = to_dir(item);
	bool hold = sysfs_streq(page, "hold");

	if (!hold && !sysfs_streq(page, "fail"))
		return -EINVAL;
	if (hb_cluster_is_online(dir->config.name))
		return -EBUSY;
	mutex_lock(&dir->lock);
	dir->config.hold_when_fenced = hold;
	mutex_unlock(&dir->lock);
	return count;
}
CONFIGFS_ATTR(hb_dir_, on_fenced);

static ssize_t hb_dir_online_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%d\n",
			  hb_cluster_is_online(to_dir(item)->config.name));
}

static ssize_t hb_dir_online_store(struct config_item *item, const char *page,
				   size_t count)
{
	struct hb_dir *dir = to_dir(item);
	int err = 0;
	bool online;

	if (kstrtobool(page, &online))
		return -EINVAL;
	mutex_lock(&dir->lock);
	dir->config.nodes = find_last_bit(dir->numbers, RBD_HB_MAX_NODES) + 1;
	if (bitmap_empty(dir->numbers, RBD_HB_MAX_NODES))
		dir->config.nodes = 0;
	if (online)
		err = hb_cluster_online(&dir->config);
	else
		hb_cluster_offline(dir->config.name);
	mutex_unlock(&dir->lock);
	return err ?: count;
}
CONFIGFS_ATTR(hb_dir_, online);

static struct configfs_attribute *dir_attrs[] = {
	&hb_dir_attr_connection,
	&hb_dir_attr_number,
	&hb_dir_attr_incarnation,
	&hb_dir_attr_boot_id,
	&hb_dir_attr_config_hash,
	&hb_dir_attr_dead_after_ms,
	&hb_dir_attr_slow_after_ms,
	&hb_dir_attr_on_fenced,
	&hb_dir_attr_online,
	NULL,
};

static void hb_dir_release(struct config_item *item)
{
	struct hb_dir *dir = to_dir(item);

	memzero_explicit(dir->config.line, sizeof(dir->config.line));
	kfree(dir);
}

static struct configfs_item_operations dir_ops = {
	.release = hb_dir_release,
};

static const struct config_item_type dir_type = {
	.ct_item_ops = &dir_ops,
	.ct_attrs = dir_attrs,
	.ct_owner = THIS_MODULE,
};

static struct config_group *hb_root_make(struct config_group *group,
					 const char *name)
{
	struct hb_dir *dir;
	size_t len = strlen(name);

	if (len > HB_CLUSTER_NAME)
		return ERR_PTR(-ENAMETOOLONG);
	dir = kzalloc(sizeof(*dir), GFP_KERNEL);
	if (!dir)
		return ERR_PTR(-ENOMEM);
	mutex_init(&dir->lock);
	strscpy(dir->config.name, name, sizeof(dir->config.name));
	dir->config.dead_after_ms = RBD_HB_DEAD_AFTER_MS;
	dir->config.slow_after_ms = RBD_HB_SLOW_AFTER_MS;
	dir->config.hold_when_fenced = true;
	config_group_init_type_name(&dir->group, name, &dir_type);
	config_group_init_type_name(&dir->nodes, "nodes", &nodes_type);
	configfs_add_default_group(&dir->nodes, &dir->group);
	return &dir->group;
}

static void hb_root_drop(struct config_group *group, struct config_item *item)
{
	hb_cluster_offline(to_dir(item)->config.name);
	configfs_remove_default_groups(&to_dir(item)->group);
	config_item_put(item);
}

static struct configfs_group_operations root_ops = {
	.make_group = hb_root_make,
	.drop_item = hb_root_drop,
};

static const struct config_item_type root_type = {
	.ct_group_ops = &root_ops,
	.ct_owner = THIS_MODULE,
};

static struct configfs_subsystem subsystem = {
	.su_group = {
		.cg_item = {
			.ci_namebuf = "rbdshare",
			.ci_type = &root_type,
		},
	},
};

int hb_configfs_register(void)
{
	config_group_init(&subsystem.su_group);
	mutex_init(&subsystem.su_mutex);
	return configfs_register_subsystem(&subsystem);
}

void hb_configfs_unregister(void)
{
	configfs_unregister_subsystem(&subsystem);
}
