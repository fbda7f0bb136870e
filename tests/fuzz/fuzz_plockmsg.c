// SPDX-License-Identifier: GPL-2.0
/*
 * Messages and states of POSIX locks from anywhere: what is taken means the
 * same after another turn, and a state that is taken can be gone on with.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/plockmsg.h"
#include "must.h"

static unsigned char first[PLOCKMSG_MAX], second[PLOCKMSG_MAX];

static void message(const uint8_t *data, size_t size)
{
	struct plockmsg m, again;
	size_t a, b;

	if (plockmsg_decode(&m, data, size))
		return;
	MUST(m.type != PLOCKMSG_STATE ||
	     (m.offset < m.total && m.len <= m.total - m.offset));
	if (size > PLOCKMSG_MAX)
		return;
	a = plockmsg_encode(&m, first);
	MUST(a == size);
	MUST(!plockmsg_decode(&again, first, a));
	b = plockmsg_encode(&again, second);
	MUST(a == b && !memcmp(first, second, a));
}

static void same(const struct plockstate *s)
{
	struct plockstate back;
	unsigned char *a, *b;
	size_t a_len, b_len;

	plockstate_init(&back);
	MUST(!plockstate_encode(s, &a, &a_len));
	MUST(!plockstate_decode(&back, a, a_len));
	MUST(!plockstate_encode(&back, &b, &b_len));
	MUST(a_len == b_len && !memcmp(a, b, a_len));
	plockstate_free(&back);
	free(a);
	free(b);
}

/* The end of the input is an entry, what is before it a state. */
static void state(const uint8_t *data, size_t size)
{
	struct plockentry e = { .kind = PLOCKENTRY_PURGE };
	struct plockstate s;

	plockstate_init(&s);
	if (plockstate_decode(&s, data, size)) {
		MUST(!s.table.entries && !s.results && !s.seq);
		return;
	}
	same(&s);
	if (size >= PLOCKSTATE_ENTRY_BYTES)
		plockentry_decode(&e, data + size - PLOCKSTATE_ENTRY_BYTES,
				  PLOCKSTATE_ENTRY_BYTES);
	e.seq = s.seq + 1;
	e.node %= RBD_NODESET_MAX;
	e.op.node = plockstate_nodeid(e.node);
	if (!plockstate_apply(&s, &e, NULL, NULL))
		same(&s);
	plockstate_free(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	if (data[0] & 1)
		message(data + 1, size - 1);
	else
		state(data + 1, size - 1);
	return 0;
}
