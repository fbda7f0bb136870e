// SPDX-License-Identifier: GPL-2.0
#include "daemon/report.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core_peer.h"
#include "core_timing.h"
#include "daemon/daemon.h"
#include "lib/clientaddr.h"
#include "lib/clock.h"
#include "lib/jsonout.h"
#include "rbd_hb.h"
#include "view_fence.h"
#include "view_lockspace.h"

static const char *const gates[] = { "open", "lease", "frozen", "fenced" };

static const char *gate_str(uint32_t gate)
{
	return gate < sizeof(gates) / sizeof(gates[0]) ? gates[gate] :
							 "unknown";
}

const char *report_state(const struct daemon *d)
{
	const struct rbd_view_member *me = rbd_core_me(d->core);

	if (d->core->condemned)
		return "fenced";
	if (!me)
		return "starting";
	if (!d->core->want_in && rbd_member_is_in(me))
		return "leaving";
	return rbd_member_state_str(me->state);
}

static void put_hex(struct json_object *o, const char *key, const u8 *bytes,
		    size_t len)
{
	char text[65];
	size_t i;

	for (i = 0; i < len && 2 * i + 2 < sizeof(text); i++)
		sprintf(text + 2 * i, "%02x", bytes[i]);
	jsonout_string(o, key, text);
}

static void put_life(struct json_object *o, uint64_t incarnation)
{
	char text[20];

	snprintf(text, sizeof(text), "%" PRIx64, incarnation);
	jsonout_string(o, "incarnation", text);
}

static struct json_object *numbers(const struct rbd_nodeset *set)
{
	struct json_object *a = json_object_new_array();
	int n;

	rbd_nodeset_for_each(n, set)
	{
		json_object_array_add(a, json_object_new_int(n));
	}
	return a;
}

static struct json_object *heartbeat(struct daemon *d)
{
	const struct hbdoor_state *s = &d->heart.state;
	struct json_object *o = json_object_new_object();
	uint64_t since = (uint64_t)clock_ms() - s->now_ms;

	jsonout_u64(o, "age_ms",
		    s->age_ms == UINT32_MAX ? UINT32_MAX : s->age_ms + since);
	jsonout_u64(o, "latency_us", s->latency_us);
	jsonout_u64(o, "max_latency_us", d->heart.max_latency_us);
	jsonout_u64(o, "p99_latency_us", heart_p99_us(&d->heart));
	jsonout_u64(o, "tick_ms", d->core->timing.tick_ms);
	jsonout_bool(o, "good", s->good);
	return o;
}

/* What they are to become, and whose lease is not that short yet. */
static struct json_object *next_timeouts(const struct daemon *d)
{
	const struct rbd_view *v = &d->core->view;
	struct json_object *o, *waits;
	unsigned int i;

	if (!v->retime_seq)
		return NULL;
	o = json_object_new_object();
	waits = json_object_new_array();
	jsonout_u64(o, "dead_after_ms", v->next_dead_after_ms);
	jsonout_u64(o, "slow_after_ms", v->next_slow_after_ms);
	for (i = 0; i < v->n_members; i++)
		if (rbd_core_timing_waits(d->core, &v->members[i]))
			json_object_array_add(
				waits,
				json_object_new_int(v->members[i].number));
	json_object_object_add(o, "waits_for", waits);
	return o;
}

static struct json_object *timeouts(const struct daemon *d)
{
	const struct rbd_hb_timing *t = &d->core->timing;
	struct json_object *o = json_object_new_object();

	jsonout_u64(o, "dead_after_ms", t->dead_after_ms);
	jsonout_u64(o, "slow_after_ms", t->slow_after_ms);
	jsonout_u64(o, "confirm_ticks", t->confirm_ticks);
	jsonout_u64(o, "ack_ms", t->ack_ms);
	json_object_object_add(o, "next", next_timeouts(d));
	return o;
}

