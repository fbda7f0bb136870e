/* SPDX-License-Identifier: GPL-2.0 */
/* The storage by itself: maps, writes and a swap that are late. */
active proctype Storage()
{
end:	do
	:: d_step { pg[0] != listed -> SAY("PG 0 gets the newest map\n"); pg[0] = listed }
	:: d_step { pg[1] != listed -> SAY("PG 1 gets the newest map\n"); pg[1] = listed }
	:: d_step { late.op -> late_swap() }
	:: d_step { LATE_WRITES ->
		SAY("a write of a node that is no member any more is applied\n");
		VIOLATED(I_LATE_WRITE) }
#if MUTANT == M_EXPIRY_1H
	:: d_step { listed -> SAY("the entries expire\n"); listed = 0 }
#endif
	/* Nothing more can happen. */
	:: timeout ->
		if
		:: GOOD_END -> reach_at_end(); break
		:: else -> SAY("nothing more can happen\n"); VIOLATED(I_LIVENESS)
		fi
	od
}
