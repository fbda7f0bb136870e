// SPDX-License-Identifier: GPL-2.0
/* Method cluster: rbdshared does the work, and its view is the proof. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/deadline.h"
#include "agent/decide.h"
#include "agent/method.h"
#include "agent/say.h"
#include "lib/clock.h"
#include "lib/clusterask.h"
#include "lib/controldoor.h"
#include "lib/jsonout.h"

#define LOOK_MS 300
/* An order that was taken may have been overtaken by a change of the view. */
#define ORDER_AGAIN_MS 3000

/**
 * struct task - what is being waited for
 * @number: of the node; -1 before the first look
 * @counted: a view to be believed was seen, from which @proofs is
 * @proofs: fences of the node that were proved then
 * @still: what the node was seen as since @still_ms, in a view to be believed
 * @still_ms: 0 when the last view was not
 * @ordered_ms: when the daemon took the order, 0
 * @why: what keeps it, in a sentence
 */
struct task {
	const struct options *o;
	int number;
	bool counted;
	unsigned int proofs;
	enum decide_power still;
	long long still_ms;
	long long ordered_ms;
	struct fault why;
};

static int look(const struct options *o, struct clusterstatus *s,
		struct fault *f)
{
	return clusterask_status_within(
		s, deadline_at_most_ms(o->timeout * 1000) + 100, f);
}

static int no_node(const struct options *o, const struct clusterstatus *s,
		   struct fault *f)
{
	char names[256] = "";
	size_t i, used;

	for (i = 0; i < s->n_nodes; i++) {
		used = strlen(names);
		snprintf(names + used, sizeof(names) - used, "%s%s",
			 used ? ", " : "", s->nodes[i].name);
	}
	return fault_set(f, -ENOENT,
			 "cluster %s has no node '%.80s'; its nodes are: %s",
			 s->cluster, o->plug, names);
}

/* A daemon that is just being started anew may answer soon. */
static bool may_pass(int err)
{
	return err == -ETIMEDOUT || err == -ECONNRESET;
}

static bool lasts(struct task *t, const struct clusterstatus *s,
		  enum decide_power power)
{
	if (!t->still_ms || t->still != power) {
		t->still = power;
		t->still_ms = clock_ms();
	}
	return clock_ms() - t->still_ms >= (long long)decide_settle_ms(s);
}

static const char *state_of(const struct clusterstatus *s, int number)
{
	const struct clusterstatus_node *n = clusterstatus_node(s, number);

	return n ? n->state : "unknown";
}

static int out_of_time(const struct task *t, const char *what, struct fault *f)
{
	return fault_set(
		f, -ETIMEDOUT, "%.80s is not %s after %u s: %.400s", t->o->plug,
		what, t->o->power_timeout,
		*t->why.text ?
			t->why.text :
			"rbdshared does not say why; look with: rbdshare cluster status");
}

/* --- off --- */

static void order(struct task *t)
{
	struct json_object *request;
	int ret;

	if (t->ordered_ms && clock_ms() - t->ordered_ms < ORDER_AGAIN_MS)
		return;
	request = controldoor_request("fence");
	jsonout_u64(request, "node", (uint64_t)t->number);
	ret = controldoor_ask(request,
			      deadline_at_most_ms(t->o->timeout * 1000) + 100,
			      NULL, NULL, NULL, &t->why);
	if (ret)
		return;
	say_debug("rbdshared was told to fence %s", t->o->plug);
	t->ordered_ms = clock_ms();
	fault_set(
		&t->why, 0,
		"rbdshared was told, but has not begun; look with: rbdshare cluster events");
}

