// SPDX-License-Identifier: GPL-2.0
#include "daemon/plocks.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/daemon.h"
#include "lib/msg.h"
#include "lib/plockjournal.h"
#include "lib/plockorder.h"
#include "view_lockspace.h"

#define REQUESTS_FILE DAEMON_RUN_DIR "/plock-requests"
#define TICK_MS 200
#define TICKS_PER_S 5
/* Processes that wait for so long for another daemon: somebody should look. */
#define SILENT_S 10
/* Then others are served, too. */
#define REQUESTS_AT_ONCE 256

/**
 * struct plocks_space - POSIX locks of one lockspace
 * @kept: entries are written to the journal
 * @silent_s: for so long another daemon's word is missing
 */
struct plocks_space {
	struct plocks_space *next;
	struct daemon *d;
	char name[DLMTREE_NAME_MAX + 1];
	bool kept;
	unsigned int silent_s;
	struct plockjournal journal;
	struct plockorder order;
};

static struct plocks_space *by_name(const struct daemon *d, const char *name)
{
	struct plocks_space *s = d->plocks.spaces;

	while (s && strcmp(s->name, name))
		s = s->next;
	return s;
}

static struct plocks_space *by_fsid(const struct daemon *d, uint32_t fsid)
{
	struct plocks_space *s = d->plocks.spaces;

	while (s && s->order.fsid != fsid)
		s = s->next;
	return s;
}

/* --- what the machine wants --- */

static void send_message(void *space, uint16_t node, const void *msg,
			 size_t len)
{
	struct plocks_space *s = space;

	plocklink_send(s->d->plocks.link, node, msg, len);
}

static void answer(void *space, uint64_t id, int rv,
		   const struct rbd_plock_op *holder)
{
	struct plocks_space *s = space;
	int err;

	if (rv == PLOCKSTATE_FORGET) {
		plockdev_forget(s->d->plocks.dev, id);
		return;
	}
	err = plockdev_answer(s->d->plocks.dev, id, rv, holder);
	if (err)
		msg_warn("%s: the kernel does not take the result of a lock: %s",
			 s->name, strerror(-err));
}

static void kept(struct plocks_space *s, int err)
{
	if (err && s->kept)
		diary_note(
			s->d, s->d->set.number,
			"%s: fcntl locks would not outlive the daemon: " DAEMON_RUN_DIR
			": %s",
			s->name, strerror(-err));
	s->kept = !err;
}

static void keep_state(void *space, const struct plockstate *state)
{
	struct plocks_space *s = space;

	kept(s, plockjournal_state(&s->journal, state, s->order.fresh));
}

static void keep_entry(void *space, const struct plockentry *e)
{
	struct plocks_space *s = space;
	int err = plockjournal_entry(&s->journal, e);

	if (err)
		kept(s, err);
}

static void keep_agreed(void *space, uint32_t generation)
{
	struct plocks_space *s = space;
	int err = plockjournal_agreed(&s->journal, generation);

	if (err)
		kept(s, err);
}

static const struct plockorder_ops order_ops = {
	.send = send_message,
	.answer = answer,
	.keep_entry = keep_entry,
	.keep_agreed = keep_agreed,
	.keep_state = keep_state,
};

/* --- lockspaces --- */

/* With what an earlier daemon has kept of it, if anything. */
static struct plocks_space *space_new(struct daemon *d, const char *name)
{
	struct plocks_space *s = calloc(1, sizeof(*s));
	uint32_t fsid = dlmtree_id(name);
	bool fresh = false;
	char path[64];
	int err;

