// SPDX-License-Identifier: GPL-2.0
/*
 * Method address: nobody registers the clients of a host, so its IP addresses
 * are put on the blocklist as a whole. The clients that are seen go there one
 * by one too, and stay when the addresses are taken off again.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/deadline.h"
#include "agent/host.h"
#include "agent/instances.h"
#include "agent/method.h"
#include "agent/say.h"
#include "lib/clock.h"
#include "lib/msg.h"

/* An entry of ours that is older than a year is made anew. */
#define HOLD_S (FENCE_EXPIRE_S - 365 * 86400)
/* The search for clients may take this part of the time. */
#define SEARCH_PART 3
#define LOOK_MS 500

#define CAPS                                                                      \
	"mon 'profile rbd, allow command \"osd blocklist\" with blocklistop=rm' " \
	"osd 'profile rbd-read-only'"

/**
 * struct job - what all actions need
 * @where: the addresses as text
 * @dump: of the map when the work began
 */
struct job {
	const struct options *o;
	struct nodemap_hosts hosts;
	char where[NODEMAP_LIST];
	char user[128];
	struct session_options so;
	struct session s;
	struct osddump dump;
};

static int no_rights(const struct job *j, struct fault *f)
{
	return fault_set(
		f, -EACCES,
		"%s may not change the blocklist; give it the rights of a fencer: ceph auth caps %s %s",
		j->user, j->user, CAPS);
}

static int read_map(struct job *j, struct osddump *dump, struct fault *f)
{
	int ret = fence_dump(&j->s, dump);

	if (ret == -EBADMSG)
		return fault_set(
			f, ret,
			"the monitors' answer to 'osd dump' is not what Ceph 16 and newer say");
	if (ret == -EACCES || ret == -EPERM)
		return no_rights(j, f);
	return ret ? session_fault(&j->s, f, ret, NULL, "read the OSD map") : 0;
}

/* The end of each action. */
static void finish(struct job *j)
{
	osddump_free(&j->dump);
	session_close(&j->s);
}

static int start(struct job *j, const struct options *o, struct fault *f)
{
	const char *id = strncmp(o->user, "client.", 7) ? o->user : o->user + 7;
	unsigned int patience = o->timeout < o->power_timeout ?
					o->timeout :
					o->power_timeout;
	int ret;

	snprintf(j->user, sizeof(j->user), "client.%s", id);
	j->so = (struct session_options){ .conf = o->conf,
					  .name = j->user,
					  .keyring = o->keyring,
					  .timeout_s = patience };
	ret = session_open(&j->s, &j->so, f);
	if (!ret)
		ret = read_map(j, &j->dump, f);
	return ret;
}

/* The same for actions about one node. */
static int start_for_node(struct job *j, const struct options *o,
			  struct fault *f)
{
	int ret;

	j->o = o;
	ret = nodemap_find(o, &j->hosts, f);
	if (ret)
		return ret;
	nodemap_describe(&j->hosts, j->where, sizeof(j->where));
	say_debug("%s is at %s", o->plug, j->where);
	return start(j, o, f);
}

static size_t listed(const struct osddump *dump, const struct nodemap_hosts *h)
{
	size_t i, n = 0;

	for (i = 0; i < h->n; i++)
		n += osddump_fenced_for(dump, &h->v[i]) > 0;
	return n;
}

/* --- off --- */

static int no_pool(const char *name, struct fault *f)
{
	return fault_set(
		f, -ENOENT,
		"there is no pool '%.80s'; 'rbdshare pool ls' lists them",
		name);
}

/* The option "pools", or all that may have images. */
static int choose_pools(struct job *j, int64_t **ids, size_t *n,
			struct fault *f)
{
	char name[256];
	const char *p;
	size_t len;
	ssize_t all;

	if (!j->o->pools) {
		all = osddump_block_pools(&j->dump, ids);
		*n = all < 0 ? 0 : (size_t)all;
		return all < 0 ? fault_set(f, (int)all, "out of memory") : 0;
	}
	*n = 0;
	*ids = calloc(strlen(j->o->pools) + 1, sizeof(**ids));
	if (!*ids)
		return fault_set(f, -ENOMEM, "out of memory");
	for (p = j->o->pools; *p; p += len, p += strspn(p, ", ")) {
		len = strcspn(p, ", ");
		snprintf(name, sizeof(name), "%.*s", (int)len, p);
		(*ids)[*n] = j->s.door->rados_pool_lookup(j->s.cluster, name);
		if ((*ids)[(*n)++] < 0)
			return no_pool(name, f);
	}
	return *n ? 0 : fault_set(f, -EINVAL, "pools names no pool");
}

