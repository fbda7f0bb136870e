// SPDX-License-Identifier: GPL-2.0
/*
 * Views from anywhere: what is not signed is never taken; of what is signed,
 * a view that is taken is the same after another turn, obeys the rules that
 * the policy relies on, and every change of it either works or changes
 * nothing.
 */
#include <string.h>

#include "crc32c.h"
#include "must.h"
#include "view_codec.h"
#include "view_fence.h"
#include "view_lockspace.h"
#include "view_member.h"

static struct rbd_view view;
static struct rbd_view again;
static uint8_t sealed[RBD_VIEW_MAX_BYTES];
static uint8_t back[RBD_VIEW_MAX_BYTES];

/* The input becomes the body of a view with the right frame around it. */
static size_t seal(const uint8_t *data, size_t size)
{
	uint32_t crc;
	size_t len = size + 14;
	unsigned int i;

	for (i = 0; i < 4; i++) {
		sealed[i] = (uint8_t)(RBD_VIEW_MAGIC >> (8 * i));
		sealed[6 + i] = (uint8_t)(size >> (8 * i));
	}
	sealed[4] = RBD_VIEW_VERSION;
	sealed[5] = RBD_VIEW_VERSION;
	memcpy(sealed + 10, data, size);
	crc = rbd_crc32c(sealed, len - 4);
	for (i = 0; i < 4; i++)
		sealed[len - 4 + i] = (uint8_t)(crc >> (8 * i));
	return len;
}

static void obeys(void)
{
	unsigned int i, k;
	int n;

	MUST(view.seq && view.n_members <= RBD_VIEW_MAX_NODES);
	MUST(view.n_fences <= RBD_VIEW_MAX_FENCES);
	for (i = 0; i < view.n_members; i++) {
		MUST(rbd_view_peek(&view, view.members[i].number) ==
		     &view.members[i]);
		MUST(view.members[i].n_instances <= RBD_VIEW_MAX_INSTANCES);
		MUST(strlen(view.members[i].name) <= RBD_VIEW_NAME);
	}
	for (i = 0; i < view.n_lockspaces; i++) {
		for (k = 0; k < i; k++)
			MUST(view.lockspaces[i].index !=
			     view.lockspaces[k].index);
		rbd_nodeset_for_each(n, &view.lockspaces[i].members)
		{
			MUST(rbd_member_is_in(rbd_view_peek(&view,
							    (unsigned int)n)));
		}
	}
}

static void change(const uint8_t *data)
{
	unsigned int n = data[0];
	const struct rbd_view_member *m = rbd_view_peek(&view, n);
	uint64_t incarnation = m ? m->incarnation : data[1];
	const char *bad;

	rbd_view_copy(&again, &view);
	switch (data[2] % 6) {
	case 0:
		bad = rbd_view_accuse(&again, n, incarnation, data[3] % 9, 0);
		break;
	case 1:
		bad = rbd_view_condemn(&again, n, incarnation, 0, data[3] % 9,
				       "fuzz");
		break;
	case 2:
		bad = rbd_view_refute(&again, n, incarnation);
		break;
	case 3:
		bad = rbd_view_ls_join(&again, "fuzz", n);
		break;
	case 4:
		bad = rbd_view_leave(&again, n, incarnation);
		break;
	default:
		bad = rbd_view_activate(&again, n, incarnation);
		break;
	}
	if (bad) {
		ssize_t a = rbd_view_encode(&view, sealed, sizeof(sealed));
		ssize_t b = rbd_view_encode(&again, back, sizeof(back));

		MUST(a == b && (a < 0 || !memcmp(sealed, back, (size_t)a)));
		return;
	}
	/* The next reader takes it. */
	if (rbd_view_bytes(&again) <= RBD_VIEW_MAX_BYTES) {
		ssize_t len = rbd_view_encode(&again, back, sizeof(back));

		MUST(len > 0);
		MUST(!rbd_view_decode(&view, back, (size_t)len));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ssize_t written;
	size_t len;
	int ret;

	if (size > RBD_VIEW_MAX_BYTES - 14) {
		MUST(rbd_view_decode(&view, data, size) < 0);
		return 0;
	}
	ret = rbd_view_decode(&view, data, size);
	if (size >= 14 && number_at(data, 4) == RBD_VIEW_MAGIC)
		MUST(ret || rbd_crc32c(data, size - 4) ==
				    number_at(data + size - 4, 4));
	else
		MUST(ret);
	len = seal(data, size);
	ret = rbd_view_decode(&view, sealed, len);
	MUST(!ret || ret == -EINVAL);
	if (ret)
		return 0;
	obeys();
	written = rbd_view_encode(&view, back, sizeof(back));
	MUST(written > 0 && (size_t)written == rbd_view_bytes(&view));
	MUST(!rbd_view_decode(&again, back, (size_t)written));
	if (size >= 4)
		change(data + size - 4);
	return 0;
}
