/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An event of a cluster, as the daemon writes it: one object of JSON,
 * {"time":RFC3339,"node":N,"about":N or null,"text":"..."}. When it says what
 * became of a node it has "state" and "incarnation" too.
 */
#ifndef RBDSHARE_LIB_EVENTLINE_H
#define RBDSHARE_LIB_EVENTLINE_H

#include <json-c/json.h>
#include <stddef.h>
#include <stdio.h>

/**
 * struct eventline - taken apart; the strings live in @root
 * @root: the object, owned; eventline_free()
 * @time: as written; "" when there is none
 * @node: who says it, -1
 * @about: about whom, -1
 * @state: that @about is in now, as the view has it; "" when it is not about that
 * @life: incarnation of @about, in hexadecimal digits; ""
 * @place: in the order of reading, for those of the same time
 */
struct eventline {
	struct json_object *root;
	const char *time;
	int node;
	int about;
	const char *state;
	const char *life;
	const char *text;
	size_t place;
};

/* eventline_read() - one more reference of @root is taken */
void eventline_read(struct eventline *e, struct json_object *root);

/**
 * eventline_parse() - from a line of text
 * @node: who says it, when the line does not
 *
 * A line that is no JSON becomes the text of an event without a time.
 */
void eventline_parse(struct eventline *e, const char *line, int node);

void eventline_free(struct eventline *e);

/* For qsort(): by time, then place; those without a time first. */
int eventline_compare(const void *a, const void *b);

/**
 * eventline_print() - one line for people
 * @name: what a node is called
 */
void eventline_print(FILE *out, const struct eventline *e,
		     const char *(*name)(const void *arg, int node),
		     const void *arg);

#endif