/* Their watches vanish with the fence, so this comes first. */
static int search(struct job *j, const int64_t *ids, size_t n,
		  struct instances *found, struct fault *f)
{
	struct osddump_pool *pools = calloc(n + 1, sizeof(*pools));
	size_t i, known = 0;
	int ret;

	if (!pools)
		return fault_set(f, -ENOMEM, "out of memory");
	for (i = 0; i < n; i++)
		known += osddump_pool(&j->dump, ids[i], &pools[known]);
	ret = instances_find(&j->s, pools, known, &j->hosts,
			     j->o->power_timeout * 1000 / SEARCH_PART, found);
	free(pools);
	return ret ? fault_set(f, ret, "out of memory") : 0;
}

/* What an administrator has to know of a fence that worked. */
static void doubt(const struct job *j, const struct instances *found,
		  size_t clients)
{
	if (found->missed)
		msg_warn(
			"%zu images or pools could not be searched for clients of %s (%s); all of %s is cut off, but before confirmed=1 make sure that none of its clients is left",
			found->missed, j->o->plug, strerror(-found->error),
			j->where);
	if (j->hosts.looked_up && !clients)
		msg_warn(
			"no client of %s was seen at %s, where its name points to; if it reaches Ceph by another address it is NOT cut off: name that in plug_map",
			j->o->plug, j->where);
}

static int not_in_time(const struct job *j, struct fence_progress *p,
		       struct fault *f)
{
	char late[64] = "";
	const char *stage;
	unsigned int pgs, answered;
	int error;

	pthread_mutex_lock(&p->sweep.lock);
	stage = fence_stage_str(p->stage);
	pgs = p->sweep.pgs;
	answered = p->sweep.answered;
	error = p->error;
	if (p->stage == FENCE_STAGE_SWEEP && p->sweep.waiting_ms)
		snprintf(late, sizeof(late), ", %lld.%x waits for %lld s",
			 (long long)p->sweep.pool, p->sweep.waiting_pg,
			 p->sweep.waiting_ms / 1000);
	pthread_mutex_unlock(&p->sweep.lock);
	return fault_set(
		f, -ETIMEDOUT,
		"%.80s is not proved to be cut off after %u s: %s, %u of %u placement groups have answered%s%s%s; look at 'ceph -s', or give it more power_timeout",
		j->o->plug, j->o->power_timeout, stage, answered, pgs, late,
		error ? ", the last error was: " : "",
		error ? strerror(-error) : "");
}

static int fence_fault(const struct job *j, struct fence_progress *p, int ret,
		       struct fault *f)
{
	switch (ret) {
	case -EACCES:
		return no_rights(j, f);
	case -ECANCELED:
		return not_in_time(j, p, f);
	case -EOPNOTSUPP:
		return fault_set(
			f, ret,
			"%.80s is on the blocklist, but that is not proved: a pool places its objects in a way that this fence_rbd does not know; leave it out with pools",
			j->o->plug);
	}
	return session_fault(&j->s, f, ret, NULL, "cut off %.80s", j->o->plug);
}

static int carry_out(struct job *j, const int64_t *ids, size_t n,
		     struct instances *found, struct fence_progress *p,
		     struct fault *f)
{
	/* Pools that nobody has named are looked for in the newest map. */
	struct fence_order order = { .hold_s = HOLD_S,
				     .all_pools = !j->o->pools,
				     .n_pools = j->o->pools ? n : 0 };
	size_t i, clients = found->n;
	int ret = 0;

