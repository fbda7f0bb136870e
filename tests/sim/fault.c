// SPDX-License-Identifier: GPL-2.0
/* What goes wrong, and how it ends. */
#include <inttypes.h>
#include <string.h>

#include "sim.h"

#define FAULTS_MAX 64

enum fault_kind {
	F_CRASH,
	F_PAUSE,
	F_HANG,
	F_KILL,
	F_CUT,
	F_PORT,
	F_PARTITION,
	F_STALL_ONE,
	F_STALL_ALL,
	F_STALL_PG,
	F_SLOW,
	F_AMBIGUOUS,
	F_LAG,
	F_LATE_WRITES,
	F_MON_DOWN,
	F_DELAY,
	F_ADMIN_FENCE,
	F_UNLIST,
	F_DLM_BLOCKED,
	F_LEAVE,
	F_UMOUNT,
	F_PG_MOVE,
	F_MON_CLOCK,
	F_OUTAGE,
	F_RETIME,
	F_KINDS
};

static const char *const names[F_KINDS] = {
	"power-off",
	"pause",
	"daemon stopped",
	"daemon killed",
	"one-way cut",
	"a port is closed",
	"partition",
	"storage of one",
	"storage of all",
	"a PG stalls",
	"slow storage",
	"replies get lost",
	"maps spread late",
	"writes spread late",
	"monitors down",
	"messages delayed",
	"fenced by command",
	"entry removed",
	"DLM stop blocks",
	"leave",
	"unmount",
	"a PG moves",
	"monitor clock jumps",
	"power-off of all",
	"other time-outs",
};

struct fault {
	bool active;
	uint8_t kind;
	uint16_t a;
	uint16_t b;
	uint32_t side;
};

static struct fault faults[FAULTS_MAX];

static void step(uint32_t *count, bool begins)
{
	if (begins)
		(*count)++;
	else if (*count)
		(*count)--;
}

/* With a daemon that does not run, or hangs. */
static void daemon_trouble(unsigned int n, bool begins)
{
	struct node *nd = &sim.node[n];

	step(&nd->troubles, begins);
	nd->healthy_ms = sim.now_ms;
}

static void trouble(unsigned int n, bool begins)
{
	struct node *nd = &sim.node[n];

	daemon_trouble(n, begins);
	step(&nd->hardships, begins);
	nd->able_ms = sim.now_ms;
}

static void node_trouble(const struct fault *f, bool begins)
{
	if (f->kind == F_KILL || f->kind == F_HANG)
		daemon_trouble(f->a, begins);
	else
		trouble(f->a, begins);
}

static void view_state(void)
{
	bool bad = sim.all_stalled || sim.pg_stalled[PG_VIEW];

	if (bad && !sim.view_bad)
		sim.view_bad_ms = sim.now_ms;
	if (!bad && sim.view_bad)
		sim.view_ok_ms = sim.now_ms;
	sim.view_bad = bad;
}

static uint32_t span_s(uint32_t low, uint32_t high)
{
	return 1000 * (low + rnd(high - low + 1)) + rnd(1000);
}

static bool other_side(const struct fault *f, unsigned int n)
{
	return f->side >> (n % 32) & 1;
}

static void set_partition(const struct fault *f, bool cut)
{
	unsigned int i, k;

	for (i = 0; i < sim.nodes; i++) {
		trouble(i, cut);
		for (k = 0; k < sim.nodes; k++)
			if (other_side(f, i) != other_side(f, k))
				sim.cut[i][k] = cut;
	}
}

static uint32_t pause_span(void)
{
	/* Beyond the blocklist's default expiry of an hour, too. */
	if (chance(4))
		return 3600000 + rnd(180000);
	return chance(60) ? span_s(1, 14) : span_s(15, 120);
}

/* Those that begin and end; returns how long, 0 if it cannot be. */
static uint32_t begin_node_fault(struct fault *f, struct node *nd)
{
	uint32_t span = span_s(1, 60);

	if (!nd->up || nd->paused)
		return 0;
	switch (f->kind) {
	case F_CRASH:
		host_down(nd);
		span = chance(40) ? span_s(2, 5) : span_s(5, 60);
		break;
	case F_PAUSE:
		span = pause_span();
		nd->paused = true;
		nd->resume_ms = sim.now_ms + span;
		break;
	case F_HANG:
		if (!nd->daemon)
			return 0;
		nd->hung = true;
		span = span_s(1, 90);
		break;
	case F_KILL:
		daemon_stop(nd);
		if (chance(25)) {
			unsigned int ls;

			/* The monitor's descriptor was not kept. */
			for (ls = 0; ls < sim.lockspaces; ls++)
				nd->ls[ls].running = false;
		}
		span = 1000;
		break;
	case F_STALL_ONE:
		if (f->side)
			span = span_s(45, 70);
		nd->storage_down = true;
		nd->storage_ms = sim.now_ms + span;
		break;
	case F_SLOW:
		nd->slow_ms = 200 + rnd(5000);
		break;
	case F_DELAY:
		sim.delay_ms[nd->n] = 100 + rnd(5000);
		break;
	default:
		nd->dlm_blocked = true;
		break;
	}
	node_trouble(f, true);
	return span;
}

