// SPDX-License-Identifier: GPL-2.0
#include "daemon/admission.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/daemon.h"
#include "hb_timing.h"
#include "lib/clock.h"
#include "lib/fdstore.h"
#include "lib/fence.h"
#include "lib/hbslots.h"
#include "lib/msg.h"
#include "lib/nodelist.h"
#include "view_member.h"

/* A heart that beats does so in this time: three of the longest ticks. */
#define WATCH_MS 3000
#define ADDRESS_MS 30000
#define RETRY_MS 1000

/**
 * struct slots_pair - two looks at the slots
 * @before: the first one
 * @after: WATCH_MS later
 */
struct slots_pair {
	struct hbslots before;
	struct hbslots after;
};

static int read_slots(struct daemon *d, struct hbslots *s, struct fault *f)
{
	int err;

	while ((err = hbslots_read(s, d->session.door, d->io,
				   d->set.cluster)) == -ETIMEDOUT) {
		msg_warn("the storage does not answer; waiting for it");
		fdstore_notify(
			"EXTEND_TIMEOUT_USEC=60000000\nSTATUS=waiting for the storage");
		clock_sleep_ms(RETRY_MS);
	}
	return err ? session_fault(&d->session, f, err, d->set.pool,
				   "read the heartbeats of %s",
				   d->set.cluster) :
		     0;
}

/* --- who else is there --- */

/* What is wrong with one that takes part, if it is alive. */
enum conflict {
	NO_CONFLICT,
	SAME_NUMBER, /* our number, another name */
	SAME_NODE, /* our number and name, another host */
	SAME_ADDRESS,
	OTHER_FILE,
};

/* @m is the member of @slot's number */
static enum conflict conflict_with(const struct daemon *d,
				   const struct rbd_view_member *m,
				   const struct rbd_hb_slot *slot)
{
	const struct rbd_node_id *self = &d->self;

	if (!rbd_member_is_in(m))
		return NO_CONFLICT;
	if (slot->number == self->number) {
		if (strncmp(m->name, self->name, sizeof(m->name)))
			return SAME_NUMBER;
		return memcmp(slot->boot_id, self->boot_id,
			      sizeof(slot->boot_id)) ?
			       SAME_NODE :
			       NO_CONFLICT;
	}
	if (m->incarnation != slot->incarnation)
		return NO_CONFLICT;
	if (m->address.family == self->address.family &&
	    !memcmp(m->address.ip, self->address.ip, sizeof(m->address.ip)))
		return SAME_ADDRESS;
	return slot->config_hash != d->set.config_hash ? OTHER_FILE :
							 NO_CONFLICT;
}

static enum conflict conflict_in(const struct daemon *d,
				 const struct rbd_view *view,
				 const struct rbd_hb_slot *slot)
{
	return conflict_with(d, rbd_view_peek(view, slot->number), slot);
}

static bool any_conflict(const struct daemon *d, const struct rbd_view *view,
			 const struct hbslots *s)
{
	struct rbd_hb_slot slot;
	unsigned int n;

	for (n = 0; n < RBD_HB_MAX_NODES; n++)
		if (hbslots_get(s, n, &slot) &&
		    conflict_in(d, view, &slot) != NO_CONFLICT)
			return true;
	return false;
}

static int refuse_file(struct daemon *d, const char *name,
		       const struct rbd_hb_slot *slot, struct fault *f)
{
	struct nodesettings_node *there = calloc(NODESETTINGS_NODES,
						 sizeof(*there));
	char text[320] = "";

	if (there &&
	    !nodelist_read(d->set.cluster, slot->number, slot->config_hash,
			   d->session.door, d->io, there))
		nodelist_difference(d->set.nodes, there, text, sizeof(text));
	free(there);
	return fault_set(
		f, -EINVAL,
		"cluster.conf is not the same as on %s, which runs%s%s; copy the right file to all nodes, then: rbdshare cluster reload, where rbdshared runs",
		name, *text ? ": " : "", text);
}

/* Its owner is alive, or somebody is who will fence it if it is dead. */
static int refuse(struct daemon *d, const struct rbd_view *view,
		  const struct rbd_hb_slot *slot, struct fault *f)
{
	const struct rbd_view_member *m = rbd_view_peek(view, slot->number);
	char name[sizeof(m->name) + 1];

	snprintf(name, sizeof(name), "%.*s", (int)sizeof(m->name), m->name);
	switch (conflict_with(d, m, slot)) {
	case SAME_NUMBER:
		return fault_set(
			f, -EEXIST,
			"number %u is that of %s, which takes part in cluster %s; cluster.conf here gives it to %s: make the file the same on all nodes",
			slot->number, name, d->set.cluster, d->self.name);
	case SAME_NODE:
		return fault_set(
			f, -EADDRINUSE,
			"another host runs as node %u (%s) of cluster %s now: is this one a copy of it, or has the same name? It goes on undisturbed",
			slot->number, name, d->set.cluster);
	case SAME_ADDRESS:
		return fault_set(
			f, -EEXIST,
			"the address of this node (%s) is that of %s, which takes part in cluster %s; give each node its own in cluster.conf",
			d->self.name, name, d->set.cluster);
	case OTHER_FILE:
		return refuse_file(d, name, slot, f);
	case NO_CONFLICT:
		break;
	}
	return 0;
}

