// SPDX-License-Identifier: GPL-2.0
#include "daemon/spaces.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/daemon.h"
#include "lib/replacefile.h"
#include "lib/slurp.h"
#include "view_fence.h"
#include "view_lockspace.h"

/* Names of lockspaces whose mount was answered, for the next daemon. */
#define SERVED_FILE DAEMON_RUN_DIR "/served"
#define COMMS_FILE DAEMON_RUN_DIR "/comms"
/* Of no view: of spaces_alone(). */
#define ALONE UINT32_MAX
#define SERVED_BYTES (RBD_VIEW_MAX_LOCKSPACES * (DLMTREE_NAME_MAX + 2))

/* --- which mounts were answered --- */

static int slot_of(const struct spaces *s, const char *name)
{
	int i;

	for (i = 0; i < RBD_VIEW_MAX_LOCKSPACES; i++)
		if (!strcmp(s->slot[i], name))
			return i;
	return -1;
}

/* The core's own place of it; -1 when it has none. */
static int follow_slot(struct daemon *d, const char *name)
{
	struct spaces *s = &d->spaces;
	int i, old = slot_of(s, name);

	for (i = 0; i < RBD_VIEW_MAX_LOCKSPACES; i++)
		if (d->core->ls[i].want && !strcmp(d->core->ls[i].name, name))
			break;
	if (i == RBD_VIEW_MAX_LOCKSPACES)
		return -1;
	if (old != i) {
		s->served[i] = old >= 0 && s->served[old];
		if (old >= 0)
			s->slot[old][0] = '\0';
		strcpy(s->slot[i], name);
	}
	return i;
}

static void save_served(struct daemon *d)
{
	char text[SERVED_BYTES] = "";
	size_t n = 0;
	int i;

	for (i = 0; i < RBD_VIEW_MAX_LOCKSPACES; i++)
		if (d->spaces.served[i] && *d->spaces.slot[i])
			n += (size_t)snprintf(text + n, sizeof(text) - n,
					      "%s\n", d->spaces.slot[i]);
	replacefile_write(SERVED_FILE, text, n, NULL);
}

static bool was_served(const char *name)
{
	char *text, *line, *save = NULL;
	bool found = false;

	if (slurp_file(SERVED_FILE, SERVED_BYTES, &text, NULL))
		return false;
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		if (!strcmp(line, name))
			found = true;
	free(text);
	return found;
}

static void forget(struct daemon *d, int slot)
{
	if (slot < 0)
		return;
	d->spaces.slot[slot][0] = '\0';
	d->spaces.served[slot] = false;
	save_served(d);
}

/* --- news of the kernel --- */

static void wait_with(struct daemon *d, const char *name)
{
	int i, free = -1;

	for (i = 0; i < RBD_VIEW_MAX_LOCKSPACES; i++) {
		if (!strcmp(d->spaces.waiting[i], name))
			return;
		if (!*d->spaces.waiting[i])
			free = i;
	}
	if (free >= 0)
		strcpy(d->spaces.waiting[free], name);
}

static void wants_in(struct daemon *d, const char *name)
{
	const char *bad = rbd_core_ls_online(d->core, name);

	if (!bad) {
		follow_slot(d, name);
		return;
	}
	if (!d->core->condemned) {
		wait_with(d, name);
		return;
	}
	diary_note(d, d->set.number, "a mount of %s is refused: %s", name, bad);
	dlmdoor_refuse(d->spaces.door, name, -ESHUTDOWN);
}

/* Those that had to wait for the end of the one before. */
static void try_waiting(struct daemon *d)
{
	char name[DLMTREE_NAME_MAX + 1];
	int i;

	for (i = 0; i < RBD_VIEW_MAX_LOCKSPACES; i++) {
		if (!*d->spaces.waiting[i])
			continue;
		strcpy(name, d->spaces.waiting[i]);
		d->spaces.waiting[i][0] = '\0';
		wants_in(d, name);
	}
}

