// SPDX-License-Identifier: GPL-2.0
/*
 * rbdshare cluster keys: a user of Ceph for the nodes, with the rights they
 * need and no others.
 *
 * On the monitors 'profile rbd' is what every client of images has: reading
 * maps, and adding single clients to the blocklist. A fence also replaces
 * entries that end too soon, for which one has to be removed first. On the
 * OSDs it reads and writes the cluster's own objects (no classes there), and
 * images in their pools.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/clusterpool.h"
#include "cli/clusterview.h"
#include "cli/globals.h"
#include "cli/pool.h"
#include "lib/exitcode.h"
#include "lib/jsonout.h"
#include "lib/keyringfile.h"
#include "lib/msg.h"
#include "lib/names.h"

#define MON_CAPS \
	"profile rbd, allow command \"osd blocklist\" with blocklistop=rm"
#define CAPS_BYTES 4096

/**
 * struct keys - what is to be made
 * @client: without "client."
 * @osd: its rights on the OSDs
 * @had_mon, @had_osd: rights of a user that exists; NULL for a new one
 * @changes: those are other ones
 */
struct keys {
	struct clusterplace place;
	const char *client;
	const char *keyring;
	char keyring_default[256];
	char osd[CAPS_BYTES];
	char *had_mon;
	char *had_osd;
	bool changes;
};

static int add_pool(struct keys *k, const char *pool, struct fault *f)
{
	size_t used = strlen(k->osd);
	int n = snprintf(k->osd + used, sizeof(k->osd) - used,
			 ", profile rbd pool=%s", pool);

	return (size_t)n < sizeof(k->osd) - used ?
		       0 :
		       fault_set(f, -E2BIG, "these are too many pools");
}

static bool has_pool(const struct pool *v, size_t n, const char *name)
{
	while (n--)
		if (!strcmp(v[n].name, name))
			return true;
	return false;
}

/* Those named, or all that are for images. */
static int choose_pools(struct verbctx *c, const struct cluster_args *args,
			struct keys *k)
{
	struct pool *v = NULL;
	size_t n, i;
	int ret = pools_read(c, &v, &n);

	if (!ret && !has_pool(v, n, k->place.pool))
		ret = fault_set(
			&c->f, -ENOENT,
			"there is no pool '%s'; make the cluster first with: rbdshare cluster init",
			k->place.pool);
	snprintf(k->osd, sizeof(k->osd), "allow rw pool=%s", k->place.pool);
	for (i = 0; !ret && i < args->n_image_pools; i++) {
		if (has_pool(v, n, args->image_pools[i]))
			ret = add_pool(k, args->image_pools[i], &c->f);
		else
			ret = fault_set(
				&c->f, -ENOENT,
				"there is no pool '%s'; 'rbdshare pool ls' lists them",
				args->image_pools[i]);
	}
	for (i = 0; !ret && !args->n_image_pools && i < n; i++)
		if (!strcmp(v[i].apps, "rbd"))
			ret = add_pool(k, v[i].name, &c->f);
	free(v);
	return ret;
}

static struct json_object *auth_command(const char *prefix,
					const struct keys *k, bool caps)
{
	struct json_object *cmd = json_object_new_object();
	struct json_object *list = json_object_new_array();
	char entity[160];

	snprintf(entity, sizeof(entity), "client.%s", k->client);
	jsonout_string(cmd, "prefix", prefix);
	jsonout_string(cmd, "entity", entity);
	json_object_array_add(list, json_object_new_string("mon"));
	json_object_array_add(list, json_object_new_string(MON_CAPS));
	json_object_array_add(list, json_object_new_string("osd"));
	json_object_array_add(list, json_object_new_string(k->osd));
	if (caps)
		json_object_object_add(cmd, "caps", list);
	else
		json_object_put(list);
	return cmd;
}

static int users_fault(struct verbctx *c, const struct keys *k, int ret)
{
	return session_fault(&c->s, &c->f, ret, NULL,
			     "manage client.%s (which needs mon 'allow *')",
			     k->client);
}

static char *cap_of(struct json_object *entity, const char *service)
{
	struct json_object *caps, *v;

	if (json_object_object_get_ex(entity, "caps", &caps) &&
	    json_object_object_get_ex(caps, service, &v))
		return strdup(json_object_get_string(v));
	return strdup("");
}

