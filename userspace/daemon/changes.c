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

static void note(struct daemon *d, unsigned int n,
		 const struct rbd_view_member *m)
{
	u8 state = m ? m->state : RBD_MEMBER_NONE;
	bool accused = m && m->accusation && state != RBD_MEMBER_ACTIVE;
	struct diary_mark mark = { rbd_member_state_str(state),
				   m ? m->incarnation : 0 };

	if (accused && (state == RBD_MEMBER_SUSPECT || state == RBD_MEMBER_CUT))
		witness_accused(d, m);
	diary_mark(d, n, &mark, "%s%s%s", word(state), accused ? ": " : "",
		   accused ? rbd_accusation_str(m->accusation) : "");
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
		note(d, n, m);
	}
	c->begun = true;
	c->seq = v->seq;
}
