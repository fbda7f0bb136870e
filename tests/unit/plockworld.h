/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A cluster in one process for the order of POSIX locks: hosts with their
 * kernel, daemon and what the daemon keeps; generations of a lockspace as the
 * core makes them.
 *
 * Whoever includes this has cmocka.h and setjmp.h before it.
 */
#ifndef TESTS_UNIT_PLOCKWORLD_H
#define TESTS_UNIT_PLOCKWORLD_H

#include "plockhost.h"

/* --- a daemon --- */

static void machine_new(struct host *h, bool fresh)
{
	plockorder_init(&h->o, FSID, h->number, fresh, &ops, h);
	h->machine = true;
	h->hashed = 0;
}

static void machine_end(struct host *h)
{
	if (h->machine)
		plockorder_free(&h->o);
	h->machine = false;
}

static void replay(struct host *h)
{
	const struct kept *k;

	if (h->snap)
		assert_int_equal(plockstate_decode(&h->o.state, h->snap,
						   h->snap_len),
				 0);
	for (k = h->log; k; k = k->next) {
		if (k->agreed)
			h->o.state.generation = k->generation;
		else
			assert_int_equal(plockstate_apply(&h->o.state, &k->e,
							  NULL, NULL),
					 0);
	}
}

static void daemon_end(struct host *h)
{
	unsigned int n;

	h->daemon = false;
	machine_end(h);
	for (n = 0; n < NODES; n++)
		if (n != h->number)
			disconnect(h->number, n);
}

static void daemon_begin(struct host *h)
{
	const struct want *q;

	h->daemon = true;
	if (!h->served)
		return;
	machine_new(h, h->kept_fresh);
	replay(h);
	for (q = h->wants; q; q = q->next)
		assert_int_equal(
			plockorder_request(&h->o, q->id, q->get, &q->op), 0);
	plockorder_resume(&h->o);
	if (h->runs && h->runs == w.generation)
		plockorder_start(&h->o, h->runs, &w.members);
	compare_states(h);
}

/* --- generations --- */

static void host_forget(struct host *h)
{
	struct want *q;
	unsigned int i;

	machine_end(h);
	forget_kept(h);
	while ((q = h->wants)) {
		h->wants = q->next;
		free(q);
	}
	memset(h->mode, 0, sizeof(h->mode));
	h->served = false;
	h->life++;
	h->runs = 0;
	for (i = 0; i < HISTORY; i++)
		w.history[i].holders &= ~(1U << h->number);
}

static void host_stop(struct host *h)
{
	if (h->machine)
		plockorder_stop(&h->o);
	h->runs = 0;
}

/* Nobody starts before all that live have stopped. */
static bool may_start(void)
{
	unsigned int n;

	for (n = 0; n < NODES; n++)
		if (w.hosts[n].runs && w.hosts[n].runs != w.generation)
			return false;
	return true;
}

static void host_start(struct host *h)
{
	if (!h->machine) {
		machine_new(h, true);
		forget_kept(h);
		h->kept_fresh = true;
	}
	h->served = true;
	h->runs = w.generation;
	plockorder_start(&h->o, w.generation, &w.members);
}

static bool all_started(void)
{
	int n;

	rbd_nodeset_for_each(n, &w.members)
	{
		if (w.hosts[n].runs != w.generation)
			return false;
	}
	return true;
}

/* One step of one host towards the present generation. */
static bool host_follow(struct host *h)
{
	bool member = rbd_nodeset_has(&w.members, h->number);

	if (!h->daemon || h->runs == w.generation || !w.generation)
		return false;
	if (h->runs) {
		host_stop(h);
		return true;
	}
	if (!member || !may_start())
		return false;
	host_start(h);
	return true;
}

static void change(void)
{
	w.generation++;
}

static void host_crash(struct host *h)
{
	daemon_end(h);
	host_forget(h);
	h->up = false;
	if (rbd_nodeset_has(&w.members, h->number)) {
		rbd_nodeset_del(&w.members, h->number);
		change();
	}
}

static void host_boot(struct host *h)
{
	h->up = true;
	h->last_id = roll(3);
	daemon_begin(h);
}

static void host_leave(struct host *h)
{
	host_stop(h);
	host_forget(h);
	rbd_nodeset_del(&w.members, h->number);
	change();
}

static void host_join(struct host *h)
{
	rbd_nodeset_add(&w.members, h->number);
	change();
}

static void world_begin(void)
{
	unsigned int n;

	memset(&w, 0, sizeof(w));
	for (n = 0; n < NODES; n++) {
		w.hosts[n].number = (uint16_t)n;
		w.hosts[n].log_end = &w.hosts[n].log;
		host_boot(&w.hosts[n]);
	}
}

