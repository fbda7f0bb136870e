// SPDX-License-Identifier: GPL-2.0
#include "lib/viewobject.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "lib/clock.h"

#define ATTR_SEQ "seq"
#define ATTR_WRITER "writer"
/* Between two attempts when the answer came at once. */
#define RETRY_PAUSE_MS 200

/* A number as text: 20 digits and the NUL. */
#define SEQ_TEXT 21

int viewobject_init(struct viewobject *v, const struct radosdoor *door,
		    rados_ioctx_t io, const char *cluster)
{
	int n = snprintf(v->name, sizeof(v->name), "view.%s", cluster);

	v->door = door;
	v->io = io;
	return n < (int)sizeof(v->name) ? 0 : -ENAMETOOLONG;
}

void viewobject_copy_free(struct viewobject_copy *copy)
{
	free(copy->body);
	memset(copy, 0, sizeof(*copy));
}

static bool parse_seq(const char *text, size_t len, uint64_t *seq)
{
	char copy[SEQ_TEXT], again[SEQ_TEXT];
	char *end;

	if (!len || len >= sizeof(copy))
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	*seq = strtoull(copy, &end, 10);
	snprintf(again, sizeof(again), "%" PRIu64, *seq);
	/* Another spelling of the number would never compare equal. */
	return *seq && !strcmp(copy, again);
}

static int parse_attrs(const struct viewobject *v, rados_xattrs_iter_t iter,
		       struct viewobject_copy *copy)
{
	const char *name, *value;
	size_t len;
	int ret;

	for (;;) {
		ret = v->door->rados_getxattrs_next(iter, &name, &value, &len);
		if (ret || !name)
			break;
		if (!strcmp(name, ATTR_SEQ) &&
		    !parse_seq(value, len, &copy->seq))
			return -EBADMSG;
		if (!strcmp(name, ATTR_WRITER)) {
			if (len != VIEWOBJECT_TOKEN_CHARS)
				return -EBADMSG;
			memcpy(copy->writer, value, len);
		}
	}
	if (!ret && (!copy->seq || !*copy->writer))
		ret = -EBADMSG;
	return ret;
}

int viewobject_read(const struct viewobject *v, struct viewobject_copy *copy)
{
	rados_xattrs_iter_t iter = NULL;
	rados_read_op_t op;
	int attrs = 0, data = 0, ret;

	memset(copy, 0, sizeof(*copy));
	/* One more, to notice a body that is too long. */
	copy->body = malloc(VIEWOBJECT_MAX_BYTES + 1);
	if (!copy->body)
		return -ENOMEM;
	op = v->door->rados_create_read_op();
	v->door->rados_read_op_getxattrs(op, &iter, &attrs);
	v->door->rados_read_op_read(op, 0, VIEWOBJECT_MAX_BYTES + 1,
				    (char *)copy->body, &copy->len, &data);
	ret = v->door->rados_read_op_operate(op, v->io, v->name, 0);
	if (!ret)
		ret = attrs ?: data;
	if (!ret)
		ret = parse_attrs(v, iter, copy);
	if (!ret && copy->len > VIEWOBJECT_MAX_BYTES)
		ret = -EFBIG;
	if (iter)
		v->door->rados_getxattrs_end(iter);
	v->door->rados_release_read_op(op);
	if (ret)
		viewobject_copy_free(copy);
	return ret;
}

static int new_token(char token[VIEWOBJECT_TOKEN_CHARS + 1])
{
	unsigned char bytes[VIEWOBJECT_TOKEN_CHARS / 2];
	size_t i;

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return -EIO;
	for (i = 0; i < sizeof(bytes); i++)
		sprintf(token + 2 * i, "%02x", bytes[i]);
	return 0;
}

/*
 * One attempt. "Try although full" turns the endless wait of a full pool into
 * -ENOSPC or -EDQUOT; a little room is left even then, as a rule.
 */
static int write_once(const struct viewobject *v, uint64_t seq,
		      const char *token, const void *body, size_t len)
{
	const struct radosdoor *door = v->door;
	rados_write_op_t op = door->rados_create_write_op();
	char old[SEQ_TEXT], new[SEQ_TEXT];
	int ret;

	snprintf(old, sizeof(old), "%" PRIu64, seq);
	snprintf(new, sizeof(new), "%" PRIu64, seq + 1);
	if (seq)
		door->rados_write_op_cmpxattr(op, ATTR_SEQ,
					      LIBRADOS_CMPXATTR_OP_EQ, old,
					      strlen(old));
	else
		door->rados_write_op_create(op, LIBRADOS_CREATE_EXCLUSIVE,
					    NULL);
	door->rados_write_op_write_full(op, body, len);
	door->rados_write_op_setxattr(op, ATTR_SEQ, new, strlen(new));
	door->rados_write_op_setxattr(op, ATTR_WRITER, token, strlen(token));
	ret = door->rados_write_op_operate2(op, v->io, v->name, NULL,
					    LIBRADOS_OPERATION_FULL_TRY);
	door->rados_release_write_op(op);
	return ret;
}

/* Can an attempt that ended so still be applied, or have been? */
static bool unknown_end(int err)
{
	return err == -ETIMEDOUT || err == -EIO || err == -EINTR ||
	       err == -ENOTCONN || err == -EAGAIN;
}

/**
 * struct attempt - a change under way
 * @seq: of the view before
 * @token: its name
 * @unsure: an attempt of it ended without an answer
 */
struct attempt {
	uint64_t seq;
	char token[VIEWOBJECT_TOKEN_CHARS + 1];
	bool unsure;
};

/* What the object says of an attempt; -EAGAIN: nothing yet. */
static int judge(const struct attempt *a, int err,
		 const struct viewobject_copy *now)
{
	if (!now->seq)
		return err == -ENOENT && !a->seq ? -EAGAIN : err;
	if (now->seq == a->seq + 1 && !strcmp(now->writer, a->token))
		return 0;
	if (now->seq == a->seq)
		return -EAGAIN;
	if (now->seq > a->seq + 1 && a->unsure)
		return -ESTALE;
	return -ECANCELED;
}

int viewobject_cas(const struct viewobject *v, uint64_t seq, const void *body,
		   size_t len, unsigned int timeout_ms,
		   struct viewobject_copy *now)
{
	long long end = clock_ms() + timeout_ms;
	struct attempt a = { .seq = seq };
	int ret, read;

	memset(now, 0, sizeof(*now));
	if (len > VIEWOBJECT_MAX_BYTES)
		return -EFBIG;
	ret = new_token(a.token);
	if (ret)
		return ret;
	for (;;) {
		ret = write_once(v, seq, a.token, body, len);
		if (!ret)
			return 0;
		a.unsure |= unknown_end(ret);
		viewobject_copy_free(now);
		read = viewobject_read(v, now);
		if (!read || read == -ENOENT) {
			read = judge(&a, read, now);
			/* The number is unchanged, so an error is an error. */
			if (read != -EAGAIN)
				return read;
			if (!unknown_end(ret) && ret != -ECANCELED)
				return ret;
		} else if (!unknown_end(read)) {
			return a.unsure ? -ETIMEDOUT : read;
		}
		if (clock_ms() >= end)
			return a.unsure ? -ETIMEDOUT : ret;
		clock_sleep_ms(RETRY_PAUSE_MS);
	}
}
