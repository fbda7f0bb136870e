/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A whole cluster in one process, on a clock of its own: N nodes that run the
 * real policy (kernel/logic/core*) and the real liveness (hb_liveness), on a
 * RADOS, a network and an fs/dlm that misbehave as told. Everything follows
 * from the seed.
 *
 * There is one world, "sim". Whatever happens is an event of its heap; one
 * event is one step.
 */
#ifndef SIM_H
#define SIM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core.h"
#include "view_fence.h"
#include "view_lockspace.h"
#include "view_codec.h"
#include "view_timing.h"

#define SIM_NODES 255
#define SIM_LS 3
/* Placement groups: the view's, those of the heartbeats, then data. */
#define PG_VIEW 0
#define PG_HB 1
#define PG_DATA 4
#define SIM_PGS 8
#define SIM_INSTANCES 20000
#define SIM_WRITES 4096
#define SIM_CASES 256
#define SIM_GENERATIONS 1024
#define SIM_TOGGLES 16
#define TEN_YEARS_MS 315360000000ull

enum event_kind {
	EV_TICK, /* heartbeat begins; node */
	EV_HB, /* heartbeat ends; node */
	EV_LOOK, /* extra heartbeat or look; node, a = write too */
	EV_VIEW, /* view arrives; node, a = its number */
	EV_CAS_APPLY, /* a = operation */
	EV_CAS_REPLY, /* a = operation, b = outcome */
	EV_COMMS, /* node */
	EV_LS, /* node, a = slot, b = what */
	EV_FENCE, /* node, a = stage */
	EV_WRITE, /* node begins a write */
	EV_APPLY, /* a = write reaches its PG */
	EV_KEEPALIVE, /* node sends to all */
	EV_MESSAGE, /* a message arrives; node, a = sender, b = its tag */
	EV_ADMIN, /* somebody looks after the node */
	EV_OSDMAP, /* a PG learns of newer maps; a = PG */
	EV_FAULT, /* something goes wrong */
	EV_HEAL, /* a = fault */
	EV_BOOT, /* node */
};

struct event {
	uint64_t at_ms;
	uint64_t order;
	uint16_t kind;
	uint16_t node;
	uint32_t life;
	uint32_t a;
	uint32_t b;
};

/* A client of Ceph. Odd number of toggles in a PG's map: it is listed there. */
struct instance {
	uint16_t node;
	bool exists;
	uint8_t n_toggles;
	uint32_t toggles[SIM_TOGGLES];
	uint64_t incarnation;
	uint64_t expires_ms;
	uint64_t removed_ms; /* its entry was last taken away by hand */
	uint64_t missed_ms; /* somebody looked for it after that; 0: not yet */
};

struct write {
	bool used;
	bool in_client;
	uint8_t ls;
	uint8_t pg;
	uint16_t node;
	uint32_t boot;
	uint32_t instance;
	uint64_t incarnation;
};

struct cas_op {
	bool used;
	bool replied;
	uint16_t node;
	uint32_t life;
	uint32_t instance;
	uint64_t expected;
	uint64_t sent_ms;
	uint32_t len;
	uint8_t buf[RBD_VIEW_MAX_BYTES];
};

/* A lockspace in a node's kernel. */
struct kernel_ls {
	bool present; /* mount was called */
	bool served; /* and has succeeded */
	bool leaving; /* umount waits */
	bool running;
	bool told; /* the uevent was not lost */
	uint32_t generation;
	uint32_t writes; /* not over */
	uint32_t prepared;
	uint64_t want[SIM_NODES]; /* members written to configfs */
	uint64_t have[SIM_NODES]; /* members that it runs with */
	uint32_t have_seq[SIM_NODES];
};

/*
 * One more image that a node maps and unmaps: asked for, admitted, shown to
 * those who look for devices, in use, gone.
 */
struct extra {
	uint32_t instance;
	bool mapping; /* the client exists, nobody can use it yet */
	bool admitted;
	bool shown;
	uint64_t since_ms;
};