/* What the user may do now, and whether we may change it. */
static int look(struct verbctx *c, struct keys *k)
{
	struct json_object *reply = NULL, *e;
	int ret = session_command(&c->s, auth_command("auth get", k, false),
				  &reply, NULL, 0);

	if (ret == -ENOENT || !json_object_is_type(reply, json_type_array)) {
		json_object_put(reply);
		return ret == -ENOENT ? 0 : users_fault(c, k, ret ?: -EBADMSG);
	}
	e = json_object_array_get_idx(reply, 0);
	k->had_mon = cap_of(e, "mon");
	k->had_osd = cap_of(e, "osd");
	json_object_put(reply);
	if (!k->had_mon || !k->had_osd)
		return fault_set(&c->f, -ENOMEM, "out of memory");
	k->changes = strcmp(k->had_mon, MON_CAPS) || strcmp(k->had_osd, k->osd);
	if (k->changes && strstr(k->had_mon, "allow *"))
		return fault_set(
			&c->f, -EEXIST,
			"client.%s is an administrator's and keeps its rights; name another user for the nodes",
			k->client);
	return 0;
}

static int confirm(struct verbctx *c, const struct keys *k)
{
	int ret;

	msg_info("client.%s may now: mon '%s' osd '%s'", k->client, k->had_mon,
		 k->had_osd);
	msg_info("it would then: mon '%s' osd '%s'", MON_CAPS, k->osd);
	ret = verb_confirm("The rights of client.%s will be replaced.",
			   k->client);
	if (ret > 0)
		return 0;
	return fault_set(&c->f, -ECANCELED,
			 ret ? "to replace the rights of client.%s add --yes" :
			       "client.%s was not changed",
			 k->client);
}

static int apply(struct verbctx *c, const struct keys *k)
{
	const char *prefix = k->changes ? "auth caps" : "auth get-or-create";
	struct json_object *reply = NULL, *v;
	char key[128] = "";
	int ret = session_command(&c->s, auth_command(prefix, k, true), NULL,
				  NULL, 0);

	if (!ret)
		ret = session_command(&c->s, auth_command("auth get", k, false),
				      &reply, NULL, 0);
	if (!ret && json_object_is_type(reply, json_type_array) &&
	    json_object_object_get_ex(json_object_array_get_idx(reply, 0),
				      "key", &v))
		snprintf(key, sizeof(key), "%s", json_object_get_string(v));
	json_object_put(reply);
	if (ret || !*key)
		return users_fault(c, k, ret ?: -EBADMSG);
	ret = keyringfile_write(k->keyring, k->client, key, &c->f);
	explicit_bzero(key, sizeof(key));
	return ret;
}

static int report(const struct keys *k)
{
	const char *would = !k->had_mon ? "create" :
			    k->changes	? "change" :
					  "keep";
	const char *done = !k->had_mon ? "created" :
			   k->changes  ? "changed" :
					 "kept";
	struct json_object *o = jsonout_new();
	int ret;

	jsonout_string(o, "client", k->client);
	jsonout_string(o, "keyring", k->keyring);
	jsonout_string(o, "mon", MON_CAPS);
	jsonout_string(o, "osd", k->osd);
	ret = verb_report(o, would, done,
			  "client.%s (mon '%s' osd '%s'), key in %s", k->client,
			  MON_CAPS, k->osd, k->keyring);
	if (globals.json || globals.dry_run)
		return ret;
	msg_info(
		"next: copy %s to the same place on every node (mode 0600), and there put RBDSHARE_ID=%s into /etc/default/rbdshare",
		k->keyring, k->client);
	return ret;
}

static int run(const struct cluster_args *args, struct verbctx *c,
	       struct keys *k)
{
	int ret = names_check("client", k->client, &c->f);

	if (!ret)
		ret = clusterplace_find(args, &k->place, &c->f);
	if (!ret)
		ret = verb_connect(c);
	if (!ret)
		ret = choose_pools(c, args, k);
	if (!ret)
		ret = look(c, k);
	if (!ret)
		ret = keyringfile_check(k->keyring, &c->f);
	if (!ret && k->changes && !args->yes && !globals.dry_run)
		ret = confirm(c, k);
	if (!ret && !globals.dry_run)
		ret = apply(c, k);
	return ret ? ret : report(k);
}

int cluster_keys(const struct cluster_args *args)
{
	const char *word = args->words[0];
	struct verbctx c = { 0 };
	struct keys k = { 0 };
	int ret;

	k.client = strncmp(word, "client.", 7) ? word : word + 7;
	keyringfile_default(globals.cluster, k.client, k.keyring_default,
			    sizeof(k.keyring_default));
	k.keyring = args->keyring_out ? args->keyring_out : k.keyring_default;
	ret = run(args, &c, &k);
	free(k.had_mon);
	free(k.had_osd);
	return verb_end(&c, ret);
}
