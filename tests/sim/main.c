// SPDX-License-Identifier: GPL-2.0
/* Runs seeds, reports what broke and how to see it again. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim.h"

#define STORM_MS 600000
#define CONVERGE_MS 400000
#define EXPIRE_CHECK_MS 5000

struct sim sim;

static const char usage[] =
	"usage: sim [--seeds A-B] [--steps N] [--nodes N] [--mutant NAME] [--trace]\n"
	"       sim --scale N     N nodes, no fault but a power-off: what a tick costs\n"
	"       sim --list-mutants\n"
	"Ends with 1 when an invariant does not hold.\n";

/* The events of a host that is paused come when it goes on. */
static bool postponed(const struct event *e, const struct node *nd)
{
	uint64_t wait = 500;

	switch ((enum event_kind)e->kind) {
	case EV_TICK:
	case EV_HB:
	case EV_LOOK:
	case EV_WRITE:
	case EV_MESSAGE:
		if (!nd->paused)
			return false;
		break;
	case EV_VIEW:
	case EV_CAS_REPLY:
	case EV_COMMS:
	case EV_LS:
	case EV_FENCE:
		if (!nd->paused && !nd->hung)
			return false;
		break;
	default:
		return false;
	}
	if (nd->paused && nd->resume_ms > sim.now_ms)
		wait = nd->resume_ms - sim.now_ms + 1;
	push(wait, e->kind, e->node, e->a, e->b);
	return true;
}

/* Of another boot, incarnation or daemon. */
static bool outdated(const struct event *e, const struct node *nd)
{
	switch ((enum event_kind)e->kind) {
	case EV_TICK:
	case EV_HB:
		return e->b != nd->boot || e->a != (uint32_t)nd->incarnation;
	case EV_WRITE:
		return e->b != nd->boot;
	case EV_VIEW:
	case EV_CAS_REPLY:
	case EV_COMMS:
	case EV_LS:
	case EV_FENCE:
		return e->life != nd->life;
	default:
		return false;
	}
}

static void node_event(const struct event *e, struct node *nd)
{
	switch ((enum event_kind)e->kind) {
	case EV_TICK:
		on_tick(nd);
		break;
	case EV_HB:
		on_hb(nd);
		break;
	case EV_LOOK:
		on_look(nd, e->a);
		break;
	case EV_VIEW:
		on_view(nd, e->a);
		break;
	case EV_CAS_REPLY:
		on_cas_reply(e);
		break;
	case EV_COMMS:
		on_comms(nd);
		break;
	case EV_LS:
		on_ls(nd, e->a, e->b);
		break;
	case EV_FENCE:
		on_fence(nd, e->a);
		break;
	case EV_WRITE:
		on_write(nd);
		break;
	case EV_KEEPALIVE:
		on_keepalive(nd);
		break;
	case EV_MESSAGE:
		on_message(nd, e->a, e->b);
		break;
	case EV_ADMIN:
		on_admin(nd);
		break;
	case EV_BOOT:
		host_boot(nd);
		break;
	default:
		break;
	}
}

static void common_event(const struct event *e)
{
	switch ((enum event_kind)e->kind) {
	case EV_CAS_APPLY:
		on_cas_apply(e->a);
		break;
	case EV_APPLY:
		on_apply(e->a);
		break;
	case EV_OSDMAP:
		on_osdmap(e->a);
		mon_expire();
		break;
	case EV_FAULT:
		on_fault();
		break;
	case EV_HEAL:
		on_heal(e->a);
		break;
	default:
		break;
	}
}

bool sim_step(void)
{
	struct event e;

	if (!pop(&e))
		return false;
	sim.now_ms = e.at_ms;
	sim.stats.steps++;
	if (e.node >= SIM_NODES) {
		common_event(&e);
		return true;
	}
	if (outdated(&e, &sim.node[e.node]) || postponed(&e, &sim.node[e.node]))
		return true;
	node_event(&e, &sim.node[e.node]);
	return true;
}

void sim_begin(uint64_t seed, unsigned int nodes)
{
	struct sim_stats stats = sim.stats;
	bool traced = sim.trace;
	struct rbd_core *cores[SIM_NODES];
	unsigned int n;

	for (n = 0; n < SIM_NODES; n++)
		cores[n] = sim.node[n].core;
	memset(&sim, 0, sizeof(sim));
	sim.stats = stats;
	sim.trace = traced;
	sim.seed = seed;
	sim.rng = seed * 0x9e3779b97f4a7c15ull + 1;
	for (n = 0; n < 4; n++)
		rnd(0);
	sim.nodes = nodes ? nodes : 2 + rnd(4);
	sim.lockspaces = 1 + rnd(SIM_LS);
	/* Older than any time-out, so that differences do not wrap. */
	sim.now_ms = 1000000;
	rados_init();
	for (n = 0; n < SIM_NODES; n++) {
		sim.node[n].core = cores[n];
		sim.node[n].n = (uint16_t)n;
	}
	for (n = 0; n < sim.nodes; n++) {
		sim.node[n].want_in = true;
		sim.node[n].want_ls = (uint8_t)((1 << sim.lockspaces) - 1);
		push(rnd(5000), EV_BOOT, n, 0, 0);
		push(rnd(1000), EV_KEEPALIVE, n, 0, 0);
		push(rnd(1000), EV_ADMIN, n, 0, 0);
	}
}

