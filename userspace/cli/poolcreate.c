// SPDX-License-Identifier: GPL-2.0
/* rbdshare pool create: pool, application and, on request, a user for it. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/globals.h"
#include "cli/pool.h"
#include "cli/verbargs.h"
#include "lib/jsonout.h"
#include "lib/keyringfile.h"
#include "lib/names.h"

/**
 * struct pool_options - what to create
 * @pg_num: 0 lets the monitors choose
 * @client: without "client."; NULL for none
 * @keyring: file for the user's key
 */
struct pool_options {
	const char *name;
	unsigned int pg_num;
	const char *client;
	const char *keyring;
	char keyring_default[256];
};

static const struct option longopts[] = {
	{ "pg-num", required_argument, NULL, 'P' },
	{ "client", required_argument, NULL, 'C' },
	{ "keyring-out", required_argument, NULL, 'K' },
	{ NULL, 0, NULL, 0 },
};

static int set_client(struct pool_options *o, const char *text, struct fault *f)
{
	o->client = strncmp(text, "client.", 7) ? text : text + 7;
	keyringfile_default(globals.cluster, o->client, o->keyring_default,
			    sizeof(o->keyring_default));
	return names_check("client", o->client, f);
}

static int parse(int argc, char **argv, struct pool_options *o,
		 struct verbctx *c)
{
	int ch, ret = 0;

	while (!ret &&
	       (ch = getopt_long(argc, argv, ":", longopts, NULL)) != -1) {
		if (ch == 'P')
			ret = names_pg_num(optarg, &o->pg_num, &c->f);
		else if (ch == 'C')
			ret = set_client(o, optarg, &c->f);
		else if (ch == 'K')
			o->keyring = optarg;
		else
			return verb_bad_option("pool create", ch, argv);
	}
	if (ret)
		return ret;
	if (argc - optind != 1)
		return verb_usage("pool create", "name one pool");
	if (o->keyring && !o->client)
		return verb_usage("pool create",
				  "--keyring-out goes with --client");
	if (!o->keyring)
		o->keyring = o->keyring_default;
	o->name = argv[optind];
	return names_check("pool", o->name, &c->f);
}

static void osd_caps(const struct pool_options *o, char *buf, size_t size)
{
	snprintf(buf, size, "profile rbd pool=%s", o->name);
}

/* Same rights already? @entity is one element of "auth get". */
static bool same_caps(struct json_object *entity, const struct pool_options *o)
{
	struct json_object *caps, *mon, *osd;
	char want[160];

	osd_caps(o, want, sizeof(want));
	return json_object_object_get_ex(entity, "caps", &caps) &&
	       json_object_object_get_ex(caps, "mon", &mon) &&
	       json_object_object_get_ex(caps, "osd", &osd) &&
	       !strcmp(json_object_get_string(mon), "profile rbd") &&
	       !strcmp(json_object_get_string(osd), want);
}

static struct json_object *auth_command(const char *prefix,
					const struct pool_options *o)
{
	struct json_object *cmd = json_object_new_object();
	char entity[128];

	snprintf(entity, sizeof(entity), "client.%s", o->client);
	jsonout_string(cmd, "prefix", prefix);
	jsonout_string(cmd, "entity", entity);
	return cmd;
}

/* Before anything is made: would the user be in the way? */
static int check_client(struct verbctx *c, const struct pool_options *o)
{
	struct json_object *reply = NULL;
	int ret = session_command(&c->s, auth_command("auth get", o), &reply,
				  NULL, 0);

	if (ret == -ENOENT)
		ret = 0;
	else if (ret)
		session_fault(
			&c->s, &c->f, ret, NULL,
			"look up client.%s (managing users needs mon 'allow *')",
			o->client);
	else if (!reply || !json_object_is_type(reply, json_type_array) ||
		 !same_caps(json_object_array_get_idx(reply, 0), o))
		ret = fault_set(
			&c->f, -EEXIST,
			"client.%s exists with other rights, which we do not change; take another name, or: ceph auth caps client.%s mon 'profile rbd' osd 'profile rbd pool=%s'",
			o->client, o->client, o->name);
	json_object_put(reply);
	return ret;
}

