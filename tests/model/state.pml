/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What there is: the view and each node's copy of it, the nodes, the storage.
 *
 * Sets of nodes are bits by number, sets of clients of Ceph ("instances") are
 * bits by number and incarnation: one incarnation of a node has one client.
 *
 * Neither time nor the numbers of views are in the state. A node's copy of
 * the view is current or not, which is all that compare-and-swap looks at.
 */
#ifndef NODES
#define NODES 2
#endif
/* Lives of each node; the last one cannot come back once it is condemned. */
#ifndef LIVES
#define LIVES 2
#endif

/* How many faults of each kind there are. */
#ifndef PAUSES
#define PAUSES 1
#endif
#ifndef CRASHES
#define CRASHES 1
#endif
#ifndef CUTS
#define CUTS 0
#endif
#ifndef LEAVES
#define LEAVES 0
#endif
#ifndef DELAYS
#define DELAYS 1
#endif
#ifndef LOST_ADDS
#define LOST_ADDS 0
#endif
#ifndef RESTARTS
#define RESTARTS 0
#endif

#define me _pid
#define BIT(n) (1 << (n))
#define INST(n, life) (1 << ((n) * LIVES + (life) - 1))
#define OWNER_IS(n, set) ((set) & (((1 << LIVES) - 1) << ((n) * LIVES)))

#if NODES == 2
#define ALL(P) (P(0) && P(1))
#define ANY(P) (P(0) || P(1))
#define FIRST_LIVES (INST(0, 1) | INST(1, 1))
#else
#define ALL(P) (P(0) && P(1) && P(2))
#define ANY(P) (P(0) || P(1) || P(2))
#define FIRST_LIVES (INST(0, 1) | INST(1, 1) | INST(2, 1))
#endif

/* States of a member; accused ones remember what they were. */
#define NONE 0
#define JOINING 1
#define ACTIVE 2
#define ACCUSED_JOINING 3
#define ACCUSED 4
#define FENCING 5
#define FENCED 6
#define LEFT 7

#define IS_IN(st) ((st) >= JOINING && (st) <= ACCUSED)
#define IS_SUSPECT(st) ((st) == ACCUSED_JOINING || (st) == ACCUSED)
#define IS_CLEAR(st) ((st) == JOINING || (st) == ACTIVE)
#define WAS_ACTIVE(st) ((st) == ACTIVE || (st) == ACCUSED)

typedef View {
	byte st[NODES] = ACTIVE;
	byte life[NODES] = 1;
	byte condemned;		/* instances with a fence record */
	byte proved;		/* those of them that are recorded as FENCED */
	byte gen = 1;		/* last generation given away */
	byte mem = BIT(NODES) - 1; /* holders; 0: there is no lockspace */
	byte failed;
	byte left;
	bit settled = 1
}

/* The object, and behind it the copies: v[OBJECT], v[n]. */
#define OBJECT NODES
View v[NODES + 1];

#define STALE 0
#define CURRENT 1
/* A broken node believes in a view that is not there yet. */
#define AHEAD 2
/* Not even what was read before is known: the daemon is a new one. */
#define ANEW 3
byte fresh[NODES] = CURRENT;

/* One that is gone never comes back, be it broken or paused for ever. */
#define GONE 0
#define OFF 1
#define PAUSED 2
#define UP 3

/* Of its work on a generation, as its slot says it. */
#define TO_STOP 1
#define STOPPED 2
#define READY 3
#define STARTED 4

typedef Host {
	byte up = UP;
	byte life = 1;
	bit over;		/* this life is condemned or has left, and knows it */
	bit leaving;
	byte gen = 1;		/* that it works on */
	byte phase = STARTED;
	bit starting;		/* the kernel is about to start gen */
	byte runs = 1;		/* generation that the kernel runs, 0 for none */
	byte comm[NODES] = 1;	/* life that the connection is for, 0 for none; SOME */
	byte knew[NODES] = 1;	/* members, by life, of what the kernel last ran */
	byte will[NODES];	/* and of what it is about to start */
	byte will_fail;		/* who failed, in that */
	byte will_proof;	/* fences that it was prepared with */
	byte map;		/* instances that its data client's OSD map refuses */
	byte victim;		/* instance that it is cutting off, 0 for none */
	byte step;		/* of that */
	bit well		/* observer's: nothing has been wrong since it looked */
}
Host nd[NODES];

/* A new daemon does not know whose connection it has found. */
#define SOME 255

/* Steps of a fence. */
#define ASKED 1
#define ANSWERED 2
#define SWEPT 3

/* Monitors, and the newest map that each PG has; the view lies in PG 0. */
#define PGS 2
#define VIEW_PG 0
byte listed;
byte pg[PGS];
#define REFUSED (pg[0] & pg[1])

/* A swap whose reply is not known to anybody, and that may yet be done. */
typedef Late {
	byte op;
	byte by;
	byte life;
	byte about
}
Late late;

/* Of the swap that is being decided on; 0 between steps. */
byte op;
byte about;

/* Links of these nodes are broken. */
byte cut;

/*
 * What the observer knows. A life that has ever run the lockspace, and has
 * not ended it cleanly, may have a write under way to any PG for ever.
 */
byte dirty = FIRST_LIVES;
byte held_gen = 1;
byte held_by = FIRST_LIVES;

byte pauses = PAUSES;
byte crashes = CRASHES;
byte cuts = CUTS;
byte leaves = LEAVES;
byte delays = DELAYS;
byte lost_adds = LOST_ADDS;
byte restarts = RESTARTS;