struct node {
	uint16_t n;
	bool up;
	bool paused;
	bool daemon;
	bool hung; /* daemon stopped by a signal */
	bool in_cluster; /* heartbeats are written */
	bool frozen;
	bool data_ok;
	bool hb_busy;
	bool look_due;
	bool storage_down;
	bool dlm_blocked;
	bool found; /* a new daemon has looked around */
	uint32_t slow_ms;
	uint32_t troubles; /* faults that hit it now */
	uint32_t hardships; /* those that are not about its daemon alone */
	uint32_t life; /* of the daemon */
	uint32_t boot;
	uint64_t accused_ms; /* last accusation was written */
	uint64_t healthy_ms; /* since when no fault hit it */
	uint64_t able_ms; /* since when none did but about its daemon */
	uint64_t resume_ms;
	uint64_t storage_ms; /* when it comes back */
	uint64_t incarnation;
	uint64_t counter;
	uint64_t hb_done_ms;
	uint64_t commit_ms;
	uint64_t over_ms; /* its lease had run out when it was renewed */
	uint64_t heard_ms; /* its daemon last told the kernel that it hears */
	struct rbd_hb_timing pace; /* of the kernel: ticks and lease */
	bool retimed; /* counting is to begin anew */
	uint64_t ping_ms;
	uint64_t act_ms; /* when somebody acts upon a fence */
	uint32_t client_epoch;
	uint64_t proved; /* incarnation that was fenced last */
	uint32_t proof; /* with that map */
	uint32_t daemon_instance;
	uint32_t data_instance;
	struct extra extra;
	uint32_t held; /* writes that wait behind the gate */
	uint64_t held_incarnation;
	uint32_t cas; /* operation under way */
	bool want_in;
	uint8_t want_ls;
	uint8_t boot_id[16];
	uint8_t part_len;
	uint8_t part[RBD_DAEMON_PART_MAX];
	struct rbd_core_victim batch[RBD_CORE_FENCE_BATCH];
	uint8_t n_batch;
	uint32_t fence_epoch;
	uint64_t comm[SIM_NODES];
	uint32_t comm_seq[SIM_NODES];
	struct kernel_ls ls[SIM_LS];
	struct rbd_hb_peer peers[SIM_NODES];
	struct rbd_core *core;
};

/* What a generation of a lockspace was when it was made. */
struct generation {
	uint32_t generation;
	uint8_t ls;
	uint64_t members[SIM_NODES];
	struct rbd_nodeset failed;
	struct rbd_nodeset left;
};

/* Who may write to a lockspace since its newest generation was started. */
struct holders {
	uint32_t generation;
	uint64_t members[SIM_NODES];
};

struct sim_stats {
	uint64_t steps;
	uint64_t virtual_ms;
	uint64_t views;
	uint64_t fences;
	uint64_t starts;
	uint64_t writes;
	uint64_t refused;
	uint64_t faults;
	uint64_t ambiguous;
	uint64_t ticks;
	double core_s; /* spent in them, if measured */
	double worst_s;
};

struct sim {
	uint64_t seed;
	uint64_t rng;
	uint64_t now_ms;
	uint64_t order;
	bool trace;
	bool measure;
	bool storm; /* faults may begin */
	unsigned int nodes;
	unsigned int lockspaces;
	unsigned int heap_len;
	const char *broken; /* invariant, NULL */
	char detail[256];
	uint32_t mon_epoch;
	uint64_t mon_skew_ms; /* the leader's clock is ahead */
	uint64_t view_bad_ms; /* nobody reaches the view since */
	uint64_t view_ok_ms; /* everybody does again since */
	bool view_bad;
	uint64_t calm_ms; /* when the last fault is over */
	uint32_t pg_epoch[SIM_PGS];
	bool pg_stalled[SIM_PGS];
	bool mon_down;
	bool all_stalled;
	bool ambiguous; /* replies get lost just now */
	bool lagging; /* PGs learn of maps late */
	bool late_writes; /* the network keeps writes */
	bool cut[SIM_NODES][SIM_NODES]; /* from, to */
	/* Since when a TCP port does not answer; 0: it does. */
	uint64_t barred_ms[SIM_NODES][SIM_NODES];
	uint32_t delay_ms[SIM_NODES]; /* of a node's messages */
	unsigned int n_instances;
	struct instance instances[SIM_INSTANCES];
	unsigned int next_write;
	struct write writes[SIM_WRITES];
	unsigned int next_cas;
	struct cas_op cases[SIM_CASES];
	struct rbd_hb_slot slots[RBD_HB_OBJECTS][SIM_NODES];
	struct rbd_view view;
	struct rbd_view old_view;
	struct generation generations[SIM_GENERATIONS];
	struct holders holders[SIM_LS];
	struct node node[SIM_NODES];
	struct sim_stats stats;
};

