// SPDX-License-Identifier: GPL-2.0
#include "lib/plockorder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void send(struct plockorder *o, uint16_t node, struct plockmsg *m)
{
	unsigned char buf[PLOCKMSG_MAX];

	m->fsid = o->fsid;
	m->generation = o->generation;
	o->ops->send(o->arg, node, buf, plockmsg_encode(m, buf));
}

static void say(struct plockorder *o, uint16_t node, enum plockmsg_type type)
{
	struct plockmsg m = { .type = type };

	send(o, node, &m);
}

static void say_entry(struct plockorder *o, uint16_t node,
		      enum plockmsg_type type, const struct plockentry *e)
{
	struct plockmsg m = { .type = type, .entry = *e };

	send(o, node, &m);
}

static bool knows(const struct plockorder *o)
{
	return o->state.generation != 0;
}

static void report(struct plockorder *o)
{
	struct plockmsg m = { .type = PLOCKMSG_REPORT,
			      .fresh = o->fresh,
			      .knows = knows(o),
			      .seq = o->state.seq };

	o->phase = PLOCKORDER_ASKING;
	send(o, o->sequencer, &m);
}

static int say_state(struct plockorder *o, uint16_t node)
{
	struct plockmsg m = { .type = PLOCKMSG_STATE };
	unsigned char *bytes;
	size_t len;

	if (plockstate_encode(&o->state, &bytes, &len))
		return -ENOMEM;
	m.total = len;
	for (; m.offset < len; m.offset += m.len) {
		m.bytes = bytes + m.offset;
		m.len = len - m.offset;
		if (m.len > PLOCKMSG_PIECE)
			m.len = PLOCKMSG_PIECE;
		send(o, node, &m);
	}
	free(bytes);
	return 0;
}

/* --- requests of this node --- */

static void complete(struct plockorder *o, size_t i, int rv,
		     const struct rbd_plock_op *holder)
{
	uint64_t id = o->own.v[i].id;

	plockown_remove(&o->own, i);
	o->ops->answer(o->arg, id, rv, holder);
}

/* Of one of our own, when it comes about. */
static void told(void *order, uint16_t node, uint64_t id, int32_t rv)
{
	struct plockorder *o = order;
	size_t i = node == o->self ? plockown_find(&o->own, id) : o->own.n;

	if (i < o->own.n)
		complete(o, i, rv, NULL);
}

/* Answers what the state, that somebody else has led there, says is over. */
static void resolve(struct plockorder *o)
{
	size_t i = 0;
	int rv;

	while (i < o->own.n) {
		if (plockown_over(&o->own.v[i], &o->state, o->self, &rv))
			complete(o, i, rv, NULL);
		else
			i++;
	}
}

static void answer_gets(struct plockorder *o)
{
	size_t i = 0;

	while (i < o->own.n) {
		if (o->own.v[i].get)
			complete(o, i, 0,
				 rbd_plock_conflict(&o->state.table,
						    &o->own.v[i].op));
		else
			i++;
	}
}

/* --- the order --- */

/* Room is there. */
static void apply(struct plockorder *o, const struct plockentry *e)
{
	o->ops->keep_entry(o->arg, e);
	plockstate_apply(&o->state, e, told, o);
}

static void to_synced(struct plockorder *o, const struct plockentry *e)
{
	int n;

	rbd_nodeset_for_each(n, &o->members)
	{
		if (n != o->self && o->peers[n].synced)
			say_entry(o, (uint16_t)n, PLOCKMSG_ENTRY, e);
	}
}

/* The sequencer gives the next number. False: no memory; nothing is done. */
static bool put_in_order(struct plockorder *o, struct plockentry *e)
{
	if (plockstate_room(&o->state)) {
		o->again = true;
		return false;
	}
	e->seq = o->state.seq + 1;
	apply(o, e);
	to_synced(o, e);
	return true;
}

static struct plockentry own_entry(const struct plockorder *o,
				   const struct plockown *own)
{
	struct plockentry e = { .kind = PLOCKENTRY_OP,
				.node = o->self,
				.id = own->id,
				.seen = o->state.seq,
				.op = own->op };

	return e;
}

