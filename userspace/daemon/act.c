// SPDX-License-Identifier: GPL-2.0
#include "daemon/act.h"

#include "daemon/daemon.h"

static void act(struct daemon *d, const struct rbd_core_action *a)
{
	switch ((enum rbd_core_do)a->what) {
	case RBD_CORE_CAS:
		views_cas(d);
		break;
	case RBD_CORE_READ:
		views_read(d);
		break;
	case RBD_CORE_PART:
		heart_publish(d);
		break;
	case RBD_CORE_COMMS:
		spaces_comms(d);
		break;
	case RBD_CORE_LS_STOP:
	case RBD_CORE_LS_PREPARE:
	case RBD_CORE_LS_START:
	case RBD_CORE_LS_REFUSE:
	case RBD_CORE_LS_RELEASE:
		spaces_act(d, a);
		break;
	case RBD_CORE_FENCE:
		fences_run(d, false);
		break;
	case RBD_CORE_VERIFY:
		fences_run(d, true);
		break;
	case RBD_CORE_FREEZE:
		heart_freeze(d);
		break;
	case RBD_CORE_PACE:
		heart_pace(d);
		break;
	case RBD_CORE_ADMIT:
		clients_answer(d, &a->instance, true);
		break;
	case RBD_CORE_DENY:
		clients_answer(d, &a->instance, false);
		break;
	case RBD_CORE_EVENT:
		diary_note(d, a->number, "%s", a->text);
		break;
	}
}

void act_all(void *daemon)
{
	struct daemon *d = daemon;
	struct rbd_core_action a;

	while (rbd_core_next_action(d->core, &a))
		act(d, &a);
	if (d->changes.seq != d->core->view.seq)
		changes_note(d);
}
