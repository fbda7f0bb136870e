// SPDX-License-Identifier: GPL-2.0
#include "lib/clusterstatus.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NODE_MAX 254

/* --- values of an object, whatever it really is --- */

static struct json_object *member(struct json_object *o, const char *key)
{
	struct json_object *v = NULL;

	return json_object_is_type(o, json_type_object) &&
			       json_object_object_get_ex(o, key, &v) ?
		       v :
		       NULL;
}

static const char *text(struct json_object *o, const char *key)
{
	struct json_object *v = member(o, key);

	return json_object_is_type(v, json_type_string) ?
		       json_object_get_string(v) :
		       "";
}

static uint64_t number(struct json_object *o, const char *key)
{
	struct json_object *v = member(o, key);

	return v && json_object_get_int64(v) > 0 ? json_object_get_uint64(v) :
						   0;
}

static bool truth(struct json_object *o, const char *key)
{
	return json_object_get_boolean(member(o, key));
}

/* Numbers of nodes, which may be null; nobody may be 65535 too. */
static int whole(struct json_object *o, const char *key)
{
	struct json_object *v = member(o, key);
	int n = v ? json_object_get_int(v) : -1;

	return n > NODE_MAX ? -1 : n;
}

static uint64_t age(struct json_object *o, const char *key)
{
	return member(o, key) ? number(o, key) : CLUSTERSTATUS_NEVER;
}

static struct json_object *array(struct json_object *o, const char *key)
{
	struct json_object *v = member(o, key);

	return json_object_is_type(v, json_type_array) ? v : NULL;
}

/* --- the parts --- */

static void read_node(struct json_object *o, void *to)
{
	struct clusterstatus_node *n = to;

	n->number = whole(o, "number");
	n->name = text(o, "name");
	n->address = text(o, "address");
	n->state = text(o, "state");
	n->self = truth(o, "self");
	n->beat_age_ms = age(o, "beat_age_ms");
	n->heard_ms = age(o, "heard_ms");
	n->stale = !strcmp(text(o, "daemon"), "stale");
	n->accusation = text(o, "accusation");
	n->accuser = whole(o, "accuser");
	n->config_differs = truth(o, "config_differs");
}

static void read_lockspace(struct json_object *o, void *to)
{
	struct clusterstatus_lockspace *l = to;

	l->name = text(o, "name");
	l->generation = number(o, "generation");
	l->settled = truth(o, "settled");
	l->here = text(o, "here");
	l->waiting = text(o, "waiting");
	l->members = array(o, "members");
	l->failed = array(o, "failed");
	l->left = array(o, "left");
}

static void read_fence(struct json_object *o, void *to)
{
	struct clusterstatus_fence *f = to;

	f->node = whole(o, "node");
	f->state = text(o, "state");
	f->reason = text(o, "reason");
	f->evidence = text(o, "evidence");
	f->by = whole(o, "by");
	f->epoch = number(o, "epoch");
}

static void read_image(struct json_object *o, void *to)
{
	struct clusterstatus_image *i = to;

	i->image = text(o, "image");
	i->client = text(o, "client");
}

/* Return: an array of @n records, or NULL when out of memory. */
static void *read_list(struct json_object *root, const char *key, size_t size,
		       void (*read)(struct json_object *o, void *to), size_t *n)
{
	struct json_object *list = array(root, key);
	char *v;
	size_t i;

	*n = list ? json_object_array_length(list) : 0;
	v = calloc(*n + 1, size);
	for (i = 0; v && i < *n; i++)
		read(json_object_array_get_idx(list, i), v + i * size);
	return v;
}

static int read_lists(struct clusterstatus *s)
{
	s->nodes = read_list(s->root, "nodes", sizeof(*s->nodes), read_node,
			     &s->n_nodes);
	s->lockspaces = read_list(s->root, "lockspaces", sizeof(*s->lockspaces),
				  read_lockspace, &s->n_lockspaces);
	s->fences = read_list(s->root, "fences", sizeof(*s->fences), read_fence,
			      &s->n_fences);
	s->images = read_list(s->root, "images", sizeof(*s->images), read_image,
			      &s->n_images);
	return s->nodes && s->lockspaces && s->fences && s->images ? 0 :
								     -ENOMEM;
}

