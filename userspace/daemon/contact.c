// SPDX-License-Identifier: GPL-2.0
#include "daemon/contact.h"

#include <netinet/in.h>
#include <string.h>

#include "daemon/daemon.h"
#include "lib/clock.h"
#include "lib/msg.h"

void contact_address(const struct rbd_address *a, struct sockaddr_storage *out)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;
	struct sockaddr_in *in = (struct sockaddr_in *)out;

	memset(out, 0, sizeof(*out));
	if (a->family == 6) {
		in6->sin6_family = AF_INET6;
		memcpy(&in6->sin6_addr, a->ip, 16);
	} else if (a->family == 4) {
		in->sin_family = AF_INET;
		memcpy(&in->sin_addr, a->ip, 4);
	}
}

/* What the core knows is what was proved: alive, and hearing us, then. */
static void tell(struct daemon *d, unsigned int n)
{
	const struct keepalive *k = &d->contact.sock.k;
	uint64_t now_ms = (uint64_t)clock_ms();
	uint32_t age = keepalive_age_ms(k, (uint16_t)n, keepalivesock_now());

	if (age == KEEPALIVE_NEVER || age > now_ms)
		return;
	rbd_core_heard(d->core, n, k->peers[n].incarnation, now_ms - age);
}

static void receive(void *daemon)
{
	struct daemon *d = daemon;
	unsigned char buf[KEEPALIVE_MAX];
	struct keepalive_message m;

	while (!keepalivesock_receive(&d->contact.sock, buf, &m)) {
		tell(d, m.sender);
		probes_take(d, &m);
		if (m.type != KEEPALIVE_LOOK)
			continue;
		views_read(d);
		heart_kick(d);
	}
}

/* The address may come up later than we do. */
static void try_to_open(struct daemon *d)
{
	struct contact *c = &d->contact;
	struct sockaddr_storage self;
	int err;

	contact_address(&d->self.address, &self);
	err = keepalivesock_open(&c->sock, &self, KEEPALIVESOCK_PORT, 0);
	if (!err) {
		err = loop_add(d->loop, c->sock.fd, receive, d);
		if (err)
			keepalivesock_close(&c->sock);
	}
	c->open = !err;
	if (c->open)
		contact_follow(d);
	if (err && !c->told)
		diary_note(
			d, d->set.number,
			"no messages to other nodes: the address in cluster.conf cannot be used here (%s)",
			strerror(-err));
	c->told = err;
}

void contact_follow(struct daemon *d)
{
	struct keepalivesock *s = &d->contact.sock;
	const struct rbd_view *v = &d->core->view;
	unsigned int n;

	for (n = 0; n < RBD_VIEW_MAX_NODES; n++) {
		const struct rbd_view_member *m = rbd_view_peek(v, n);
		uint64_t life = rbd_member_is_in(m) ? m->incarnation : 0;

		if (n == d->set.number)
			continue;
		if (s->k.peers[n].incarnation != life)
			keepalive_set_peer(&s->k, (uint16_t)n, life);
		if (life)
			contact_address(&m->address, &s->addr[n]);
	}
}

void contact_look(struct daemon *d)
{
	struct keepalivesock *s = &d->contact.sock;
	uint16_t n;

	for (n = 0; d->contact.open && n < KEEPALIVE_NODES; n++)
		if (s->k.peers[n].incarnation)
			keepalivesock_send(s, n, KEEPALIVE_LOOK, NULL, 0);
}

void contact_beat(void *daemon)
{
	struct daemon *d = daemon;
	unsigned int n;

	if (!d->contact.open)
		try_to_open(d);
	if (!d->contact.open)
		return;
	d->contact.sock.k.flags = spaces_any(d) ? KEEPALIVE_LISTENS : 0;
	keepalivesock_ping(&d->contact.sock);
	for (n = 0; n < KEEPALIVE_NODES; n++)
		if (d->contact.sock.k.peers[n].incarnation)
			tell(d, n);
	probes_beat(d);
}

bool contact_hears(struct daemon *d)
{
	const struct keepalive *k = &d->contact.sock.k;
	uint64_t now = keepalivesock_now();
	uint16_t n;

	for (n = 0; d->contact.open && n < KEEPALIVE_NODES; n++)
		if (k->peers[n].incarnation &&
		    keepalive_age_ms(k, n, now) < d->core->pace.net_silent_ms)
			return true;
	return false;
}

void contact_start(struct daemon *d)
{
	keepalive_init(&d->contact.sock.k, d->set.number, d->self.incarnation,
		       d->core->view.key);
	d->contact.sock.fd = -1;
	probes_start(d);
	contact_follow(d);
}

void contact_stop(struct daemon *d)
{
	probes_stop(d);
	if (d->contact.open)
		keepalivesock_close(&d->contact.sock);
	d->contact.open = false;
}