static void explain_fence(struct task *t, const struct clusterstatus *s)
{
	if (s->sweep_waiting_ms)
		fault_set(
			&t->why, 0,
			"its fence is under way, and placement group %llu.%llx has not answered for %llu s; look with: ceph health detail; when the node is switched off: rbdshare cluster confirm %s",
			(unsigned long long)s->sweep_waiting_pool,
			(unsigned long long)s->sweep_waiting_pg,
			(unsigned long long)s->sweep_waiting_ms / 1000,
			t->o->plug);
	else
		fault_set(
			&t->why, 0,
			"its fence is under way (%s, %llu of %llu placement groups have answered); look with: rbdshare cluster status, ceph -s",
			*s->sweep_stage ? s->sweep_stage : "at another node",
			(unsigned long long)s->sweep_answered,
			(unsigned long long)s->sweep_pgs);
}

static int first_look(struct task *t, const struct clusterstatus *s,
		      struct fault *f)
{
	t->number = decide_find(s, t->o->plug);
	if (t->number < 0)
		return no_node(t->o, s, f);
	if (t->number == s->node)
		return fault_set(
			f, -EINVAL,
			"%s is this host itself, which could not see the proof; another node has to fence it",
			t->o->plug);
	return 0;
}

/* Return: 1 done; 0 not yet. */
static int off_step(struct task *t, const struct clusterstatus *s)
{
	enum decide_power power = decide_power(s, t->number);

	if (decide_believe(s, &t->why)) {
		t->still_ms = 0;
		return 0;
	}
	if (!t->counted)
		t->proofs = decide_proofs(s, t->number);
	t->counted = true;
	if (decide_proofs(s, t->number) > t->proofs &&
	    power != DECIDE_FENCING) {
		say("%s is fenced: its clients were cut off from the storage of cluster %s",
		    t->o->plug, s->cluster);
		return 1;
	}
	switch (power) {
	case DECIDE_FENCED:
	case DECIDE_AWAY:
		/* The view may be the one before the node came back. */
		if (!lasts(t, s, power))
			break;
		say(power == DECIDE_FENCED ?
			    "%s is fenced already in cluster %s" :
			    "%s does not take part in cluster %s: it has no registered client that could write",
		    t->o->plug, s->cluster);
		return 1;
	case DECIDE_FENCING:
		explain_fence(t, s);
		t->still_ms = 0;
		break;
	case DECIDE_ON:
		order(t);
		t->still_ms = 0;
		break;
	case DECIDE_UNKNOWN:
		fault_set(
			&t->why, 0,
			"rbdshared says it is '%.20s', which this fence_rbd does not know; install the same version of both",
			state_of(s, t->number));
		t->still_ms = 0;
		break;
	}
	return 0;
}

static int cluster_off(const struct options *o, struct fault *f)
{
	struct task t = { .o = o, .number = -1 };
	struct clusterstatus s;
	int ret;

	do {
		ret = look(o, &s, &t.why);
		if (ret && !may_pass(ret))
			return fault_set(f, ret, "%s", t.why.text);
		if (!ret) {
			if (t.number < 0)
				ret = first_look(&t, &s, f);
			if (!ret)
				ret = off_step(&t, &s);
			clusterstatus_free(&s);
			if (ret)
				return ret > 0 ? 0 : ret;
		}
		clock_sleep_ms(deadline_at_most_ms(LOOK_MS));
	} while (deadline_left_ms());
	return out_of_time(&t, "proved to be cut off", f);
}

/* --- on --- */

/* Of itself a node may know more than the view says. */
static bool may_write(const struct clusterstatus *s, int number)
{
	if (number == s->node)
		return !strcmp(s->state, "active") || !strcmp(s->state, "left");
	return decide_power(s, number) == DECIDE_ON ||
	       decide_power(s, number) == DECIDE_AWAY;
}

static int on_step(struct task *t, const struct clusterstatus *s,
		   struct fault *f)
{
	t->number = decide_find(s, t->o->plug);
	if (t->number < 0)
		return no_node(t->o, s, f);
	if (t->number != s->node && decide_believe(s, &t->why))
		return 0;
	if (may_write(s, t->number)) {
		say("nothing keeps %s off the storage of cluster %s (it is %s)",
		    t->o->plug, s->cluster, state_of(s, t->number));
		return 1;
	}
	fault_set(
		&t->why, 0,
		"it is %s; a fenced node comes back with new clients when it has booted or unmapped all that is shared (there: rbdshare cluster online)",
		t->number == s->node ? s->state : state_of(s, t->number));
	return 0;
}