static void was_found(struct daemon *d, const char *name)
{
	struct dlmtree tree = { .ops = NULL };
	bool served = was_served(name), runs = dlmtree_runs(&tree, name);
	const char *bad = rbd_core_ls_found(d->core, name, runs, served);
	int slot;

	if (bad) {
		diary_note(d, d->set.number, "%s cannot be taken over: %s",
			   name, bad);
		return;
	}
	/* What the core takes for stopped shall be. */
	if (!runs)
		dlmdoor_stop(d->spaces.door, name, 0);
	slot = follow_slot(d, name);
	if (slot < 0)
		return;
	d->spaces.served[slot] = served;
	if (runs && d->core->ls[slot].phase == RBD_LS_STARTED)
		plocks_started(d, name, d->core->ls[slot].generation, !served);
}

static void done(struct daemon *d, const struct dlmdoor_event *e)
{
	int slot = slot_of(&d->spaces, e->lockspace);
	int err = e->error == -ENOENT && e->step == DLMDOOR_STOP ? 0 : e->error;

	if (err)
		diary_note(d, d->set.number, "%s: '%s' failed: %s",
			   e->lockspace, dlmdoor_step_str(e->step),
			   strerror(-err));
	if (e->generation == ALONE)
		return;
	switch (e->step) {
	case DLMDOOR_START:
		if (slot >= 0 && !err && !d->spaces.served[slot])
			dlmdoor_joined(d->spaces.door, e->lockspace,
				       e->generation);
		/* As for the others. */
		__attribute__((fallthrough));
	case DLMDOOR_STOP:
	case DLMDOOR_PREPARE:
		if (slot >= 0)
			rbd_core_ls_done(d->core, (unsigned int)slot, err);
		if (slot >= 0 && !err && e->step == DLMDOOR_START)
			plocks_started(d, e->lockspace, e->generation,
				       !d->spaces.served[slot]);
		break;
	case DLMDOOR_JOINED:
		if (slot >= 0 && !err)
			d->spaces.served[slot] = true;
		save_served(d);
		break;
	case DLMDOOR_REFUSED:
	case DLMDOOR_LEFT:
		forget(d, slot);
		plocks_gone(d, e->lockspace);
		break;
	}
}

static void took(struct daemon *d, const struct dlmdoor_event *e)
{
	switch (e->kind) {
	case DLMDOOR_ONLINE:
		diary_note(d, d->set.number, "a mount wants lockspace %s",
			   e->lockspace);
		wants_in(d, e->lockspace);
		break;
	case DLMDOOR_OFFLINE:
	case DLMDOOR_GONE:
		rbd_core_ls_offline(d->core, e->lockspace);
		break;
	case DLMDOOR_FOUND:
		was_found(d, e->lockspace);
		break;
	case DLMDOOR_DONE:
		done(d, e);
		break;
	case DLMDOOR_OVERDUE:
		diary_note(d, d->set.number,
			   "%s: the kernel needs long to '%s' it", e->lockspace,
			   dlmdoor_step_str(e->step));
		break;
	}
}

void spaces_serve(void *daemon)
{
	struct daemon *d = daemon;
	struct dlmdoor_event e;

	while (dlmdoor_next(d->spaces.door, &e))
		took(d, &e);
	try_waiting(d);
}

/* --- orders of the core --- */

static void to_node(const struct rbd_address *a, unsigned int n, bool local,
		    struct dlmtree_node *out)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&out->addrs[0];
	struct sockaddr_in *in = (struct sockaddr_in *)&out->addrs[0];

	memset(out, 0, sizeof(*out));
	out->nodeid = n + 1;
	out->local = local;
	out->n_addrs = 1;
	if (a->family == 6) {
		in6->sin6_family = AF_INET6;
		memcpy(&in6->sin6_addr, a->ip, 16);
	} else {
		in->sin_family = AF_INET;
		memcpy(&in->sin_addr, a->ip, 4);
	}
}

