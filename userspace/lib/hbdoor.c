// SPDX-License-Identifier: GPL-2.0
#include "lib/hbdoor.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <stdlib.h>
#include <string.h>

#include "rbd_hb.h"

/* Events may come in bursts while the daemon is paused. */
#define EVENT_BUFFER (1 << 20)
#define BUFFER_BYTES 16384

/*
 * Commands and events have a socket each, so that an answer is never looked
 * for among events.
 */
struct hbdoor {
	struct mnl_socket *ask;
	struct mnl_socket *listen;
	uint16_t family;
	uint32_t group;
	unsigned int seq;
	char buf[BUFFER_BYTES];
};

struct attrs {
	const struct nlattr *v[RBD_HB_ATTR_MAX + 1];
};

/* --- reading --- */

static int keep_attr(const struct nlattr *attr, void *arg)
{
	struct attrs *a = arg;
	unsigned int type = mnl_attr_get_type(attr);

	if (type <= RBD_HB_ATTR_MAX)
		a->v[type] = attr;
	return MNL_CB_OK;
}

static void read_attrs(const struct nlmsghdr *nlh, struct attrs *a)
{
	memset(a, 0, sizeof(*a));
	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), keep_attr, a);
}

static uint64_t number(const struct attrs *a, unsigned int type)
{
	const struct nlattr *attr = a->v[type];
	uint64_t v = 0;
	uint16_t v16;
	uint32_t v32;

	if (!attr)
		return 0;
	switch (mnl_attr_get_payload_len(attr)) {
	case 1:
		return mnl_attr_get_u8(attr);
	case 2:
		memcpy(&v16, mnl_attr_get_payload(attr), sizeof(v16));
		return v16;
	case 4:
		memcpy(&v32, mnl_attr_get_payload(attr), sizeof(v32));
		return v32;
	case 8:
		memcpy(&v, mnl_attr_get_payload(attr), sizeof(v));
		return v;
	default:
		return 0;
	}
}

static void text(const struct attrs *a, unsigned int type, char *buf,
		 size_t size)
{
	size_t len = 0;

	if (a->v[type]) {
		len = strnlen(mnl_attr_get_payload(a->v[type]),
			      mnl_attr_get_payload_len(a->v[type]));
		if (len >= size)
			len = size - 1;
		memcpy(buf, mnl_attr_get_payload(a->v[type]), len);
	}
	buf[len] = '\0';
}

static void read_state(const struct attrs *a, struct hbdoor_state *s)
{
	text(a, RBD_HB_ATTR_CLUSTER, s->cluster, sizeof(s->cluster));
	s->number = number(a, RBD_HB_ATTR_NUMBER);
	s->incarnation = number(a, RBD_HB_ATTR_INCARNATION);
	s->counter = number(a, RBD_HB_ATTR_COUNTER);
	s->now_ms = number(a, RBD_HB_ATTR_NOW);
	s->age_ms = number(a, RBD_HB_ATTR_AGE);
	s->latency_us = number(a, RBD_HB_ATTR_LATENCY);
	s->gate = number(a, RBD_HB_ATTR_GATE);
	s->flags = number(a, RBD_HB_ATTR_FLAGS);
	s->good = number(a, RBD_HB_ATTR_GOOD);
	s->clash = number(a, RBD_HB_ATTR_CLASH);
	s->dead_after_ms = number(a, RBD_HB_ATTR_DEAD_AFTER);
	s->slow_after_ms = number(a, RBD_HB_ATTR_SLOW_AFTER);
	text(a, RBD_HB_ATTR_ADDRESS, s->address, sizeof(s->address));
}

/* --- asking --- */

static struct nlmsghdr *begin(struct hbdoor *d, uint16_t family, uint8_t cmd,
			      uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(d->buf);
	struct genlmsghdr *head;

	nlh->nlmsg_type = family;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	nlh->nlmsg_seq = ++d->seq;
	head = mnl_nlmsg_put_extra_header(nlh, sizeof(*head));
	head->cmd = cmd;
	head->version = RBD_HB_GENL_VERSION;
	return nlh;
}

static int on_error(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(nlh);

	(void)arg;
	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*e))
		return MNL_CB_ERROR;
	errno = -e->error;
	return e->error ? MNL_CB_ERROR : MNL_CB_STOP;
}

/* A dump that fails says so at its end, which libmnl does not look at. */
static int on_done(const struct nlmsghdr *nlh, void *arg)
{
	int err = 0;

	(void)arg;
	if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(err))
		memcpy(&err, mnl_nlmsg_get_payload(nlh), sizeof(err));
	errno = -err;
	return err < 0 ? MNL_CB_ERROR : MNL_CB_STOP;
}

static mnl_cb_t controls[] = {
	[NLMSG_ERROR] = on_error,
	[NLMSG_DONE] = on_done,
};

