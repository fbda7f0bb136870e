// SPDX-License-Identifier: GPL-2.0
/* Generic netlink: state for whoever asks, events for whoever listens. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "link.h"

#include <net/genetlink.h>

#include "cluster.h"
#include "gatekeeper.h"
#include "rbd_hb.h"

static struct genl_family family;

enum hb_group {
	HB_GROUP_EVENTS,
};

static const struct genl_multicast_group groups[] = {
	[HB_GROUP_EVENTS] = { .name = RBD_HB_GENL_EVENTS },
};

/* --- what is told --- */

static int put_state(struct sk_buff *skb, struct hb_cluster *cluster)
{
	struct hb_beat *beat = &cluster->beat;
	char address[RBD_SESSION_ADDRESS_MAX];
	u32 latency, dead_after, slow_after;
	u64 now, counter, lease;
	u16 flags;
	bool good, clash;

	spin_lock(&beat->lock);
	/* Behind the lock: not before lease_ms. */
	now = hb_now_ms();
	counter = beat->counter;
	lease = beat->lease_ms;
	latency = beat->latency_us;
	good = beat->good;
	clash = beat->clash;
	dead_after = cluster->timing.dead_after_ms;
	slow_after = cluster->timing.slow_after_ms;
	flags = hb_beat_flags(cluster);
	spin_unlock(&beat->lock);

	rbd_session_address(&cluster->session, address);
	if (nla_put_string(skb, RBD_HB_ATTR_ADDRESS, address) ||
	    nla_put_string(skb, RBD_HB_ATTR_CLUSTER, cluster->config.name) ||
	    nla_put_u16(skb, RBD_HB_ATTR_NUMBER, cluster->config.number) ||
	    nla_put_u64_64bit(skb, RBD_HB_ATTR_INCARNATION,
			      cluster->config.incarnation, RBD_HB_ATTR_PAD) ||
	    nla_put_u64_64bit(skb, RBD_HB_ATTR_COUNTER, counter,
			      RBD_HB_ATTR_PAD) ||
	    nla_put_u64_64bit(skb, RBD_HB_ATTR_NOW, now, RBD_HB_ATTR_PAD) ||
	    nla_put_u8(skb, RBD_HB_ATTR_GOOD, good) ||
	    nla_put_u8(skb, RBD_HB_ATTR_CLASH, clash) ||
	    nla_put_u32(skb, RBD_HB_ATTR_AGE,
			lease ? min_t(u64, now - lease, U32_MAX) : U32_MAX) ||
	    nla_put_u32(skb, RBD_HB_ATTR_LATENCY, latency) ||
	    nla_put_u32(skb, RBD_HB_ATTR_DEAD_AFTER, dead_after) ||
	    nla_put_u32(skb, RBD_HB_ATTR_SLOW_AFTER, slow_after) ||
	    nla_put_u32(skb, RBD_HB_ATTR_GATE, hb_gate_state(cluster)) ||
	    nla_put_u16(skb, RBD_HB_ATTR_FLAGS, flags))
		return -EMSGSIZE;
	return 0;
}

static int put_peer(struct sk_buff *skb, struct hb_cluster *cluster, u16 n)
{
	struct hb_beat *beat = &cluster->beat;
	struct hb_node *node = &beat->nodes[n];
	struct rbd_hb_peer peer;
	struct nlattr *slot;

	if (nla_put_u16(skb, RBD_HB_ATTR_NUMBER, n))
		return -EMSGSIZE;
	slot = nla_reserve(skb, RBD_HB_ATTR_SLOT, RBD_HB_SLOT_BYTES);
	if (!slot)
		return -EMSGSIZE;
	spin_lock(&beat->lock);
	peer = node->peer;
	/* All zero, as long as it has not written. */
	memcpy(nla_data(slot), node->bytes, RBD_HB_SLOT_BYTES);
	spin_unlock(&beat->lock);
	if (nla_put_u64_64bit(skb, RBD_HB_ATTR_INCARNATION, peer.incarnation,
			      RBD_HB_ATTR_PAD) ||
	    nla_put_u32(skb, RBD_HB_ATTR_STILL, peer.still_ticks) ||
	    nla_put_u8(skb, RBD_HB_ATTR_MOVES, peer.moves))
		return -EMSGSIZE;
	return 0;
}

/* --- commands --- */

static int hb_link_state(struct sk_buff *skb, struct genl_info *info)
{
	struct hb_cluster *cluster;
	struct sk_buff *reply;
	int err = -ENOTCONN;
	void *head;

	reply = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!reply)
		return -ENOMEM;
	head = genlmsg_put_reply(reply, info, &family, 0, RBD_HB_CMD_STATE);
	mutex_lock(&hb_cluster_lock);
	cluster = hb_cluster_active();
	if (cluster)
		err = head ? put_state(reply, cluster) : -EMSGSIZE;
	mutex_unlock(&hb_cluster_lock);
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	genlmsg_end(reply, head);
	return genlmsg_reply(reply, info);
}