static uint32_t begin_link_fault(struct fault *f)
{
	f->b = (uint16_t)rnd(sim.nodes);
	if (f->b == f->a)
		return 0;
	sim.cut[f->a][f->b] = true;
	if (chance(40))
		sim.cut[f->b][f->a] = true;
	trouble(f->a, true);
	trouble(f->b, true);
	return span_s(1, 60);
}

/* Found by who tries it before it takes part; those that do are not concerned. */
static uint32_t begin_port_fault(struct fault *f)
{
	f->b = (uint16_t)rnd(sim.nodes);
	if (f->b == f->a)
		return 0;
	sim.barred_ms[f->a][f->b] = sim.now_ms;
	sim.barred_ms[f->b][f->a] = sim.now_ms;
	trouble(f->a, true);
	trouble(f->b, true);
	return span_s(10, 90);
}

/* Each comes back by itself, one after the other or all at once. */
static void all_off(void)
{
	uint32_t apart_ms = chance(50) ? 1000 : 60000;
	unsigned int n;

	for (n = 0; n < sim.nodes; n++) {
		struct node *nd = &sim.node[n];

		if (!nd->up || nd->paused)
			continue;
		host_down(nd);
		push(2000 + rnd(apart_ms), EV_BOOT, n, 0, 0);
	}
}

static uint32_t begin_common_fault(struct fault *f)
{
	switch (f->kind) {
	case F_PARTITION:
		f->side = rnd(UINT32_MAX);
		set_partition(f, true);
		return span_s(1, 60);
	case F_OUTAGE:
		all_off();
		return 0;
	case F_STALL_ALL:
		sim.all_stalled = true;
		return span_s(2, 180);
	case F_STALL_PG:
		f->b = (uint16_t)rnd(SIM_PGS);
		sim.pg_stalled[f->b] = true;
		return span_s(1, 60);
	case F_AMBIGUOUS:
		sim.ambiguous = true;
		return span_s(20, 60);
	case F_LAG:
		sim.lagging = true;
		return span_s(20, 120);
	case F_LATE_WRITES:
		sim.late_writes = true;
		return span_s(20, 120);
	default:
		sim.mon_down = true;
		return span_s(5, 60);
	}
}

static void unlist_one(void)
{
	unsigned int i = rnd(sim.view.n_fences ? sim.view.n_fences : 1);
	const struct rbd_view_fence *f = &sim.view.fences[i];

	if (!sim.view.n_fences || f->state != RBD_FENCE_FENCED ||
	    !f->n_instances)
		return;
	mon_unlist(f->instances[rnd(f->n_instances)].nonce);
}

static void retime(struct node *nd, uint32_t dead, uint32_t slow)
{
	if (!daemon_runs(nd) || !nd->in_cluster)
		return;
	rbd_core_retime(nd->core, dead, slow);
	drain(nd);
}

static void retime_somehow(struct node *nd)
{
	static const uint32_t dead[] = { 3000, 5000, 10000, 20000 };
	static const uint32_t slow[] = { 45000, 60000, 90000, 90000 };

	retime(nd, dead[rnd(4)], slow[rnd(4)]);
}

/* Those that are over at once, or need no end. */
static void single_fault(uint8_t kind, struct node *nd)
{
	switch (kind) {
	case F_ADMIN_FENCE:
		if (daemon_runs(nd) && nd->in_cluster) {
			rbd_core_fence(nd->core, rnd(sim.nodes));
			drain(nd);
		}
		break;
	case F_UNLIST:
		unlist_one();
		break;
	case F_LEAVE:
		nd->want_in = !nd->want_in;
		break;
	case F_UMOUNT:
		nd->want_ls ^= (uint8_t)(1 << rnd(sim.lockspaces));
		break;
	case F_RETIME:
		retime_somehow(nd);
		break;
	case F_PG_MOVE:
		sim.pg_epoch[rnd(SIM_PGS)] = sim.mon_epoch;
		break;
	default:
		sim.mon_skew_ms += 3700000;
		break;
	}
}