/* Sends what stands in the buffer; @take sees each message of the answer. */
static int talk(struct hbdoor *d, const struct nlmsghdr *nlh, mnl_cb_t take,
		void *arg)
{
	unsigned int port = mnl_socket_get_portid(d->ask);
	unsigned int seq = nlh->nlmsg_seq;
	ssize_t n;
	int ret;

	if (mnl_socket_sendto(d->ask, nlh, nlh->nlmsg_len) < 0)
		return -errno;
	do {
		n = mnl_socket_recvfrom(d->ask, d->buf, sizeof(d->buf));
		if (n < 0)
			return -errno;
		ret = mnl_cb_run2(d->buf, n, seq, port, take, arg, controls,
				  MNL_ARRAY_SIZE(controls));
	} while (ret > MNL_CB_STOP);
	return ret < 0 ? -errno : 0;
}

static int order(struct hbdoor *d, uint8_t cmd)
{
	return talk(d, begin(d, d->family, cmd, 0), NULL, NULL);
}

/* --- finding the family --- */

static int find_group(const struct nlattr *list, struct hbdoor *d)
{
	const struct nlattr *entry, *attr;
	const char *name;
	uint32_t id;

	mnl_attr_for_each_nested(entry, list) {
		name = NULL;
		id = 0;
		mnl_attr_for_each_nested(attr, entry) {
			if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_NAME)
				name = mnl_attr_get_str(attr);
			if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID)
				id = mnl_attr_get_u32(attr);
		}
		if (name && !strcmp(name, RBD_HB_GENL_EVENTS))
			d->group = id;
	}
	return MNL_CB_OK;
}

static int take_family(const struct nlmsghdr *nlh, void *arg)
{
	struct hbdoor *d = arg;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			d->family = mnl_attr_get_u16(attr);
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GROUPS)
			find_group(attr, d);
	}
	return MNL_CB_OK;
}

static int find_family(struct hbdoor *d)
{
	struct nlmsghdr *nlh = begin(d, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);

	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, RBD_HB_GENL_NAME);
	return talk(d, nlh, take_family, d);
}