static int cluster_on(const struct options *o, struct fault *f)
{
	struct task t = { .o = o, .number = -1 };
	struct clusterstatus s;
	int ret;

	do {
		ret = look(o, &s, &t.why);
		if (ret && !may_pass(ret))
			return fault_set(f, ret, "%s", t.why.text);
		if (!ret) {
			ret = on_step(&t, &s, f);
			clusterstatus_free(&s);
			if (ret)
				return ret > 0 ? 0 : ret;
		}
		clock_sleep_ms(deadline_at_most_ms(LOOK_MS));
	} while (deadline_left_ms());
	return out_of_time(&t, "back", f);
}

/* --- questions --- */

/* A view that is believed; on success the caller frees @s. */
static int believed(const struct options *o, struct clusterstatus *s,
		    struct fault *f)
{
	int ret;

	for (;;) {
		ret = look(o, s, f);
		if (ret)
			return ret;
		ret = decide_believe(s, f);
		if (!ret)
			return 0;
		clusterstatus_free(s);
		clock_sleep_ms(deadline_at_most_ms(LOOK_MS));
		if (!deadline_left_ms())
			return ret;
	}
}

static const char *power_str(enum decide_power power)
{
	switch (power) {
	case DECIDE_ON:
	case DECIDE_FENCING:
		return "on";
	case DECIDE_FENCED:
	case DECIDE_AWAY:
		return "off";
	case DECIDE_UNKNOWN:
		break;
	}
	return "unknown";
}

static int cluster_status(const struct options *o, struct fault *f)
{
	struct clusterstatus s;
	const char *power;
	int number, ret = believed(o, &s, f);

	if (ret)
		return ret;
	number = decide_find(&s, o->plug);
	power = power_str(decide_power(&s, number));
	if (number < 0)
		ret = no_node(o, &s, f);
	else if (!strcmp(power, "unknown"))
		ret = fault_set(
			f, -EPROTO,
			"rbdshared says %s is '%.20s', which this fence_rbd does not know; install the same version of both",
			o->plug, state_of(&s, number));
	else
		say("Status: %s (%s)", power, state_of(&s, number));
	if (!ret && !strcmp(power, "off"))
		ret = METHOD_OFF;
	clusterstatus_free(&s);
	return ret;
}

static int cluster_monitor(const struct options *o, struct fault *f)
{
	struct clusterstatus s;
	int ret = believed(o, &s, f);

	if (ret)
		return ret;
	say_debug("this node is %s in cluster %s, view %llu", s.state,
		  s.cluster, (unsigned long long)s.view);
	clusterstatus_free(&s);
	return 0;
}

static int cluster_list(const struct options *o, bool states, struct fault *f)
{
	struct clusterstatus s;
	const char *power;
	size_t i;
	int ret = states ? believed(o, &s, f) : look(o, &s, f);

	if (ret)
		return ret;
	for (i = 0; i < s.n_nodes; i++) {
		power = power_str(decide_power(&s, s.nodes[i].number));
		printf("%s,%d%s%s\n", s.nodes[i].name, s.nodes[i].number,
		       states ? "," : "", states ? power : "");
	}
	clusterstatus_free(&s);
	return 0;
}

static int cluster_check(const struct options *o, struct fault *f)
{
	(void)o;
	(void)f;
	return 0;
}

const struct method method_cluster = {
	.name = "cluster",
	.off = cluster_off,
	.on = cluster_on,
	.status = cluster_status,
	.monitor = cluster_monitor,
	.list = cluster_list,
	.check = cluster_check,
};