static unsigned int members_in(const struct rbd_view *v)
{
	unsigned int i, n = 0;

	for (i = 0; i < v->n_members; i++)
		n += rbd_member_is_in(&v->members[i]);
	return n;
}

/* --- nodes --- */

static void put_contact(struct daemon *d, struct json_object *o, unsigned int n)
{
	const struct keepalive *k = &d->contact.sock.k;
	uint32_t age = KEEPALIVE_NEVER;

	if (d->contact.open && n != d->set.number)
		age = keepalive_age_ms(k, (uint16_t)n, keepalivesock_now());
	json_object_object_add(o, "heard_ms",
			       age == KEEPALIVE_NEVER ?
				       NULL :
				       json_object_new_int64(age));
}

static struct json_object *clients_of(const struct rbd_view_member *m)
{
	struct json_object *a = json_object_new_array();
	char text[CLIENTADDR_TEXT];
	unsigned int i;

	for (i = 0; i < m->n_instances; i++) {
		clients_text(&m->instances[i], text);
		json_object_array_add(a, json_object_new_string(text));
	}
	return a;
}

static void put_member(struct daemon *d, struct json_object *o,
		       const struct rbd_view_member *m)
{
	const struct rbd_core_peer *p = &d->core->peers[m->number];
	bool mine = p->incarnation == m->incarnation;

	put_life(o, m->incarnation);
	json_object_object_add(
		o, "beat_age_ms",
		mine && p->moves ?
			json_object_new_int64((int64_t)p->still_ticks *
					      d->core->timing.tick_ms) :
			NULL);
	jsonout_string(o, "accusation",
		       m->accusation ? rbd_accusation_str(m->accusation) : "");
	json_object_object_add(o, "accuser",
			       m->accusation && m->accuser != RBD_VIEW_NOBODY ?
				       json_object_new_int(m->accuser) :
				       NULL);
	json_object_object_add(o, "clients", clients_of(m));
}

static struct json_object *node(struct daemon *d, unsigned int n)
{
	const struct rbd_view_member *m = rbd_view_peek(&d->core->view, n);
	struct json_object *o = json_object_new_object();
	char ip[INET6_ADDRSTRLEN] = "";

	jsonout_u64(o, "number", n);
	if (m)
		inet_ntop(m->address.family == 6 ? AF_INET6 : AF_INET,
			  m->address.ip, ip, sizeof(ip));
	else
		inet_ntop(AF_INET, &d->set.nodes[n].ip, ip, sizeof(ip));
	jsonout_string(o, "name", m ? m->name : d->set.nodes[n].name);
	jsonout_string(o, "address", ip);
	jsonout_string(o, "state", m ? rbd_member_state_str(m->state) : "none");
	jsonout_bool(o, "self", n == d->set.number);
	jsonout_string(o, "daemon",
		       rbd_nodeset_has(&d->heart.stale, n) ? "stale" : "ok");
	jsonout_bool(o, "config_differs",
		     rbd_nodeset_has(&d->heart.config_differs, n));
	put_contact(d, o, n);
	if (m)
		put_member(d, o, m);
	return o;
}

static struct json_object *nodes(struct daemon *d)
{
	struct json_object *a = json_object_new_array();
	unsigned int n;

	for (n = 0; n < RBD_VIEW_MAX_NODES; n++)
		if (rbd_view_peek(&d->core->view, n) || *d->set.nodes[n].name)
			json_object_array_add(a, node(d, n));
	return a;
}

/* --- lockspaces --- */

