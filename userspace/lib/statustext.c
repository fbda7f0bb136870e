// SPDX-License-Identifier: GPL-2.0
#include "lib/statustext.h"

#include <stdlib.h>
#include <string.h>

#include "lib/age.h"

#define RED "\033[1;31m"
#define YELLOW "\033[1;33m"
#define GREEN "\033[32m"
#define PLAIN "\033[0m"
#define NAME_MIN 8

/* What is being printed, and where. */
struct page {
	FILE *out;
	const struct clusterstatus *s;
	const struct clusterhealth *h;
	bool colour;
	int name_width;
};

static const char *level_colour(enum clusterhealth_level level)
{
	if (level == CLUSTERHEALTH_OK)
		return GREEN;
	return level == CLUSTERHEALTH_DEGRADED ? YELLOW : RED;
}

static void paint(const struct page *p, enum clusterhealth_level level,
		  int width, const char *text)
{
	fprintf(p->out, "%s%-*s%s", p->colour ? level_colour(level) : "", width,
		text, p->colour ? PLAIN : "");
}

static const char *headline(const struct page *p)
{
	switch (p->h->level) {
	case CLUSTERHEALTH_OK:
		return "ONLINE";
	case CLUSTERHEALTH_DEGRADED:
		return "DEGRADED";
	case CLUSTERHEALTH_NO_RIGHTS:
		return "NO RIGHTS";
	case CLUSTERHEALTH_STOPPED:
		return "STOPPED";
	}
	return "?";
}

/* Those that are in, or were until something happened to them. */
static unsigned int members(const struct clusterstatus *s)
{
	return (unsigned int)s->n_nodes - clusterstatus_count(s, "none") -
	       clusterstatus_count(s, "left");
}

static void print_problems(const struct page *p, int node, int lockspace)
{
	const struct clusterhealth_problem *v;
	bool advised = p->s->advice &&
		       json_object_array_length(p->s->advice) > 0;
	size_t i;

	for (i = 0; i < p->h->n; i++) {
		v = &p->h->v[i];
		if (v->node != node || v->lockspace != lockspace)
			continue;
		fputs("    ", p->out);
		paint(p, v->level, 0, v->text);
		fputc('\n', p->out);
		/* What the daemon advises about itself is more than we know. */
		if (*v->command &&
		    !(advised && v->level == CLUSTERHEALTH_NO_RIGHTS))
			fprintf(p->out, "      next: %s\n", v->command);
	}
}

/* Time-outs that are being changed. */
static void print_next(const struct page *p)
{
	const struct clusterstatus *s = p->s;
	char dead[AGE_TEXT], slow[AGE_TEXT], names[160];

	if (!s->next_dead_after_ms)
		return;
	age_format(s->next_dead_after_ms, dead);
	age_format(s->next_slow_after_ms, slow);
	clusterstatus_waits(s, names, sizeof(names));
	fprintf(p->out, " (to be %s, %s; %s%s)", dead, slow,
		*names ? "waiting for " : "all follow", names);
}

static void print_head(const struct page *p)
{
	const struct clusterstatus *s = p->s;
	char dead[AGE_TEXT], slow[AGE_TEXT];

	age_format(s->dead_after_ms, dead);
	age_format(s->slow_after_ms, slow);
	fprintf(p->out, "cluster %s  ", s->cluster);
	paint(p, p->h->level, 0, headline(p));
	fprintf(p->out, "  %u of %u nodes active  view %llu",
		clusterstatus_count(s, "active"), members(s),
		(unsigned long long)s->view);
	if (s->dead_after_ms)
		fprintf(p->out, "  dead after %s, slow after %s", dead, slow);
	print_next(p);
	fputc('\n', p->out);
	print_problems(p, -1, -1);
}

static enum clusterhealth_level node_level(const struct clusterstatus_node *n)
{
	return !strcmp(n->state, "active") || !strcmp(n->state, "none") ||
			       !strcmp(n->state, "left") ?
		       CLUSTERHEALTH_OK :
		       CLUSTERHEALTH_DEGRADED;
}

static void print_beat(const struct page *p, const struct clusterstatus_node *n)
{
	const struct clusterstatus *s = p->s;
	char age[AGE_TEXT], now[AGE_TEXT], max[AGE_TEXT], heard[AGE_TEXT];
	char p99[AGE_TEXT];

	if (n->self && s->beat_age_ms != CLUSTERSTATUS_NEVER) {
		age_format(s->beat_age_ms, age);
		age_latency(s->latency_us, now);
		age_latency(s->max_latency_us, max);
		age_latency(s->p99_latency_us, p99);
		fprintf(p->out,
			"  this node  beat %s ago, took %s (99%% %s, max %s)",
			age, now, p99, max);
		return;
	}
	if (n->self)
		fputs("  this node", p->out);
	if (n->beat_age_ms != CLUSTERSTATUS_NEVER) {
		age_format(n->beat_age_ms, age);
		fprintf(p->out, "  beat %s ago", age);
	}
	if (!n->self && n->heard_ms != CLUSTERSTATUS_NEVER) {
		age_format(n->heard_ms, heard);
		fprintf(p->out, ", heard %s ago", heard);
	}
}