static bool moved(const struct slots_pair *pair, unsigned int n,
		  struct rbd_hb_slot *after)
{
	struct rbd_hb_slot before;

	hbslots_get(&pair->before, n, &before);
	return hbslots_get(&pair->after, n, after) &&
	       hbslots_moved(&before, after);
}

static bool anybody_moved(const struct rbd_view *view,
			  const struct slots_pair *pair)
{
	struct rbd_hb_slot after;
	unsigned int n;

	for (n = 0; n < RBD_HB_MAX_NODES; n++)
		if (rbd_member_is_in(rbd_view_peek(view, n)) &&
		    moved(pair, n, &after))
			return true;
	return false;
}

/*
 * Whose slot stands still may just have slow storage, and we would overwrite
 * its slot, or answer at its address. While anybody is alive the dead are
 * fenced soon; only when nobody is, there is none to wait for.
 */
static int check_pair(struct daemon *d, const struct rbd_view *view,
		      const struct slots_pair *pair, struct fault *f)
{
	bool anybody = anybody_moved(view, pair);
	struct rbd_hb_slot after;
	enum conflict conflict;
	unsigned int n;
	int err = 0;

	for (n = 0; n < RBD_HB_MAX_NODES && !err; n++) {
		bool moves = moved(pair, n, &after);

		if (!after.incarnation)
			continue;
		conflict = conflict_in(d, view, &after);
		if (moves || (anybody && (conflict == SAME_NUMBER ||
					  conflict == SAME_ADDRESS)))
			err = refuse(d, view, &after, f);
	}
	return err;
}

static int check_slots(struct daemon *d, const struct rbd_view *view,
		       struct fault *f)
{
	struct slots_pair *pair = calloc(1, sizeof(*pair));
	int err;

	if (!pair)
		return fault_set(f, -ENOMEM, "out of memory");
	err = read_slots(d, &pair->before, f);
	if (!err && any_conflict(d, view, &pair->before)) {
		clock_sleep_ms(WATCH_MS);
		err = read_slots(d, &pair->after, f);
		err = err ?: check_pair(d, view, pair, f);
	}
	free(pair);
	return err;
}

/* --- the pool --- */

/* The kernel would wait for ever with its first heartbeat, and say nothing. */
static int check_room(struct daemon *d, struct fault *f)
{
	int64_t id = d->session.door->rados_pool_lookup(d->session.cluster,
							d->set.pool);
	struct osddump_pool pool;
	struct osddump dump;
	bool full;

	if (fence_dump(&d->session, &dump))
		return 0;
	full = osddump_pool(&dump, id, &pool) && pool.full;
	osddump_free(&dump);
	return full ? fault_set(
			      f, -ENOSPC,
			      "the pool %s is full, so this node could not write heartbeats; look at: ceph df, and: ceph osd pool get-quota %s",
			      d->set.pool, d->set.pool) :
		      0;
}

/* --- the address --- */

static int try_address(const struct daemon *d)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_addr = d->set.nodes[d->set.number].ip,
	};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)))
		err = -errno;
	close(fd);
	return err;
}

/* Networks may come up later than we do. */
static int check_address(const struct daemon *d, struct fault *f)
{
	long long end = clock_ms() + ADDRESS_MS;
	char ip[INET_ADDRSTRLEN] = "";
	int err;

	while ((err = try_address(d)) == -EADDRNOTAVAIL && clock_ms() < end) {
		fdstore_notify("STATUS=waiting for this node's address");
		clock_sleep_ms(RETRY_MS);
	}
	inet_ntop(AF_INET, &d->set.nodes[d->set.number].ip, ip, sizeof(ip));
	return err ? fault_set(
			     f, err,
			     "the address of this node in cluster.conf, %s, is on no interface here (%s); look at: ip addr, and: rbdshare cluster check",
			     ip, strerror(-err)) :
		     0;
}

static int show(struct daemon *d, struct fault *f)
{
	int err = nodelist_write(&d->set, d->session.door, d->io);

	return err ? session_fault(&d->session, f, err, d->set.pool,
				   "write to pool %s", d->set.pool) :
		     0;
}

int admission_check(struct daemon *d, const struct rbd_view *view,
		    struct fault *f)
{
	int err = check_slots(d, view, f);

	err = err ?: check_address(d, f);
	err = err ?: check_room(d, f);
	return err ?: show(d, f);
}

void admission_show(struct daemon *d)
{
	struct fault f = { "" };

	if (show(d, &f))
		msg_warn("%s", f.text);
}
