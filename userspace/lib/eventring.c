// SPDX-License-Identifier: GPL-2.0
#include "lib/eventring.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/worker.h"

#define NAME_BYTES 96
/* Somebody else's objects may be larger than what we write. */
#define READ_MAX (4U << 20)

/**
 * struct eventring - see eventring.h
 * @half: that is written to; the worker's, valid when @used is known
 * @used: bytes in it; SIZE_MAX: has to be looked up
 * @queued: lines that are not written yet
 * @written: lines, since that was asked for
 * @lost: takes those that cannot be written; may be NULL
 */
struct eventring {
	const struct radosdoor *door;
	rados_ioctx_t io;
	char names[2][NAME_BYTES];
	size_t half_bytes;
	struct worker *worker;
	unsigned int half;
	size_t used;
	unsigned int queued;
	unsigned int written;
	void (*lost)(void *arg, const char *line);
	void *lost_arg;
};

struct line {
	struct worker_job job;
	struct eventring *ring;
	int error;
	size_t len;
	char text[];
};

static int object_name(char name[NAME_BYTES], const char *cluster,
		       uint32_t node, unsigned int half)
{
	int n = snprintf(name, NAME_BYTES, "events.%s.%u.%u", cluster, node,
			 half);

	return n < NAME_BYTES ? 0 : -ENAMETOOLONG;
}

/* Size and time of change; a missing one is empty and very old. */
static int look(const struct radosdoor *door, rados_ioctx_t io,
		const char *name, uint64_t *size, time_t *changed)
{
	int ret = door->rados_stat(io, name, size, changed);

	if (ret == -ENOENT) {
		*size = 0;
		*changed = 0;
		ret = 0;
	}
	return ret;
}

/* Index of the half that was written last. */
static int newest(const struct radosdoor *door, rados_ioctx_t io,
		  char names[2][NAME_BYTES], unsigned int *half,
		  uint64_t sizes[2])
{
	time_t changed[2];
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && i < 2; i++)
		ret = look(door, io, names[i], &sizes[i], &changed[i]);
	if (ret)
		return ret;
	/* In the same second: the one that is not full, else the first. */
	*half = changed[1] > changed[0] ||
		(changed[1] == changed[0] && sizes[1] && sizes[1] < sizes[0]);
	return 0;
}

static int find_end(struct eventring *r)
{
	uint64_t sizes[2];
	int ret = newest(r->door, r->io, r->names, &r->half, sizes);

	if (!ret)
		r->used = sizes[r->half];
	return ret;
}

static int append(struct eventring *r, const struct line *l)
{
	const struct radosdoor *door = r->door;
	bool anew = r->used + l->len > r->half_bytes;
	unsigned int half = anew ? !r->half : r->half;
	rados_write_op_t op = door->rados_create_write_op();
	int ret;

	if (anew)
		door->rados_write_op_write_full(op, l->text, l->len);
	else
		door->rados_write_op_append(op, l->text, l->len);
	ret = door->rados_write_op_operate2(op, r->io, r->names[half], NULL,
					    LIBRADOS_OPERATION_FULL_TRY);
	door->rados_release_write_op(op);
	if (ret) {
		r->used = SIZE_MAX;
		return ret;
	}
	r->used = anew ? l->len : r->used + l->len;
	r->half = half;
	return 0;
}

static void run_line(struct worker_job *job)
{
	struct line *l = (struct line *)job;
	int attempt;

	l->error = -EAGAIN;
	for (attempt = 0; l->error && attempt < 2; attempt++) {
		l->error = l->ring->used == SIZE_MAX ? find_end(l->ring) : 0;
		if (!l->error)
			l->error = append(l->ring, l);
	}
}

static void done_line(struct worker_job *job)
{
	struct line *l = (struct line *)job;

	struct eventring *r = l->ring;

	r->queued--;
	r->written += !l->error;
	if (l->error && r->lost) {
		l->text[l->len - 1] = '\0';
		r->lost(r->lost_arg, l->text);
	}
	free(l);
}

