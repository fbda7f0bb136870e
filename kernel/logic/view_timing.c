// SPDX-License-Identifier: GPL-2.0
/* Changes of the time-outs of a view. */
#include "view_timing.h"

#include "hb_timing.h"

static void settle(struct rbd_view *v, u32 dead_after_ms, u32 slow_after_ms)
{
	v->dead_after_ms = dead_after_ms;
	v->slow_after_ms = slow_after_ms;
	v->next_dead_after_ms = 0;
	v->next_slow_after_ms = 0;
	v->retime_seq = 0;
}

const char *rbd_view_retime(struct rbd_view *v, u32 dead_after_ms,
			    u32 slow_after_ms)
{
	struct rbd_hb_timing t;
	const char *bad = rbd_hb_timing_derive(&t, dead_after_ms,
					       slow_after_ms);

	if (bad)
		return bad;
	if (dead_after_ms >= v->dead_after_ms &&
	    slow_after_ms >= v->slow_after_ms) {
		settle(v, dead_after_ms, slow_after_ms);
		return NULL;
	}
	v->next_dead_after_ms = dead_after_ms;
	v->next_slow_after_ms = slow_after_ms;
	v->retime_seq = v->seq;
	return NULL;
}

const char *rbd_view_retimed(struct rbd_view *v)
{
	if (!v->retime_seq)
		return "no change of time-outs is under way";
	settle(v, v->next_dead_after_ms, v->next_slow_after_ms);
	return NULL;
}

static u32 lesser(u32 a, u32 b)
{
	return a < b ? a : b;
}

void rbd_view_lease_times(const struct rbd_view *v, u32 *dead_after_ms,
			  u32 *slow_after_ms)
{
	*dead_after_ms = v->dead_after_ms;
	*slow_after_ms = v->slow_after_ms;
	if (!v->retime_seq)
		return;
	*dead_after_ms = lesser(*dead_after_ms, v->next_dead_after_ms);
	*slow_after_ms = lesser(*slow_after_ms, v->next_slow_after_ms);
}
