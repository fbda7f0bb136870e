// SPDX-License-Identifier: GPL-2.0
#include "daemon/changes.h"

#include "daemon/daemon.h"

static const char *word(u8 state)
{
	switch (state) {
	case RBD_MEMBER_JOINING:
		return "is joining";
	case RBD_MEMBER_ACTIVE:
		return "takes part";
	case RBD_MEMBER_SUSPECT:
	case RBD_MEMBER_CUT:
		return "is accused";
	case RBD_MEMBER_FENCING:
		return "is to be cut off";
	case RBD_MEMBER_FENCED:
		return "is cut off";
	case RBD_MEMBER_LEFT:
		return "has left";
	default:
		return "is out";
	}
}

void changes_note(struct daemon *d)
{
	const struct rbd_view *v = &d->core->view;
	struct changes *c = &d->changes;
	unsigned int n;

	for (n = 0; n < RBD_VIEW_MAX_NODES; n++) {
		const struct rbd_view_member *m = rbd_view_peek(v, n);
		u8 state = m ? m->state : RBD_MEMBER_NONE;
		u64 incarnation = m ? m->incarnation : 0;

		if (c->state[n] == state && c->incarnation[n] == incarnation)
			continue;
		c->state[n] = state;
		c->incarnation[n] = incarnation;
		if (!c->begun)
			continue;
		if (m && m->accusation && state != RBD_MEMBER_ACTIVE)
			diary_note(d, n, "%s: %s", word(state),
				   rbd_accusation_str(m->accusation));
		else
			diary_note(d, n, "%s", word(state));
	}
	c->begun = true;
	c->seq = v->seq;
}