/* Why it does not run yet: whose word is missing. */
static void why_not(struct daemon *d, const struct rbd_view_lockspace *ls,
		    char *text, size_t size)
{
	const struct rbd_view *v = &d->core->view;
	unsigned int i;
	size_t len;
	int n;

	*text = '\0';
	len = recovery_waits(d, ls->name, text, size);
	if (ls->settled)
		return;
	for (i = 0; i < v->n_fences; i++)
		if (v->fences[i].state == RBD_FENCE_FENCING && len < size)
			len += (size_t)snprintf(text + len, size - len,
						"%snode %u is not cut off yet",
						len ? ", " : "",
						v->fences[i].number);
	rbd_nodeset_for_each(n, &ls->members)
	{
		const struct rbd_view_member *m = rbd_view_peek(
			v, (unsigned int)n);

		if (m && len < size &&
		    rbd_core_ack(d->core, m, ls) < RBD_LS_STARTED)
			len += (size_t)snprintf(text + len, size - len,
						"%snode %d has not started it",
						len ? ", " : "", n);
	}
}

static const char *here(const struct daemon *d, const char *name)
{
	static const char *const phases[] = { "none", "stopped", "ready",
					      "running" };
	const struct rbd_core_ls *s;
	unsigned int i;

	for (i = 0; i < RBD_VIEW_MAX_LOCKSPACES; i++) {
		s = &d->core->ls[i];
		if (s->want && !strcmp(s->name, name))
			return s->running ? "running" : phases[s->phase & 3];
	}
	return "none";
}

static struct json_object *lockspaces(struct daemon *d)
{
	struct json_object *a = json_object_new_array(), *o;
	const struct rbd_view *v = &d->core->view;
	char text[512];
	unsigned int i;

	for (i = 0; i < v->n_lockspaces; i++) {
		const struct rbd_view_lockspace *ls = &v->lockspaces[i];

		o = json_object_new_object();
		jsonout_string(o, "name", ls->name);
		jsonout_u64(o, "generation", ls->generation);
		jsonout_bool(o, "settled", ls->settled);
		json_object_object_add(o, "members", numbers(&ls->members));
		json_object_object_add(o, "failed", numbers(&ls->failed));
		json_object_object_add(o, "left", numbers(&ls->left));
		jsonout_string(o, "here", here(d, ls->name));
		why_not(d, ls, text, sizeof(text));
		jsonout_string(o, "waiting", text);
		json_object_array_add(a, o);
	}
	return a;
}

/* --- fences --- */

static struct json_object *fences(struct daemon *d)
{
	static const char *const states[] = { "", "fencing", "fenced",
					      "retired" };
	struct json_object *a = json_object_new_array(), *o;
	const struct rbd_view *v = &d->core->view;
	unsigned int i;

	for (i = 0; i < v->n_fences; i++) {
		const struct rbd_view_fence *f = &v->fences[i];

		o = json_object_new_object();
		jsonout_u64(o, "node", f->number);
		put_life(o, f->incarnation);
		jsonout_string(o, "state", states[f->state & 3]);
		jsonout_string(o, "reason",
			       *f->reason ? f->reason :
					    rbd_accusation_str(f->accusation));
		jsonout_string(o, "evidence", f->evidence);
		jsonout_u64(o, "by", f->by);
		jsonout_u64(o, "epoch", f->epoch);
		json_object_array_add(a, o);
	}
	return a;
}

static struct json_object *fencing(struct daemon *d)
{
	struct json_object *o;
	struct fencer_status s;

	fencer_status(d->fences.fencer, &s);
	if (!s.tag)
		return NULL;
	o = json_object_new_object();
	jsonout_string(o, "stage", fence_stage_str(s.stage));
	jsonout_u64(o, "answered", s.answered);
	jsonout_u64(o, "pgs", s.pgs);
	jsonout_u64(o, "error", (uint64_t)(s.error < 0 ? -s.error : s.error));
	if (s.waiting_ms > 2000) {
		jsonout_u64(o, "waiting_pool", (uint64_t)s.waiting_pool);
		jsonout_u64(o, "waiting_pg", s.waiting_pg);
		jsonout_u64(o, "waiting_ms", (uint64_t)s.waiting_ms);
	}
	return o;
}

/* --- advice --- */

