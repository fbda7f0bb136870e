// SPDX-License-Identifier: GPL-2.0
/* Heartbeats. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "beat.h"

#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <uapi/linux/sched/types.h>

#include "cluster.h"
#include "gatekeeper.h"
#include "link.h"

/* Extra rounds are at least that far apart. */
#define KICK_SPACING_MS 50
#define MOST_OBJECTS (RBD_HB_OBJECTS / 2 + 1)

u64 hb_now_ms(void)
{
	return ktime_to_ms(ktime_get_boottime());
}

/* --- a round begins --- */

u16 hb_beat_flags(const struct hb_cluster *cluster)
{
	const struct hb_beat *beat = &cluster->beat;
	u16 flags = 0;

	lockdep_assert_held(&beat->lock);
	/* The clock is read behind the lock: it is not before daemon_ms. */
	if (hb_now_ms() - beat->daemon_ms > cluster->timing.daemon_stale_ms)
		flags |= RBD_HB_DAEMON_STALE;
	if (beat->frozen || beat->fenced)
		flags |= RBD_HB_FROZEN;
	return flags;
}

static u64 make_slot(struct hb_cluster *cluster, u8 *bytes)
{
	const struct hb_config *config = &cluster->config;
	struct hb_beat *beat = &cluster->beat;
	struct rbd_hb_slot *slot = &beat->scratch[0];

	memset(slot, 0, sizeof(*slot));
	slot->number = config->number;
	slot->incarnation = config->incarnation;
	memcpy(slot->boot_id, config->boot_id, sizeof(slot->boot_id));

	spin_lock(&beat->lock);
	slot->counter = ++beat->counter;
	slot->config_hash = config->config_hash;
	slot->flags = hb_beat_flags(cluster);
	slot->daemon_len = beat->daemon_len;
	memcpy(slot->daemon, beat->daemon, beat->daemon_len);
	slot->dead_after_ms = cluster->timing.dead_after_ms;
	slot->slow_after_ms = cluster->timing.slow_after_ms;
	spin_unlock(&beat->lock);

	rbd_hb_slot_encode(slot, bytes);
	return slot->counter;
}

/* An object that still has one in flight is left out. */
static void begin_round(struct hb_cluster *cluster)
{
	/* A node that is added while the round runs is read in the next one. */
	unsigned int nodes = READ_ONCE(cluster->config.nodes);
	struct hb_beat *beat = &cluster->beat;
	u8 bytes[RBD_HB_SLOT_BYTES];
	unsigned int i;
	u64 counter;

	WRITE_ONCE(beat->kicked, false);
	beat->round_ms = hb_now_ms();
	counter = make_slot(cluster, bytes);
	for (i = 0; i < RBD_HB_OBJECTS; i++)
		if (hb_object_idle(&beat->objects[i]))
			hb_object_start(&beat->objects[i],
					cluster->config.number, bytes, counter,
					nodes, i == counter % RBD_HB_OBJECTS);
}

/* --- a round ends --- */

/* Nothing is left to wait for: every object answered, or has not begun. */
static bool round_is_complete(const struct hb_beat *beat)
{
	unsigned int i;

	for (i = 0; i < RBD_HB_OBJECTS; i++)
		if (!hb_object_idle(&beat->objects[i]) &&
		    !hb_object_done(&beat->objects[i]))
			return false;
	return true;
}

/* Takes in what one node has in the objects that were just read. */
static void look_at(struct hb_cluster *cluster, u16 number,
		    unsigned int readable, bool good, bool restart)
{
	struct hb_beat *beat = &cluster->beat;
	struct hb_node *node = &beat->nodes[number];
	const u8 *from[RBD_HB_OBJECTS];
	unsigned int count = 0;
	unsigned int i;

	for (i = 0; i < RBD_HB_OBJECTS; i++) {
		from[count] = hb_object_slot(&beat->objects[i], number);
		if (readable & BIT(i) &&
		    !rbd_hb_slot_decode(&beat->scratch[count], from[count],
					number))
			count++;
	}
	spin_lock(&beat->lock);
	rbd_hb_observe(&node->peer, beat->scratch, count, good, restart);
	for (i = 0; i < count; i++) {
		if (beat->scratch[i].incarnation != node->peer.incarnation ||
		    beat->scratch[i].counter != node->peer.counter)
			continue;
		memcpy(node->bytes, from[i], RBD_HB_SLOT_BYTES);
		node->wrote = true;
	}
	spin_unlock(&beat->lock);
}

static u64 own_counter(struct hb_cluster *cluster, unsigned int readable)
{
	struct hb_beat *beat = &cluster->beat;
	struct rbd_hb_slot *slot = &beat->scratch[0];
	u16 number = cluster->config.number;
	u64 newest = 0;
	unsigned int i;

	for (i = 0; i < RBD_HB_OBJECTS; i++)
		if (readable & BIT(i) &&
		    !rbd_hb_slot_decode(slot,
					hb_object_slot(&beat->objects[i], number),
					number) &&
		    slot->incarnation == cluster->config.incarnation)
			newest = max(newest, slot->counter);
	return newest;
}