	if (!s)
		return NULL;
	s->d = d;
	s->kept = true;
	snprintf(s->name, sizeof(s->name), "%s", name);
	snprintf(path, sizeof(path), DAEMON_RUN_DIR "/plocks-%08" PRIx32, fsid);
	plockjournal_init(&s->journal, path, fsid, d->self.incarnation);
	plockorder_init(&s->order, fsid, d->set.number, false, &order_ops, s);
	err = plockjournal_load(&s->journal, &s->order.state, &fresh);
	if (err && err != -ENOENT)
		diary_note(d, d->set.number,
			   "%s: what was kept of its fcntl locks is lost: %s",
			   name, strerror(-err));
	s->order.fresh = fresh;
	/* A last entry that was not finished must not be in the way. */
	keep_state(s, &s->order.state);
	s->next = d->plocks.spaces;
	d->plocks.spaces = s;
	return s;
}

/* The mount has just begun: whatever is kept is of another one. */
static void begin_fresh(struct plocks_space *s)
{
	struct daemon *d = s->d;

	plockorder_refuse(&s->order, -ESTALE);
	plockorder_free(&s->order);
	plockorder_init(&s->order, s->journal.fsid, d->set.number, true,
			&order_ops, s);
	keep_state(s, &s->order.state);
}

/* Connections with the sequencers of our lockspaces. */
static void follow_wishes(struct daemon *d)
{
	struct rbd_nodeset wanted;
	const struct plocks_space *s;
	uint16_t n;

	if (!d->plocks.link)
		return;
	rbd_nodeset_zero(&wanted);
	for (s = d->plocks.spaces; s; s = s->next)
		if (s->order.phase != PLOCKORDER_STOPPED)
			rbd_nodeset_add(&wanted, s->order.sequencer);
	for (n = 0; n < d->set.number; n++)
		plocklink_want(d->plocks.link, n, rbd_nodeset_has(&wanted, n));
}

/* Who may connect is said by the view. */
static void follow_view(struct daemon *d)
{
	const struct rbd_view *v = &d->core->view;
	struct sockaddr_storage addr;
	uint16_t n;

	if (!d->plocks.link || d->plocks.seq == v->seq)
		return;
	d->plocks.seq = v->seq;
	for (n = 0; n < RBD_VIEW_MAX_NODES; n++) {
		const struct rbd_view_member *m = rbd_view_peek(v, n);
		bool in = m && rbd_member_is_in(m);

		if (in)
			contact_address(&m->address, &addr);
		plocklink_set_peer(d->plocks.link, n, in ? m->incarnation : 0,
				   &addr);
	}
}

void plocks_stopped(struct daemon *d, const char *name)
{
	struct plocks_space *s = by_name(d, name);

	if (s)
		plockorder_stop(&s->order);
}

void plocks_started(struct daemon *d, const char *name, uint32_t generation,
		    bool fresh)
{
	const struct rbd_view_lockspace *ls = rbd_view_ls_peek(&d->core->view,
							       name);
	struct plocks_space *s = by_name(d, name) ?: space_new(d, name);

	/* Without connections nothing is served; that has been said. */
	if (!s || !d->plocks.link)
		return;
	if (fresh)
		begin_fresh(s);
	/* There is a newer one already, and a stop on its way. */
	if (!ls || ls->generation != generation ||
	    !rbd_nodeset_has(&ls->members, d->set.number))
		return;
	follow_view(d);
	plockorder_start(&s->order, generation, &ls->members);
	follow_wishes(d);
}

void plocks_gone(struct daemon *d, const char *name)
{
	struct plocks_space **at = &d->plocks.spaces, *s;

	while (*at && strcmp((*at)->name, name))
		at = &(*at)->next;
	s = *at;
	if (!s)
		return;
	*at = s->next;
	plockorder_refuse(&s->order, -ESTALE);
	plockorder_free(&s->order);
	plockjournal_close(&s->journal, true);
	free(s);
	follow_wishes(d);
}

/* --- what comes in --- */

static void take_request(void *daemon, const struct plockdev_request *r)
{
	struct daemon *d = daemon;
	struct plocks_space *s = by_fsid(d, r->fsid);
	int rv = 0;

	if (!s)
		rv = -ESTALE;
	else if (d->core->condemned)
		rv = -ESHUTDOWN;
	else if (plockorder_request(&s->order, r->id, r->get, &r->op))
		rv = -ENOLCK;
	if (rv)
		plockdev_answer(d->plocks.dev, r->id, rv, NULL);
}

