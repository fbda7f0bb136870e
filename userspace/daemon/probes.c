// SPDX-License-Identifier: GPL-2.0
#include "daemon/probes.h"

#include <string.h>
#include <unistd.h>

#include "core_peer.h"
#include "daemon/daemon.h"
#include "lib/clock.h"
#include "lib/keepalivesock.h"

/* A firewall that drops packets answers nothing. */
#define TRY_MS 3000
#define AGAIN_MS 1000

static const unsigned short ports[PROBES_PORTS] = { DLMPROBE_PORT,
						    PLOCKLINK_PORT };

static void end_try(struct probes_try *t, enum dlmprobe_result result)
{
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
	t->result = result;
}

static void forget(struct probes_peer *p, uint64_t incarnation)
{
	unsigned int i;

	for (i = 0; i < PROBES_PORTS; i++)
		end_try(&p->ours[i], DLMPROBE_WAIT);
	memset(p->its, DLMPROBE_WAIT, sizeof(p->its));
	p->incarnation = incarnation;
	p->listens = false;
	p->asked = false;
	p->again_ms = 0;
	p->told = NULL;
}

void probes_start(struct daemon *d)
{
	unsigned int n, i;

	for (n = 0; n < KEEPALIVE_NODES; n++) {
		for (i = 0; i < PROBES_PORTS; i++)
			d->probes.peer[n].ours[i].fd = -1;
		forget(&d->probes.peer[n], 0);
	}
}

void probes_stop(struct daemon *d)
{
	unsigned int n;

	for (n = 0; n < KEEPALIVE_NODES; n++)
		forget(&d->probes.peer[n], 0);
}

/*
 * A host without lockspaces does not listen at the lock manager's port, and
 * says so at once; the daemon's port is always open.
 */
static bool is_well(unsigned int port, enum dlmprobe_result result,
		    bool listens)
{
	return result == DLMPROBE_OPEN ||
	       (result == DLMPROBE_REFUSED && ports[port] == DLMPROBE_PORT &&
		!listens);
}

/* Of both directions: NULL when all is well, or not known to be wrong. */
static const char *trouble(const struct daemon *d, const struct probes_peer *p)
{
	static const char *const to[] = {
		"its TCP port 21064 (lock manager) cannot be reached from here",
		"its TCP port 21066 (fcntl locks) cannot be reached from here",
	};
	static const char *const from[] = {
		"it cannot reach TCP port 21064 (lock manager) of this node",
		"it cannot reach TCP port 21066 (fcntl locks) of this node",
	};
	bool listens = d->contact.sock.k.flags & KEEPALIVE_LISTENS;
	unsigned int i;

	for (i = 0; i < PROBES_PORTS; i++) {
		if (p->ours[i].result != DLMPROBE_WAIT &&
		    !is_well(i, p->ours[i].result, p->listens))
			return to[i];
		if (p->its[i] != DLMPROBE_WAIT &&
		    !is_well(i, p->its[i], listens))
			return from[i];
	}
	return NULL;
}

static bool all_known(const struct probes_peer *p)
{
	unsigned int i;

	for (i = 0; i < PROBES_PORTS; i++)
		if (p->ours[i].result == DLMPROBE_WAIT ||
		    p->its[i] == DLMPROBE_WAIT)
			return false;
	return true;
}

static bool trying(const struct probes_peer *p)
{
	unsigned int i;

	for (i = 0; i < PROBES_PORTS; i++)
		if (p->ours[i].fd >= 0)
			return true;
	return false;
}

/* To who asked, when an attempt is over. */
static void answer(struct daemon *d, unsigned int n)
{
	struct probes_peer *p = &d->probes.peer[n];
	uint8_t results[PROBES_PORTS];
	unsigned int i;

	if (!p->asked || trying(p))
		return;
	for (i = 0; i < PROBES_PORTS; i++)
		results[i] = p->ours[i].result;
	keepalivesock_send(&d->contact.sock, (uint16_t)n, KEEPALIVE_PROBED,
			   results, sizeof(results));
	p->asked = false;
}

