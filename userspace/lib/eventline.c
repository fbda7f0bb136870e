// SPDX-License-Identifier: GPL-2.0
#include "lib/eventline.h"

#include <string.h>

#include "lib/jsonout.h"

#define NODE_MAX 254

/* The number of a node; nobody may be 65535 too. */
static int node_of(struct json_object *o, const char *key)
{
	struct json_object *v;
	int n;

	if (!json_object_object_get_ex(o, key, &v) ||
	    !json_object_is_type(v, json_type_int))
		return -1;
	n = json_object_get_int(v);
	return n > NODE_MAX ? -1 : n;
}

static const char *text(struct json_object *o, const char *key)
{
	struct json_object *v;

	return json_object_object_get_ex(o, key, &v) &&
			       json_object_is_type(v, json_type_string) ?
		       json_object_get_string(v) :
		       "";
}

void eventline_read(struct eventline *e, struct json_object *root)
{
	e->root = json_object_get(root);
	e->time = text(root, "time");
	e->node = node_of(root, "node");
	e->about = node_of(root, "about");
	e->state = text(root, "state");
	e->life = text(root, "incarnation");
	e->text = text(root, "text");
}

void eventline_parse(struct eventline *e, const char *line, int node)
{
	struct json_object *o = json_tokener_parse(line);

	if (!json_object_is_type(o, json_type_object)) {
		json_object_put(o);
		o = json_object_new_object();
		json_object_object_add(o, "time", NULL);
		jsonout_string(o, "text", line);
	}
	if (node_of(o, "node") < 0)
		json_object_object_add(o, "node", json_object_new_int(node));
	eventline_read(e, o);
	json_object_put(o);
}

void eventline_free(struct eventline *e)
{
	json_object_put(e->root);
	memset(e, 0, sizeof(*e));
}

int eventline_compare(const void *a, const void *b)
{
	const struct eventline *x = a, *y = b;
	/* RFC 3339 in UTC sorts as text. */
	int order = strcmp(x->time, y->time);

	if (order)
		return order;
	return x->place < y->place ? -1 : x->place > y->place;
}

/* What a terminal would take for a command becomes a blank. */
static void put_text(FILE *out, const char *t)
{
	for (; *t; t++)
		fputc((unsigned char)*t < ' ' || *t == 0x7f ? ' ' : *t, out);
}

void eventline_print(FILE *out, const struct eventline *e,
		     const char *(*name)(const void *arg, int node),
		     const void *arg)
{
	fprintf(out, "%-20s  ", *e->time ? e->time : "-");
	put_text(out, name(arg, e->node));
	fputs(": ", out);
	if (e->about >= 0 && e->about != e->node) {
		put_text(out, name(arg, e->about));
		fputs(": ", out);
	}
	put_text(out, e->text);
	fputc('\n', out);
}