static void serve_requests(void *daemon)
{
	struct daemon *d = daemon;
	struct plockdev_request r;
	unsigned int n;
	int err = 0;

	for (n = 0; !err && n < REQUESTS_AT_ONCE; n++) {
		err = plockdev_read(d->plocks.dev, &r);
		if (!err)
			take_request(d, &r);
	}
	if (err && err != -EAGAIN)
		diary_note(d, d->set.number, "a request for an fcntl lock: %s",
			   strerror(-err));
}

static void linked(void *daemon, uint16_t node)
{
	struct daemon *d = daemon;
	struct plocks_space *s;

	for (s = d->plocks.spaces; s; s = s->next)
		plockorder_linked(&s->order, node);
}

static void take_message(void *daemon, uint16_t node, const unsigned char *msg,
			 size_t len)
{
	struct daemon *d = daemon;
	struct plocks_space *s;
	struct plockmsg m;

	if (plockmsg_decode(&m, msg, len))
		return;
	s = by_fsid(d, m.fsid);
	if (s)
		plockorder_receive(&s->order, node, &m);
}

static void serve_link(void *daemon)
{
	struct daemon *d = daemon;

	follow_view(d);
	plocklink_serve(d->plocks.link);
}

/* The address may come up later than we do. */
static void try_to_listen(struct daemon *d)
{
	int err = plocklink_listen(d->plocks.link);

	if (err && !d->plocks.told)
		diary_note(
			d, d->set.number,
			"no connections for fcntl locks: the address in cluster.conf cannot be used here (%s)",
			strerror(-err));
	d->plocks.told = err;
}

/* Whose word is missing, so that locks wait; -1 when they do not. */
static int silent_node(const struct plocks_space *s)
{
	const struct plockorder *o = &s->order;
	int n;

	if (o->phase == PLOCKORDER_STOPPED)
		return -1;
	if (o->sequencer != o->self)
		return plocklink_is_up(s->d->plocks.link, o->sequencer) ?
			     -1 :
			     o->sequencer;
	if (o->phase == PLOCKORDER_FETCHING)
		return o->source;
	if (o->phase != PLOCKORDER_COLLECTING)
		return -1;
	rbd_nodeset_for_each(n, &o->members)
	{
		if (!o->peers[n].reported)
			return n;
	}
	return -1;
}

/* Between the nodes everything else may work, so this has to be said. */
static void look_for_silence(struct plocks_space *s)
{
	int n = silent_node(s);
	const struct rbd_view_member *m;

	s->silent_s = n < 0 ? 0 : s->silent_s + 1;
	if (s->silent_s != SILENT_S)
		return;
	m = rbd_view_peek(&s->d->core->view, (unsigned int)n);
	diary_note(
		s->d, (uint16_t)n,
		"%s: fcntl locks wait for %s: rbdshared is away there, or TCP port %d is closed between the nodes",
		s->name, m ? m->name : "it", PLOCKLINK_PORT);
}

static void each_second(struct daemon *d)
{
	struct plocks_space *s;

	for (s = d->plocks.spaces; s; s = s->next) {
		plockorder_tick(&s->order);
		look_for_silence(s);
		if (plockjournal_is_long(&s->journal))
			keep_state(s, &s->order.state);
		if (d->core->condemned)
			plockorder_refuse(&s->order, -ESHUTDOWN);
	}
}

static void tick(void *daemon)
{
	struct daemon *d = daemon;

	if (d->plocks.link) {
		try_to_listen(d);
		follow_view(d);
		plocklink_tick(d->plocks.link);
	}
	if (++d->plocks.ticks % TICKS_PER_S == 0)
		each_second(d);
}

/* --- begin and end --- */