static int hb_link_peers(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct hb_cluster *cluster;
	unsigned int n = cb->args[0];
	void *head;
	int err = 0;

	mutex_lock(&hb_cluster_lock);
	cluster = hb_cluster_active();
	for (; cluster && n < cluster->config.nodes; n++) {
		head = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				   cb->nlh->nlmsg_seq, &family, NLM_F_MULTI,
				   RBD_HB_CMD_PEERS);
		err = head ? put_peer(skb, cluster, n) : -EMSGSIZE;
		if (err) {
			if (head)
				genlmsg_cancel(skb, head);
			break;
		}
		genlmsg_end(skb, head);
	}
	mutex_unlock(&hb_cluster_lock);
	if (!cluster)
		return -ENOTCONN;
	cb->args[0] = n;
	return skb->len;
}

/* Runs @what on the cluster that is online. */
static int with_active(struct genl_info *info,
		       int (*what)(struct hb_cluster *, struct genl_info *))
{
	struct hb_cluster *cluster;
	int err = -ENOTCONN;

	mutex_lock(&hb_cluster_lock);
	cluster = hb_cluster_active();
	if (cluster)
		err = what(cluster, info);
	mutex_unlock(&hb_cluster_lock);
	return err;
}

static int take_daemon(struct hb_cluster *cluster, struct genl_info *info)
{
	struct nlattr *data = info->attrs[RBD_HB_ATTR_DAEMON];
	struct nlattr *heard = info->attrs[RBD_HB_ATTR_HEARD];

	hb_beat_daemon(cluster, data ? nla_data(data) : NULL,
		       data ? nla_len(data) : 0, heard && nla_get_u8(heard));
	return 0;
}

static int hb_link_daemon(struct sk_buff *skb, struct genl_info *info)
{
	return with_active(info, take_daemon);
}

static int take_kick(struct hb_cluster *cluster, struct genl_info *info)
{
	hb_beat_kick(cluster);
	return 0;
}

static int hb_link_kick(struct sk_buff *skb, struct genl_info *info)
{
	return with_active(info, take_kick);
}

static int take_freeze(struct hb_cluster *cluster, struct genl_info *info)
{
	hb_beat_freeze(cluster, info->genlhdr->cmd == RBD_HB_CMD_FREEZE);
	return 0;
}

static int hb_link_freeze(struct sk_buff *skb, struct genl_info *info)
{
	return with_active(info, take_freeze);
}

static int take_retime(struct hb_cluster *cluster, struct genl_info *info)
{
	if (!info->attrs[RBD_HB_ATTR_DEAD_AFTER] ||
	    !info->attrs[RBD_HB_ATTR_SLOW_AFTER])
		return -EINVAL;
	return hb_cluster_retime(cluster,
				 nla_get_u32(info->attrs[RBD_HB_ATTR_DEAD_AFTER]),
				 nla_get_u32(info->attrs[RBD_HB_ATTR_SLOW_AFTER]));
}

static int hb_link_retime(struct sk_buff *skb, struct genl_info *info)
{
	return with_active(info, take_retime);
}

static int hb_link_barrier(struct sk_buff *skb, struct genl_info *info)
{
	if (!info->attrs[RBD_HB_ATTR_EPOCH])
		return -EINVAL;
	rbd_session_barrier(nla_get_u32(info->attrs[RBD_HB_ATTR_EPOCH]));
	return 0;
}

/* No lock: it is about the clients of rbd.ko, online or not. */
static int hb_link_client(struct sk_buff *skb, struct genl_info *info)
{
	if (!info->attrs[RBD_HB_ATTR_NONCE])
		return -EINVAL;
	if (rbd_session_may_write(nla_get_u32(info->attrs[RBD_HB_ATTR_NONCE])))
		return 0;
	/* Not ENOENT, which is what netlink says when this module is gone. */
	return -ESTALE;
}

/* No lock: the mapping that waits for this may hold up an unmap. */
static int hb_link_admit(struct sk_buff *skb, struct genl_info *info)
{
	if (!info->attrs[RBD_HB_ATTR_ADMIT_ID] ||
	    !info->attrs[RBD_HB_ATTR_RESULT])
		return -EINVAL;
	return hb_gate_admit_answer(nla_get_u32(info->attrs[RBD_HB_ATTR_ADMIT_ID]),
				    nla_get_u32(info->attrs[RBD_HB_ATTR_RESULT]));
}

static const struct nla_policy policy[RBD_HB_ATTR_MAX + 1] = {
	[RBD_HB_ATTR_DAEMON] = { .type = NLA_BINARY,
				 .len = RBD_HB_DAEMON_BYTES },
	[RBD_HB_ATTR_HEARD] = { .type = NLA_U8 },
	[RBD_HB_ATTR_ADMIT_ID] = { .type = NLA_U32 },
	[RBD_HB_ATTR_RESULT] = { .type = NLA_U32 },
	[RBD_HB_ATTR_EPOCH] = { .type = NLA_U32 },
	[RBD_HB_ATTR_NONCE] = { .type = NLA_U32 },
	[RBD_HB_ATTR_DEAD_AFTER] = { .type = NLA_U32 },
	[RBD_HB_ATTR_SLOW_AFTER] = { .type = NLA_U32 },
};