extern struct sim sim;

/* main.c */
void sim_begin(uint64_t seed, unsigned int nodes);
bool sim_step(void);
double seconds(void);

/* scale.c */
int scale(unsigned int nodes);

/* clock.c */
uint32_t rnd(uint32_t below);
bool chance(uint32_t percent);
void push(uint64_t in_ms, enum event_kind kind, unsigned int node, uint32_t a,
	  uint32_t b);
bool pop(struct event *e);
void trace(const char *format, ...) __attribute__((format(printf, 1, 2)));
void violated(const char *invariant, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* rados.c */
uint32_t instance_new(const struct node *nd);
struct rbd_instance instance_id(uint32_t instance);
bool listed(uint32_t instance, unsigned int pg);
bool listed_everywhere(uint32_t instance);
void mon_list(uint32_t instance, uint64_t expire_ms);
void mon_unlist(uint32_t instance);
void mon_expire(void);
void on_osdmap(uint32_t pg);
void cas_send(struct node *nd);
void on_cas_apply(uint32_t op);
void on_cas_reply(const struct event *e);
void view_read(struct node *nd);
void on_view(struct node *nd, uint32_t seq);
void rados_init(void);

/* host.c */
void host_boot(struct node *nd);
void host_down(struct node *nd);
void cluster_start(struct node *nd);
void cluster_stop(struct node *nd);
void on_tick(struct node *nd);
void on_hb(struct node *nd);
void on_look(struct node *nd, bool write);
void on_keepalive(struct node *nd);
void on_message(struct node *nd, uint32_t from, uint32_t tag);
void on_admin(struct node *nd);
bool reaches(unsigned int from, unsigned int to);
void pace(struct node *nd, const struct rbd_view *v);

/* daemon.c */
void daemon_start(struct node *nd);
void daemon_stop(struct node *nd);
bool daemon_runs(const struct node *nd);
void drain(struct node *nd);
void on_comms(struct node *nd);
void on_fence(struct node *nd, uint32_t stage);
void look_soon(struct node *nd, bool write, uint32_t in_ms);

/* dlm.c */
int ls_index(const char *name);
const char *ls_name(unsigned int ls);
void on_ls(struct node *nd, uint32_t slot, uint32_t what);
void ls_mount(struct node *nd, unsigned int ls);
void ls_umount(struct node *nd, unsigned int ls);
void ls_rescan(struct node *nd);
void ls_gone(struct node *nd);

/* io.c */
void on_write(struct node *nd);
void on_apply(uint32_t w);
bool lease_is_over(const struct node *nd);
void io_gone(struct node *nd);

/* extra.c */
void extra_use(struct node *nd);
void extra_admitted(struct node *nd, uint32_t instance);
void extra_look(struct node *nd);
void extra_gone(struct node *nd);

/* fault.c */
void on_fault(void);
void on_heal(uint32_t fault);
void heal_all(void);

/* check.c */
void check_view(uint64_t sent_ms);
void check_start(struct node *nd, unsigned int ls, uint32_t generation);
void check_apply(const struct write *w);
void check_issue(const struct node *nd, uint32_t instance);
bool check_converged(bool say);

/* mutant.c */
enum mutant {
	MUTANT_NONE,
	MUTANT_NO_SWEEP,
	MUTANT_EXPIRY_1H,
	MUTANT_SINGLE_PHASE,
	MUTANT_LATE_COMMS,
	MUTANT_START_NOT_READY,
	MUTANT_NO_VERIFY,
	MUTANT_LOCAL_CLASSIFICATION,
	MUTANT_RESEND_HELD,
	MUTANT_UNREGISTERED,
	MUTANT_NO_FENCE_WAIT,
	MUTANT_EARLY_ACK,
	MUTANT_COUNT_BAD_TICKS,
	MUTANT_NO_REFUTE,
	MUTANT_AMBIGUOUS_WON,
	MUTANT_NO_CONFIRM,
	MUTANT_RETIRE_UNSEEN,
	MUTANT_NEVER_LOOK,
	MUTANT_LEASE_NOT_SHORT,
	MUTANT_IGNORE_BARS,
	MUTANT_STALE_LATE,
	MUTANTS
};

extern enum mutant mutant;
extern const char *const mutant_names[MUTANTS];

#endif