	order.pools = calloc(n + 1, sizeof(*order.pools));
	for (i = 0; order.pools && i < order.n_pools; i++)
		order.pools[i].id = ids[i];
	for (i = 0; !ret && i < j->hosts.n; i++)
		ret = instances_add(found, &j->hosts.v[i]);
	if (ret || !order.pools) {
		free(order.pools);
		return fault_set(f, -ENOMEM, "out of memory");
	}
	order.instances = found->v;
	order.n_instances = found->n;
	ret = fence_run(&j->s, &order, p);
	free(order.pools);
	if (ret)
		return fence_fault(j, p, ret, f);
	doubt(j, found, clients);
	say("%s is cut off: all %u placement groups of its pools refuse %s; clients seen there: %zu; OSD map %u",
	    j->o->plug, p->sweep.answered, j->where, clients, p->epoch);
	return 0;
}

static int address_off(const struct options *o, struct fault *f)
{
	/* The guard looks at it as long as the process lives. */
	static struct fence_progress progress;
	struct instances found = { 0 };
	struct job j = { 0 };
	int64_t *ids = NULL;
	size_t n = 0;
	int ret = start_for_node(&j, o, f);

	fence_progress_init(&progress);
	if (!ret && host_has(&j.hosts))
		ret = fault_set(
			f, -EINVAL,
			"%s (%s) is this host itself, whose own requests would be refused; another node has to fence it",
			o->plug, j.where);
	if (!ret)
		ret = deadline_guard(&progress);
	if (!ret)
		ret = choose_pools(&j, &ids, &n, f);
	if (!ret)
		ret = search(&j, ids, n, &found, f);
	if (!ret)
		ret = carry_out(&j, ids, n, &found, &progress, f);
	instances_free(&found);
	free(ids);
	finish(&j);
	return ret;
}

/* --- on --- */

/* When an entry ends, by the monitors' clock; 0: it is not listed. */
static int64_t ends_at(const struct osddump *dump, const struct clientaddr *a)
{
	int64_t left = osddump_fenced_for(dump, a);

	return left ? dump->modified + left : 0;
}

/* How old the youngest entry was when @dump was committed; at least 0. */
static int64_t age_of(const struct job *j, const struct osddump *dump)
{
	int64_t end, age, youngest = FENCE_EXPIRE_S;
	size_t i;

	for (i = 0; i < j->hosts.n; i++) {
		end = ends_at(&j->dump, &j->hosts.v[i]);
		age = end ? dump->modified - (end - FENCE_EXPIRE_S) : youngest;
		if (age < youngest)
			youngest = age;
	}
	return youngest > 0 ? youngest : 0;
}

/*
 * The monitors tell the time only by a new map: an entry that is there is
 * added once more, which leaves it as it is.
 */
static int age_now(struct job *j, int64_t *age, struct fault *f)
{
	struct osddump dump;
	size_t i;
	int ret;

	for (i = 0; i < j->hosts.n; i++)
		if (ends_at(&j->dump, &j->hosts.v[i]))
			break;
	ret = fence_entry(&j->s, "add", &j->hosts.v[i]);
	if (ret == -EACCES || ret == -EPERM)
		return no_rights(j, f);
	if (ret)
		return session_fault(&j->s, f, ret, NULL,
				     "ask the monitors for the time");
	ret = read_map(j, &dump, f);
	if (ret)
		return ret;
	*age = age_of(j, &dump);
	osddump_free(&dump);
	return 0;
}

static int judge(struct job *j, struct fault *f)
{
	struct decide_host h = { .name = j->o->plug };
	int ret = 0;

	if (j->o->confirmed)
		return 0;
	h.here = host_has(&j->hosts) == j->hosts.n;
	if (h.here) {
		ret = age_now(j, &h.age_s, f);
		h.uptime_s = host_uptime_s();
		if (!ret)
			ret = host_clients(&h, f);
	}
	return ret ? ret : decide_lift(&h, f);
}

static int remove_entries(struct job *j, struct fault *f)
{
	struct osddump dump;
	size_t i, left;
	int ret;

	for (;;) {
		for (i = 0; i < j->hosts.n; i++) {
			ret = fence_entry(&j->s, "rm", &j->hosts.v[i]);
			if (ret == -EACCES || ret == -EPERM)
				return no_rights(j, f);
			if (ret && ret != -ENOENT)
				return session_fault(
					&j->s, f, ret, NULL,
					"take %s off the blocklist", j->where);
		}
		ret = read_map(j, &dump, f);
		if (ret)
			return ret;
		left = listed(&dump, &j->hosts);
		osddump_free(&dump);
		if (!left)
			return 0;
		if (!deadline_left_ms())
			return fault_set(
				f, -ETIMEDOUT,
				"%s is on the blocklist again and again; somebody else puts it there",
				j->where);
		clock_sleep_ms(LOOK_MS);
	}
}