static void print_node(const struct page *p, const struct clusterstatus_node *n)
{
	fprintf(p->out, "  %-*s %3d  ", p->name_width, n->name, n->number);
	paint(p, node_level(n), 8, *n->state ? n->state : "?");
	fprintf(p->out, " %-15s", n->address);
	if (strcmp(n->state, "none") && strcmp(n->state, "left"))
		print_beat(p, n);
	fputc('\n', p->out);
	print_problems(p, n->number, -1);
}

static void print_numbers(const struct page *p, const char *label,
			  struct json_object *list)
{
	size_t i, n = list ? json_object_array_length(list) : 0;

	if (!n)
		return;
	fprintf(p->out, "  %s", label);
	for (i = 0; i < n; i++)
		fprintf(p->out, "%s%d", i ? "," : " ",
			json_object_get_int(json_object_array_get_idx(list,
								      i)));
}

static void print_lockspace(const struct page *p, size_t i)
{
	const struct clusterstatus_lockspace *l = &p->s->lockspaces[i];
	bool well = l->settled && !*l->waiting;

	fprintf(p->out, "  lockspace %s  ", l->name);
	paint(p, well ? CLUSTERHEALTH_OK : CLUSTERHEALTH_DEGRADED, 0,
	      strcmp(l->here, "none") ? l->here : "not here");
	print_numbers(p, "nodes", l->members);
	print_numbers(p, "lost", well ? NULL : l->failed);
	print_numbers(p, "left", well ? NULL : l->left);
	fputc('\n', p->out);
	print_problems(p, -1, (int)i);
}

static void print_rest(const struct page *p)
{
	const struct clusterstatus *s = p->s;
	size_t i;

	for (i = 0; i < s->n_images; i++)
		fprintf(p->out, "  image %s  %s\n", s->images[i].image,
			s->images[i].client);
	if (*s->sweep_stage)
		fprintf(p->out,
			"  fence under way: %s, %llu of %llu placement groups answered\n",
			s->sweep_stage, (unsigned long long)s->sweep_answered,
			(unsigned long long)s->sweep_pgs);
	for (i = 0; s->advice && i < json_object_array_length(s->advice); i++)
		fprintf(p->out, "  next: %s\n",
			json_object_get_string(json_object_array_get_idx(s->advice, i)) ?:
				"");
}

void statustext_print(FILE *out, const struct clusterstatus *s,
		      const struct clusterhealth *h, bool colour)
{
	struct page p = { .out = out,
			  .s = s,
			  .h = h,
			  .colour = colour,
			  .name_width = NAME_MIN };
	size_t i;
	int len;

	for (i = 0; i < s->n_nodes; i++) {
		len = (int)strlen(s->nodes[i].name);
		if (len > p.name_width)
			p.name_width = len;
	}
	print_head(&p);
	for (i = 0; i < s->n_nodes; i++)
		print_node(&p, &s->nodes[i]);
	for (i = 0; i < s->n_lockspaces; i++)
		print_lockspace(&p, i);
	print_rest(&p);
}

void statustext_short(FILE *out, const struct clusterstatus *s,
		      const struct clusterhealth *h)
{
	static const char *const words[] = { "OK", "WARNING", "CRITICAL",
					     "UNKNOWN" };
	const struct clusterhealth_problem *worst = h->v;
	char name[80] = "";
	size_t i;

	for (i = 1; i < h->n; i++)
		if (h->v[i].level > worst->level)
			worst = &h->v[i];
	fprintf(out, "RBDSHARE %s: cluster %s, %u of %u nodes active",
		words[h->level], s->cluster, clusterstatus_count(s, "active"),
		members(s));
	if (h->n && worst->node >= 0)
		clusterstatus_name(s, worst->node, name, sizeof(name));
	else if (h->n && worst->lockspace >= 0)
		snprintf(name, sizeof(name), "lockspace %s",
			 s->lockspaces[worst->lockspace].name);
	if (h->n)
		fprintf(out, "; %s%s%s", name, *name ? ": " : "", worst->text);
	if (h->n > 1)
		fprintf(out, " (and %zu more)", h->n - 1);
	fprintf(out, " | active=%u nodes=%u", clusterstatus_count(s, "active"),
		members(s));
	if (s->beat_age_ms != CLUSTERSTATUS_NEVER)
		fprintf(out, " beat_age=%llums latency=%lluus",
			(unsigned long long)s->beat_age_ms,
			(unsigned long long)s->latency_us);
	fputc('\n', out);
}
