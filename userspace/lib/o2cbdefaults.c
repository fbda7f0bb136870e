// SPDX-License-Identifier: GPL-2.0
#include "lib/o2cbdefaults.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/clusternode.h"

#define FIX_TIMEOUTS "rbdshare cluster timeouts set --dead-after 60s"

const struct o2cb_timeout_desc o2cb_timeout_desc[O2CB_TIMEOUTS] = {
	[O2CB_THRESHOLD] = {
		"O2CB_HEARTBEAT_THRESHOLD", "heartbeat/dead_threshold",
		"node dead after", "heartbeat_threshold", 7, 31,
	},
	[O2CB_IDLE] = {
		"O2CB_IDLE_TIMEOUT_MS", "idle_timeout_ms",
		"network idle", "idle_timeout_ms", 5000, 30000,
	},
	[O2CB_KEEPALIVE] = {
		"O2CB_KEEPALIVE_DELAY_MS", "keepalive_delay_ms",
		"keepalive", "keepalive_delay_ms", 1000, 2000,
	},
	[O2CB_RECONNECT] = {
		"O2CB_RECONNECT_DELAY_MS", "reconnect_delay_ms",
		"reconnect", "reconnect_delay_ms", 2000, 2000,
	},
};

unsigned int o2cb_dead_after_s(unsigned int threshold)
{
	return threshold ? (threshold - 1) * 2 : 0;
}

unsigned int o2cb_threshold(unsigned int seconds)
{
	return (seconds + 1) / 2 + 1;
}

int o2cb_duration(const char *text, unsigned int *ms, struct fault *f)
{
	static const struct {
		const char *suffix;
		unsigned int ms;
	} units[] = {
		{ "", 1000 },
		{ "s", 1000 },
		{ "ms", 1 },
		{ "m", 60000 },
	};
	size_t i, digits = strspn(text, "0123456789");
	unsigned long v = strtoul(text, NULL, 10);

	for (i = 0; digits && i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(text + digits, units[i].suffix))
			continue;
		if (digits > 9 || v * units[i].ms > 86400000UL)
			return fault_set(f, -EINVAL,
					 "'%s' is longer than a day", text);
		if (!v)
			return fault_set(f, -EINVAL,
					 "a time of 0 is not possible");
		*ms = v * units[i].ms;
		return 0;
	}
	return fault_set(f, -EINVAL,
			 "'%s' is not a time; write it like 120s, 2m or 1500ms",
			 text);
}

static unsigned int clamp(unsigned int v, unsigned int low, unsigned int high)
{
	return v < low ? low : v > high ? high : v;
}

/* The three network values that go with a "dead after". */
static void derive(struct o2cb_timeouts *t)
{
	unsigned int dead_ms = o2cb_dead_after_s(t->value[O2CB_THRESHOLD]) *
			       1000;

	t->value[O2CB_IDLE] = clamp(dead_ms / 2, 5000, 60000);
	t->value[O2CB_KEEPALIVE] = clamp(t->value[O2CB_IDLE] / 15, 1000, 2000);
	t->value[O2CB_RECONNECT] = 2000;
}

static int check_minima(const struct o2cb_timeouts *t, struct fault *f)
{
	int i;

	for (i = O2CB_IDLE; i < O2CB_TIMEOUTS; i++)
		if (t->value[i] < o2cb_timeout_desc[i].minimum)
			return fault_set(
				f, -EINVAL,
				"%s of %u ms is too short; %u ms is the least o2cb takes",
				o2cb_timeout_desc[i].label, t->value[i],
				o2cb_timeout_desc[i].minimum);
	return 0;
}

/* What does not fit together: 0, or the value at fault and why. */
static int check_relations(const struct o2cb_timeouts *t,
			   enum o2cb_timeout *which, struct fault *f)
{
	unsigned int dead_s = o2cb_dead_after_s(t->value[O2CB_THRESHOLD]);
	unsigned int idle = t->value[O2CB_IDLE];

	*which = O2CB_IDLE;
	if (idle >= dead_s * 1000ULL)
		return fault_set(
			f, -EINVAL,
			"network idle (%u ms) has to be shorter than the time after which a node is dead (%u s), else a broken network is seen too late",
			idle, dead_s);
	*which = O2CB_KEEPALIVE;
	if (t->value[O2CB_KEEPALIVE] > idle / 2)
		return fault_set(
			f, -EINVAL,
			"keepalive (%u ms) has to be half of network idle (%u ms) or less, else one lost packet cuts the connection",
			t->value[O2CB_KEEPALIVE], idle);
	*which = O2CB_RECONNECT;
	if (t->value[O2CB_RECONNECT] > idle / 2)
		return fault_set(
			f, -EINVAL,
			"reconnect (%u ms) has to be half of network idle (%u ms) or less, else a peer is given up after one attempt",
			t->value[O2CB_RECONNECT], idle);
	return 0;
}

