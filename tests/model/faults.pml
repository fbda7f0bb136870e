/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What happens to a node that it does not decide: the steps of its fence at
 * the monitors and PGs, and what goes wrong.
 */
#if MUTANT == M_NO_SWEEP
#define ANSWERED_BY_ALL(b) true
#elif MUTANT == M_SWEEP_ONE
#define ANSWERED_BY_ALL(b) (pg[VIEW_PG] & (b))
#elif MUTANT == M_NO_VERIFY
#define ANSWERED_BY_ALL(b) (pg[0] == listed && pg[1] == listed)
#else
#define ANSWERED_BY_ALL(b) (REFUSED & (b))
#endif
#if MUTANT == M_NO_VERIFY
#define VERIFIED(b) true
#else
#define VERIFIED(b) (listed & (b))
#endif

/* The mon does what it is told, also for a fencer that is paused by now. */
inline mon_lists(n)
{
	if
	:: nd[n].up != UP -> REACHED(9, "a fencer's command is carried out while it is paused")
	:: nd[n].up == UP && (listed & nd[n].victim) ->
		REACHED(10, "a client is listed twice")
	:: else
	fi;
	SAY("node %d: the monitors list a client of node %d\n", n, OWNER_OF(nd[n].victim));
	listed = listed | nd[n].victim;
	nd[n].step = ANSWERED;
	if
	:: listed & ~v[OBJECT].condemned -> VIOLATED(I_REFUTABLE)
	:: else
	fi
}

#define FENCE_STEPS \
	:: d_step { nd[me].step == ASKED -> mon_lists(me) } \
	:: d_step { nd[me].step == ASKED && lost_adds > 0 && !(listed & nd[me].victim) -> \
		SAY("node %d: the monitors say yes, but list nothing\n", me); \
		lost_adds--; nd[me].step = ANSWERED } \
	:: d_step { nd[me].up == UP && nd[me].step == ANSWERED && !VERIFIED(nd[me].victim) -> \
		REACHED(11, "an entry that was lost is made anew"); \
		nd[me].step = ASKED } \
	:: d_step { nd[me].up == UP && nd[me].step == ANSWERED && VERIFIED(nd[me].victim) && \
		    ANSWERED_BY_ALL(nd[me].victim) -> \
		SAY("node %d: has heard of all PGs that it needs\n", me); \
		nd[me].step = SWEPT }

/* What its slot says outlives a host. */
inline crash(n, how)
{
	nd[n].up = how;
	nd[n].runs = 0;
	nd[n].starting = 0;
	nd[n].map = 0;
	nd[n].will_fail = 0;
	nd[n].will_proof = 0;
	i = 0;
	do
	:: i < NODES ->
		nd[n].comm[i] = 0;
		nd[n].knew[i] = 0;
		nd[n].will[i] = 0;
		i++
	:: else -> break
	od;
	i = 0;
	life_is_over(n)
}

/*
 * The daemon is killed. What its slot says and what it has done to the kernel
 * stays, also a start that it had begun and that is done or not; and the
 * kernel may have noticed and stopped.
 */
inline new_daemon(n)
{
	SAY("node %d: a new daemon\n", n);
	restarts--;
	nd[n].starting = 0;
	nd[n].victim = 0;
	nd[n].step = 0;
	nd[n].well = 0;
	forget_view(n);
	fresh[n] = ANEW
}

#define MAY_RESTART (restarts > 0 && LIVING)

#define FAULTS \
	:: d_step { pauses > 0 && nd[me].up == UP -> \
		SAY("node %d is paused\n", me); \
		pauses--; nd[me].up = PAUSED; nd[me].well = 0 } \
	:: d_step { nd[me].up == PAUSED -> SAY("node %d goes on\n", me); nd[me].up = UP } \
	:: d_step { crashes > 0 && nd[me].up >= PAUSED -> \
		SAY("node %d: power is off\n", me); crashes--; crash(me, OFF) } \
	:: d_step { nd[me].up == PAUSED || nd[me].up == OFF -> \
		SAY("node %d never comes back\n", me); crash(me, GONE) } \
	:: d_step { cuts > 0 && !(cut & BIT(me)) && nd[me].up >= PAUSED -> \
		SAY("links of node %d are cut\n", me); \
		cuts--; cut = cut | BIT(me); nd[me].well = 0 } \
	:: d_step { cut & BIT(me) -> \
		SAY("links of node %d work again\n", me); cut = cut & ~BIT(me) } \
	:: d_step { MAY_RESTART -> new_daemon(me) } \
	:: d_step { MAY_RESTART && nd[me].runs && nd[me].phase == STARTED -> \
		SAY("node %d: the kernel stops\n", me); nd[me].runs = 0; new_daemon(me) } \
	:: d_step { MAY_RESTART && nd[me].starting -> \
		kernel_starts(); nd[me].phase = READY; new_daemon(me) } \
	/* rbd_core_ls_offline() and _leave(): an unmount has written all. */ \
	:: d_step { leaves > 0 && LIVING && !nd[me].leaving && HOLDS(me) -> \
		SAY("node %d shall leave\n", me); \
		leaves--; nd[me].leaving = 1; dirty = dirty & ~INST(me, nd[me].life) }