static const struct genl_ops ops[] = {
	{ .cmd = RBD_HB_CMD_STATE, .flags = GENL_ADMIN_PERM,
	  .doit = hb_link_state },
	{ .cmd = RBD_HB_CMD_PEERS, .flags = GENL_ADMIN_PERM,
	  .dumpit = hb_link_peers },
	{ .cmd = RBD_HB_CMD_DAEMON, .flags = GENL_ADMIN_PERM,
	  .doit = hb_link_daemon },
	{ .cmd = RBD_HB_CMD_KICK, .flags = GENL_ADMIN_PERM,
	  .doit = hb_link_kick },
	{ .cmd = RBD_HB_CMD_FREEZE, .flags = GENL_ADMIN_PERM,
	  .doit = hb_link_freeze },
	{ .cmd = RBD_HB_CMD_THAW, .flags = GENL_ADMIN_PERM,
	  .doit = hb_link_freeze },
	{ .cmd = RBD_HB_CMD_ADMIT, .flags = GENL_ADMIN_PERM,
	  .doit = hb_link_admit },
	{ .cmd = RBD_HB_CMD_BARRIER, .flags = GENL_ADMIN_PERM,
	  .doit = hb_link_barrier },
	{ .cmd = RBD_HB_CMD_CLIENT, .flags = GENL_ADMIN_PERM,
	  .doit = hb_link_client },
	{ .cmd = RBD_HB_CMD_RETIME, .flags = GENL_ADMIN_PERM,
	  .doit = hb_link_retime },
};

static struct genl_family family = {
	.name = RBD_HB_GENL_NAME,
	.version = RBD_HB_GENL_VERSION,
	.maxattr = RBD_HB_ATTR_MAX,
	.policy = policy,
	.module = THIS_MODULE,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.resv_start_op = RBD_HB_CMD_BARRIER + 1,
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

int hb_link_register(void)
{
	return genl_register_family(&family);
}

void hb_link_unregister(void)
{
	genl_unregister_family(&family);
}

/* --- events --- */

static struct sk_buff *new_event(u8 cmd, void **head)
{
	struct sk_buff *skb;

	if (!genl_has_listeners(&family, &init_net, HB_GROUP_EVENTS))
		return NULL;
	skb = genlmsg_new(NLMSG_GOODSIZE, GFP_NOIO);
	if (!skb)
		return NULL;
	*head = genlmsg_put(skb, 0, 0, &family, 0, cmd);
	if (*head)
		return skb;
	nlmsg_free(skb);
	return NULL;
}

static int send_event(struct sk_buff *skb, void *head, int err)
{
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, head);
	return genlmsg_multicast(&family, skb, 0, HB_GROUP_EVENTS, GFP_NOIO);
}

void hb_link_tick(struct hb_cluster *cluster, enum rbd_hb_round round)
{
	void *head;
	struct sk_buff *skb = new_event(RBD_HB_CMD_TICK, &head);

	if (skb)
		send_event(skb, head,
			   put_state(skb, cluster) ?:
			   nla_put_u8(skb, RBD_HB_ATTR_ROUND, round));
}

void hb_link_gate(struct hb_cluster *cluster, u32 state)
{
	void *head;
	struct sk_buff *skb = new_event(RBD_HB_CMD_GATE, &head);

	if (skb)
		send_event(skb, head,
			   nla_put_u32(skb, RBD_HB_ATTR_GATE, state));
}

void hb_link_fenced(struct hb_cluster *cluster)
{
	void *head;
	struct sk_buff *skb = new_event(RBD_HB_CMD_FENCED, &head);

	if (skb)
		send_event(skb, head,
			   nla_put_string(skb, RBD_HB_ATTR_CLUSTER,
					  cluster->config.name));
}

void hb_link_retired(const char *address)
{
	void *head;
	struct sk_buff *skb = new_event(RBD_HB_CMD_RETIRED, &head);

	if (skb)
		send_event(skb, head,
			   nla_put_string(skb, RBD_HB_ATTR_ADDRESS, address));
}

int hb_link_ask_admit(u32 id, const char *address, const char *image)
{
	void *head;
	struct sk_buff *skb = new_event(RBD_HB_CMD_ADMIT_ASKED, &head);
	int err;

	if (!skb)
		return -ESRCH;
	err = nla_put_u32(skb, RBD_HB_ATTR_ADMIT_ID, id) ?:
	      nla_put_string(skb, RBD_HB_ATTR_ADDRESS, address) ?:
	      nla_put_string(skb, RBD_HB_ATTR_IMAGE, image);
	return send_event(skb, head, err);
}
