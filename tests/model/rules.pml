/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When a node may do what, with the names of kernel/logic; most mutants lie
 * here. n and t are nodes, "me" is the one whose step it is.
 */
#define LIVING (nd[me].up == UP && !nd[me].over)
#define MAY_SWAP (LIVING && fresh[me] == CURRENT)
#define MINE(n) (v[n].life[n] == nd[n].life && IS_IN(v[n].st[n]))
#define HOLDS(n) (MINE(n) && (v[n].mem & BIT(n)))
#define ALL_WELL(n) (v[n].life[n] == nd[n].life && IS_CLEAR(v[n].st[n]) && !(cut & BIT(n)))
#define PENDING(n) ((v[n].failed | v[n].left) & BIT(n))

/* rbd_core_rule_may_decide(), nobody_else_can() */
#define NO_MEMBER_LIVES(t) (!IS_IN(v[me].st[t]) || \
			    (t != me && (nd[t].up != UP || nd[t].life != v[me].life[t])))
#if MUTANT == M_FIRST_BACK_WAITS
#define NOBODY_ELSE_CAN false
#else
#define NOBODY_ELSE_CAN (!nd[me].leaving && ALL(NO_MEMBER_LIVES))
#endif
#define MAY_DECIDE (MINE(me) -> IS_CLEAR(v[me].st[me]) : NOBODY_ELSE_CAN)

/* rbd_core_reason(): no heartbeat, another life's heartbeat, a broken link. */
#define REASON(t) (nd[t].up != UP || nd[t].life != v[me].life[t] || (cut & BIT(t)))

/* rbd_core_rule_fences_proved() */
#if MUTANT == M_NO_FENCE_WAIT
#define FENCES_PROVED true
#else
#define FENCES_PROVED ((v[me].condemned & ~v[me].proved) == 0)
#endif

/* core_comms.c: what connection is wanted */
#if MUTANT == M_COMMS_BEFORE_STOP
#define MAY_DROP_FAILED(t) true
#else
#define MAY_DROP_FAILED(t) (!((v[me].failed & BIT(t)) && \
			      (nd[me].runs || nd[me].starting) && \
			      (nd[me].gen != v[me].gen || nd[me].phase != STARTED)))
#endif
#if MUTANT == M_LEFT_DROPPED
#define MAY_DROP_LEFT(t) true
#else
#define MAY_DROP_LEFT(t) (!(v[me].left & BIT(t)))
#endif
#define DROPS(t) (v[me].st[t] == LEFT || (v[me].left & BIT(t)) -> \
		  MAY_DROP_LEFT(t) : MAY_DROP_FAILED(t))
#define WANTED(t) (IS_IN(v[me].st[t]) -> v[me].life[t] : \
		   (nd[me].comm[t] == 0 || DROPS(t) -> 0 : nd[me].comm[t]))
#define COMM_DIFFERS(t) (t != me && nd[me].comm[t] != (WANTED(t)))

/* rbd_core_rule_comms() */
#define COMM_RIGHT(t) (t == me || \
		       ((!(v[me].mem & BIT(t)) || nd[me].comm[t] == v[me].life[t]) && \
			(!(v[me].failed & BIT(t)) || nd[me].comm[t] == 0)))
#if MUTANT == M_LATE_COMMS
#define COMMS_READY true
#else
#define COMMS_READY (ALL(COMM_RIGHT))
#endif

/* rbd_core_rule_all_ready(), and the same for started */
#define ACK(t, p) (nd[t].life == v[me].life[t] && nd[t].gen == v[me].gen && nd[t].phase >= p)
#define IS_READY(t) (!(v[me].mem & BIT(t)) || ACK(t, READY))
#define HAS_STARTED(t) (!(v[me].mem & BIT(t)) || ACK(t, STARTED))
#if MUTANT == M_START_NOT_READY
#define ALL_READY true
#elif MUTANT == M_ANY_GENERATION
#define IS_READY_SOME(t) (!(v[me].mem & BIT(t)) || \
			  (nd[t].life == v[me].life[t] && nd[t].phase >= READY))
#define ALL_READY (ALL(IS_READY_SOME))
#else
#define ALL_READY (ALL(IS_READY))
#endif
#if MUTANT == M_SETTLE_EARLY
#define ALL_STARTED true
#else
#define ALL_STARTED (ALL(HAS_STARTED))
#endif

/* The kernel has stopped by itself what its slot says has started. */
#define LOST (nd[me].gen == v[me].gen && nd[me].phase == STARTED && nd[me].runs == 0)

/* all_know_us(), and the mesh of core_join.c */
#define KNOWS_ME(t) (t == me || !WAS_ACTIVE(v[me].st[t]) || nd[t].up != UP || \
		     nd[t].life != v[me].life[t] || \
		     (nd[t].comm[me] == nd[me].life && !(cut & BIT(t))))

/* Accusations by and fences for another node t. */
#define ABOUT(t) \
	:: MAY_SWAP && MAY_DECIDE && CAN_ACCUSE(t) -> op = ACCUSE_OP; about = t \
	:: MAY_SWAP && MAY_DECIDE && CAN_CONFIRM(t) -> op = CONDEMN; about = t \
	:: MAY_SWAP && MINE(me) && CAN_REFUTE(t) -> op = REFUTE; about = t

#if MUTANT == M_SINGLE_PHASE
#define ACCUSE_OP CONDEMN
#define CAN_CONFIRM(t) false
#else
#define ACCUSE_OP ACCUSE
#endif
#define CAN_ACCUSE(t) (t != me && IS_CLEAR(v[me].st[t]) && REASON(t))
#if MUTANT == M_NO_SECOND_LOOK
#define CAN_CONFIRM(t) (t != me && IS_SUSPECT(v[me].st[t]))
#elif MUTANT != M_SINGLE_PHASE
#define CAN_CONFIRM(t) (t != me && IS_SUSPECT(v[me].st[t]) && REASON(t))
#endif
#if MUTANT == M_NO_REFUTE
#define CAN_REFUTE(t) false
#else
#define CAN_REFUTE(t) (IS_SUSPECT(v[me].st[t]) && !REASON(t))
#endif

/* our_task() of core_fence.c: an instance whose owner is t */
#define UNPROVED(t) OWNER_IS(t, v[me].condemned & ~v[me].proved)
#define CAN_FENCE(t) (UNPROVED(t) && (t == me || MAY_DECIDE))
#define FENCE_OF(t) \
	:: d_step { LIVING && nd[me].victim == 0 && CAN_FENCE(t) -> \
		 nd[me].victim = LOWEST(UNPROVED(t)); nd[me].step = ASKED }
#define LOWEST(set) ((set) & -(set))

#if MUTANT == M_REGISTER_OVER
#define MAY_REGISTER (v[me].life[me] != nd[me].life)
#elif MUTANT == M_REJOIN_PENDING
#define MAY_REGISTER (v[me].life[me] != nd[me].life && v[me].st[me] >= FENCED)
#elif MUTANT == M_SAME_LIFE
#define MAY_REGISTER (v[me].st[me] >= FENCED && !PENDING(me))
#else
#define MAY_REGISTER (v[me].life[me] != nd[me].life && v[me].st[me] >= FENCED && !PENDING(me))
#endif

