// SPDX-License-Identifier: GPL-2.0
/* Many nodes: how long the cluster takes, and what a heartbeat costs. */
#include <inttypes.h>
#include <string.h>

#include "sim.h"

#define LIMIT_MS 1800000

static bool until_converged(void)
{
	uint64_t end_ms = sim.now_ms + LIMIT_MS;

	while (!sim.broken && sim.now_ms < end_ms && !check_converged(false))
		if (!sim_step())
			return false;
	check_converged(true);
	return !sim.broken;
}

static bool runs_without(unsigned int victim)
{
	unsigned int n, ls;

	for (ls = 0; ls < sim.lockspaces; ls++) {
		const struct rbd_view_lockspace *vls = rbd_view_ls_peek(
			&sim.view, ls_name(ls));

		if (!vls || !vls->settled ||
		    rbd_nodeset_has(&vls->members, victim))
			return false;
		for (n = 0; n < sim.nodes; n++)
			if (n != victim && !sim.node[n].ls[ls].running)
				return false;
	}
	return true;
}

static void report(const char *what, uint64_t from_ms)
{
	const struct sim_stats *s = &sim.stats;

	printf("  %-28s %6.1f s; %" PRIu64
	       " ticks, %.0f us each, %.0f us at worst; view %" PRIu64
	       " of %zu bytes\n",
	       what, (double)(sim.now_ms - from_ms) / 1000, s->ticks,
	       s->ticks ? 1e6 * s->core_s / (double)s->ticks : 0,
	       1e6 * s->worst_s, sim.view.seq, rbd_view_bytes(&sim.view));
	memset(&sim.stats, 0, sizeof(sim.stats));
}

int scale(unsigned int nodes)
{
	double since = seconds();
	uint64_t from_ms;

	sim_begin(1, nodes);
	sim.measure = true;
	printf("%u nodes, %u lockspaces on each\n", sim.nodes, sim.lockspaces);
	from_ms = sim.now_ms;
	if (until_converged())
		report("all in, all mounted", from_ms);
	from_ms = sim.now_ms;
	while (!sim.broken && sim.now_ms < from_ms + 30000)
		sim_step();
	report("at rest", from_ms);
	from_ms = sim.now_ms;
	host_down(&sim.node[nodes / 2]);
	while (!sim.broken && sim.now_ms < from_ms + LIMIT_MS &&
	       !runs_without(nodes / 2))
		sim_step();
	report("power-off to settled", from_ms);
	if (sim.broken) {
		printf("  %s: %s\n", sim.broken, sim.detail);
		return 1;
	}
	printf("  took %.1f s\n", seconds() - since);
	return 0;
}