static int listen_to_events(struct hbdoor *d)
{
	int size = EVENT_BUFFER;

	setsockopt(mnl_socket_get_fd(d->listen), SOL_SOCKET, SO_RCVBUFFORCE,
		   &size, sizeof(size));
	if (mnl_socket_bind(d->listen, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    mnl_socket_setsockopt(d->listen, NETLINK_ADD_MEMBERSHIP, &d->group,
				  sizeof(d->group)) < 0)
		return -errno;
	return 0;
}

int hbdoor_open(struct hbdoor **door, struct fault *f)
{
	struct hbdoor *d = calloc(1, sizeof(*d));
	int ret = 0;

	if (!d)
		return fault_set(f, -ENOMEM, "out of memory");
	d->ask = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	d->listen = mnl_socket_open2(NETLINK_GENERIC,
				     SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (!d->ask || !d->listen ||
	    mnl_socket_bind(d->ask, 0, MNL_SOCKET_AUTOPID) < 0)
		ret = -errno;
	if (!ret)
		ret = find_family(d);
	if (!ret)
		ret = listen_to_events(d);
	if (!ret) {
		*door = d;
		return 0;
	}
	hbdoor_close(d);
	if (ret == -ENOENT)
		return fault_set(
			f, ret,
			"the kernel module rbd_hb is not loaded; run: modprobe rbd_hb");
	return fault_set(f, ret, "cannot talk to the kernel module rbd_hb: %s",
			 strerror(-ret));
}

void hbdoor_close(struct hbdoor *d)
{
	if (!d)
		return;
	if (d->ask)
		mnl_socket_close(d->ask);
	if (d->listen)
		mnl_socket_close(d->listen);
	free(d);
}

int hbdoor_fd(const struct hbdoor *d)
{
	return mnl_socket_get_fd(d->listen);
}

int hbdoor_next(struct hbdoor *d, struct hbdoor_event *event)
{
	const struct nlmsghdr *nlh = (void *)d->buf;
	const struct genlmsghdr *head;
	struct attrs a;
	ssize_t n;
	int left;

	do {
		n = mnl_socket_recvfrom(d->listen, d->buf, sizeof(d->buf));
		if (n < 0)
			return errno == EAGAIN ? 0 : -errno;
		left = n;
	} while (!mnl_nlmsg_ok(nlh, left) || nlh->nlmsg_type != d->family);

	/* The kernel sends each event as a message of its own. */
	head = mnl_nlmsg_get_payload(nlh);
	read_attrs(nlh, &a);
	memset(event, 0, sizeof(*event));
	event->kind = head->cmd;
	read_state(&a, &event->state);
	event->round = number(&a, RBD_HB_ATTR_ROUND);
	event->admit_id = number(&a, RBD_HB_ATTR_ADMIT_ID);
	text(&a, RBD_HB_ATTR_ADDRESS, event->address, sizeof(event->address));
	text(&a, RBD_HB_ATTR_IMAGE, event->image, sizeof(event->image));
	return 1;
}

/* --- commands --- */

static int take_state(const struct nlmsghdr *nlh, void *arg)
{
	struct attrs a;

	read_attrs(nlh, &a);
	read_state(&a, arg);
	return MNL_CB_OK;
}

int hbdoor_state(struct hbdoor *d, struct hbdoor_state *state)
{
	memset(state, 0, sizeof(*state));
	return talk(d, begin(d, d->family, RBD_HB_CMD_STATE, 0), take_state,
		    state);
}

struct peer_taker {
	void (*take)(const struct hbdoor_peer *peer, void *arg);
	void *arg;
};

static int take_peer(const struct nlmsghdr *nlh, void *arg)
{
	const struct peer_taker *t = arg;
	struct hbdoor_peer p;
	struct attrs a;

	read_attrs(nlh, &a);
	memset(&p, 0, sizeof(p));
	p.number = number(&a, RBD_HB_ATTR_NUMBER);
	p.incarnation = number(&a, RBD_HB_ATTR_INCARNATION);
	p.still_ticks = number(&a, RBD_HB_ATTR_STILL);
	p.moves = number(&a, RBD_HB_ATTR_MOVES);
	if (a.v[RBD_HB_ATTR_SLOT] &&
	    mnl_attr_get_payload_len(a.v[RBD_HB_ATTR_SLOT]) == sizeof(p.slot))
		memcpy(p.slot, mnl_attr_get_payload(a.v[RBD_HB_ATTR_SLOT]),
		       sizeof(p.slot));
	t->take(&p, t->arg);
	return MNL_CB_OK;
}

int hbdoor_peers(struct hbdoor *d,
		 void (*take)(const struct hbdoor_peer *peer, void *arg),
		 void *arg)
{
	struct peer_taker t = { take, arg };

	return talk(d, begin(d, d->family, RBD_HB_CMD_PEERS, NLM_F_DUMP),
		    take_peer, &t);
}

int hbdoor_daemon(struct hbdoor *d, const void *data, size_t len, bool heard)
{
	struct nlmsghdr *nlh = begin(d, d->family, RBD_HB_CMD_DAEMON, 0);

	if (data)
		mnl_attr_put(nlh, RBD_HB_ATTR_DAEMON, len, data);
	mnl_attr_put_u8(nlh, RBD_HB_ATTR_HEARD, heard);
	return talk(d, nlh, NULL, NULL);
}

int hbdoor_kick(struct hbdoor *d)
{
	return order(d, RBD_HB_CMD_KICK);
}

int hbdoor_freeze(struct hbdoor *d, bool frozen)
{
	return order(d, frozen ? RBD_HB_CMD_FREEZE : RBD_HB_CMD_THAW);
}

int hbdoor_barrier(struct hbdoor *d, uint32_t epoch)
{
	struct nlmsghdr *nlh = begin(d, d->family, RBD_HB_CMD_BARRIER, 0);

	mnl_attr_put_u32(nlh, RBD_HB_ATTR_EPOCH, epoch);
	return talk(d, nlh, NULL, NULL);
}

int hbdoor_client(struct hbdoor *d, uint32_t nonce)
{
	struct nlmsghdr *nlh = begin(d, d->family, RBD_HB_CMD_CLIENT, 0);

	mnl_attr_put_u32(nlh, RBD_HB_ATTR_NONCE, nonce);
	return talk(d, nlh, NULL, NULL);
}

int hbdoor_retime(struct hbdoor *d, uint32_t dead_after_ms,
		  uint32_t slow_after_ms)
{
	struct nlmsghdr *nlh = begin(d, d->family, RBD_HB_CMD_RETIME, 0);

	mnl_attr_put_u32(nlh, RBD_HB_ATTR_DEAD_AFTER, dead_after_ms);
	mnl_attr_put_u32(nlh, RBD_HB_ATTR_SLOW_AFTER, slow_after_ms);
	return talk(d, nlh, NULL, NULL);
}

int hbdoor_admit(struct hbdoor *d, uint32_t admit_id, uint32_t result)
{
	struct nlmsghdr *nlh = begin(d, d->family, RBD_HB_CMD_ADMIT, 0);

	mnl_attr_put_u32(nlh, RBD_HB_ATTR_ADMIT_ID, admit_id);
	mnl_attr_put_u32(nlh, RBD_HB_ATTR_RESULT, result);
	return talk(d, nlh, NULL, NULL);
}
