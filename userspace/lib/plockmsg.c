// SPDX-License-Identifier: GPL-2.0
#include "lib/plockmsg.h"

#include <errno.h>
#include <string.h>

#include "cursor.h"

size_t plockmsg_encode(const struct plockmsg *m, unsigned char *buf)
{
	struct rbd_cursor c;
	u8 *at;

	rbd_cursor_init(&c, buf, PLOCKMSG_MAX);
	rbd_put_8(&c, (u8)m->type);
	rbd_put_32(&c, m->fsid);
	rbd_put_32(&c, m->generation);
	switch (m->type) {
	case PLOCKMSG_COLLECT:
	case PLOCKMSG_FETCH:
		break;
	case PLOCKMSG_REPORT:
		rbd_put_8(&c, m->fresh);
		rbd_put_8(&c, m->knows);
		rbd_put_64(&c, m->seq);
		break;
	case PLOCKMSG_STATE:
		rbd_put_64(&c, m->total);
		rbd_put_64(&c, m->offset);
		at = rbd_cursor_take(&c, m->len);
		if (at)
			memcpy(at, m->bytes, m->len);
		break;
	case PLOCKMSG_GO:
		rbd_put_64(&c, m->seq);
		break;
	case PLOCKMSG_REQUEST:
	case PLOCKMSG_ENTRY:
		at = rbd_cursor_take(&c, PLOCKSTATE_ENTRY_BYTES);
		if (at)
			plockentry_encode(&m->entry, at);
		break;
	}
	return PLOCKMSG_MAX - rbd_cursor_left(&c);
}

static void get_piece(struct plockmsg *m, struct rbd_cursor *c)
{
	m->total = rbd_get_64(c);
	m->offset = rbd_get_64(c);
	m->len = rbd_cursor_left(c);
	m->bytes = rbd_cursor_take(c, m->len);
	if (!m->len || m->total > PLOCKSTATE_MAX_BYTES ||
	    m->offset > m->total || m->len > m->total - m->offset)
		c->bad = true;
}

static void get_entry(struct plockmsg *m, struct rbd_cursor *c)
{
	const u8 *at = rbd_cursor_take(c, PLOCKSTATE_ENTRY_BYTES);

	if (at && plockentry_decode(&m->entry, at, PLOCKSTATE_ENTRY_BYTES))
		c->bad = true;
}

int plockmsg_decode(struct plockmsg *m, const unsigned char *buf, size_t len)
{
	struct rbd_cursor c;

	memset(m, 0, sizeof(*m));
	rbd_cursor_init(&c, buf, len);
	m->type = rbd_get_8(&c);
	m->fsid = rbd_get_32(&c);
	m->generation = rbd_get_32(&c);
	switch (m->type) {
	case PLOCKMSG_COLLECT:
	case PLOCKMSG_FETCH:
		break;
	case PLOCKMSG_REPORT:
		m->fresh = rbd_get_8(&c);
		m->knows = rbd_get_8(&c);
		m->seq = rbd_get_64(&c);
		break;
	case PLOCKMSG_STATE:
		get_piece(m, &c);
		break;
	case PLOCKMSG_GO:
		m->seq = rbd_get_64(&c);
		break;
	case PLOCKMSG_REQUEST:
	case PLOCKMSG_ENTRY:
		get_entry(m, &c);
		break;
	default:
		return -EBADMSG;
	}
	return rbd_cursor_bad(&c) || rbd_cursor_left(&c) ? -EBADMSG : 0;
}
