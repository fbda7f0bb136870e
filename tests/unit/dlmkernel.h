/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A model of fs/dlm's configfs and sysfs: which writes it takes, and what it
 * makes of a removed member at a start: failed when its comm is gone or
 * another one than it was added with, left otherwise.
 *
 * It keeps a log of what has effect, one word each, in order: "comm+2",
 * "comm-2", "a.id", "a.stop", "a.start(+new,-left,!failed)", "a.done=0".
 */
#ifndef TESTS_UNIT_DLMKERNEL_H
#define TESTS_UNIT_DLMKERNEL_H

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/clock.h"
#include "lib/dlmtree.h"

#define MODEL_SPACES 4
#define MODEL_NODES 8
#define MODEL_CLUSTER "/sys/kernel/config/dlm/cluster"
#define MODEL_SYSFS "/sys/kernel/dlm/"

/* A lockspace; of nodes: 0 not there, else the number of the comm. */
struct model_space {
	char name[16];
	bool in_sysfs;
	bool in_config;
	bool running;
	long id;
	bool made[MODEL_NODES];
	int node_comm[MODEL_NODES];
	int member_comm[MODEL_NODES];
};

static struct {
	pthread_mutex_t lock;
	bool cluster;
	char cluster_name[64];
	int comms;
	bool comm_made[MODEL_NODES];
	int comm[MODEL_NODES];
	char comm_ip[MODEL_NODES][32];
	bool comm_local[MODEL_NODES];
	int local; /* the kernel's own idea of itself */
	struct model_space spaces[MODEL_SPACES];
	char log[1024];
} model = { .lock = PTHREAD_MUTEX_INITIALIZER };

static atomic_bool model_hang;