int clusterstatus_read(struct clusterstatus *s, struct json_object *root)
{
	struct json_object *beat = member(root, "heartbeat");
	struct json_object *timeouts = member(root, "timeouts");
	struct json_object *next = member(timeouts, "next");
	struct json_object *fencing = member(root, "fencing");
	int ret;

	memset(s, 0, sizeof(*s));
	s->cluster = text(root, "cluster");
	s->state = text(root, "state");
	if (!*s->cluster || !*s->state)
		return -EBADMSG;
	s->root = json_object_get(root);
	s->pool = text(root, "pool");
	s->name = text(root, "name");
	s->node = whole(root, "node");
	s->gate = text(root, "gate");
	s->view = number(root, "view");
	s->beat_age_ms = age(beat, "age_ms");
	s->latency_us = number(beat, "latency_us");
	s->max_latency_us = number(beat, "max_latency_us");
	s->p99_latency_us = number(beat, "p99_latency_us");
	s->tick_ms = number(beat, "tick_ms");
	s->beat_good = truth(beat, "good");
	s->storage_busy_ms = number(root, "storage_busy_ms");
	s->dead_after_ms = number(timeouts, "dead_after_ms");
	s->slow_after_ms = number(timeouts, "slow_after_ms");
	s->next_dead_after_ms = number(next, "dead_after_ms");
	s->next_slow_after_ms = number(next, "slow_after_ms");
	s->next_waits_for = array(next, "waits_for");
	s->sweep_stage = text(fencing, "stage");
	s->sweep_answered = number(fencing, "answered");
	s->sweep_pgs = number(fencing, "pgs");
	s->sweep_error = (int)number(fencing, "error");
	s->sweep_waiting_pool = number(fencing, "waiting_pool");
	s->sweep_waiting_pg = number(fencing, "waiting_pg");
	s->sweep_waiting_ms = number(fencing, "waiting_ms");
	s->advice = array(root, "advice");
	ret = read_lists(s);
	if (ret)
		clusterstatus_free(s);
	return ret;
}

void clusterstatus_free(struct clusterstatus *s)
{
	free(s->nodes);
	free(s->lockspaces);
	free(s->fences);
	free(s->images);
	json_object_put(s->root);
	memset(s, 0, sizeof(*s));
}

const struct clusterstatus_node *
clusterstatus_node(const struct clusterstatus *s, int number)
{
	size_t i;

	for (i = 0; i < s->n_nodes; i++)
		if (s->nodes[i].number == number)
			return &s->nodes[i];
	return NULL;
}

const char *clusterstatus_name(const struct clusterstatus *s, int number,
			       char *buf, size_t size)
{
	const struct clusterstatus_node *n = clusterstatus_node(s, number);

	if (n && *n->name)
		snprintf(buf, size, "%s", n->name);
	else if (number < 0)
		snprintf(buf, size, "nobody");
	else
		snprintf(buf, size, "node %d", number);
	return buf;
}

const char *clusterstatus_waits(const struct clusterstatus *s, char *buf,
				size_t size)
{
	size_t i, n = 0, count = 0;
	char name[80];

	*buf = '\0';
	if (s->next_waits_for)
		count = json_object_array_length(s->next_waits_for);
	for (i = 0; i < count && n < size; i++)
		n += (size_t)snprintf(
			buf + n, size - n, "%s%s", i ? ", " : "",
			clusterstatus_name(
				s,
				json_object_get_int(json_object_array_get_idx(
					s->next_waits_for, i)),
				name, sizeof(name)));
	return buf;
}

unsigned int clusterstatus_count(const struct clusterstatus *s,
				 const char *state)
{
	unsigned int count = 0;
	size_t i;

	for (i = 0; i < s->n_nodes; i++)
		count += !strcmp(s->nodes[i].state, state);
	return count;
}
