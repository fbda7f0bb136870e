// SPDX-License-Identifier: GPL-2.0
#include "lib/plockjournal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crc32c.h"
#include "cursor.h"
#include "lib/slurp.h"

#define MAGIC 0x50644252U
#define VERSION 1
#define HEADER_BYTES 20
/* Length and type before the bytes, the checksum behind them. */
#define BEFORE 5
#define BEHIND 4
/* Entries are gathered up to that, or to the size of the state. */
#define LONG_BYTES (1U << 20)

enum record {
	RECORD_STATE = 1,
	RECORD_FRESH,
	RECORD_ENTRY,
	RECORD_AGREED,
};

void plockjournal_init(struct plockjournal *j, const char *path, uint32_t fsid,
		       uint64_t life)
{
	memset(j, 0, sizeof(*j));
	snprintf(j->path, sizeof(j->path), "%s", path);
	j->fd = -1;
	j->fsid = fsid;
	j->life = life;
}

/* --- writing --- */

static int put(int fd, const unsigned char *buf, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(fd, buf, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		buf += n;
		len -= (size_t)n;
	}
	return 0;
}

/* @buf has @len bytes behind BEFORE, and room for BEHIND. */
static int put_record(int fd, enum record type, unsigned char *buf, size_t len)
{
	struct rbd_cursor c;

	rbd_cursor_init(&c, buf, BEFORE);
	rbd_put_32(&c, (u32)len);
	rbd_put_8(&c, (u8)type);
	rbd_cursor_init(&c, buf + BEFORE + len, BEHIND);
	rbd_put_32(&c, rbd_crc32c(buf + BEFORE - 1, len + 1));
	return put(fd, buf, BEFORE + len + BEHIND);
}

static int put_header(const struct plockjournal *j, int fd)
{
	unsigned char buf[HEADER_BYTES] = { 0 };
	struct rbd_cursor c;

	rbd_cursor_init(&c, buf, sizeof(buf));
	rbd_put_32(&c, MAGIC);
	rbd_put_32(&c, VERSION);
	rbd_put_32(&c, j->fsid);
	rbd_put_64(&c, j->life);
	return put(fd, buf, sizeof(buf));
}

static int put_state(int fd, const struct plockstate *s, bool fresh,
		     size_t *bytes)
{
	unsigned char *state, *buf;
	size_t len;
	int ret = plockstate_encode(s, &state, &len);

	if (ret)
		return ret;
	buf = malloc(BEFORE + len + BEHIND);
	if (buf) {
		memcpy(buf + BEFORE, state, len);
		ret = put_record(fd, fresh ? RECORD_FRESH : RECORD_STATE, buf,
				 len);
	} else {
		ret = -ENOMEM;
	}
	*bytes = len;
	free(buf);
	free(state);
	return ret;
}

int plockjournal_state(struct plockjournal *j, const struct plockstate *s,
		       bool fresh)
{
	char path[PLOCKJOURNAL_PATH + 8];
	int fd, ret;

	snprintf(path, sizeof(path), "%s.new", j->path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC,
		  0600);
	ret = fd < 0 ? -errno : put_header(j, fd);
	ret = ret ?: put_state(fd, s, fresh, &j->state_bytes);
	if (!ret && rename(path, j->path))
		ret = -errno;
	if (ret) {
		if (fd >= 0)
			close(fd);
		unlink(path);
		plockjournal_close(j, true);
		return ret;
	}
	plockjournal_close(j, false);
	j->fd = fd;
	j->behind = 0;
	return 0;
}

static int append(struct plockjournal *j, enum record type, unsigned char *buf,
		  size_t len)
{
	int ret;

	/* That nothing is kept has been said. */
	if (j->fd < 0)
		return 0;
	ret = put_record(j->fd, type, buf, len);
	if (ret)
		plockjournal_close(j, true);
	else
		j->behind += BEFORE + len + BEHIND;
	return ret;
}

int plockjournal_entry(struct plockjournal *j, const struct plockentry *e)
{
	unsigned char buf[BEFORE + PLOCKSTATE_ENTRY_BYTES + BEHIND];

	plockentry_encode(e, buf + BEFORE);
	return append(j, RECORD_ENTRY, buf, PLOCKSTATE_ENTRY_BYTES);
}

int plockjournal_agreed(struct plockjournal *j, uint32_t generation)
{
	unsigned char buf[BEFORE + 4 + BEHIND] = { 0 };
	struct rbd_cursor c;

	rbd_cursor_init(&c, buf + BEFORE, 4);
	rbd_put_32(&c, generation);
	return append(j, RECORD_AGREED, buf, 4);
}

bool plockjournal_is_long(const struct plockjournal *j)
{
	return j->fd < 0 ||
	       (j->behind > LONG_BYTES && j->behind > j->state_bytes);
}

void plockjournal_close(struct plockjournal *j, bool remove)
{
	if (j->fd >= 0)
		close(j->fd);
	j->fd = -1;
	if (remove)
		unlink(j->path);
}

/* --- reading --- */

static int take(struct plockstate *s, bool *fresh, u8 type, const u8 *p,
		size_t len)
{
	struct plockentry e;
	struct rbd_cursor c;
	int ret;

	switch (type) {
	case RECORD_STATE:
	case RECORD_FRESH:
		*fresh = type == RECORD_FRESH;
		plockstate_free(s);
		return plockstate_decode(s, p, len);
	case RECORD_ENTRY:
		ret = plockentry_decode(&e, p, len);
		ret = ret ?: plockstate_apply(s, &e, NULL, NULL);
		return ret == -EINVAL ? -EBADMSG : ret;
	case RECORD_AGREED:
		rbd_cursor_init(&c, p, len);
		s->generation = rbd_get_32(&c);
		*fresh = false;
		return rbd_cursor_bad(&c) ? -EBADMSG : 0;
	}
	return -EBADMSG;
}

/* Up to the first record that is not whole. */
static int take_all(struct plockstate *s, bool *fresh, struct rbd_cursor *c)
{
	unsigned int count = 0;
	int ret = 0;

	while (!ret) {
		u32 len = rbd_get_32(c), crc;
		const u8 *p = len < UINT32_MAX ?
				      rbd_cursor_take(c, (size_t)len + 1) :
				      NULL;

		crc = rbd_get_32(c);
		if (!p || rbd_cursor_bad(c) || rbd_crc32c(p, len + 1U) != crc)
			break;
		ret = take(s, fresh, *p, p + 1, len);
		count++;
	}
	return ret ?: count ? 0 : -EBADMSG;
}

int plockjournal_load(const struct plockjournal *j, struct plockstate *s,
		      bool *fresh)
{
	struct rbd_cursor c;
	size_t len;
	char *text;
	int ret = slurp_file(j->path, PLOCKSTATE_MAX_BYTES, &text, &len);

	*fresh = false;
	if (ret)
		return ret;
	rbd_cursor_init(&c, text, len);
	if (rbd_get_32(&c) != MAGIC || rbd_get_32(&c) != VERSION)
		ret = -EBADMSG;
	else if (rbd_get_32(&c) != j->fsid || rbd_get_64(&c) != j->life)
		ret = -ENOENT;
	else
		ret = take_all(s, fresh, &c);
	free(text);
	if (ret)
		plockstate_free(s);
	return ret;
}