static bool is_foreign(struct hb_cluster *cluster, const u8 *bytes)
{
	const struct hb_config *config = &cluster->config;
	struct rbd_hb_slot *slot = &cluster->beat.scratch[0];

	return !rbd_hb_slot_decode(slot, bytes, config->number) &&
	       rbd_hb_slot_is_foreign(slot, config->incarnation,
				      config->boot_id);
}

/*
 * Results of the objects that answered. Only what carried the counter of
 * this round counts for it; an answer that is late is still looked at.
 */
static unsigned int reap(struct hb_cluster *cluster, struct rbd_hb_tick *tick,
			 bool *clash)
{
	struct hb_beat *beat = &cluster->beat;
	unsigned int readable = 0;
	const u8 *before;
	unsigned int i;
	int written;
	int err;

	for (i = 0; i < RBD_HB_OBJECTS; i++) {
		struct hb_object *obj = &beat->objects[i];

		if (!hb_object_done(obj))
			continue;
		err = hb_object_reap(obj, &written, &before);
		if (before && is_foreign(cluster, before))
			*clash = true;
		if (written == -ESHUTDOWN || err == -ESHUTDOWN)
			hb_beat_fenced(cluster);
		if (err >= 0)
			readable |= BIT(i);
		if (obj->counter != tick->own_counter)
			continue;
		tick->written += !written;
		tick->read += err >= 0;
	}
	return readable;
}

/* Behind a gap, or when ticks have got another length. */
static bool begins_anew(struct hb_cluster *cluster, u64 now, bool counts)
{
	struct hb_beat *beat = &cluster->beat;
	bool anew;

	spin_lock(&beat->lock);
	anew = beat->retimed ||
	       now - beat->good_ms > cluster->timing.gap_ms;
	if (counts)
		beat->retimed = false;
	spin_unlock(&beat->lock);
	return anew;
}

static void end_round(struct hb_cluster *cluster, bool is_tick)
{
	struct hb_beat *beat = &cluster->beat;
	struct rbd_hb_tick tick = { .own_counter = READ_ONCE(beat->counter) };
	bool good, restart, clash = false;
	unsigned int readable = reap(cluster, &tick, &clash);
	u16 nodes = READ_ONCE(cluster->config.nodes);
	u16 n;

	tick.now_ms = hb_now_ms();
	tick.own_counter_read = own_counter(cluster, readable);
	good = rbd_hb_tick_is_good(&tick);
	restart = begins_anew(cluster, tick.now_ms, good && is_tick);
	for (n = 0; n < nodes; n++)
		look_at(cluster, n, readable, good && is_tick, restart);

	spin_lock(&beat->lock);
	if (tick.written >= MOST_OBJECTS) {
		beat->lease_ms = beat->round_ms;
		beat->latency_us = (tick.now_ms - beat->round_ms) * 1000;
	}
	beat->clash = clash;
	if (is_tick)
		beat->good = good;
	spin_unlock(&beat->lock);
	if (good)
		beat->good_ms = tick.now_ms;
	hb_gate_update(cluster);
	if (!is_tick)
		hb_link_tick(cluster, RBD_HB_ROUND_EXTRA);
	else if (!good)
		hb_link_tick(cluster, RBD_HB_ROUND_BAD);
	else
		hb_link_tick(cluster, restart ? RBD_HB_ROUND_GAP :
						RBD_HB_ROUND_GOOD);
}

/* --- the thread --- */

static bool hb_beat_has_work(struct hb_beat *beat)
{
	return kthread_should_stop() || READ_ONCE(beat->kicked);
}

static void sleep_until(struct hb_beat *beat, u64 when)
{
	u64 now = hb_now_ms();

	if (when > now)
		wait_event_interruptible_timeout(beat->wait,
						 hb_beat_has_work(beat),
						 msecs_to_jiffies(when - now));
}

static void wait_for_round(struct hb_beat *beat, u64 end)
{
	u64 now = hb_now_ms();

	if (end > now)
		wait_event_interruptible_timeout(beat->wait,
						 kthread_should_stop() ||
						 round_is_complete(beat),
						 msecs_to_jiffies(end - now));
}

