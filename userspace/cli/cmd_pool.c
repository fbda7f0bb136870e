// SPDX-License-Identifier: GPL-2.0
/* rbdshare pool: pools for images. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/globals.h"
#include "cli/pool.h"
#include "cli/verbargs.h"
#include "cli/verbs.h"
#include "lib/exitcode.h"
#include "lib/jsonout.h"
#include "lib/nearest.h"
#include "lib/size.h"
#include "lib/table.h"

static int list_json(const struct pool *v, size_t n)
{
	struct json_object *o = jsonout_new(), *e;
	struct json_object *pools = json_object_new_array();
	size_t i;

	for (i = 0; i < n; i++) {
		e = json_object_new_object();
		jsonout_string(e, "name", v[i].name);
		jsonout_u64(e, "pg_num", v[i].pg_num);
		jsonout_u64(e, "replicas", v[i].replicas);
		jsonout_string(e, "applications", v[i].apps);
		jsonout_u64(e, "objects", v[i].objects);
		jsonout_u64(e, "used_bytes", v[i].used);
		jsonout_u64(e, "available_bytes", v[i].avail);
		json_object_array_add(pools, e);
	}
	json_object_object_add(o, "pools", pools);
	return jsonout_print(o);
}

static int list_table(const struct pool *v, size_t n)
{
	struct table *t = table_new(
		"NAME PGS> REPLICAS> APPLICATION USED> AVAIL>");
	char pgs[24], replicas[24], used[16], avail[16];
	size_t i;

	for (i = 0; i < n; i++) {
		snprintf(pgs, sizeof(pgs), "%llu",
			 (unsigned long long)v[i].pg_num);
		snprintf(replicas, sizeof(replicas), "%llu",
			 (unsigned long long)v[i].replicas);
		size_format(v[i].used, used, sizeof(used));
		size_format(v[i].avail, avail, sizeof(avail));
		table_row(t, v[i].name, pgs, replicas,
			  *v[i].apps ? v[i].apps : "-", used, avail);
	}
	return table_print(t, stdout);
}

static int pool_ls(int argc, char **argv)
{
	struct verbctx c = { 0 };
	struct pool *v = NULL;
	size_t n;
	int ret;

	if (verb_none("pool ls", argc, argv))
		return EXITCODE_USAGE;
	if (argc > optind)
		return verb_usage(
			"pool ls",
			"it takes no name; 'rbdshare ls %.40s' lists the images of a pool",
			argv[optind]);
	ret = verb_connect(&c);
	if (!ret)
		ret = pools_read(&c, &v, &n);
	if (!ret)
		ret = globals.json ? list_json(v, n) : list_table(v, n);
	free(v);
	return verb_end(&c, ret);
}

static int guard_rm(struct verbctx *c, const char *name, const struct pool *v,
		    size_t n, bool yes)
{
	uint64_t images, trash;
	size_t i;
	int ret;

	for (i = 0; i < n && strcmp(v[i].name, name); i++)
		;
	if (i == n)
		return fault_set(
			&c->f, -ENOENT,
			"there is no pool '%s'; 'rbdshare pool ls' lists them",
			name);
	if (strcmp(v[i].apps, "rbd"))
		return fault_set(
			&c->f, -EPERM,
			"pool '%s' belongs to %s%s%s, not to images alone; if it may go: ceph osd pool rm",
			name, *v[i].apps ? "'" : "",
			*v[i].apps ? v[i].apps : "nobody we know",
			*v[i].apps ? "'" : "");
	ret = pool_images(c, name, &images, &trash);
	if (ret)
		return ret;
	if (images || trash)
		return fault_set(
			&c->f, -ENOTEMPTY,
			"pool '%s' is not empty (images: %llu, in the trash: %llu); remove them first ('rbdshare ls %s', 'rbd trash ls %s')",
			name, (unsigned long long)images,
			(unsigned long long)trash, name, name);
	if (yes || globals.dry_run)
		return 0;
	ret = verb_confirm("Pool %s will be removed for ever.", name);
	if (ret > 0)
		return 0;
	return fault_set(&c->f, -ECANCELED,
			 ret ? "to remove pool '%s' for ever add --yes" :
			       "pool '%s' was kept",
			 name);
}

static int remove_pool(struct verbctx *c, const char *name)
{
	struct json_object *cmd = json_object_new_object();
	char text[256];
	int ret;

	jsonout_string(cmd, "prefix", "osd pool delete");
	jsonout_string(cmd, "pool", name);
	jsonout_string(cmd, "pool2", name);
	jsonout_bool(cmd, "yes_i_really_really_mean_it", true);
	ret = session_command(&c->s, cmd, NULL, text, sizeof(text));
	if (ret == -EPERM && strstr(text, "mon_allow_pool_delete"))
		return fault_set(
			&c->f, ret,
			"the monitors are set to remove no pool; allow it with: ceph config set mon mon_allow_pool_delete true");
	if (ret)
		return session_fault(&c->s, &c->f, ret, NULL,
				     "remove pool '%s'", name);
	return 0;
}

static int pool_rm(int argc, char **argv)
{
	struct verbctx c = { 0 };
	struct json_object *j;
	struct pool *v = NULL;
	bool yes = false;
	size_t n;
	int ret;

	if (verb_yes("pool rm", argc, argv, &yes) ||
	    verb_one("pool rm", argc, "pool"))
		return EXITCODE_USAGE;
	ret = verb_connect(&c);
	if (!ret)
		ret = pools_read(&c, &v, &n);
	if (!ret)
		ret = guard_rm(&c, argv[optind], v, n, yes);
	if (!ret && !globals.dry_run)
		ret = remove_pool(&c, argv[optind]);
	if (!ret) {
		j = jsonout_new();
		jsonout_string(j, "pool", argv[optind]);
		ret = verb_report(j, "remove", "removed", "pool %s",
				  argv[optind]);
	}
	free(v);
	return verb_end(&c, ret);
}

int cmd_pool(int argc, char **argv)
{
	static const char *const words[] = { "create", "ls", "rm" };
	const char *near;

	if (argc < 2 || *argv[1] == '-')
		return verb_usage("pool", "say what: create, ls or rm");
	if (!strcmp(argv[1], "create"))
		return pool_create(argc - 1, argv + 1);
	if (!strcmp(argv[1], "ls"))
		return pool_ls(argc - 1, argv + 1);
	if (!strcmp(argv[1], "rm"))
		return pool_rm(argc - 1, argv + 1);
	near = nearest_word(argv[1], words, 3);
	return verb_usage("pool", "there is no 'pool %.30s'%s%s%s", argv[1],
			  near ? "; did you mean '" : "", near ? near : "",
			  near ? "'?" : "");
}