static int open_link(struct daemon *d)
{
	struct plocklink_config config = { .number = d->set.number,
					   .life = d->self.incarnation,
					   .port = PLOCKLINK_PORT,
					   .up = linked,
					   .receive = take_message,
					   .arg = d };
	int err;

	memcpy(config.key, d->core->view.key, sizeof(config.key));
	contact_address(&d->self.address, &config.self);
	err = plocklink_open(&d->plocks.link, &config);
	if (err)
		return err;
	try_to_listen(d);
	follow_view(d);
	return loop_add(d->loop, plocklink_fd(d->plocks.link), serve_link, d);
}

static int found(void *daemon, const char *name)
{
	space_new(daemon, name);
	return 0;
}

static int open_device(struct daemon *d)
{
	struct plocks_space *s;
	int err = plockdev_open(&d->plocks.dev,
				plockstate_nodeid(d->set.number));

	if (err)
		return err;
	err = plockdev_keep(d->plocks.dev, REQUESTS_FILE, take_request, d);
	if (err)
		diary_note(
			d, d->set.number,
			"requests for fcntl locks would not outlive the daemon: " REQUESTS_FILE
			": %s",
			strerror(-err));
	for (s = d->plocks.spaces; s; s = s->next)
		plockorder_resume(&s->order);
	return loop_add(d->loop, plockdev_fd(d->plocks.dev), serve_requests, d);
}

void plocks_open(struct daemon *d)
{
	struct dlmtree tree = { .ops = NULL };
	int err;

	dlmtree_lockspaces(&tree, found, d);
	err = open_link(d);
	err = err ?: open_device(d);
	err = err ?: loop_every(d->loop, TICK_MS, tick, d);
	if (err)
		diary_note(d, d->set.number, "fcntl locks do not work: %s",
			   strerror(-err));
}

void plocks_close(struct daemon *d)
{
	struct plocks_space *s;

	while ((s = d->plocks.spaces)) {
		d->plocks.spaces = s->next;
		plockorder_free(&s->order);
		plockjournal_close(&s->journal, false);
		free(s);
	}
	plocklink_close(d->plocks.link);
	plockdev_close(d->plocks.dev);
	memset(&d->plocks, 0, sizeof(d->plocks));
}

/* --- for people --- */

struct dump {
	char *buf;
	size_t size;
	size_t len;
};

static int dump_one(void *arg, const struct rbd_plock_op *op, bool waiting)
{
	struct dump *dump = arg;
	int n = snprintf(dump->buf + dump->len, dump->size - dump->len,
			 "%" PRIu64 " %s%s %" PRIu64 "-%" PRIu64
			 " nodeid %u pid %u owner %" PRIx64 "\n",
			 op->resource, waiting ? "WAITING " : "",
			 op->ex ? "WR" : "RD", op->start, op->end, op->node,
			 op->pid, op->owner);

	if (n < 0 || (size_t)n >= dump->size - dump->len)
		return 1;
	dump->len += (size_t)n;
	return 0;
}

size_t plocks_dump(struct daemon *d, const char *name, char *buf, size_t size)
{
	const struct plocks_space *s = by_name(d, name);
	struct dump dump = { buf, size, 0 };

	if (s)
		rbd_plock_each(&s->order.state.table, RBD_PLOCK_NONE, dump_one,
			       &dump);
	return dump.len;
}

void plocks_state(const struct daemon *d, const char *name, char *buf,
		  size_t size)
{
	const struct plocks_space *s = by_name(d, name);

	buf[0] = '\0';
	if (s)
		snprintf(buf, size,
			 "%s: fcntl locks %s, generation %u, sequencer %u, "
			 "entry %" PRIu64 ", %u locks, %zu open requests\n",
			 s->name, plockorder_phase_str(s->order.phase),
			 s->order.state.generation, s->order.sequencer + 1U,
			 s->order.state.seq, plockstate_locks(&s->order.state),
			 s->order.own.n);
}