/* One seed: a storm, then calm, in which everything has to come back. */
static bool run_seed(uint64_t seed, unsigned int nodes, uint64_t max_steps)
{
	uint64_t from_ms, end_ms;
	uint64_t last = sim.stats.steps + max_steps;

	sim_begin(seed, nodes);
	from_ms = sim.now_ms;
	sim.storm = true;
	push(20000, EV_FAULT, SIM_NODES, 0, 0);
	while (!sim.broken && sim.now_ms < from_ms + STORM_MS &&
	       sim.stats.steps < last && sim_step())
		;
	sim.storm = false;
	while (!sim.broken && sim.now_ms < sim.calm_ms && sim_step())
		;
	heal_all();
	end_ms = sim.now_ms + CONVERGE_MS;
	while (!sim.broken && sim.now_ms < end_ms && !check_converged(false) &&
	       sim_step())
		;
	if (!sim.broken)
		check_converged(true);
	sim.stats.virtual_ms += sim.now_ms - from_ms;
	return !sim.broken;
}

double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void report(double since, uint64_t seeds)
{
	const struct sim_stats *s = &sim.stats;

	printf("%" PRIu64 " seeds, %" PRIu64 " steps, %" PRIu64
	       " s of cluster time in %.1f s\n",
	       seeds, s->steps, s->virtual_ms / 1000, seconds() - since);
	printf("  %" PRIu64 " faults, %" PRIu64 " views, %" PRIu64
	       " ambiguous, %" PRIu64 " fences, %" PRIu64
	       " lockspace starts, %" PRIu64 " writes, %" PRIu64
	       " of them refused\n",
	       s->faults, s->views, s->ambiguous, s->fences, s->starts,
	       s->writes, s->refused);
}

static int run_seeds(uint64_t first, uint64_t last, uint64_t steps,
		     unsigned int nodes)
{
	double since = seconds();
	uint64_t seed;

	for (seed = first; seed <= last && sim.stats.steps < steps; seed++) {
		if (run_seed(seed, nodes, steps))
			continue;
		report(since, seed - first + 1);
		printf("seed %" PRIu64 ": %s, after %" PRIu64
		       " s: %s\nsee it again: tests/sim/run --seeds %" PRIu64
		       "-%" PRIu64 " --nodes %u%s%s --trace\n",
		       seed, sim.broken, sim.now_ms / 1000, sim.detail, seed,
		       seed, nodes, mutant ? " --mutant " : "",
		       mutant ? mutant_names[mutant] : "");
		return 1;
	}
	report(since, seed - first);
	return 0;
}

static void choose_mutant(const char *name)
{
	unsigned int i;

	for (i = 0; i < MUTANTS; i++) {
		if (strcmp(name, mutant_names[i]))
			continue;
		mutant = (enum mutant)i;
		return;
	}
	fprintf(stderr, "sim: there is no mutant '%s'; see --list-mutants\n",
		name);
	exit(2);
}

struct order {
	uint64_t first;
	uint64_t last;
	uint64_t steps;
	unsigned int nodes;
	unsigned int scale;
};

static unsigned int number(const char *text, unsigned int low,
			   unsigned int high)
{
	char *end;
	unsigned long v = strtoul(text, &end, 10);

	if (*end || !*text || v < low || v > high) {
		fprintf(stderr, "sim: '%s' is no number from %u to %u\n", text,
			low, high);
		exit(2);
	}
	return (unsigned int)v;
}

static void list_mutants(void)
{
	unsigned int i;

	for (i = 1; i < MUTANTS; i++)
		puts(mutant_names[i]);
	exit(0);
}

static void take(struct order *o, int c)
{
	switch (c) {
	case 's':
		if (sscanf(optarg, "%" SCNu64 "-%" SCNu64, &o->first,
			   &o->last) == 1)
			o->last = o->first;
		break;
	case 'n':
		o->steps = number(optarg, 1, UINT32_MAX);
		break;
	case 'N':
		o->nodes = number(optarg, 0, SIM_NODES);
		break;
	case 'S':
		o->scale = number(optarg, 2, SIM_NODES);
		break;
	case 'm':
		choose_mutant(optarg);
		break;
	case 'l':
		list_mutants();
		break;
	case 't':
		sim.trace = true;
		break;
	case 'h':
		fputs(usage, stdout);
		exit(0);
	default:
		fputs(usage, stderr);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seeds", required_argument, NULL, 's' },
		{ "steps", required_argument, NULL, 'n' },
		{ "nodes", required_argument, NULL, 'N' },
		{ "scale", required_argument, NULL, 'S' },
		{ "mutant", required_argument, NULL, 'm' },
		{ "list-mutants", no_argument, NULL, 'l' },
		{ "trace", no_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 }
	};
	struct order o = { .first = 1, .last = 1000000, .steps = 1000000 };
	int c;

	while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1)
		take(&o, c);
	if (optind < argc) {
		fputs(usage, stderr);
		return 2;
	}
	if (o.scale)
		return scale(o.scale);
	return run_seeds(o.first, o.last, o.steps, o.nodes);
}
