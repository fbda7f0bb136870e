// SPDX-License-Identifier: GPL-2.0
#include "cli/clusterstory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/eventring.h"

static int keep(void *arg, const char *line)
{
	struct clusterstory *s = arg;
	struct eventline *bigger;
	size_t room = s->room ? 2 * s->room : 256;

	if (s->n == s->room) {
		bigger = realloc(s->v, room * sizeof(*bigger));
		if (!bigger)
			return -ENOMEM;
		s->v = bigger;
		s->room = room;
	}
	eventline_parse(&s->v[s->n], line, s->node);
	/* Events of one node in one second stay in their order. */
	s->v[s->n].place = s->n;
	s->n++;
	return 0;
}

void clusterstory_all(struct clusterstory *s, const struct clusternames *names,
		      const struct rbd_view *view)
{
	unsigned int i;

	for (i = 0; i < CLUSTERNAMES_MAX; i++)
		if (*names->name[i])
			rbd_nodeset_add(&s->nodes, i);
	for (i = 0; view && i < view->n_members; i++)
		rbd_nodeset_add(&s->nodes, view->members[i].number);
	for (i = 0; view && i < view->n_fences; i++)
		rbd_nodeset_add(&s->nodes, view->fences[i].number);
}

int clusterstory_read(struct verbctx *c, const struct clusterplace *place,
		      const struct clusternames *names, rados_ioctx_t io,
		      struct clusterstory *s)
{
	char name[80];
	int ret = 0;

	rbd_nodeset_for_each(s->node, &s->nodes)
	{
		ret = eventring_read(c->s.door, io, place->cluster,
				     (uint32_t)s->node, keep, s);
		if (!ret)
			continue;
		snprintf(name, sizeof(name), "%s",
			 clusternames_of(names, s->node));
		return session_fault(&c->s, &c->f, ret, NULL,
				     "read the events of %s from pool '%s'",
				     name, place->pool);
	}
	if (s->n)
		qsort(s->v, s->n, sizeof(*s->v), eventline_compare);
	return 0;
}

struct json_object *clusterstory_json(const struct clusterstory *s, size_t from,
				      size_t to)
{
	struct json_object *list = json_object_new_array();

	for (; from < to; from++)
		json_object_array_add(list, json_object_get(s->v[from].root));
	return list;
}

void clusterstory_free(struct clusterstory *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		eventline_free(&s->v[i]);
	free(s->v);
}