/* Each that is put in order may end others, so it looks anew after each. */
static void order_own(struct plockorder *o)
{
	struct plockentry e;
	size_t i = 0;

	while (i < o->own.n) {
		if (!plockown_unsent(&o->own.v[i], &o->state, o->self)) {
			i++;
			continue;
		}
		e = own_entry(o, &o->own.v[i]);
		if (!put_in_order(o, &e))
			return;
		i = 0;
	}
}

static void send_own(struct plockorder *o)
{
	struct plockentry e;
	size_t i;

	for (i = 0; i < o->own.n; i++) {
		if (!plockown_unsent(&o->own.v[i], &o->state, o->self))
			continue;
		e = own_entry(o, &o->own.v[i]);
		say_entry(o, o->sequencer, PLOCKMSG_REQUEST, &e);
	}
}

/* --- agreement --- */

static void agreed(struct plockorder *o)
{
	o->state.generation = o->generation;
	o->ops->keep_agreed(o->arg, o->generation);
	o->fresh = false;
	o->phase = PLOCKORDER_RUNNING;
	resolve(o);
	answer_gets(o);
}

/* A member that has reported joins those that run. */
static void welcome(struct plockorder *o, uint16_t n)
{
	struct plockmsg go = { .type = PLOCKMSG_GO, .seq = o->state.seq };
	struct plockorder_peer *p = &o->peers[n];
	bool same = p->synced || (p->knows && p->seq == o->state.seq);

	if (!same && say_state(o, n)) {
		o->again = true;
		return;
	}
	p->synced = true;
	send(o, n, &go);
}

/*
 * Locks of nodes that are no members, or that are in another life by now. It
 * is done before the agreement is kept: a sequencer that begins anew in
 * between does it, or the rest of it, again. Members that are as far as it
 * itself take part by entries, the others get the state behind it.
 */
static bool purge_gone(struct plockorder *o)
{
	unsigned int n;

	for (n = 0; n < RBD_NODESET_MAX; n++) {
		struct plockentry e = { .kind = PLOCKENTRY_PURGE,
					.node = (uint16_t)n };

		if (!o->state.last[n] ||
		    (rbd_nodeset_has(&o->members, n) && !o->peers[n].fresh))
			continue;
		if (!put_in_order(o, &e))
			return false;
	}
	return true;
}

static void decide(struct plockorder *o)
{
	uint64_t base = o->state.seq;
	int n;

	rbd_nodeset_for_each(n, &o->members)
	{
		struct plockorder_peer *p = &o->peers[n];

		p->synced = p->knows && p->seq == base;
	}
	if (!purge_gone(o))
		return;
	agreed(o);
	rbd_nodeset_for_each(n, &o->members)
	{
		if (n != o->self)
			welcome(o, (uint16_t)n);
	}
	order_own(o);
}

/* The member that is furthest; ourselves, if we are as far. */
static uint16_t furthest(const struct plockorder *o)
{
	uint16_t best = o->self;
	int n;

	rbd_nodeset_for_each(n, &o->members)
	{
		const struct plockorder_peer *p = &o->peers[n];

		if (p->knows &&
		    (!o->peers[best].knows || p->seq > o->peers[best].seq))
			best = (uint16_t)n;
	}
	return best;
}

static void look_at_reports(struct plockorder *o)
{
	int n;

	rbd_nodeset_for_each(n, &o->members)
	{
		if (!o->peers[n].reported)
			return;
	}
	o->source = furthest(o);
	if (o->source == o->self) {
		decide(o);
		return;
	}
	o->phase = PLOCKORDER_FETCHING;
	o->got = 0;
	say(o, o->source, PLOCKMSG_FETCH);
}

static void note_self(struct plockorder *o)
{
	o->peers[o->self] = (struct plockorder_peer){
		.reported = true,
		.fresh = o->fresh,
		.knows = knows(o),
		.seq = o->state.seq,
	};
}

