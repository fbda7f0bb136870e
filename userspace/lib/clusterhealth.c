// SPDX-License-Identifier: GPL-2.0
#include "lib/clusterhealth.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/age.h"
#include "lib/jsonout.h"

/* So many ticks without a heartbeat are more than bad luck. */
#define LATE_TICKS 3
/* A request to a small pool does not take that long. */
#define BUSY_MS 5000

/**
 * struct verdict - what a judge works on
 * @node: about whom the next problem is, -1
 * @lockspace: the same
 */
struct verdict {
	const struct clusterstatus *s;
	struct clusterhealth *h;
	int node;
	int lockspace;
};

const char *clusterhealth_str(enum clusterhealth_level level)
{
	switch (level) {
	case CLUSTERHEALTH_OK:
		return "ok";
	case CLUSTERHEALTH_DEGRADED:
		return "degraded";
	case CLUSTERHEALTH_NO_RIGHTS:
		return "no-rights";
	case CLUSTERHEALTH_STOPPED:
		return "stopped";
	}
	return "?";
}

static void problem(struct verdict *v, enum clusterhealth_level level,
		    const char *command, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

static void problem(struct verdict *v, enum clusterhealth_level level,
		    const char *command, const char *fmt, ...)
{
	struct clusterhealth_problem *p;
	va_list ap;

	if (level > v->h->level)
		v->h->level = level;
	if (v->h->n == CLUSTERHEALTH_PROBLEMS)
		return;
	p = &v->h->v[v->h->n++];
	p->level = level;
	p->node = v->node;
	p->lockspace = v->lockspace;
	snprintf(p->command, sizeof(p->command), "%s", command);
	va_start(ap, fmt);
	vsnprintf(p->text, sizeof(p->text), fmt, ap);
	va_end(ap);
}

/* @fmt has one %s, for the age. */
static void degraded_age(struct verdict *v, const char *command,
			 const char *fmt, uint64_t ms)
{
	char age[AGE_TEXT] = "an unknown time", text[256];

	if (ms != CLUSTERSTATUS_NEVER)
		age_format(ms, age);
	snprintf(text, sizeof(text), fmt, age);
	problem(v, CLUSTERHEALTH_DEGRADED, command, "%s", text);
}

/* --- this node --- */

static bool takes_part(const struct clusterstatus *s)
{
	return !strcmp(s->state, "active") || !strcmp(s->state, "suspect") ||
	       !strcmp(s->state, "cut");
}

static bool judge_rights(struct verdict *v)
{
	const struct clusterstatus *s = v->s;
	char age[AGE_TEXT] = "an unknown time";

	if (s->beat_age_ms != CLUSTERSTATUS_NEVER)
		age_format(s->beat_age_ms, age);
	if (!strcmp(s->gate, "fenced") || !strcmp(s->state, "fenced")) {
		problem(v, CLUSTERHEALTH_NO_RIGHTS,
			"umount what is on shared images, rbdshare unmap --full-force each; it joins anew by itself then",
			"this node was fenced: the storage refuses what it writes");
		return true;
	}
	if (!takes_part(s))
		return false;
	if (!strcmp(s->gate, "lease"))
		problem(v, CLUSTERHEALTH_NO_RIGHTS, "ceph -s",
			"writes wait here: the last heartbeat that the storage took is %s old",
			age);
	else if (!strcmp(s->gate, "frozen"))
		problem(v, CLUSTERHEALTH_NO_RIGHTS, "rbdshare cluster events",
			"writes wait here: the other nodes decided to go on without this one");
	return !strcmp(s->gate, "lease") || !strcmp(s->gate, "frozen");
}

static void judge_state(struct verdict *v)
{
	const char *state = v->s->state;

	if (!strcmp(state, "starting") || !strcmp(state, "joining"))
		problem(v, CLUSTERHEALTH_DEGRADED, "rbdshare cluster wait",
			"this node is %s and does not take part yet", state);
	else if (!strcmp(state, "suspect") || !strcmp(state, "cut"))
		problem(v, CLUSTERHEALTH_DEGRADED, "rbdshare cluster events",
			"this node is accused, see below");
	else if (!strcmp(state, "leaving"))
		problem(v, CLUSTERHEALTH_DEGRADED,
			"umount the cluster's filesystems, rbdshare devices",
			"this node leaves; that ends when nothing of the cluster is in use here");
	else if (!strcmp(state, "left"))
		problem(v, CLUSTERHEALTH_DEGRADED, "rbdshare cluster join",
			"this node has left the cluster");
	else if (strcmp(state, "active") && strcmp(state, "fenced"))
		problem(v, CLUSTERHEALTH_DEGRADED, "rbdshare cluster events",
			"this node is in the state '%s'", state);
}

static void judge_storage(struct verdict *v)
{
	const struct clusterstatus *s = v->s;

	if (!takes_part(s))
		return;
	if (!s->beat_good)
		degraded_age(
			v, "ceph -s",
			"the last heartbeat failed; the last good one is %s old",
			s->beat_age_ms);
	else if (s->tick_ms && s->beat_age_ms > LATE_TICKS * s->tick_ms)
		degraded_age(v, "ceph -s",
			     "the last heartbeat of this node is %s old",
			     s->beat_age_ms);
	if (s->storage_busy_ms > BUSY_MS)
		degraded_age(v, "ceph health detail",
			     "the storage has not answered a request for %s",
			     s->storage_busy_ms);
}

/* --- the others --- */

static const struct clusterstatus_fence *
latest_fence(const struct clusterstatus *s, int node)
{
	size_t i = s->n_fences;

	while (i--)
		if (s->fences[i].node == node)
			return &s->fences[i];
	return NULL;
}

/* Beyond this the storage is to be looked at. */
static void judge_waiting(struct verdict *v, const struct clusterstatus_node *n)
{
	const struct clusterstatus *s = v->s;
	char command[240], age[AGE_TEXT];

	age_format(s->sweep_waiting_ms, age);
	snprintf(
		command, sizeof(command),
		"ceph pg %llu.%llx query; or, if %s is switched off for certain: rbdshare cluster confirm %s",
		(unsigned long long)s->sweep_waiting_pool,
		(unsigned long long)s->sweep_waiting_pg, n->name, n->name);
	problem(v, CLUSTERHEALTH_DEGRADED, command,
		"is being fenced, and nothing goes on before it is: %llu of %llu placement groups have answered, %llu.%llx has not for %s",
		(unsigned long long)s->sweep_answered,
		(unsigned long long)s->sweep_pgs,
		(unsigned long long)s->sweep_waiting_pool,
		(unsigned long long)s->sweep_waiting_pg, age);
}

static void judge_fenced(struct verdict *v, const struct clusterstatus_node *n)
{
	const struct clusterstatus_fence *f = latest_fence(v->s, n->number);
	const char *reason = f && *f->reason ? f->reason : "no reason is known";
	char by[80], command[160];

	clusterstatus_name(v->s, f ? f->by : -1, by, sizeof(by));
	if (!strcmp(n->state, "fencing") && v->s->sweep_waiting_ms) {
		judge_waiting(v, n);
		return;
	}
	if (!strcmp(n->state, "fencing")) {
		problem(v, CLUSTERHEALTH_DEGRADED, "rbdshare cluster watch",
			"is being fenced by %s: %s%s%s", by, reason,
			f && *f->evidence ? "; " : "", f ? f->evidence : "");
		return;
	}
	snprintf(command, sizeof(command),
		 "start %s again, there: rbdshare cluster online", n->name);
	problem(v, CLUSTERHEALTH_DEGRADED, command,
		"was fenced by %s: %s%s%s; it is cut off from the storage", by,
		reason, f && *f->evidence ? "; " : "", f ? f->evidence : "");
}

static void judge_contact(struct verdict *v, const struct clusterstatus_node *n)
{
	const struct clusterstatus *s = v->s;
	char command[160];

	if (!n->self && n->beat_age_ms == CLUSTERSTATUS_NEVER)
		problem(v, CLUSTERHEALTH_DEGRADED, "rbdshare cluster watch",
			"no heartbeat of it was seen yet");
	else if (!n->self && s->tick_ms &&
		 n->beat_age_ms > LATE_TICKS * s->tick_ms)
		degraded_age(v, "rbdshare cluster watch",
			     "its last heartbeat is %s old", n->beat_age_ms);
	if (!n->self && n->heard_ms > s->dead_after_ms / 2 &&
	    s->dead_after_ms) {
		snprintf(command, sizeof(command), "ping %s",
			 *n->address ? n->address : n->name);
		if (n->heard_ms == CLUSTERSTATUS_NEVER)
			problem(v, CLUSTERHEALTH_DEGRADED, command,
				"is not heard on the network");
		else
			degraded_age(v, command,
				     "was last heard on the network %s ago",
				     n->heard_ms);
	}
	if (n->stale) {
		snprintf(command, sizeof(command),
			 "on %s: journalctl -u rbdshared", n->name);
		problem(v, CLUSTERHEALTH_DEGRADED, command,
			"its daemon does not answer; its kernel goes on alone");
	}
}

static void judge_node(struct verdict *v, const struct clusterstatus_node *n)
{
	const char *state = n->state;
	char by[80];

	if (!strcmp(state, "fencing") || !strcmp(state, "fenced"))
		judge_fenced(v, n);
	else if (!strcmp(state, "joining") && !n->self)
		problem(v, CLUSTERHEALTH_DEGRADED, "", "is joining");
	else if (!strcmp(state, "suspect") || !strcmp(state, "cut"))
		problem(v, CLUSTERHEALTH_DEGRADED, "rbdshare cluster events",
			"is accused by %s: %s",
			clusterstatus_name(v->s, n->accuser, by, sizeof(by)),
			*n->accusation ? n->accusation : "no reason is known");
	if (!strcmp(state, "active") || !strcmp(state, "suspect") ||
	    !strcmp(state, "cut"))
		judge_contact(v, n);
	if (n->config_differs)
		problem(v, CLUSTERHEALTH_DEGRADED,
			"on each: rbdshare cluster reload",
			"has another cluster.conf than this node; copy the right one to all");
}

static void judge_lockspace(struct verdict *v,
			    const struct clusterstatus_lockspace *l)
{
	if (*l->waiting)
		problem(v, CLUSTERHEALTH_DEGRADED, "rbdshare cluster watch",
			"%s", l->waiting);
	else if (!l->settled)
		problem(v, CLUSTERHEALTH_DEGRADED, "rbdshare cluster watch",
			"its members have not all started it yet");
}

void clusterhealth_judge(const struct clusterstatus *s, struct clusterhealth *h)
{
	struct verdict v = { .s = s, .h = h, .node = -1, .lockspace = -1 };
	size_t i;

	memset(h, 0, sizeof(*h));
	if (!judge_rights(&v))
		judge_state(&v);
	judge_storage(&v);
	if (s->sweep_error)
		problem(&v, CLUSTERHEALTH_DEGRADED, "ceph -s",
			"the fence under way is being repeated: %s",
			strerror(s->sweep_error));
	for (i = 0; i < s->n_nodes; i++) {
		v.node = s->nodes[i].number;
		judge_node(&v, &s->nodes[i]);
	}
	v.node = -1;
	for (i = 0; i < s->n_lockspaces; i++) {
		v.lockspace = (int)i;
		judge_lockspace(&v, &s->lockspaces[i]);
	}
}

void clusterhealth_json(const struct clusterhealth *h, struct json_object *o)
{
	struct json_object *list = json_object_new_array(), *e;
	size_t i;

	jsonout_string(o, "health", clusterhealth_str(h->level));
	for (i = 0; i < h->n; i++) {
		e = json_object_new_object();
		jsonout_string(e, "level", clusterhealth_str(h->v[i].level));
		json_object_object_add(
			e, "node",
			h->v[i].node < 0 ? NULL :
					   json_object_new_int(h->v[i].node));
		jsonout_string(e, "text", h->v[i].text);
		jsonout_string(e, "command",
			       *h->v[i].command ? h->v[i].command : NULL);
		json_object_array_add(list, e);
	}
	json_object_object_add(o, "problems", list);
}