static void add_id(struct dlmtree_members *m, unsigned int n)
{
	m->ids[m->n++] = n + 1;
}

/* The life that was lost: the last one of that number that was condemned. */
static uint64_t failed_life(const struct rbd_view *v, unsigned int n)
{
	uint64_t life = 0;
	unsigned int i;

	for (i = 0; i < v->n_fences; i++)
		if (v->fences[i].number == n && v->fences[i].incarnation > life)
			life = v->fences[i].incarnation;
	return life;
}

static int make_change(struct daemon *d, const struct rbd_core_action *a,
		       struct dlmdoor_change *c)
{
	const struct rbd_view *v = &d->core->view;
	const struct rbd_view_lockspace *ls = rbd_view_ls_peek(v, a->name);
	int n;

	if (!ls || ls->generation != a->generation)
		return -EAGAIN;
	memset(c, 0, sizeof(*c));
	c->generation = a->generation;
	c->join = !d->spaces.served[a->slot];
	rbd_nodeset_for_each(n, &ls->members)
	{
		const struct rbd_view_member *m = rbd_view_peek(
			v, (unsigned int)n);

		if (!m)
			return -EAGAIN;
		add_id(&c->members, m->number);
		to_node(&m->address, m->number, m->number == d->set.number,
			&c->nodes[c->n_nodes]);
		c->lives[c->n_nodes++] = m->incarnation;
	}
	rbd_nodeset_for_each(n, &ls->failed)
	{
		c->failed_lives[c->failed.n] = failed_life(v, (unsigned int)n);
		add_id(&c->failed, (unsigned int)n);
	}
	rbd_nodeset_for_each(n, &ls->left)
	{
		if (!rbd_nodeset_has(&ls->failed, (unsigned int)n) &&
		    !rbd_nodeset_has(&ls->members, (unsigned int)n))
			add_id(&c->left, (unsigned int)n);
	}
	return 0;
}

static int prepare(struct daemon *d, const struct rbd_core_action *a)
{
	static struct dlmdoor_change change;
	int err = make_change(d, a, &change);

	if (!err && a->epoch)
		err = hbdoor_barrier(d->heart.door, (uint32_t)a->epoch);
	return err ?: dlmdoor_prepare(d->spaces.door, a->name, &change);
}

void spaces_act(struct daemon *d, const struct rbd_core_action *a)
{
	struct dlmdoor *door = d->spaces.door;
	int err = 0;

	if (a->what != RBD_CORE_LS_REFUSE && a->what != RBD_CORE_LS_RELEASE)
		follow_slot(d, a->name);
	switch (a->what) {
	case RBD_CORE_LS_STOP:
		plocks_stopped(d, a->name);
		err = dlmdoor_stop(door, a->name, a->generation);
		/* What is not there does not run. */
		if (err == -ENOENT) {
			rbd_core_ls_done(d->core, a->slot, 0);
			err = 0;
		}
		break;
	case RBD_CORE_LS_PREPARE:
		err = prepare(d, a);
		break;
	case RBD_CORE_LS_START:
		err = dlmdoor_start(door, a->name, a->generation);
		break;
	case RBD_CORE_LS_REFUSE:
		diary_note(d, d->set.number, "a mount of %s is refused",
			   a->name);
		dlmdoor_refuse(door, a->name, -ESHUTDOWN);
		break;
	case RBD_CORE_LS_RELEASE:
		if (dlmdoor_left(door, a->name)) {
			forget(d, slot_of(&d->spaces, a->name));
			plocks_gone(d, a->name);
		}
		break;
	}
	if (err)
		rbd_core_ls_done(d->core, a->slot, err);
}