static void collect(struct plockorder *o)
{
	int n;

	rbd_nodeset_for_each(n, &o->members)
	{
		if (n != o->self && !o->peers[n].synced)
			say(o, (uint16_t)n, PLOCKMSG_COLLECT);
	}
}

void plockorder_start(struct plockorder *o, uint32_t generation,
		      const struct rbd_nodeset *members)
{
	plockorder_stop(o);
	o->generation = generation;
	o->members = *members;
	o->sequencer = (uint16_t)rbd_nodeset_next(members, 0);
	if (o->sequencer != o->self) {
		report(o);
		return;
	}
	collect(o);
	if (o->state.generation == generation) {
		/* We had agreed already, before the daemon began anew. */
		agreed(o);
		order_own(o);
		return;
	}
	o->phase = PLOCKORDER_COLLECTING;
	note_self(o);
	look_at_reports(o);
}

void plockorder_stop(struct plockorder *o)
{
	o->phase = PLOCKORDER_STOPPED;
	o->again = false;
	free(o->incoming);
	o->incoming = NULL;
	o->got = 0;
	o->total = 0;
	memset(o->peers, 0, sizeof(o->peers));
}

void plockorder_linked(struct plockorder *o, uint16_t node)
{
	if (o->phase == PLOCKORDER_STOPPED ||
	    !rbd_nodeset_has(&o->members, node))
		return;
	if (o->sequencer == o->self) {
		o->peers[node].synced = false;
		say(o, node, PLOCKMSG_COLLECT);
	} else if (node == o->sequencer) {
		report(o);
	}
}

/* --- messages --- */

static void on_report(struct plockorder *o, uint16_t node,
		      const struct plockmsg *m)
{
	if (o->sequencer != o->self)
		return;
	o->peers[node] = (struct plockorder_peer){
		.reported = true,
		.fresh = m->fresh,
		.knows = m->knows,
		.seq = m->seq,
	};
	if (o->phase == PLOCKORDER_RUNNING)
		welcome(o, node);
	else if (o->phase == PLOCKORDER_COLLECTING ||
		 (o->phase == PLOCKORDER_FETCHING && node == o->source))
		look_at_reports(o);
}

static void on_fetch(struct plockorder *o, uint16_t node)
{
	if (node == o->sequencer && o->phase == PLOCKORDER_ASKING && knows(o) &&
	    say_state(o, node))
		o->again = true;
}

/* All of it is there. */
static void install(struct plockorder *o)
{
	struct plockstate s;
	int ret;

	plockstate_init(&s);
	ret = plockstate_decode(&s, o->incoming, o->total);
	free(o->incoming);
	o->incoming = NULL;
	if (ret) {
		o->again = true;
		return;
	}
	plockstate_free(&o->state);
	o->state = s;
	o->ops->keep_state(o->arg, &o->state);
	if (o->phase == PLOCKORDER_FETCHING) {
		o->phase = PLOCKORDER_COLLECTING;
		decide(o);
	}
}

static bool wants_state(const struct plockorder *o, uint16_t from)
{
	return (o->phase == PLOCKORDER_ASKING && from == o->sequencer) ||
	       (o->phase == PLOCKORDER_FETCHING && from == o->source);
}

static void on_state(struct plockorder *o, uint16_t node,
		     const struct plockmsg *m)
{
	if (!wants_state(o, node))
		return;
	if (!m->offset) {
		free(o->incoming);
		o->incoming = malloc(m->total);
		o->total = m->total;
		o->got = 0;
		o->again = o->again || !o->incoming;
	}
	if (!o->incoming || m->total != o->total || m->offset != o->got)
		return;
	memcpy(o->incoming + o->got, m->bytes, m->len);
	o->got += m->len;
	if (o->got == o->total)
		install(o);
}

static void on_go(struct plockorder *o, uint16_t node, const struct plockmsg *m)
{
	if (node != o->sequencer || o->phase != PLOCKORDER_ASKING)
		return;
	if (m->seq != o->state.seq) {
		o->again = true;
		return;
	}
	agreed(o);
	send_own(o);
}

