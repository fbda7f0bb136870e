// SPDX-License-Identifier: GPL-2.0
#include "lib/evictions.h"

#include <string.h>
#include <time.h>

#include "lib/jsonout.h"

#define WHEN 24

const char *eviction_time(const struct eviction *e)
{
	return *e->condemned ? e->condemned : e->proved;
}

static void first(const char **time, const struct eventline *e)
{
	if (!**time)
		*time = e->time;
}

/* @text and some seconds, in @out; false when it is not a time */
static bool shifted(const char *text, long seconds, char out[WHEN])
{
	struct tm tm = { 0 };
	const char *end = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);

	if (!end || *end != 'Z')
		return false;
	jsonout_time_format(timegm(&tm) + seconds, out, WHEN);
	return true;
}

static bool is_end(const char *state)
{
	return !strcmp(state, "fencing") || !strcmp(state, "fenced");
}

static struct eviction *of_life(struct eviction *found, size_t *n,
				const char *life)
{
	size_t i;

	for (i = 0; i < *n; i++)
		if (!strcmp(found[i].life, life))
			return &found[i];
	if (*n == EVICTIONS_MAX) {
		memmove(found, found + 1, (*n - 1) * sizeof(*found));
		--*n;
	}
	found[*n] = (struct eviction){ .life = life,
				       .accused = "",
				       .condemned = "",
				       .proved = "",
				       .back = "",
				       .why = "" };
	return &found[(*n)++];
}

/* Behind what became of the node, "is accused: does not answer". */
static const char *reason(const struct eventline *e)
{
	const char *colon = strstr(e->text, ": ");

	return colon ? colon + 2 : "";
}

static void fill_in(struct eviction *e, const struct eventline *v, size_t n,
		    int node)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (v[i].about != node)
			continue;
		if (strcmp(v[i].life, e->life)) {
			if (!strcmp(v[i].state, "active") &&
			    strcmp(v[i].time, eviction_time(e)) > 0)
				first(&e->back, &v[i]);
		} else if (!strcmp(v[i].state, "suspect") ||
			   !strcmp(v[i].state, "cut")) {
			/* The last one: those before were refuted. */
			if (!*e->condemned) {
				e->accused = v[i].time;
				e->why = reason(&v[i]);
			}
		} else if (!strcmp(v[i].state, "fencing")) {
			if (!*e->condemned && *reason(&v[i]))
				e->why = reason(&v[i]);
			first(&e->condemned, &v[i]);
		} else if (!strcmp(v[i].state, "fenced")) {
			if (!*e->why)
				e->why = reason(&v[i]);
			first(&e->proved, &v[i]);
		}
	}
}

static void choose_events(struct eviction *e, const struct eventline *v,
			  size_t n)
{
	const char *last = *e->proved ? e->proved : e->condemned;
	char from[WHEN], to[WHEN];

	if (!shifted(eviction_time(e), -EVICTION_BEFORE_S, from) ||
	    !shifted(last, EVICTION_AFTER_S, to))
		return;
	while (e->from < n && strcmp(v[e->from].time, from) < 0)
		e->from++;
	e->to = e->from;
	while (e->to < n && strcmp(v[e->to].time, to) <= 0)
		e->to++;
}

size_t evictions_find(const struct eventline *v, size_t n, int node,
		      struct eviction found[EVICTIONS_MAX])
{
	size_t i, count = 0;

	for (i = 0; i < n; i++)
		if (v[i].about == node && *v[i].life && is_end(v[i].state))
			of_life(found, &count, v[i].life);
	for (i = 0; i < count; i++) {
		fill_in(&found[i], v, n, node);
		choose_events(&found[i], v, n);
	}
	return count;
}