static void begin(struct daemon *d, unsigned int n)
{
	struct probes_peer *p = &d->probes.peer[n];
	struct sockaddr_storage self;
	unsigned int i;
	int fd;

	contact_address(&d->self.address, &self);
	for (i = 0; i < PROBES_PORTS; i++) {
		fd = dlmprobe_start(&self, &d->contact.sock.addr[n], ports[i]);
		if (fd < 0) {
			p->ours[i].result = DLMPROBE_BLOCKED;
			continue;
		}
		/* The last result holds until there is another one. */
		p->ours[i].fd = fd;
		p->ours[i].until_ms = clock_ms() + TRY_MS;
	}
	answer(d, n);
}

static void look(struct daemon *d, unsigned int n)
{
	struct probes_peer *p = &d->probes.peer[n];
	enum dlmprobe_result result;
	bool over = trying(p);
	unsigned int i;

	for (i = 0; i < PROBES_PORTS; i++) {
		struct probes_try *t = &p->ours[i];

		if (t->fd < 0)
			continue;
		result = dlmprobe_look(t->fd, clock_ms() > t->until_ms);
		if (result != DLMPROBE_WAIT)
			end_try(t, result);
	}
	if (over)
		answer(d, n);
}

/* This node does not take part yet, and that one does, or is about to. */
static bool to_be_tried(const struct daemon *d, const struct rbd_view_member *m)
{
	const struct rbd_view_member *me = rbd_core_me(d->core);

	return me && me->state == RBD_MEMBER_JOINING && m &&
	       m->number != d->set.number && rbd_member_is_in(m);
}

static void say(struct daemon *d, unsigned int n, const char *what)
{
	struct probes_peer *p = &d->probes.peer[n];

	if (what != p->told && (what || p->told))
		diary_note(d, n, "%s",
			   what ?: "its ports can be reached, and ours by it");
	p->told = what;
}

static void serve(struct daemon *d, unsigned int n)
{
	const struct rbd_view_member *m = rbd_view_peek(&d->core->view, n);
	struct probes_peer *p = &d->probes.peer[n];
	uint64_t life = d->contact.sock.k.peers[n].incarnation;
	bool wanted = to_be_tried(d, m);

	if (p->incarnation != life)
		forget(p, life);
	if (!life)
		return;
	look(d, n);
	wanted = wanted && rbd_core_alive(d->core, m) &&
		 (!all_known(p) || trouble(d, p));
	if (!trying(p) && (wanted || p->asked) && clock_ms() >= p->again_ms) {
		p->again_ms = clock_ms() + AGAIN_MS;
		begin(d, n);
		if (wanted)
			keepalivesock_send(&d->contact.sock, (uint16_t)n,
					   KEEPALIVE_PROBE, NULL, 0);
	}
	if (to_be_tried(d, m)) {
		rbd_core_bar(d->core, n, !all_known(p) || trouble(d, p));
		say(d, n, trouble(d, p));
	}
}

void probes_beat(struct daemon *d)
{
	unsigned int n;

	for (n = 0; n < KEEPALIVE_NODES; n++)
		serve(d, n);
}

void probes_take(struct daemon *d, const struct keepalive_message *m)
{
	struct probes_peer *p = &d->probes.peer[m->sender];

	if (p->incarnation != d->contact.sock.k.peers[m->sender].incarnation)
		forget(p, d->contact.sock.k.peers[m->sender].incarnation);
	p->listens = m->flags & KEEPALIVE_LISTENS;
	if (m->type == KEEPALIVE_PROBE)
		p->asked = true;
	if (m->type == KEEPALIVE_PROBED && m->payload_len >= PROBES_PORTS)
		memcpy(p->its, m->payload, PROBES_PORTS);
}

const char *probes_trouble(const struct daemon *d, unsigned int *number)
{
	const char *what;
	unsigned int n;

	for (n = 0; n < KEEPALIVE_NODES; n++) {
		if (!to_be_tried(d, rbd_view_peek(&d->core->view, n)))
			continue;
		what = trouble(d, &d->probes.peer[n]);
		*number = n;
		if (what)
			return what;
	}
	return NULL;
}