static int hb_beat_thread(void *arg)
{
	struct hb_cluster *cluster = arg;
	struct hb_beat *beat = &cluster->beat;
	bool is_tick;
	u32 period;

	/* Memory must not wait for writes to the images that we guard. */
	memalloc_noio_save();
	/* A busy machine must not look like a dead one. */
	sched_set_fifo_low(current);

	while (!kthread_should_stop()) {
		period = READ_ONCE(cluster->timing.tick_ms);
		is_tick = hb_now_ms() - beat->tick_ms >= period;
		if (is_tick)
			beat->tick_ms = hb_now_ms();
		begin_round(cluster);
		wait_for_round(beat, beat->round_ms + period);
		if (kthread_should_stop())
			break;
		end_round(cluster, is_tick);
		sleep_until(beat, beat->tick_ms + period);
		/* Whoever kicks all the time gets a round now and then. */
		while (!kthread_should_stop() && READ_ONCE(beat->kicked) &&
		       hb_now_ms() < beat->round_ms + KICK_SPACING_MS)
			schedule_timeout_interruptible(1);
	}
	return 0;
}

static void destroy(struct hb_beat *beat)
{
	unsigned int i;

	for (i = 0; i < RBD_HB_OBJECTS; i++)
		hb_object_destroy(&beat->objects[i]);
	kvfree(beat->nodes);
	beat->nodes = NULL;
}

void hb_beat_init(struct hb_cluster *cluster)
{
	spin_lock_init(&cluster->beat.lock);
	init_waitqueue_head(&cluster->beat.wait);
}

int hb_beat_start(struct hb_cluster *cluster)
{
	const struct hb_config *config = &cluster->config;
	struct hb_beat *beat = &cluster->beat;
	unsigned int i;
	int err = 0;

	beat->daemon_ms = hb_now_ms();
	/* For those, too, that are added while it is online. */
	beat->nodes = kvcalloc(RBD_HB_MAX_NODES, sizeof(*beat->nodes),
			       GFP_KERNEL);
	if (!beat->nodes)
		return -ENOMEM;
	for (i = 0; i < RBD_HB_OBJECTS && !err; i++)
		err = hb_object_init(&beat->objects[i], &cluster->session,
				     &beat->wait, config->name, i);
	if (err)
		goto out_destroy;
	beat->task = kthread_run(hb_beat_thread, cluster, "rbd_hb-%s",
				 config->name);
	if (!IS_ERR(beat->task))
		return 0;
	err = PTR_ERR(beat->task);
	beat->task = NULL;
out_destroy:
	destroy(beat);
	return err;
}

void hb_beat_stop(struct hb_cluster *cluster)
{
	kthread_stop(cluster->beat.task);
	destroy(&cluster->beat);
}

/* --- for others --- */

void hb_beat_daemon(struct hb_cluster *cluster, const void *data, u16 len,
		    bool heard)
{
	struct hb_beat *beat = &cluster->beat;
	u64 now = hb_now_ms();

	spin_lock(&beat->lock);
	beat->daemon_ms = now;
	if (heard)
		beat->heard_ms = now;
	if (data) {
		memcpy(beat->daemon, data, len);
		beat->daemon_len = len;
	}
	spin_unlock(&beat->lock);
}

void hb_beat_retime(struct hb_cluster *cluster,
		    const struct rbd_hb_timing *timing)
{
	struct hb_beat *beat = &cluster->beat;
	const u32 *from = (const u32 *)timing;
	u32 *to = (u32 *)&cluster->timing;
	unsigned int n;

	BUILD_BUG_ON(sizeof(*timing) % sizeof(*to));
	spin_lock(&beat->lock);
	beat->retimed |= cluster->timing.tick_ms != timing->tick_ms;
	for (n = 0; beat->retimed && n < cluster->config.nodes; n++)
		beat->nodes[n].peer.still_ticks = 0;
	/* The gate looks without the lock: each value is the old or the new. */
	for (n = 0; n < sizeof(*timing) / sizeof(*to); n++)
		WRITE_ONCE(to[n], from[n]);
	spin_unlock(&beat->lock);
	/* It sleeps until a tick of the old length is over. */
	hb_beat_kick(cluster);
}

void hb_beat_rehash(struct hb_cluster *cluster, u64 config_hash)
{
	spin_lock(&cluster->beat.lock);
	cluster->config.config_hash = config_hash;
	spin_unlock(&cluster->beat.lock);
}

void hb_beat_kick(struct hb_cluster *cluster)
{
	WRITE_ONCE(cluster->beat.kicked, true);
	wake_up(&cluster->beat.wait);
}

void hb_beat_freeze(struct hb_cluster *cluster, bool frozen)
{
	spin_lock(&cluster->beat.lock);
	cluster->beat.frozen = frozen;
	spin_unlock(&cluster->beat.lock);
	hb_gate_update(cluster);
}

void hb_beat_fenced(struct hb_cluster *cluster)
{
	struct hb_beat *beat = &cluster->beat;
	bool news;

	spin_lock(&beat->lock);
	news = !beat->fenced;
	beat->fenced = true;
	spin_unlock(&beat->lock);
	if (!news)
		return;
	pr_err("%s: the cluster refuses this node's clients: fenced\n",
	       cluster->config.name);
	hb_link_fenced(cluster);
}