static void world_end(void)
{
	unsigned int n;

	for (n = 0; n < NODES; n++) {
		daemon_end(&w.hosts[n]);
		host_forget(&w.hosts[n]);
	}
}

/* The oldest letter of a link. */
static bool deliver(unsigned int from, unsigned int to)
{
	struct letter *l = w.links[from][to];
	struct host *h = &w.hosts[to];
	struct plockmsg m;

	if (!l)
		return false;
	w.links[from][to] = l->next;
	if (h->machine && l->linked) {
		plockorder_linked(&h->o, (uint16_t)from);
	} else if (h->machine) {
		assert_int_equal(plockmsg_decode(&m, l->bytes, l->len), 0);
		plockorder_receive(&h->o, (uint16_t)from, &m);
	}
	free(l);
	compare_states(h);
	return true;
}

/* --- processes --- */

static void ask(struct host *h, unsigned int owner, bool get,
		const struct rbd_plock_op *op)
{
	struct want **at = &h->wants, *q = calloc(1, sizeof(*q));

	assert_non_null(q);
	q->id = ++h->last_id;
	q->get = get;
	q->owner = owner;
	q->op = *op;
	q->op.node = plockstate_nodeid(h->number);
	memcpy(q->before, h->mode[owner][op->resource], BYTES);
	for (uint64_t b = op->start; !get && b <= op->end; b++) {
		unsigned char *m = &h->mode[owner][op->resource][b];

		/* From now on it may have less; it does not rely on it. */
		if (op->type == RBD_PLOCK_UNLOCK)
			*m = 0;
		else if (op->type == RBD_PLOCK_LOCK && !op->ex && *m)
			*m = 1;
	}
	while (*at)
		at = &(*at)->next;
	*at = q;
	if (h->machine)
		assert_int_equal(plockorder_request(&h->o, q->id, get, &q->op),
				 0);
	compare_states(h);
}

/* Does one of its threads wait for an answer? */
static bool busy(const struct host *h, unsigned int owner)
{
	const struct want *q;

	for (q = h->wants; q; q = q->next)
		if (q->owner == owner && !q->abandoned &&
		    !(q->op.type == RBD_PLOCK_UNLOCK && q->op.close))
			return true;
	return false;
}

/* What it waits for, when it has not begun to take that back. */
static struct want *waiting(struct host *h, unsigned int owner)
{
	struct want *q, *found = NULL;

	for (q = h->wants; q; q = q->next) {
		if (q->abandoned || q->owner != owner || q->get)
			continue;
		if (q->op.type == RBD_PLOCK_CANCEL)
			return NULL;
		if (q->op.type == RBD_PLOCK_LOCK && q->op.wait)
			found = q;
	}
	return found;
}

static struct rbd_plock_op make_op(const struct host *h, unsigned int owner,
				   uint8_t type)
{
	struct rbd_plock_op op = { .type = type,
				   .owner = h->life * OWNERS + owner,
				   .pid = 100 + owner };

	return op;
}

static void close_all(struct host *h, unsigned int owner, uint64_t resource)
{
	struct rbd_plock_op op = make_op(h, owner, RBD_PLOCK_UNLOCK);

	op.close = true;
	op.resource = resource;
	op.end = BYTES - 1;
	ask(h, owner, false, &op);
}

/* Its process is killed: the kernel forgets the request and closes the file. */
static void kill_waiter(struct host *h, unsigned int owner)
{
	struct want *q = waiting(h, owner);

	if (!q)
		return;
	q->abandoned = true;
	memset(h->mode[owner], 0, sizeof(h->mode[owner]));
	close_all(h, owner, 0);
	close_all(h, owner, 1);
}

static bool deliver_all(void)
{
	unsigned int a, b;
	bool any = false;

	for (a = 0; a < NODES; a++)
		for (b = 0; b < NODES; b++)
			while (deliver(a, b))
				any = true;
	return any;
}

/* No more trouble: what is under way comes to its end. */
static void settle(void)
{
	unsigned int a, b, round;

	for (a = 0; a < NODES; a++)
		if (w.hosts[a].up && !w.hosts[a].daemon)
			daemon_begin(&w.hosts[a]);
	for (round = 0; round < 20; round++) {
		for (a = 0; a < NODES; a++)
			for (b = 0; b < a; b++)
				join_up(a, b);
		for (a = 0; a < NODES; a++)
			host_follow(&w.hosts[a]);
		deliver_all();
		for (a = 0; a < NODES; a++)
			if (w.hosts[a].machine)
				plockorder_tick(&w.hosts[a].o);
	}
}

#endif
