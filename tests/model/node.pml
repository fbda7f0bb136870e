/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A node. Each choice is one step of the machine in kernel/logic; all that
 * are possible may be taken, in any order: its turns, ticks and priorities
 * only make fewer of them happen.
 */
inline life_is_over(n)
{
	nd[n].over = 1;
	nd[n].leaving = 0;
	nd[n].victim = 0;
	nd[n].step = 0;
	nd[n].well = 0;
	forget_view(n);
	fresh[n] = CURRENT
}

/* rbd_core_self_step(), and the beginning of step() in core_ls.c */
inline look_at_view(n)
{
	if
	:: v[n].life[n] == nd[n].life && v[n].st[n] >= FENCING ->
		SAY("node %d sees that its life is over\n", n);
		life_is_over(n)
	:: else ->
		if
		:: nd[n].starting
		:: !nd[n].starting && HOLDS(n) && nd[n].gen != v[n].gen ->
			nd[n].gen = v[n].gen;
#if MUTANT == M_EARLY_ACK
			nd[n].phase = STOPPED
#else
			nd[n].phase = (nd[n].runs -> TO_STOP : STOPPED)
#endif
		:: !nd[n].starting && !HOLDS(n) ->
			nd[n].gen = 0;
			nd[n].phase = 0
		:: else
		fi;
		if
		:: nd[n].victim & v[n].proved ->
			nd[n].victim = 0;
			nd[n].step = 0
		:: else
		fi
	fi
}

/*
 * rbd_core_comms_found(): by its number alone a connection does not tell whose
 * it is. Here the slot says at once that connections are right, so what it has
 * said is what they are.
 */
#if MUTANT == M_RENEW_FOUND
#define FOUND_IS_KNOWN(t) false
#elif MUTANT == M_FOUND_BY_LOCKSPACE
#define FOUND_IS_KNOWN(t) ((v[me].mem & BIT(me)) && \
			   ((v[me].mem | v[me].left | v[me].failed) & BIT(t)))
#else
#define FOUND_IS_KNOWN(t) (nd[me].comm[t] == v[me].life[t])
#endif

inline find_comms()
{
	i = 0;
	do
	:: i < NODES ->
		if
		:: nd[me].comm[i] == 0 || i == me
		:: nd[me].comm[i] && i != me ->
			if
			:: FOUND_IS_KNOWN(i) ->
				if
				:: nd[me].comm[i] != v[me].life[i] -> VIOLATED(I_CLASSES)
				:: else
				fi
			:: else -> nd[me].comm[i] = SOME
			fi
		fi;
		i++
	:: else -> break
	od;
	i = 0
}

inline read_view()
{
	if
	:: pg[VIEW_PG] & INST(me, nd[me].life) ->
		SAY("node %d: the storage refuses its client\n", me);
		life_is_over(me)
	:: else ->
		SAY("node %d reads the view\n", me);
		copy_view(me, OBJECT);
		if
		:: fresh[me] == ANEW -> find_comms()
		:: else
		fi;
		fresh[me] = CURRENT;
		look_at_view(me);
		if
		:: ALL_WELL(me) -> nd[me].well = 1
		:: else
		fi
	fi
}

inline new_life(n)
{
	i = 0;
	do
	:: i < NODES ->
		nd[n].comm[i] = 0;
		nd[n].knew[i] = 0;
		i++
	:: else -> break
	od;
	i = 0;
#if MUTANT == M_RESEND_HELD
	/* Writes that its gate has held are sent as if they were new. */
	if
	:: nd[n].up == UP -> escaped = escaped | INST(n, nd[n].life)
	:: else
	fi;
#endif
#if MUTANT != M_SAME_LIFE
	nd[n].life++;
#endif
	SAY("node %d begins life %d\n", n, nd[n].life);
	nd[n].up = UP;
	nd[n].over = 0;
	nd[n].map = 0;
	nd[n].gen = 0;
	nd[n].phase = 0;
	fresh[n] = STALE
}

inline set_comms()
{
	i = 0;
	do
	:: i < NODES ->
		if
		:: COMM_DIFFERS(i) ->
			nd[me].comm[i] = (WANTED(i));
			/* Under a lockspace that runs, its loss would be a failure. */
			if
			:: nd[me].runs && nd[me].knew[i] && nd[me].gen == nd[me].runs &&
			   nd[me].comm[i] != nd[me].knew[i] -> VIOLATED(I_CLASSES)
			:: else
			fi
		:: else
		fi;
		i++
	:: else -> break
	od;
	i = 0
}

/* RBD_CORE_LS_PREPARE: this is where the data client's map is awaited. */
inline prepare()
{
#if MUTANT != M_NO_BARRIER
	nd[me].map = listed;
#endif
	nd[me].phase = READY;
	nd[me].will_fail = v[me].failed;
	nd[me].will_proof = v[me].condemned;
	i = 0;
	do
	:: i < NODES ->
		nd[me].will[i] = (v[me].mem & BIT(i) -> v[me].life[i] : 0);
		i++
	:: else -> break
	od;
	i = 0
}