int o2cb_compute(const struct o2cb_wish *wish, const struct o2cb_timeouts *now,
		 struct o2cb_timeouts *out, struct fault *f)
{
	struct o2cb_timeouts t = *now;
	enum o2cb_timeout which;
	unsigned int s = (wish->dead_after_ms + 999) / 1000;
	int ret;

	if (wish->dead_after_ms) {
		if (s < O2CB_DEAD_AFTER_MIN_S || s > O2CB_DEAD_AFTER_MAX_S)
			return fault_set(
				f, -EINVAL,
				"a node can be called dead after %d s to %d s, not %u s",
				O2CB_DEAD_AFTER_MIN_S, O2CB_DEAD_AFTER_MAX_S,
				s);
		t.value[O2CB_THRESHOLD] = o2cb_threshold(s);
		derive(&t);
	}
	if (wish->idle_ms) {
		t.value[O2CB_IDLE] = wish->idle_ms;
		if (wish->dead_after_ms)
			t.value[O2CB_KEEPALIVE] = clamp(wish->idle_ms / 15,
							1000, 2000);
	}
	if (wish->keepalive_ms)
		t.value[O2CB_KEEPALIVE] = wish->keepalive_ms;
	if (wish->reconnect_ms)
		t.value[O2CB_RECONNECT] = wish->reconnect_ms;
	ret = check_minima(&t, f);
	if (!ret)
		ret = check_relations(&t, &which, f);
	if (!ret)
		*out = t;
	return ret;
}

/* Reads one value; tells what is wrong with it. */
static int read_one(const struct shellvars *vars, const char *file, int i,
		    struct o2cb_timeouts *out, struct finding_list *found)
{
	const struct o2cb_timeout_desc *d = &o2cb_timeout_desc[i];
	struct finding_place place = shellvars_place(vars, file, d->variable);
	const struct shellvars_line *l;
	unsigned long v, max;

	out->value[i] = d->standard;
	out->line[i] = 0;
	out->column[i] = 0;
	if (!place.line)
		return 0;
	l = &vars->lines[place.line - 1];
	if (!*l->value)
		return 0;
	if (l->computed)
		return finding_add(
			found, FINDING_WARNING, &place, FIX_TIMEOUTS,
			"%s=%s is computed by the shell, so it cannot be checked; write a number",
			d->variable, l->value);
	max = i == O2CB_THRESHOLD ? UINT_MAX / 2000 : UINT_MAX / 2;
	if (clusternode_number(l->value, 1, max, &v))
		return finding_add(found, FINDING_ERROR, &place, FIX_TIMEOUTS,
				   "%s='%s' is not a number o2cb can use",
				   d->variable, l->value);
	out->value[i] = v;
	out->line[i] = place.line;
	out->column[i] = place.column;
	if (v >= d->minimum)
		return 0;
	return finding_add(found, FINDING_ERROR, &place, FIX_TIMEOUTS,
			   "%s=%lu is below %u, the least that works reliably",
			   d->variable, v, d->minimum);
}

int o2cb_read(const struct shellvars *vars, const char *file,
	      struct o2cb_timeouts *out, struct finding_list *found)
{
	struct finding_place place = { .file = file };
	enum o2cb_timeout which;
	struct fault f;
	int i, ret = 0;

	for (i = 0; i < O2CB_TIMEOUTS && !ret; i++)
		ret = read_one(vars, file, i, out, found);
	if (ret || !check_relations(out, &which, &f))
		return ret;
	place.line = out->line[which];
	place.column = out->column[which];
	return finding_add(found, FINDING_WARNING, &place, FIX_TIMEOUTS, "%s",
			   f.text);
}

int o2cb_write(struct shellvars *vars, const struct o2cb_timeouts *t)
{
	char text[16];
	int i, ret = 0;

	for (i = 0; i < O2CB_TIMEOUTS && !ret; i++) {
		snprintf(text, sizeof(text), "%u", t->value[i]);
		ret = shellvars_set(vars, o2cb_timeout_desc[i].variable, text);
	}
	return ret;
}

bool o2cb_enabled(const struct shellvars *vars)
{
	const char *v = shellvars_get(vars, "O2CB_ENABLED");

	return v && !strcmp(v, "true");
}

const char *o2cb_defaults_path(void)
{
	const char *path = getenv("RBDSHARE_O2CB_DEFAULTS");

	if (path && *path)
		return path;
	if (!access("/etc/sysconfig/o2cb", F_OK))
		return "/etc/sysconfig/o2cb";
	return "/etc/default/o2cb";
}
