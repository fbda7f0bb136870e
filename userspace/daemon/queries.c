// SPDX-License-Identifier: GPL-2.0
#include "daemon/queries.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core_peer.h"
#include "daemon/daemon.h"
#include "daemon/report.h"
#include "lib/dlmquery.h"
#include "view_fence.h"
#include "view_lockspace.h"

static void to_members(const struct rbd_nodeset *set,
		       struct dlmtree_members *out)
{
	int n;

	out->n = 0;
	rbd_nodeset_for_each(n, set)
	{
		out->ids[out->n++] = (uint32_t)n + 1;
	}
}

static unsigned int missing(const struct rbd_core *core,
			    const struct rbd_view_lockspace *ls)
{
	unsigned int count = 0;
	int n;

	rbd_nodeset_for_each(n, &ls->members)
	{
		const struct rbd_view_member *m = rbd_view_peek(
			&core->view, (unsigned int)n);

		count += !m || rbd_core_ack(core, m, ls) < RBD_LS_READY;
	}
	return count;
}

static void describe(struct daemon *d, const struct rbd_core_ls *s,
		     struct dlmquery_lockspace *out)
{
	const struct rbd_view_lockspace *ls = rbd_view_ls_peek(&d->core->view,
							       s->name);
	bool current = ls && s->running && s->generation == ls->generation;

	memset(out, 0, sizeof(*out));
	memcpy(out->name, s->name, sizeof(out->name));
	out->id = dlmtree_id(s->name);
	out->joining = s->want == RBD_CORE_HOLD && !s->served;
	out->leaving = s->want == RBD_CORE_RELEASE;
	out->stopped = !s->running;
	if (!ls)
		return;
	to_members(&ls->failed, &out->failed);
	if (current) {
		out->generation = s->generation;
		to_members(&ls->members, &out->members);
		return;
	}
	out->next_generation = ls->generation;
	out->waiting_for = missing(d->core, ls);
	out->fencing = rbd_view_fencing(&d->core->view);
	to_members(&ls->members, &out->next_members);
}

static bool nth_lockspace(void *daemon, unsigned int n,
			  struct dlmquery_lockspace *out)
{
	struct daemon *d = daemon;
	unsigned int i;

	for (i = 0; i < RBD_VIEW_MAX_LOCKSPACES; i++) {
		if (!d->core->ls[i].want || n--)
			continue;
		describe(d, &d->core->ls[i], out);
		return true;
	}
	return false;
}

static void status(void *daemon, struct dlmquery_status *out)
{
	struct daemon *d = daemon;
	const struct rbd_view *v = &d->core->view;
	unsigned int i;

	out->nodeid = d->set.number + 1U;
	out->quorate = rbd_core_me(d->core) && !d->core->condemned &&
		       d->core->ticked;
	out->view = (uint32_t)v->seq;
	for (i = 0; i < v->n_members && out->n_nodes < DLMTREE_NODES; i++) {
		const struct rbd_view_member *m = &v->members[i];
		struct dlmquery_node *n = &out->nodes[out->n_nodes++];

		n->nodeid = m->number + 1U;
		n->member = rbd_member_is_in(m);
		n->need_fence = m->state == RBD_MEMBER_FENCING;
	}
}

static size_t add(char *buf, size_t size, size_t len, const char *text)
{
	int n = len < size ? snprintf(buf + len, size - len, "%s\n", text) : -1;

	return n < 0 || (size_t)n >= size - len ? len : len + (size_t)n;
}

static size_t dump_diary(struct daemon *d, char *buf, size_t size)
{
	const struct diary *diary = &d->diary;
	unsigned long i = 0;
	size_t len = 0;

	if (diary->count > DIARY_KEPT)
		i = diary->count - DIARY_KEPT;
	for (; i < diary->count; i++)
		len = add(buf, size, len, diary->lines[i % DIARY_KEPT]);
	return len;
}

static size_t dump_config(struct daemon *d, char *buf, size_t size)
{
	const struct rbd_hb_timing *t = &d->core->timing;
	int n = snprintf(buf, size,
			 "cluster_name=%s\nnodeid=%u\ndead_after_ms=%" PRIu32
			 "\nslow_after_ms=%" PRIu32 "\nack_ms=%" PRIu32 "\n",
			 d->set.cluster, d->set.number + 1U, t->dead_after_ms,
			 t->slow_after_ms, t->ack_ms);

	return n < 0 || (size_t)n >= size ? 0 : (size_t)n;
}

static size_t dump(void *daemon, enum dlmquery_dump what, const char *lockspace,
		   char *buf, size_t size)
{
	struct daemon *d = daemon;

	switch (what) {
	case DLMQUERY_DEBUG:
		return dump_diary(d, buf, size);
	case DLMQUERY_PLOCKS:
		return plocks_dump(d, lockspace, buf, size);
	case DLMQUERY_PLOCK_LOG:
		plocks_state(d, lockspace, buf, size);
		return strlen(buf);
	case DLMQUERY_CONFIG:
		return dump_config(d, buf, size);
	}
	return 0;
}

static void serve(void *daemon)
{
	struct daemon *d = daemon;

	dlmquery_serve(d->queries);
}

int queries_open(struct daemon *d)
{
	struct dlmquery_source source = { .lockspace = nth_lockspace,
					  .status = status,
					  .dump = dump,
					  .arg = d };
	int err = dlmquery_open(&d->queries, &source, DLMQUERY_SOCKET);

	return err ?: loop_add(d->loop, dlmquery_fd(d->queries), serve, d);
}

void queries_close(struct daemon *d)
{
	dlmquery_close(d->queries);
	d->queries = NULL;
}