void spaces_alone(struct daemon *d, const char *lockspace)
{
	static struct dlmdoor_change change;
	struct dlmdoor *door = d->spaces.door;
	struct dlmtree_members were;
	unsigned int i;
	int err;

	memset(&change, 0, sizeof(change));
	change.generation = ALONE;
	add_id(&change.members, d->set.number);
	to_node(&d->self.address, d->set.number, true, &change.nodes[0]);
	change.lives[change.n_nodes++] = d->self.incarnation;
	err = dlmdoor_members(door, lockspace, &were);
	/* Not failed: nothing of theirs is ours to recover. */
	for (i = 0; !err && i < were.n; i++)
		if (were.ids[i] != (uint32_t)d->set.number + 1)
			add_id(&change.left, were.ids[i] - 1);
	err = err ?: dlmdoor_stop(door, lockspace, ALONE);
	err = err ?: dlmdoor_prepare(door, lockspace, &change);
	err = err ?: dlmdoor_start(door, lockspace, ALONE);
	if (err)
		diary_note(d, d->set.number, "%s cannot go on alone: %s",
			   lockspace, strerror(-err));
}

void spaces_comms(struct daemon *d)
{
	struct rbd_core *core = d->core;
	struct dlmtree_node node;
	int err = 0;
	int n;

	rbd_nodeset_for_each(n, &core->drop)
	{
		err = err   ?:
			      dlmdoor_forget_node(d->spaces.door,
						  (uint32_t)n + 1,
						  core->comms_goal[n]);
	}
	rbd_nodeset_for_each(n, &core->set)
	{
		const struct rbd_view_member *m = rbd_view_peek(
			&core->view, (unsigned int)n);

		if (!m) {
			err = -EAGAIN;
			continue;
		}
		to_node(&m->address, m->number, m->number == d->set.number,
			&node);
		err = err   ?:
			      dlmdoor_add_node(d->spaces.door, &node,
					       core->comms_goal[n]);
	}
	if (err)
		diary_note(d, d->set.number,
			   "connections of the lock manager: %s",
			   strerror(-err));
	rbd_core_comms_done(core, err);
}

/* --- begin and end --- */

static const char *open_advice(int err)
{
	switch (err) {
	case -ENOENT:
		return "; run: modprobe dlm";
	case -EBUSY:
		return "; another cluster uses it, is dlm_controld running?";
	case -EUSERS:
		return "; lockspaces run under its former number: unmount them first";
	}
	return "";
}

int spaces_open(struct daemon *d, int monitor_fd, struct fault *f)
{
	struct dlmdoor_config config = { .cluster_name = d->set.cluster,
					 .life = d->self.incarnation,
					 .comms_file = COMMS_FILE,
					 .monitor_fd = monitor_fd,
					 .uevents = true };
	struct dlmtree_members comms, kept;
	struct dlmtree tree = { .ops = NULL };
	unsigned int i;
	int err;

	/* What connections there are, before our own is made. */
	if (dlmtree_comms(&tree, &comms))
		comms.n = 0;
	to_node(&d->self.address, d->set.number, true, &config.self);
	err = dlmdoor_open(&d->spaces.door, &config);
	/* Those of this host under another number are gone by now. */
	err = err ?: dlmtree_comms(&tree, &kept);
	if (err)
		return fault_set(f, err,
				 "cannot control the lock manager fs/dlm: %s%s",
				 strerror(-err), open_advice(err));
	for (i = 0; i < comms.n; i++)
		if (dlmtree_has(&kept, comms.ids[i]))
			rbd_core_comms_found(d->core, comms.ids[i] - 1);
	spaces_serve(d);
	return loop_add(d->loop, dlmdoor_fd(d->spaces.door), spaces_serve, d);
}

void spaces_close(struct daemon *d, bool close_monitor)
{
	dlmdoor_close(d->spaces.door, close_monitor);
	d->spaces.door = NULL;
}

static int count_one(void *arg, const char *name)
{
	(void)name;
	++*(unsigned int *)arg;
	return 0;
}

bool spaces_any(const struct daemon *d)
{
	struct dlmtree tree = { .ops = NULL };
	unsigned int n = 0;

	(void)d;
	return dlmtree_lockspaces(&tree, count_one, &n) || n;
}
