// SPDX-License-Identifier: GPL-2.0
/*
 * Broken ways to do it, each of which the invariants have to notice. Those
 * of the policy take one of its functions out by the linker (--wrap), so the
 * policy itself has no switches.
 */
#include "core_accuse.h"
#include "core_peer.h"
#include "core_rules.h"
#include "sim.h"

enum mutant mutant;

const char *const mutant_names[MUTANTS] = {
	[MUTANT_NONE] = "none",
	[MUTANT_NO_SWEEP] = "no-sweep",
	[MUTANT_EXPIRY_1H] = "expiry-1h",
	[MUTANT_SINGLE_PHASE] = "single-phase",
	[MUTANT_LATE_COMMS] = "late-comms",
	[MUTANT_START_NOT_READY] = "start-not-ready",
	[MUTANT_NO_VERIFY] = "no-verify",
	[MUTANT_LOCAL_CLASSIFICATION] = "local-classification",
	[MUTANT_RESEND_HELD] = "resend-held",
	[MUTANT_UNREGISTERED] = "unregistered",
	[MUTANT_NO_FENCE_WAIT] = "no-fence-wait",
	[MUTANT_EARLY_ACK] = "early-ack",
	[MUTANT_COUNT_BAD_TICKS] = "count-bad-ticks",
	[MUTANT_NO_REFUTE] = "no-refute",
	[MUTANT_AMBIGUOUS_WON] = "ambiguous-won",
	[MUTANT_NO_CONFIRM] = "no-confirm",
	[MUTANT_RETIRE_UNSEEN] = "retire-unseen",
	[MUTANT_NEVER_LOOK] = "never-look",
	[MUTANT_LEASE_NOT_SHORT] = "lease-not-short",
	[MUTANT_IGNORE_BARS] = "ignore-bars",
	[MUTANT_STALE_LATE] = "stale-late",
};

bool __real_rbd_core_rule_all_ready(const struct rbd_core *core,
				    const struct rbd_view_lockspace *ls);
bool __wrap_rbd_core_rule_all_ready(const struct rbd_core *core,
				    const struct rbd_view_lockspace *ls);
bool __real_rbd_core_rule_fences_proved(const struct rbd_core *core);
bool __wrap_rbd_core_rule_fences_proved(const struct rbd_core *core);
bool __real_rbd_core_rule_comms(const struct rbd_core *core,
				const struct rbd_view_lockspace *ls);
bool __wrap_rbd_core_rule_comms(const struct rbd_core *core,
				const struct rbd_view_lockspace *ls);
bool __real_rbd_core_rule_confirmed(const struct rbd_core *core,
				    const struct rbd_view_member *m);
bool __wrap_rbd_core_rule_confirmed(const struct rbd_core *core,
				    const struct rbd_view_member *m);
bool __real_rbd_core_rule_lease_is_short(const struct rbd_core *core,
					 const struct rbd_view_member *m);
bool __wrap_rbd_core_rule_lease_is_short(const struct rbd_core *core,
					 const struct rbd_view_member *m);
bool __real_rbd_core_accuse(struct rbd_core *core);
bool __wrap_rbd_core_accuse(struct rbd_core *core);
bool __real_rbd_core_refute(struct rbd_core *core);
bool __wrap_rbd_core_refute(struct rbd_core *core);

/* One's own readiness is enough. */
bool __wrap_rbd_core_rule_all_ready(const struct rbd_core *core,
				    const struct rbd_view_lockspace *ls)
{
	if (mutant == MUTANT_START_NOT_READY)
		return true;
	return __real_rbd_core_rule_all_ready(core, ls);
}

/* Recovery begins while the fence is still under way. */
bool __wrap_rbd_core_rule_fences_proved(const struct rbd_core *core)
{
	if (mutant == MUTANT_NO_FENCE_WAIT)
		return true;
	return __real_rbd_core_rule_fences_proved(core);
}

/* Connections are dropped some time. */
bool __wrap_rbd_core_rule_comms(const struct rbd_core *core,
				const struct rbd_view_lockspace *ls)
{
	if (mutant == MUTANT_LATE_COMMS)
		return true;
	return __real_rbd_core_rule_comms(core, ls);
}

/* Two steps, but no time between them. */
bool __wrap_rbd_core_rule_confirmed(const struct rbd_core *core,
				    const struct rbd_view_member *m)
{
	if (mutant == MUTANT_NO_CONFIRM)
		return true;
	return __real_rbd_core_rule_confirmed(core, m);
}

/* Judged by shorter times than leases go by. */
bool __wrap_rbd_core_rule_lease_is_short(const struct rbd_core *core,
					 const struct rbd_view_member *m)
{
	if (mutant == MUTANT_LEASE_NOT_SHORT)
		return true;
	return __real_rbd_core_rule_lease_is_short(core, m);
}

/* Accused and condemned in one. */
bool __wrap_rbd_core_accuse(struct rbd_core *core)
{
	struct rbd_view *next;
	bool any = false;
	unsigned int i;

	if (mutant != MUTANT_SINGLE_PHASE)
		return __real_rbd_core_accuse(core);
	if (!rbd_core_rule_may_decide(core))
		return false;
	next = rbd_core_begin(core);
	for (i = 0; i < core->view.n_members; i++) {
		const struct rbd_view_member *m = &core->view.members[i];
		u8 reason = rbd_core_reason(core, m);

		if (reason && m->state != RBD_MEMBER_SUSPECT &&
		    !rbd_view_accuse(next, m->number, m->incarnation, reason,
				     core->id.number) &&
		    !rbd_view_condemn(next, m->number, m->incarnation,
				      core->id.number, reason, "at once"))
			any = true;
	}
	return any && rbd_core_propose(core);
}

bool __wrap_rbd_core_refute(struct rbd_core *core)
{
	if (mutant == MUTANT_NO_REFUTE)
		return false;
	return __real_rbd_core_refute(core);
}