static void advise(struct json_object *a, const char *text)
{
	json_object_array_add(a, json_object_new_string(text));
}

static void advise_on_ports(const struct daemon *d, struct json_object *a)
{
	unsigned int n = 0;
	const char *what = probes_trouble(d, &n);
	char text[256];

	if (!what)
		return;
	snprintf(
		text, sizeof(text),
		"does not take part yet because of %s: %s; let UDP port 21065 and TCP ports 21064 and 21066 pass between the nodes",
		d->set.nodes[n].name, what);
	advise(a, text);
}

/* Who has our number besides us; more than one thing of it may be true. */
static void advise_on_number(const struct daemon *d, struct json_object *a)
{
	const struct rbd_view_member *m = rbd_view_peek(&d->core->view,
							d->set.number);
	char client[CLIENTADDR_TEXT] = "", text[384];
	bool other = rbd_member_is_in(m) &&
		     m->incarnation != d->self.incarnation;

	if (heart_clashes(&d->heart)) {
		if (other && m->n_instances)
			clients_text(&m->instances[0], client);
		snprintf(
			text, sizeof(text),
			"another host%s%s runs as node %u (%s) too: a copy of this one, or one with the same name; stop it on one of them: rbdshare cluster offline",
			*client ? ", client " : "", client, d->set.number,
			d->set.nodes[d->set.number].name);
		advise(a, text);
	} else if (other && strncmp(m->name, d->self.name, sizeof(m->name))) {
		snprintf(
			text, sizeof(text),
			"number %u still belongs to %.*s, which did not leave; it is cut off when it has been silent for %u s",
			d->set.number, (int)sizeof(m->name), m->name,
			d->core->view.slow_after_ms / 1000);
		advise(a, text);
	}
}

static struct json_object *advice(struct daemon *d)
{
	struct json_object *a = json_object_new_array();
	bool firewall = d->contact.open && members_in(&d->core->view) > 1 &&
			!contact_hears(d);

	if (d->core->condemned)
		advise(a,
		       "this node was cut off; its cluster filesystems are lost: unmount them (umount -f), unmap with: rbdshare unmap --full-force, or reboot; then it joins anew by itself");
	else if (d->heart.state.gate == RBD_HB_GATE_LEASE)
		advise(a,
		       "own heartbeats do not reach the storage, so shared I/O waits; look at: ceph -s, and at this node's storage network");
	if (!rbd_nodeset_empty(&d->heart.config_differs))
		advise(a,
		       "cluster.conf is not the same on all nodes; copy the right one to all, then run on each: rbdshare cluster reload");
	if (!d->contact.open)
		advise(a,
		       "this node's address in cluster.conf is not on any interface; see: ip addr");
	else if (firewall)
		advise(a,
		       "no other node is heard; let UDP port 21065 and TCP ports 21064 and 21066 pass between the nodes");
	advise_on_ports(d, a);
	advise_on_number(d, a);
	return a;
}

static struct json_object *images(const struct daemon *d)
{
	struct json_object *a = json_object_new_array(), *o;
	char text[CLIENTADDR_TEXT];
	unsigned int i;

	for (i = 0; i < RBD_VIEW_MAX_INSTANCES; i++) {
		const struct clients_one *c = &d->clients.one[i];

		if (!c->used)
			continue;
		clients_text(&c->instance, text);
		o = json_object_new_object();
		jsonout_string(o, "image", c->image);
		jsonout_string(o, "client", text);
		json_object_array_add(a, o);
	}
	return a;
}

struct json_object *report_status(struct daemon *d)
{
	struct json_object *o = jsonout_new();