int eventring_open(struct eventring **out, const struct radosdoor *door,
		   rados_ioctx_t io, const char *cluster, uint32_t node,
		   size_t half_bytes)
{
	struct eventring *r = calloc(1, sizeof(*r));
	unsigned int i;
	int ret = 0;

	if (!r)
		return -ENOMEM;
	r->door = door;
	r->io = io;
	r->half_bytes = half_bytes;
	r->used = SIZE_MAX;
	for (i = 0; !ret && i < 2; i++)
		ret = object_name(r->names[i], cluster, node, i);
	if (!ret)
		ret = worker_new(&r->worker, "events");
	if (ret) {
		free(r);
		return ret;
	}
	*out = r;
	return 0;
}

int eventring_put(struct eventring *r, const char *line)
{
	size_t n = strlen(line);
	struct line *l;

	if (n + 1 > EVENTRING_LINE || strchr(line, '\n'))
		return -EMSGSIZE;
	if (r->queued >= EVENTRING_QUEUE)
		return -ENOBUFS;
	l = calloc(1, sizeof(*l) + n + 1);
	if (!l)
		return -ENOMEM;
	l->job.run = run_line;
	l->job.done = done_line;
	l->ring = r;
	memcpy(l->text, line, n);
	l->text[n] = '\n';
	l->len = n + 1;
	r->queued++;
	worker_submit(r->worker, &l->job);
	return 0;
}

int eventring_fd(const struct eventring *r)
{
	return worker_fd(r->worker);
}

void eventring_on_lost(struct eventring *r,
		       void (*lost)(void *arg, const char *line), void *arg)
{
	r->lost = lost;
	r->lost_arg = arg;
}

unsigned int eventring_collect(struct eventring *r)
{
	unsigned int written;

	worker_collect(r->worker);
	written = r->written;
	r->written = 0;
	return written;
}

void eventring_close(struct eventring *r)
{
	if (!r)
		return;
	worker_free(r->worker);
	free(r);
}

/* @last: the line before, over both halves; EVENTRING_LINE bytes */
static int give_lines(char *text, char *last,
		      int (*each)(void *arg, const char *line), void *arg)
{
	char *line, *save = NULL;
	int ret = 0;

	for (line = strtok_r(text, "\n", &save); !ret && line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (!strcmp(line, last))
			continue;
		snprintf(last, EVENTRING_LINE, "%s", line);
		ret = each(arg, line);
	}
	return ret;
}

static int read_half(const struct radosdoor *door, rados_ioctx_t io,
		     const char *name, uint64_t size, char **text)
{
	size_t got = 0;
	int n;

	if (size > READ_MAX)
		return -EFBIG;
	*text = malloc(size + 1);
	if (!*text)
		return -ENOMEM;
	while (got < size) {
		n = door->rados_read(io, name, *text + got, size - got, got);
		if (n < 0 && n != -ENOENT)
			return n;
		/* It was emptied meanwhile. */
		if (n <= 0)
			break;
		got += (size_t)n;
	}
	(*text)[got] = '\0';
	return 0;
}

int eventring_read(const struct radosdoor *door, rados_ioctx_t io,
		   const char *cluster, uint32_t node,
		   int (*each)(void *arg, const char *line), void *arg)
{
	char names[2][NAME_BYTES], last[EVENTRING_LINE] = "", *text;
	unsigned int i, half;
	uint64_t sizes[2];
	int ret = 0;

	for (i = 0; !ret && i < 2; i++)
		ret = object_name(names[i], cluster, node, i);
	if (!ret)
		ret = newest(door, io, names, &half, sizes);
	for (i = 0; !ret && i < 2; i++) {
		half = !half;
		text = NULL;
		ret = read_half(door, io, names[half], sizes[half], &text);
		if (!ret)
			ret = give_lines(text, last, each, arg);
		free(text);
	}
	return ret;
}
