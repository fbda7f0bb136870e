// SPDX-License-Identifier: GPL-2.0
#include "agent/decide.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Between the start of the kernel's clock and of anything else. */
#define BOOT_MARGIN_S 5

int decide_find(const struct clusterstatus *s, const char *word)
{
	char number[16];
	size_t i;

	/* A name may look like another node's number. */
	for (i = 0; i < s->n_nodes; i++)
		if (!strcasecmp(s->nodes[i].name, word))
			return s->nodes[i].number;
	for (i = 0; i < s->n_nodes; i++) {
		snprintf(number, sizeof(number), "%d", s->nodes[i].number);
		if (!strcmp(number, word))
			return s->nodes[i].number;
	}
	return -1;
}

static unsigned int count_fences(const struct clusterstatus *s, int number,
				 const char *state)
{
	unsigned int count = 0;
	size_t i;

	for (i = 0; i < s->n_fences; i++)
		count += s->fences[i].node == number &&
			 !strcmp(s->fences[i].state, state);
	return count;
}

unsigned int decide_proofs(const struct clusterstatus *s, int number)
{
	return count_fences(s, number, "fenced") +
	       count_fences(s, number, "retired");
}

static bool in_lockspace(const struct clusterstatus *s, int number)
{
	struct json_object *members;
	size_t i, k, n;

	for (i = 0; i < s->n_lockspaces; i++) {
		members = s->lockspaces[i].members;
		n = members ? json_object_array_length(members) : 0;
		for (k = 0; k < n; k++)
			if (json_object_get_int(json_object_array_get_idx(
				    members, k)) == number)
				return true;
	}
	return false;
}

static enum decide_power power_of_state(const char *state)
{
	static const struct {
		const char *state;
		enum decide_power power;
	} powers[] = {
		{ "joining", DECIDE_ON },      { "active", DECIDE_ON },
		{ "suspect", DECIDE_ON },      { "cut", DECIDE_ON },
		{ "fencing", DECIDE_FENCING }, { "fenced", DECIDE_FENCED },
		{ "left", DECIDE_AWAY },       { "none", DECIDE_AWAY },
	};
	size_t i;

	for (i = 0; i < sizeof(powers) / sizeof(powers[0]); i++)
		if (!strcmp(powers[i].state, state))
			return powers[i].power;
	return DECIDE_UNKNOWN;
}

enum decide_power decide_power(const struct clusterstatus *s, int number)
{
	const struct clusterstatus_node *n = clusterstatus_node(s, number);
	enum decide_power power = n ? power_of_state(n->state) : DECIDE_UNKNOWN;

	if (power != DECIDE_FENCED && power != DECIDE_AWAY)
		return power;
	/* An earlier life of it may not be proved yet. */
	if (count_fences(s, number, "fencing"))
		return DECIDE_FENCING;
	return power == DECIDE_AWAY && in_lockspace(s, number) ? DECIDE_ON :
								 power;
}

int decide_believe(const struct clusterstatus *s, struct fault *f)
{
	if (strcmp(s->state, "active"))
		return fault_set(
			f, -EAGAIN,
			"this node is %s, not an active member of cluster %s, so it cannot tell; look with: rbdshare cluster status",
			s->state, s->cluster);
	if (strcmp(s->gate, "open") || !s->beat_good ||
	    s->beat_age_ms > 3 * s->tick_ms ||
	    s->storage_busy_ms > s->tick_ms / 2)
		return fault_set(
			f, -EAGAIN,
			"this node does not reach the storage in time, so what it knows of cluster %s may be old; look with: rbdshare cluster status",
			s->cluster);
	return 0;
}

/* Within that at least one reading begins and ends. */
uint64_t decide_settle_ms(const struct clusterstatus *s)
{
	return 3 * s->tick_ms + 500;
}

int decide_lift(const struct decide_host *h, struct fault *f)
{
	if (!h->here)
		return fault_set(
			f, -EPERM,
			"%.80s stays cut off: only the node itself can see whether it has booted since; run 'on' there, or add confirmed=1 when it was restarted or none of its clients is left",
			h->name);
	if (h->uptime_s + BOOT_MARGIN_S >= h->age_s)
		return fault_set(
			f, -EPERM,
			"%.80s stays cut off: it was fenced %lld s ago and has not booted since (it is up for %lld s); reboot it, or add confirmed=1 when none of its clients is left",
			h->name, (long long)h->age_s, (long long)h->uptime_s);
	if (h->devices)
		return fault_set(
			f, -EPERM,
			"%.80s stays cut off: %zu images are mapped here, maybe since before it was fenced; unmap them (rbdshare unmap --full-force) or reboot",
			h->name, h->devices);
	if (h->pid)
		return fault_set(
			f, -EPERM,
			"%.80s stays cut off: process %d (%s) uses librbd, maybe since before it was fenced; end it or reboot",
			h->name, h->pid, h->program);
	return 0;
}