static int address_on(const struct options *o, struct fault *f)
{
	struct job j = { 0 };
	int ret = start_for_node(&j, o, f);

	if (!ret && !listed(&j.dump, &j.hosts)) {
		say("%s (%s) is not on the blocklist", o->plug, j.where);
	} else if (!ret) {
		ret = judge(&j, f);
		if (!ret)
			ret = remove_entries(&j, f);
		if (!ret)
			say("%s is back: %s is off the blocklist, clients of the past stay on it",
			    o->plug, j.where);
	}
	finish(&j);
	return ret;
}

/* --- questions --- */

static int address_status(const struct options *o, struct fault *f)
{
	struct job j = { 0 };
	int ret = start_for_node(&j, o, f);
	bool off;

	if (!ret) {
		off = listed(&j.dump, &j.hosts) == j.hosts.n;
		say("Status: %s (%s)", off ? "off" : "on", j.where);
		ret = off ? METHOD_OFF : 0;
	}
	finish(&j);
	return ret;
}

/*
 * Rights are looked at before anything else, so a change that makes no sense
 * tells if it would be allowed.
 */
static bool may(struct job *j, const char *verb)
{
	struct json_object *cmd = json_object_new_object();
	int ret;

	json_object_object_add(cmd, "prefix",
			       json_object_new_string("osd blocklist"));
	json_object_object_add(cmd, "blocklistop",
			       json_object_new_string(verb));
	json_object_object_add(cmd, "addr",
			       json_object_new_string("fence_rbd/0"));
	ret = session_command(&j->s, cmd, NULL, NULL, 0);
	return ret != -EACCES && ret != -EPERM;
}

static int address_monitor(const struct options *o, struct fault *f)
{
	struct job j = { .o = o };
	int ret = start(&j, o, f);

	if (!ret && (!may(&j, "add") || !may(&j, "rm")))
		ret = no_rights(&j, f);
	if (!ret)
		say_debug("the monitors answer, OSD map %u", j.dump.epoch);
	finish(&j);
	return ret;
}

static int list_one(const struct job *j, const struct nodemap_entry *e,
		    bool states, struct fault *f)
{
	struct nodemap_hosts h;
	const char *state = "";
	int ret = nodemap_parse_list(e->list, &h, f);

	if (ret)
		return ret;
	if (states)
		state = listed(&j->dump, &h) == h.n ? ",off" : ",on";
	printf("%s,%s%s\n", e->name, e->list, state);
	return 0;
}

static int address_list(const struct options *o, bool states, struct fault *f)
{
	struct job j = { .o = o };
	struct nodemap_entry e;
	const char *p = o->plug_map;
	int ret = 0;

	if (!p)
		return fault_set(
			f, -EINVAL,
			"method address knows its nodes from plug_map only: plug_map=node1:10.0.0.1;node2:10.0.0.2");
	if (states)
		ret = start(&j, o, f);
	while (!ret && (ret = nodemap_next(&p, &e, f)) > 0)
		ret = list_one(&j, &e, states, f);
	finish(&j);
	return ret;
}

static int check_file(const char *path, const char *what, struct fault *f)
{
	return path && access(path, R_OK) ? fault_file(f, -errno, what, path) :
					    0;
}

static int address_check(const struct options *o, struct fault *f)
{
	struct nodemap_hosts h;
	int ret = check_file(o->conf, "read", f);

	if (!ret)
		ret = check_file(o->keyring, "read keyring", f);
	if (!ret && o->plug_map)
		ret = nodemap_check(o->plug_map, f);
	if (!ret && o->address)
		ret = nodemap_parse_list(o->address, &h, f);
	if (!ret && o->plug)
		ret = nodemap_find(o, &h, f);
	return ret;
}

const struct method method_address = {
	.name = "address",
	.off = address_off,
	.on = address_on,
	.status = address_status,
	.monitor = address_monitor,
	.list = address_list,
	.check = address_check,
};