static void on_request(struct plockorder *o, uint16_t node,
		       struct plockentry *e)
{
	if (o->sequencer != o->self || o->phase != PLOCKORDER_RUNNING ||
	    !o->peers[node].synced || e->node != node ||
	    e->kind != PLOCKENTRY_OP || e->op.node != plockstate_nodeid(node) ||
	    e->id <= o->state.last[node])
		return;
	/* What it said behind this would overtake it. */
	if (!put_in_order(o, e))
		o->peers[node].synced = false;
}

static void on_entry(struct plockorder *o, uint16_t node, struct plockentry *e)
{
	if (node != o->sequencer || node == o->self ||
	    (o->phase != PLOCKORDER_RUNNING && o->phase != PLOCKORDER_ASKING))
		return;
	if (e->seq == o->state.seq + 1 && !plockstate_room(&o->state))
		apply(o, e);
	else if (o->phase == PLOCKORDER_RUNNING)
		o->again = true;
}

void plockorder_receive(struct plockorder *o, uint16_t node, struct plockmsg *m)
{
	if (m->fsid != o->fsid || m->generation != o->generation ||
	    o->phase == PLOCKORDER_STOPPED || node == o->self ||
	    !rbd_nodeset_has(&o->members, node))
		return;
	switch (m->type) {
	case PLOCKMSG_COLLECT:
		if (node == o->sequencer)
			report(o);
		break;
	case PLOCKMSG_REPORT:
		on_report(o, node, m);
		break;
	case PLOCKMSG_FETCH:
		on_fetch(o, node);
		break;
	case PLOCKMSG_STATE:
		on_state(o, node, m);
		break;
	case PLOCKMSG_GO:
		on_go(o, node, m);
		break;
	case PLOCKMSG_REQUEST:
		on_request(o, node, &m->entry);
		break;
	case PLOCKMSG_ENTRY:
		on_entry(o, node, &m->entry);
		break;
	}
}

/* --- from the node itself --- */

void plockorder_init(struct plockorder *o, uint32_t fsid, uint16_t self,
		     bool fresh, const struct plockorder_ops *ops, void *arg)
{
	memset(o, 0, sizeof(*o));
	o->ops = ops;
	o->arg = arg;
	o->fsid = fsid;
	o->self = self;
	o->fresh = fresh;
	plockstate_init(&o->state);
}

void plockorder_free(struct plockorder *o)
{
	plockorder_stop(o);
	plockstate_free(&o->state);
	plockown_free(&o->own);
}

int plockorder_request(struct plockorder *o, uint64_t id, bool get,
		       const struct rbd_plock_op *op)
{
	struct plockown own = { id, get, *op };
	int ret;

	own.op.node = plockstate_nodeid(o->self);
	/* Not for the wire, so not for the others. */
	if (op->end < op->start) {
		o->ops->answer(o->arg, id, -EINVAL, NULL);
		return 0;
	}
	ret = plockown_add(&o->own, &own);
	if (ret || o->phase != PLOCKORDER_RUNNING)
		return ret;
	if (get) {
		answer_gets(o);
	} else if (o->sequencer == o->self) {
		order_own(o);
	} else {
		struct plockentry e = own_entry(o, &own);

		say_entry(o, o->sequencer, PLOCKMSG_REQUEST, &e);
	}
	return 0;
}

void plockorder_resume(struct plockorder *o)
{
	if (knows(o))
		resolve(o);
}

void plockorder_tick(struct plockorder *o)
{
	if (o->phase == PLOCKORDER_STOPPED || !o->again)
		return;
	o->again = false;
	if (o->sequencer != o->self) {
		report(o);
	} else if (o->phase == PLOCKORDER_RUNNING) {
		collect(o);
		order_own(o);
	} else {
		note_self(o);
		o->phase = PLOCKORDER_COLLECTING;
		look_at_reports(o);
	}
}

void plockorder_refuse(struct plockorder *o, int rv)
{
	while (o->own.n)
		complete(o, 0, rv, NULL);
}

const char *plockorder_phase_str(enum plockorder_phase phase)
{
	static const char *const names[] = { "stopped", "collecting",
					     "fetching", "asking", "running" };

	return names[phase];
}
