/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The invariants, with the numbers that tests/sim/check.c gives them, from
 * above: they use what no node can know. "run" turns the number in the failed
 * assertion into words.
 */
#define I_LATE_WRITE 1
#define I_BARRIER 2
#define I_PROOF 3
#define I_CHAIN 4
#define I_CLASSES 5
#define I_NO_WAY_BACK 6
#define I_REFUTABLE 8
#define I_LIVENESS 9

/* Of a mutant, the invariant that has to find it; others would come first. */
#ifdef ONLY
#define VIOLATED(i) assert(i != ONLY)
#else
#define VIOLATED(i) assert(0 == i)
#endif

inline reach_at_end()
{
	REACHED(0, "everything runs at the end");
	if
	:: nd[0].life > 1 && nd[0].runs ->
		REACHED(1, "a condemned node runs again, with a new life")
	:: else
	fi
}

inline reach_by_change(what, whom)
{
	if
	:: what == REFUTE -> REACHED(2, "an accusation is refuted")
	:: what == CONDEMN && nd[whom].starting ->
		REACHED(3, "a node is condemned while its kernel starts")
	:: what == LEAVE -> REACHED(4, "a node leaves")
	:: what == LS_RESTART ->
		REACHED(5, "a lockspace that stopped by itself is started again")
	:: what != LS_SETTLE && !v[OBJECT].settled && v[OBJECT].gen > held_gen ->
		REACHED(6, "the view changes before a generation has started")
	:: else
	fi
}

/* Whom a PG would still let write, though a started generation is without it. */
#define LATE_WRITES (dirty & ~held_by & ~(REFUSED & ~ESCAPED))

/* A swap by number only is made on the view that it was read from. */
inline check_swap(n)
{
	if
	:: (v[OBJECT].condemned & ~v[n].condemned) || (v[OBJECT].proved & ~v[n].proved) ||
	   v[OBJECT].gen != v[n].gen || v[OBJECT].mem != v[n].mem ||
	   v[OBJECT].st[0] != v[n].st[0] || v[OBJECT].life[0] != v[n].life[0] ||
	   v[OBJECT].st[1] != v[n].st[1] || v[OBJECT].life[1] != v[n].life[1] ->
		VIOLATED(I_CHAIN)
	:: else
	fi
}

/*
 * Nobody is condemned that nothing was wrong with since it last looked; a
 * sentence needs an accusation before; lives only grow, and only on proof.
 */
inline check_change(what, n, its_life, whom)
{
	reach_by_change(what, whom);
	if
	:: what == CONDEMN ->
		if
		:: nd[whom].well && nd[whom].life == v[OBJECT].life[whom] ->
			VIOLATED(I_REFUTABLE)
		:: else
		fi
	:: what == REGISTER ->
		if
		:: its_life <= v[OBJECT].life[n] || IS_IN(v[OBJECT].st[n]) ||
		   v[OBJECT].st[n] == FENCING ->
			VIOLATED(I_NO_WAY_BACK)
		:: else
		fi
	:: what == PROVE && (whom & ~REFUSED) -> VIOLATED(I_PROOF)
	:: else
	fi
}

inline check_object()
{
	i = 0;
	do
	:: i < NODES ->
		if
		:: IS_IN(v[OBJECT].st[i]) &&
		   (v[OBJECT].condemned & INST(i, v[OBJECT].life[i])) ->
			VIOLATED(I_NO_WAY_BACK)
		:: else
		fi;
		i++
	:: else -> break
	od;
	i = 0
}

/* What fs/dlm makes of its connections has to be what the view says. */
inline check_class(n, t)
{
	if
	:: t == n
	:: else ->
		if
		:: nd[n].will[t] && nd[n].comm[t] != nd[n].will[t] -> VIOLATED(I_CLASSES)
		:: (nd[n].will_fail & BIT(t)) && nd[n].comm[t] -> VIOLATED(I_CLASSES)
		:: else
		fi;
		if
		:: nd[n].knew[t] == 0
		:: nd[n].knew[t] && nd[n].will[t] == nd[n].knew[t] &&
		   nd[n].comm[t] == nd[n].knew[t]
		:: else ->
			if
			:: nd[n].will[t] && !(nd[n].will_fail & BIT(t)) -> VIOLATED(I_CLASSES)
			:: (nd[n].comm[t] != nd[n].knew[t]) !=
			   ((nd[n].will_fail & BIT(t)) != 0) -> VIOLATED(I_CLASSES)
			:: else
			fi
		fi
	fi
}

/*
 * Node n has just started its generation. One that is cut off may err; one
 * that is condemned may only until somebody starts a generation without it.
 */
inline check_start(n)
{
	if
	:: nd[n].gen > held_gen ->
		held_gen = nd[n].gen;
		held_by = 0;
		i = 0;
		do
		:: i < NODES ->
			if
			:: nd[n].will[i] -> held_by = held_by | INST(i, nd[n].will[i])
			:: else
			fi;
			i++
		:: else -> break
		od
	:: else
	fi;
	if
	:: REFUSED & INST(n, nd[n].life)
	:: else ->
		i = 0;
		do
		:: i < NODES ->
			if
			:: i != n && nd[i].runs && nd[i].runs != nd[n].gen &&
			   !(REFUSED & INST(i, nd[i].life)) -> VIOLATED(I_BARRIER)
			:: else
			fi;
			check_class(n, i);
			i++
		:: else -> break
		od;
		if
		:: nd[n].will_proof & ~(REFUSED & nd[n].map) -> VIOLATED(I_PROOF)
		:: else
		fi
	fi;
	i = 0
}

/* Everything that can happen has happened: is all as it shall be? */
#define ALIVE_AT_END(n) (nd[n].up == UP && !nd[n].over)
#define AT_REST(n) ((ALIVE_AT_END(n) && v[OBJECT].st[n] == ACTIVE && \
		     v[OBJECT].life[n] == nd[n].life && \
		     nd[n].runs == v[OBJECT].gen && (v[OBJECT].mem & BIT(n))) || \
		    (!ALIVE_AT_END(n) && !(v[OBJECT].mem & BIT(n)) && \
		     (v[OBJECT].st[n] == FENCED || v[OBJECT].st[n] == LEFT)))
#define GOOD_END (!ANY(ALIVE_AT_END) || (ALL(AT_REST) && v[OBJECT].settled && \
					 v[OBJECT].condemned == v[OBJECT].proved))
