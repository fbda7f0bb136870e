/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Changes of a view (view_member.c, view_fence.c, view_lockspace.c), and how
 * they come into the object.
 *
 * A swap under way needs no view of its own: it succeeds only on the view
 * that it was made from, so its operation can be done on that one then.
 */
#define ACCUSE 1
#define REFUTE 2
#define CONDEMN 3
#define REPLACE 4
#define PROVE 5
#define REGISTER 6
#define ACTIVATE 7
#define LS_JOIN 8
#define LS_LEAVE 9
#define LS_SETTLE 10
#define LEAVE 11
#define LS_RESTART 12

inline say_change(what, whom)
{
	if
	:: what == ACCUSE -> SAY("accuses node %d\n", whom)
	:: what == REFUTE -> SAY("refutes the accusation of node %d\n", whom)
	:: what == CONDEMN -> SAY("condemns node %d\n", whom)
	:: what == REPLACE -> SAY("condemns its earlier life\n")
	:: what == PROVE -> SAY("records that a client of node %d is fenced\n", OWNER_OF(whom))
	:: what == REGISTER -> SAY("registers\n")
	:: what == ACTIVATE -> SAY("becomes active\n")
	:: what == LS_JOIN -> SAY("joins the lockspace\n")
	:: what == LS_LEAVE -> SAY("leaves the lockspace\n")
	:: what == LS_SETTLE -> SAY("settles the generation\n")
	:: what == LS_RESTART -> SAY("asks for a new generation\n")
	:: what == LEAVE -> SAY("leaves\n")
	fi
}

inline copy_view(to, from)
{
	v[to].st[0] = v[from].st[0];
	v[to].st[1] = v[from].st[1];
	v[to].life[0] = v[from].life[0];
	v[to].life[1] = v[from].life[1];
#if NODES == 3
	v[to].st[2] = v[from].st[2];
	v[to].life[2] = v[from].life[2];
#endif
	v[to].condemned = v[from].condemned;
	v[to].proved = v[from].proved;
	v[to].gen = v[from].gen;
	v[to].mem = v[from].mem;
	v[to].failed = v[from].failed;
	v[to].left = v[from].left;
	v[to].settled = v[from].settled;
}

/* What is never looked at again shall not tell states apart. */
inline forget_view(k)
{
	v[k].st[0] = 0;
	v[k].st[1] = 0;
	v[k].life[0] = 0;
	v[k].life[1] = 0;
#if NODES == 3
	v[k].st[2] = 0;
	v[k].life[2] = 0;
#endif
	v[k].condemned = 0;
	v[k].proved = 0;
	v[k].gen = 0;
	v[k].mem = 0;
	v[k].failed = 0;
	v[k].left = 0;
	v[k].settled = 0;
}

/* A lockspace that nobody holds has no record. */
inline next_generation(k)
{
	v[k].gen++;
	v[k].settled = 0;
	if
	:: v[k].mem == 0 ->
		v[k].failed = 0;
		v[k].left = 0;
	:: else
	fi
}

inline condemn(k, t)
{
	v[k].condemned = v[k].condemned | INST(t, v[k].life[t]);
	v[k].st[t] = FENCING;
	if
	:: (v[k].mem | v[k].left) & BIT(t) ->
		v[k].mem = v[k].mem & ~BIT(t);
		v[k].left = v[k].left & ~BIT(t);
		v[k].failed = v[k].failed | BIT(t);
		next_generation(k)
	:: else
	fi
}

/* "whom" is a node, of PROVE an instance. */
inline apply(k, what, n, its_life, whom)
{
	if
	:: what == ACCUSE -> v[k].st[whom] = v[k].st[whom] + 2
	:: what == REFUTE -> v[k].st[whom] = v[k].st[whom] - 2
	:: what == CONDEMN || what == REPLACE -> condemn(k, whom)
	:: what == PROVE ->
		v[k].proved = v[k].proved | whom;
		i = 0;
		do
		:: i < NODES ->
			if
			:: v[k].st[i] == FENCING && INST(i, v[k].life[i]) == whom ->
				v[k].st[i] = FENCED
			:: else
			fi;
			i++
		:: else -> break
		od;
		i = 0
	:: what == REGISTER ->
		v[k].st[n] = JOINING;
		v[k].life[n] = its_life
	:: what == ACTIVATE -> v[k].st[n] = ACTIVE
	:: what == LS_JOIN ->
		v[k].mem = v[k].mem | BIT(n);
		next_generation(k)
	:: what == LS_LEAVE ->
		v[k].mem = v[k].mem & ~BIT(n);
		v[k].left = v[k].left | BIT(n);
		next_generation(k)
	:: what == LS_SETTLE ->
		v[k].settled = 1;
		v[k].failed = 0;
		v[k].left = 0
	:: what == LS_RESTART -> next_generation(k)
	:: what == LEAVE -> v[k].st[n] = LEFT
	fi
}

inline drop_late()
{
	late.op = 0;
	late.by = 0;
	late.life = 0;
	late.about = 0
}

/* The object is another one now: whose copy, and whose swap, is out of date? */
inline object_changed(n)
{
	i = 0;
	do
	:: i < NODES ->
		if
		:: fresh[i] == AHEAD -> fresh[i] = CURRENT
		:: i != n && fresh[i] == CURRENT -> fresh[i] = STALE
		:: else
		fi;
		i++
	:: else -> break
	od;
	i = 0;
#if MUTANT == M_NO_TOKEN
	/* It repeats its swap, finds the next number, and takes it for its own. */
	if
	:: late.op && late.by != n && nd[late.by].up == UP && !nd[late.by].over &&
	   nd[late.by].life == late.life ->
		apply(late.by, late.op, late.by, late.life, late.about);
		fresh[late.by] = CURRENT
	:: else
	fi;
#endif
	drop_late()
}

/*
 * A swap of "op" by node me, whose copy is current. It is done at once, or
 * later, or with an answer that nobody gets: the latter two cannot be told
 * apart, and whoever waits for a late answer does nothing else that matters.
 */
inline swap_now()
{
	if
	:: pg[VIEW_PG] & INST(me, nd[me].life) ->
		SAY("node %d: the storage refuses its client\n", me);
		life_is_over(me)
	:: else ->
		SAY("node %d: ", me);
		say_change(op, about);
		check_swap(me);
		check_change(op, me, nd[me].life, about);
		apply(me, op, me, nd[me].life, about);
		copy_view(OBJECT, me);
		object_changed(me);
		check_object();
		look_at_view(me)
	fi;
	op = 0;
	about = 0
}

inline swap_late()
{
	SAY("node %d: sent, no answer: ", me);
	say_change(op, about);
	delays--;
	late.op = op;
	late.by = me;
	late.life = nd[me].life;
	late.about = about;
#if MUTANT == M_AMBIGUOUS_WON
	apply(me, op, me, nd[me].life, about);
	fresh[me] = AHEAD;
	look_at_view(me);
#endif
	op = 0;
	about = 0
}

/*
 * It has been under way until now; who sent it does not know. Its client is
 * not refused yet: to be condemned takes a change, which voids the swap.
 */
inline late_swap()
{
	REACHED(7, "a swap that was under way is done");
	SAY("node %d: done after all: ", late.by);
	say_change(late.op, late.about);
	check_change(late.op, late.by, late.life, late.about);
	apply(OBJECT, late.op, late.by, late.life, late.about);
	check_object();
	object_changed(NODES)
}
