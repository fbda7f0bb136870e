// SPDX-License-Identifier: GPL-2.0
/* What rbd.ko's gate asks us, and what we tell it. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "gatekeeper.h"

#include <linux/completion.h>
#include <linux/list.h>
#include <linux/spinlock.h>

#include "beat.h"
#include "cluster.h"
#include "gate.h"
#include "link.h"
#include "rbd_hb.h"

/* How long a mapping waits for the daemon. */
#define ADMIT_TIMEOUT (15 * HZ)

/* Set before the gate is registered, cleared after; const in between. */
static struct hb_cluster *guarded;
static u32 shown_state;
/*
 * Somebody was told to wait since the last look. The gate may have opened
 * again before anybody saw it closed, and then nobody would tell him.
 */
static bool somebody_waits;

/* A mapping that waits; on its stack. */
struct hb_admit {
	struct list_head node;
	struct completion done;
	u32 id;
	int result;
};

static DEFINE_SPINLOCK(admit_lock);
static LIST_HEAD(admits);	/* under admit_lock */
static u32 admit_last;		/* likewise */

/*
 * The lease is looked at where the I/O is, not by a thread: a machine that
 * was paused sends nothing before its clock was looked at.
 */
static bool lease_is_over(const struct hb_cluster *cluster)
{
	const struct hb_beat *beat = &cluster->beat;
	const struct rbd_hb_timing *t = &cluster->timing;
	u64 lease = READ_ONCE(beat->lease_ms);
	u64 heard = READ_ONCE(beat->heard_ms);
	u64 now, limit;

	/* The clock comes last: neither of them is ahead of it. */
	smp_rmb();
	now = hb_now_ms();
	limit = heard && now - heard < READ_ONCE(t->net_silent_ms) ?
		READ_ONCE(t->lease_heard_ms) : READ_ONCE(t->lease_alone_ms);
	return !lease || now - lease > limit;
}

u32 hb_gate_state(struct hb_cluster *cluster)
{
	if (READ_ONCE(cluster->beat.fenced))
		return RBD_HB_GATE_FENCED;
	if (READ_ONCE(cluster->beat.frozen))
		return RBD_HB_GATE_FROZEN;
	if (lease_is_over(cluster))
		return RBD_HB_GATE_LEASE;
	return RBD_HB_GATE_OPEN;
}

static enum rbd_gate_verdict hb_gate_check(u64 *incarnation)
{
	*incarnation = guarded->config.incarnation;
	switch (hb_gate_state(guarded)) {
	case RBD_HB_GATE_OPEN:
		return RBD_GATE_OPEN;
	case RBD_HB_GATE_FENCED:
		return guarded->config.hold_when_fenced ? RBD_GATE_HOLD :
							  RBD_GATE_FAIL;
	default:
		WRITE_ONCE(somebody_waits, true);
		return RBD_GATE_HOLD;
	}
}

static bool hb_gate_holds_fenced(void)
{
	return guarded->config.hold_when_fenced;
}

static int wait_for_answer(struct hb_admit *admit)
{
	long left;

	left = wait_for_completion_killable_timeout(&admit->done,
						    ADMIT_TIMEOUT);
	spin_lock(&admit_lock);
	list_del(&admit->node);
	spin_unlock(&admit_lock);
	if (left > 0)
		return admit->result;
	return left ? -ERESTARTSYS : -ETIMEDOUT;
}

static int hb_gate_admit(const char *address, const char *image)
{
	struct hb_admit admit = { .result = -EINVAL };
	int err;

	init_completion(&admit.done);
	spin_lock(&admit_lock);
	admit.id = ++admit_last;
	list_add_tail(&admit.node, &admits);
	spin_unlock(&admit_lock);

	err = hb_link_ask_admit(admit.id, address, image);
	if (err) {
		spin_lock(&admit_lock);
		list_del(&admit.node);
		spin_unlock(&admit_lock);
		return err;
	}
	return wait_for_answer(&admit);
}

int hb_gate_admit_answer(u32 id, u32 result)
{
	struct hb_admit *admit;
	int err = -ENOENT;

	spin_lock(&admit_lock);
	list_for_each_entry(admit, &admits, node) {
		if (admit->id != id)
			continue;
		admit->result = -(int)min_t(u32, result, MAX_ERRNO);
		complete(&admit->done);
		err = 0;
		break;
	}
	spin_unlock(&admit_lock);
	return err;
}

static void hb_gate_fenced(void)
{
	hb_beat_fenced(guarded);
	hb_gate_update(guarded);
}

static const struct rbd_gate_ops gate_ops = {
	.check = hb_gate_check,
	.holds_fenced = hb_gate_holds_fenced,
	.admit = hb_gate_admit,
	.retired = hb_link_retired,
	.fenced = hb_gate_fenced,
};

int hb_gate_start(struct hb_cluster *cluster)
{
	int err;

	guarded = cluster;
	shown_state = RBD_HB_GATE_LEASE;
	err = rbd_gate_register(&gate_ops);
	if (err)
		guarded = NULL;
	return err;
}

void hb_gate_stop(struct hb_cluster *cluster)
{
	rbd_gate_unregister(&gate_ops);
	guarded = NULL;
}

void hb_gate_update(struct hb_cluster *cluster)
{
	u32 state = hb_gate_state(cluster);
	u32 before = xchg(&shown_state, state);

	if (state == RBD_HB_GATE_OPEN && xchg(&somebody_waits, false))
		rbd_gate_changed();
	if (state == before)
		return;
	if (state == RBD_HB_GATE_OPEN)
		pr_info("%s: the gate is open\n", cluster->config.name);
	else
		pr_warn("%s: the gate is closed: %s\n", cluster->config.name,
			state == RBD_HB_GATE_LEASE ?
			"own heartbeats are too old" :
			state == RBD_HB_GATE_FROZEN ?
			"the daemon wants it" : "this node is fenced");
	rbd_gate_changed();
	hb_link_gate(cluster, state);
}