static uint32_t begin(struct fault *f)
{
	switch (f->kind) {
	case F_CRASH:
	case F_PAUSE:
	case F_HANG:
	case F_KILL:
	case F_STALL_ONE:
	case F_SLOW:
	case F_DELAY:
	case F_DLM_BLOCKED:
		return begin_node_fault(f, &sim.node[f->a]);
	case F_CUT:
		return begin_link_fault(f);
	case F_PORT:
		return begin_port_fault(f);
	case F_ADMIN_FENCE:
	case F_UNLIST:
	case F_LEAVE:
	case F_UMOUNT:
	case F_PG_MOVE:
	case F_MON_CLOCK:
	case F_RETIME:
		single_fault(f->kind, &sim.node[f->a]);
		return 0;
	default:
		return begin_common_fault(f);
	}
}

void on_fault(void)
{
	unsigned int i = 0;
	struct fault *f;
	uint32_t span;

	if (!sim.storm)
		return;
	push(500 + rnd(chance(30) ? 3000 : 25000), EV_FAULT, SIM_NODES, 0, 0);
	while (i < FAULTS_MAX && faults[i].active)
		i++;
	if (i == FAULTS_MAX)
		return;
	f = &faults[i];
	f->kind = (uint8_t)rnd(F_KINDS);
	/* Some are the spice, not the dish. */
	if ((f->kind == F_ADMIN_FENCE || f->kind == F_STALL_ALL ||
	     f->kind == F_UNLIST || f->kind == F_MON_CLOCK ||
	     f->kind == F_OUTAGE) &&
	    chance(60))
		return;
	f->a = (uint16_t)rnd(sim.nodes);
	f->side = 0;
	/* Shorter, and one does not get to know of it, whom others hear. */
	if (f->kind == F_RETIME && chance(50)) {
		f->kind = F_STALL_ONE;
		f->side = 1;
		retime(&sim.node[rnd(sim.nodes)], 3000, 40000);
	}
	span = begin(f);
	view_state();
	sim.stats.faults++;
	trace("FAULT %s, node %u, %u ms", names[f->kind], f->a, span);
	if (!span)
		return;
	f->active = true;
	if (sim.now_ms + span > sim.calm_ms)
		sim.calm_ms = sim.now_ms + span;
	push(span, EV_HEAL, SIM_NODES, i, 0);
}

static void heal_node(const struct fault *f)
{
	struct node *nd = &sim.node[f->a];

	node_trouble(f, false);
	switch (f->kind) {
	case F_CRASH:
		host_boot(nd);
		break;
	case F_PAUSE:
		nd->paused = false;
		break;
	case F_HANG:
		nd->hung = false;
		break;
	case F_STALL_ONE:
		nd->storage_down = false;
		break;
	case F_SLOW:
		nd->slow_ms = 0;
		break;
	case F_DELAY:
		sim.delay_ms[nd->n] = 0;
		break;
	case F_DLM_BLOCKED:
		nd->dlm_blocked = false;
		break;
	default:
		break;
	}
}

static bool other_stalls(uint16_t pg)
{
	unsigned int i;

	for (i = 0; i < FAULTS_MAX; i++)
		if (faults[i].active && faults[i].kind == F_STALL_PG &&
		    faults[i].b == pg)
			return true;
	return false;
}

void on_heal(uint32_t i)
{
	struct fault *f = &faults[i];

	f->active = false;
	trace("HEALED %s, node %u", names[f->kind], f->a);
	switch (f->kind) {
	case F_CUT:
		sim.cut[f->a][f->b] = false;
		sim.cut[f->b][f->a] = false;
		trouble(f->a, false);
		trouble(f->b, false);
		break;
	case F_PORT:
		sim.barred_ms[f->a][f->b] = 0;
		sim.barred_ms[f->b][f->a] = 0;
		trouble(f->a, false);
		trouble(f->b, false);
		break;
	case F_PARTITION:
		set_partition(f, false);
		break;
	case F_STALL_ALL:
		sim.all_stalled = false;
		break;
	case F_STALL_PG:
		sim.pg_stalled[f->b] = other_stalls(f->b);
		break;
	case F_AMBIGUOUS:
		sim.ambiguous = false;
		break;
	case F_LAG:
		sim.lagging = false;
		break;
	case F_LATE_WRITES:
		sim.late_writes = false;
		break;
	case F_MON_DOWN:
		sim.mon_down = false;
		break;
	default:
		heal_node(f);
		break;
	}
	view_state();
}

/* From here on every node is to be in, and hold all lockspaces. */
void heal_all(void)
{
	unsigned int n;

	for (n = 0; n < sim.nodes; n++) {
		struct node *nd = &sim.node[n];

		nd->want_in = true;
		nd->want_ls = (uint8_t)((1 << sim.lockspaces) - 1);
		memset(sim.cut[n], 0, sizeof(sim.cut[n]));
		memset(sim.barred_ms[n], 0, sizeof(sim.barred_ms[n]));
		if (!nd->up)
			host_boot(nd);
	}
	memset(faults, 0, sizeof(faults));
}