	jsonout_string(o, "cluster", d->set.cluster);
	jsonout_string(o, "pool", d->set.pool);
	put_hex(o, "cluster_id", d->core->view.cluster_id,
		sizeof(d->core->view.cluster_id));
	jsonout_u64(o, "node", d->set.number);
	jsonout_string(o, "name", d->set.nodes[d->set.number].name);
	put_life(o, d->self.incarnation);
	jsonout_string(o, "state", report_state(d));
	jsonout_u64(o, "view", d->core->view.seq);
	jsonout_string(o, "gate", gate_str(d->heart.state.gate));
	json_object_object_add(o, "heartbeat", heartbeat(d));
	jsonout_u64(o, "storage_busy_ms",
		    (uint64_t)viewstore_busy_ms(d->views.store));
	json_object_object_add(o, "timeouts", timeouts(d));
	json_object_object_add(o, "nodes", nodes(d));
	json_object_object_add(o, "lockspaces", lockspaces(d));
	json_object_object_add(o, "fences", fences(d));
	json_object_object_add(o, "fencing", fencing(d));
	json_object_object_add(o, "images", images(d));
	json_object_object_add(o, "advice", advice(d));
	return o;
}

/* --- metrics --- */

static void put_heartbeats(FILE *f, const struct latency *l)
{
	uint64_t n = 0;
	unsigned int i;

	fprintf(f, "# TYPE rbdcl_heartbeat_seconds histogram\n");
	for (i = 0; i < LATENCY_CLASSES - 1; i++) {
		n += l->count[i];
		fprintf(f,
			"rbdcl_heartbeat_seconds_bucket{le=\"%g\"} %" PRIu64
			"\n",
			(double)latency_bound_us(i) / 1e6, n);
	}
	fprintf(f,
		"rbdcl_heartbeat_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\n"
		"rbdcl_heartbeat_seconds_sum %.6f\n"
		"rbdcl_heartbeat_seconds_count %" PRIu64 "\n",
		l->n, (double)l->sum_us / 1e6, l->n);
}

char *report_metrics(struct daemon *d)
{
	const struct hbdoor_state *s = &d->heart.state;
	const struct rbd_view *v = &d->core->view;
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	unsigned int i, fenced = 0;

	if (!f)
		return NULL;
	for (i = 0; i < v->n_fences; i++)
		fenced += v->fences[i].state != RBD_FENCE_RETIRED;
	fprintf(f,
		"# TYPE rbdcl_heartbeat_age_seconds gauge\n"
		"rbdcl_heartbeat_age_seconds %.3f\n"
		"# TYPE rbdcl_heartbeat_latency_seconds gauge\n"
		"rbdcl_heartbeat_latency_seconds %.6f\n"
		"# TYPE rbdcl_gate_open gauge\nrbdcl_gate_open %d\n"
		"# TYPE rbdcl_active gauge\nrbdcl_active %d\n"
		"# TYPE rbdcl_view gauge\nrbdcl_view %" PRIu64 "\n"
		"# TYPE rbdcl_nodes_in gauge\nrbdcl_nodes_in %u\n"
		"# TYPE rbdcl_fences gauge\nrbdcl_fences %u\n",
		s->age_ms == UINT32_MAX ? -1.0 : s->age_ms / 1e3,
		s->latency_us / 1e6, s->gate == RBD_HB_GATE_OPEN,
		!strcmp(report_state(d), "active"), (uint64_t)v->seq,
		members_in(v), fenced);
	put_heartbeats(f, &d->heart.total);
	fprintf(f, "# TYPE rbdcl_node_up gauge\n");
	for (i = 0; i < v->n_members; i++)
		fprintf(f, "rbdcl_node_up{node=\"%s\"} %d\n",
			v->members[i].name,
			v->members[i].state == RBD_MEMBER_ACTIVE);
	fprintf(f, "# TYPE rbdcl_lockspace_settled gauge\n");
	for (i = 0; i < v->n_lockspaces; i++)
		fprintf(f, "rbdcl_lockspace_settled{lockspace=\"%s\"} %d\n",
			v->lockspaces[i].name, v->lockspaces[i].settled);
	fclose(f);
	return text;
}