static int get_key(struct verbctx *c, const struct pool_options *o, char *key,
		   size_t size)
{
	struct json_object *cmd = auth_command("auth get-or-create", o);
	struct json_object *caps = json_object_new_array(), *reply, *v;
	char osd[160];
	int ret;

	osd_caps(o, osd, sizeof(osd));
	json_object_array_add(caps, json_object_new_string("mon"));
	json_object_array_add(caps, json_object_new_string("profile rbd"));
	json_object_array_add(caps, json_object_new_string("osd"));
	json_object_array_add(caps, json_object_new_string(osd));
	json_object_object_add(cmd, "caps", caps);
	ret = session_command(&c->s, cmd, &reply, NULL, 0);
	if (ret)
		return session_fault(
			&c->s, &c->f, ret, NULL,
			"create client.%s (managing users needs mon 'allow *')",
			o->client);
	*key = '\0';
	if (json_object_is_type(reply, json_type_array) &&
	    json_object_object_get_ex(json_object_array_get_idx(reply, 0),
				      "key", &v))
		snprintf(key, size, "%s", json_object_get_string(v));
	json_object_put(reply);
	return *key ? 0 :
		      fault_set(&c->f, -EBADMSG,
				"the monitors sent no key of client.%s",
				o->client);
}

static int create_pool(struct verbctx *c, const struct pool_options *o)
{
	struct json_object *cmd = json_object_new_object();
	char text[256];
	int ret;

	jsonout_string(cmd, "prefix", "osd pool create");
	jsonout_string(cmd, "pool", o->name);
	if (o->pg_num) {
		jsonout_u64(cmd, "pg_num", o->pg_num);
		jsonout_u64(cmd, "pgp_num", o->pg_num);
	}
	ret = session_command(&c->s, cmd, NULL, text, sizeof(text));
	if (ret == -ERANGE)
		return fault_set(
			&c->f, ret,
			"the monitors refuse pool '%s': %s; take a smaller --pg-num",
			o->name, text);
	if (ret == -EPERM || ret == -EACCES)
		return fault_set(
			&c->f, -EACCES,
			"%s may not create pools; use a user with: mon 'allow *' (such as client.admin)",
			globals.name);
	if (ret)
		return session_fault(&c->s, &c->f, ret, NULL,
				     "create pool '%s'", o->name);
	return 0;
}

static int init_pool(struct verbctx *c, const struct pool_options *o)
{
	rados_ioctx_t io;
	int ret = session_pool(&c->s, o->name, NULL, &io, &c->f);

	if (ret)
		return ret;
	ret = c->s.door->rbd_pool_init(io, false);
	c->s.door->rados_ioctx_destroy(io);
	if (ret)
		return session_fault(
			&c->s, &c->f, ret, o->name,
			"prepare pool '%s' for images (it was created; try 'rbd pool init %s')",
			o->name, o->name);
	return 0;
}

static int make(struct verbctx *c, const struct pool_options *o, bool exists)
{
	char key[128];
	int ret = 0;

	if (!exists)
		ret = create_pool(c, o);
	if (!ret && !exists)
		ret = init_pool(c, o);
	if (ret || !o->client)
		return ret;
	ret = get_key(c, o, key, sizeof(key));
	if (!ret)
		ret = keyringfile_write(o->keyring, o->client, key, &c->f);
	explicit_bzero(key, sizeof(key));
	return ret;
}

static int report(const struct pool_options *o, bool exists)
{
	struct json_object *j = jsonout_new();
	char user[512] = "", pgs[32] = "";

	jsonout_string(j, "pool", o->name);
	jsonout_bool(j, "existed", exists);
	if (o->client) {
		snprintf(
			user, sizeof(user),
			"; client.%s has rights on this pool only, its key is in %s",
			o->client, o->keyring);
		jsonout_string(j, "client", o->client);
		jsonout_string(j, "keyring", o->keyring);
	}
	if (o->pg_num && !exists)
		snprintf(pgs, sizeof(pgs), " with %u PGs", o->pg_num);
	return verb_report(j, exists ? "keep" : "create",
			   exists ? "kept" : "created", "pool %s%s%s%s",
			   o->name, pgs,
			   exists ? ", which exists and was not touched" :
				    ", for images",
			   user);
}

int pool_create(int argc, char **argv)
{
	struct pool_options o = { 0 };
	struct verbctx c = { 0 };
	bool exists = false;
	int64_t id;
	int ret = parse(argc, argv, &o, &c);

	if (ret == 1)
		return ret;
	if (!ret)
		ret = verb_connect(&c);
	if (!ret) {
		id = c.s.door->rados_pool_lookup(c.s.cluster, o.name);
		exists = id >= 0;
		if (id < 0 && id != -ENOENT)
			ret = session_fault(&c.s, &c.f, (int)id, NULL,
					    "look up pool '%s'", o.name);
	}
	if (!ret && o.client)
		ret = check_client(&c, &o);
	if (!ret && o.client)
		ret = keyringfile_check(o.keyring, &c.f);
	if (!ret && !globals.dry_run)
		ret = make(&c, &o, exists);
	if (!ret)
		ret = report(&o, exists);
	return verb_end(&c, ret);
}