inline kernel_starts()
{
	SAY("node %d starts generation %d\n", me, nd[me].gen);
	if
	:: nd[me].will_fail ->
		REACHED(12, "a generation is started behind a failure")
	:: else
	fi;
#if MUTANT == M_UNREGISTERED
	/* It writes with a client that the view does not have. */
	escaped = escaped | INST(me, nd[me].life);
#endif
	nd[me].runs = nd[me].gen;
	nd[me].starting = 0;
	nd[me].phase = STARTED;
	if
	:: nd[me].leaving
	:: else -> dirty = dirty | INST(me, nd[me].life)
	fi;
	check_start(me);
	i = 0;
	do
	:: i < NODES ->
		nd[me].knew[i] = nd[me].will[i];
		nd[me].will[i] = 0;
		i++
	:: else -> break
	od;
	i = 0;
	nd[me].will_fail = 0;
	nd[me].will_proof = 0
}

inline start_done()
{
	if
	:: nd[me].over
	:: else -> look_at_view(me)
	fi
}

/*
 * The kinds of changes that change_view() may propose. One of them is chosen,
 * then the swap is done, or sent.
 */
inline choose_change()
{
	if
	ABOUT(0)
	ABOUT(1)
#if NODES == 3
	ABOUT(2)
#endif
	/* rbd_core_fence_record() */
	:: MAY_SWAP && nd[me].step == SWEPT -> op = PROVE; about = nd[me].victim
	/* rbd_core_membership(): replace(), enter(), activate, leave() */
	:: MAY_SWAP && IS_IN(v[me].st[me]) && v[me].life[me] != nd[me].life ->
		op = REPLACE;
		about = me
	:: MAY_SWAP && MAY_REGISTER -> op = REGISTER
	:: MAY_SWAP && MINE(me) && v[me].st[me] == JOINING && !(cut & BIT(me)) &&
	   ALL(KNOWS_ME) -> op = ACTIVATE
	:: MAY_SWAP && nd[me].leaving && MAY_DECIDE && !HOLDS(me) -> op = LEAVE
	/* rbd_core_ls_change(): wish() */
	:: MAY_SWAP && !nd[me].leaving && MINE(me) && v[me].st[me] == ACTIVE &&
	   !HOLDS(me) && !PENDING(me) && nd[me].runs == 0 && !nd[me].starting &&
	   !(cut & BIT(me)) -> op = LS_JOIN
	:: MAY_SWAP && !nd[me].leaving && HOLDS(me) && LOST -> op = LS_RESTART
	:: MAY_SWAP && nd[me].leaving && HOLDS(me) && nd[me].runs == 0 &&
	   !nd[me].starting -> op = LS_LEAVE
	:: MAY_SWAP && !nd[me].leaving && HOLDS(me) && !v[me].settled &&
	   nd[me].gen == v[me].gen && nd[me].phase == STARTED && ALL_STARTED ->
		op = LS_SETTLE
	fi
}

active [NODES] proctype Node()
{
end:	do
	:: atomic {
		choose_change();
		if
		:: d_step { swap_now() }
		:: late.op == 0 && delays > 0 -> d_step { swap_late() }
		fi
	   }
	/* rbd_core_view(); or its client is refused: rbd_core_shut_out() */
	:: d_step { LIVING && (fresh[me] == STALE || fresh[me] == ANEW) -> read_view() }
	/* A good tick with nothing wrong; only the observer notes it. */
	:: d_step { MAY_SWAP && !nd[me].well && ALL_WELL(me) -> nd[me].well = 1 }

	FENCE_OF(0)
	FENCE_OF(1)
#if NODES == 3
	FENCE_OF(2)
#endif
	FENCE_STEPS

	/* rbd_core_comms_step() */
	:: d_step { LIVING && fresh[me] != ANEW && (ANY(COMM_DIFFERS)) ->
		 SAY("node %d sets its connections\n", me); set_comms() }

	/* core_ls.c: step(), step_outside(), rbd_core_ls_done() */
	:: d_step { LIVING && HOLDS(me) && nd[me].phase == TO_STOP && nd[me].runs &&
		    !nd[me].leaving ->
		 SAY("node %d stops\n", me); nd[me].runs = 0; nd[me].phase = STOPPED }
	:: d_step { LIVING && HOLDS(me) && !nd[me].leaving && !nd[me].starting &&
		    nd[me].gen == v[me].gen && nd[me].phase == STOPPED && FENCES_PROVED &&
		    COMMS_READY ->
		 SAY("node %d is ready for generation %d\n", me, nd[me].gen); prepare() }
	:: d_step { LIVING && HOLDS(me) && !nd[me].leaving && !nd[me].starting &&
		    nd[me].gen == v[me].gen && nd[me].phase == READY && ALL_READY ->
		nd[me].starting = 1 }
	:: d_step { nd[me].up == UP && nd[me].starting && nd[me].runs != nd[me].gen ->
		kernel_starts(); start_done() }
	/* It runs already: an earlier daemon had begun that. */
	:: d_step { nd[me].up == UP && nd[me].starting && nd[me].runs == nd[me].gen ->
		REACHED(13, "a start is repeated by a new daemon");
		nd[me].starting = 0; nd[me].phase = STARTED; start_done() }
	:: d_step { LIVING && nd[me].leaving && nd[me].runs && !nd[me].starting ->
		nd[me].runs = 0 }

	/* Condemned: stopped without having written, then a new life in its place. */
	:: d_step { nd[me].up == UP && nd[me].over && nd[me].runs && !nd[me].starting ->
		nd[me].runs = 0 }
	:: d_step { nd[me].life < LIVES &&
		    (nd[me].up == OFF || (nd[me].up == UP && nd[me].over && !nd[me].runs &&
					  !nd[me].starting)) ->
		 new_life(me) }
	FAULTS
	od
}