static void model_log(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

static void model_log(const char *fmt, ...)
{
	size_t n = strlen(model.log);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(model.log + n, sizeof(model.log) - n, fmt, ap);
	va_end(ap);
	strcat(model.log, " ");
}

static struct model_space *model_find(const char *name, bool add)
{
	int i;

	for (i = 0; i < MODEL_SPACES; i++)
		if (!strcmp(model.spaces[i].name, name))
			return &model.spaces[i];
	for (i = 0; add && i < MODEL_SPACES; i++)
		if (!*model.spaces[i].name) {
			strcpy(model.spaces[i].name, name);
			return &model.spaces[i];
		}
	return NULL;
}

/* The parts of a path below the cluster's folder. */
struct model_path {
	int comm;
	char space[16];
	int node;
	char file[32];
};

static bool model_parse(const char *path, struct model_path *p)
{
	int n = 0;

	memset(p, 0, sizeof(*p));
	if (strncmp(path, MODEL_CLUSTER "/", sizeof(MODEL_CLUSTER)))
		return false;
	path += sizeof(MODEL_CLUSTER);
	if (sscanf(path, "comms/%d%n", &p->comm, &n) == 1)
		path += n;
	else if (sscanf(path, "spaces/%15[^/]/nodes/%d%n", p->space, &p->node,
			&n) == 2)
		path += n;
	else if (sscanf(path, "spaces/%15[^/]%n", p->space, &n) == 1)
		path += n;
	if (*path == '/')
		path++;
	snprintf(p->file, sizeof(p->file), "%s", path);
	return true;
}

static int model_make(void *ctx, const char *path)
{
	struct model_path p;
	struct model_space *s;
	bool *made = &model.cluster;
	int ret = 0;

	pthread_mutex_lock(&model.lock);
	if (model_parse(path, &p)) {
		s = *p.space ? model_find(p.space, true) : NULL;
		if (p.comm)
			made = &model.comm_made[p.comm];
		else if (p.node)
			made = &s->made[p.node];
		else
			made = &s->in_config;
	}
	if (*made)
		ret = -EEXIST;
	*made = true;
	pthread_mutex_unlock(&model.lock);
	return ret;
}

static int model_remove(void *ctx, const char *path)
{
	struct model_path p;
	struct model_space *s;
	bool *made;

	pthread_mutex_lock(&model.lock);
	assert_true(model_parse(path, &p));
	s = *p.space ? model_find(p.space, false) : NULL;
	if (p.comm) {
		made = &model.comm_made[p.comm];
		if (model.comm[p.comm])
			model_log("comm-%d", p.comm);
		model.comm[p.comm] = 0;
		model.comm_local[p.comm] = false;
		if (model.local == p.comm)
			model.local = 0;
	} else if (p.node) {
		made = &s->made[p.node];
		s->node_comm[p.node] = 0;
	} else {
		made = &s->in_config;
	}
	if (!*made) {
		pthread_mutex_unlock(&model.lock);
		return -ENOENT;
	}
	*made = false;
	pthread_mutex_unlock(&model.lock);
	return 0;
}

static void model_start(struct model_space *s)
{
	char what[128] = "";
	size_t n = 0;
	int i, was, is;

	for (i = 1; i < MODEL_NODES; i++) {
		was = s->member_comm[i];
		is = s->node_comm[i];
		if (was && was != is)
			n += (size_t)snprintf(what + n, sizeof(what) - n,
					      "%c%d",
					      model.comm[i] == was ? '-' : '!',
					      i);
		if (is && was != is)
			n += (size_t)snprintf(what + n, sizeof(what) - n, "+%d",
					      i);
		s->member_comm[i] = is;
	}
	s->running = true;
	model_log("%s.start(%s)", s->name, what);
}

static int model_write_space(struct model_space *s, const char *file, long v)
{
	if (!strcmp(file, "control") && v) {
		if (s->running)
			return -EINVAL;
		model_start(s);
	} else if (!strcmp(file, "control")) {
		s->running = false;
		model_log("%s.stop", s->name);
	} else if (!strcmp(file, "event_done")) {
		model_log("%s.done=%ld", s->name, v);
	} else if (!strcmp(file, "id")) {
		s->id = v;
		model_log("%s.id", s->name);
	}
	return 0;
}

static int model_write_comm(int id, const char *file, const void *buf)
{
	const struct sockaddr_in *in = buf;
	const unsigned char *ip = (const unsigned char *)&in->sin_addr;

	if (!model.comm_made[id])
		return -ENOENT;
	if (!strcmp(file, "local") && *(const char *)buf == '1') {
		model.comm_local[id] = true;
		/* The first one stays. */
		if (!model.local)
			model.local = id;
	}
	if (!strcmp(file, "addr")) {
		snprintf(model.comm_ip[id], sizeof(model.comm_ip[id]),
			 "AF_INET\t%u.%u.%u.%u", ip[0], ip[1], ip[2], ip[3]);
		model.comm[id] = ++model.comms;
		model_log("comm+%d", id);
	}
	return 0;
}

static int model_write_locked(const char *path, const char *text,
			      const void *buf)
{
	struct model_space *s;
	struct model_path p;
	char name[16], file[32];

	if (sscanf(path, MODEL_SYSFS "%15[^/]/%31s", name, file) == 2) {
		s = model_find(name, false);
		if (!s || !s->in_sysfs)
			return -ENOENT;
		return model_write_space(s, file, strtol(text, NULL, 10));
	}
	assert_true(model_parse(path, &p));
	if (p.comm)
		return model_write_comm(p.comm, p.file, buf);
	if (p.node) {
		s = model_find(p.space, false);
		if (!s || !s->made[p.node] || !strncmp(p.file, "release", 7))
			return -ENOENT;
		/* The kernel samples the comm here. */
		if (!strcmp(p.file, "nodeid")) {
			assert_int_not_equal(model.comm[p.node], 0);
			s->node_comm[p.node] = model.comm[p.node];
		}
		return 0;
	}
	if (!strcmp(p.file, "cluster_name"))
		strcpy(model.cluster_name, text);
	return 0;
}

static int model_write(void *ctx, const char *path, const void *buf, size_t len)
{
	char text[64] = "";
	int ret;

	if (len < sizeof(text))
		memcpy(text, buf, len);
	while (atomic_load(&model_hang) && strstr(path, "/control") &&
	       *text == '0')
		clock_sleep_ms(1);
	pthread_mutex_lock(&model.lock);
	ret = model_write_locked(path, text, buf);
	pthread_mutex_unlock(&model.lock);
	return ret;
}

static int model_read(void *ctx, const char *path, char *buf, size_t size)
{
	struct model_space *s;
	struct model_path p;
	char name[16], file[32];
	int ret = 0;

	pthread_mutex_lock(&model.lock);
	if (sscanf(path, MODEL_SYSFS "%15[^/]/%31s", name, file) == 2) {
		s = model_find(name, false);
		snprintf(buf, size, "%ld", s ? s->id : 0);
	} else if (model_parse(path, &p) && p.comm &&
		   !strcmp(p.file, "local")) {
		snprintf(buf, size, "%d", model.comm_local[p.comm]);
	} else if (p.comm) {
		snprintf(buf, size, "%s", model.comm_ip[p.comm]);
	} else if (!strcmp(p.file, "cluster_name")) {
		snprintf(buf, size, "%s", model.cluster_name);
	} else {
		ret = -ENOENT;
	}
	pthread_mutex_unlock(&model.lock);
	return ret;
}

/* What a folder holds; the callback must not be called under the lock. */
static int model_names(const char *path, char names[MODEL_NODES][16])
{
	struct model_space *s = NULL;
	char space[16];
	int i, n = 0;

	if (!strcmp(path, MODEL_CLUSTER "/comms")) {
		for (i = 1; i < MODEL_NODES; i++)
			if (model.comm_made[i])
				snprintf(names[n++], 16, "%d", i);
		return n;
	}
	if (!strcmp(path, "/sys/kernel/dlm")) {
		for (i = 0; i < MODEL_SPACES; i++)
			if (model.spaces[i].in_sysfs)
				strcpy(names[n++], model.spaces[i].name);
		return n;
	}
	if (sscanf(path, MODEL_CLUSTER "/spaces/%15[^/]/nodes", space) == 1)
		s = model_find(space, false);
	if (!s || !s->in_config)
		return -ENOENT;
	for (i = 1; i < MODEL_NODES; i++)
		if (s->made[i])
			snprintf(names[n++], 16, "%d", i);
	return n;
}

static int model_list(void *ctx, const char *path,
		      int (*each)(void *arg, const char *name), void *arg)
{
	char names[MODEL_NODES][16];
	int i, n, ret = 0;

	pthread_mutex_lock(&model.lock);
	n = model_names(path, names);
	pthread_mutex_unlock(&model.lock);
	for (i = 0; !ret && i < n; i++)
		ret = each(arg, names[i]);
	return n < 0 ? n : ret;
}

static const struct dlmtree_ops model_ops = {
	.make = model_make,
	.remove = model_remove,
	.write = model_write,
	.read = model_read,
	.list = model_list,
};

/* A fresh kernel. */
static void model_reset(void)
{
	pthread_mutex_lock(&model.lock);
	model.cluster = false;
	*model.cluster_name = '\0';
	model.comms = 0;
	memset(model.comm_made, 0, sizeof(model.comm_made));
	memset(model.comm, 0, sizeof(model.comm));
	memset(model.comm_local, 0, sizeof(model.comm_local));
	model.local = 0;
	memset(model.spaces, 0, sizeof(model.spaces));
	*model.log = '\0';
	pthread_mutex_unlock(&model.lock);
	atomic_store(&model_hang, false);
}

/* A mount begins or ends: the lockspace appears, or goes away. */
static void model_lockspace(const char *name, bool there)
{
	pthread_mutex_lock(&model.lock);
	model_find(name, true)->in_sysfs = there;
	pthread_mutex_unlock(&model.lock);
}

#endif
