// SPDX-License-Identifier: GPL-2.0
/* rbdshare cluster set: other time-outs, while the cluster runs. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/clusterargs.h"
#include "lib/clusterask.h"
#include "cli/globals.h"
#include "cli/verbctx.h"
#include "hb_timing.h"
#include "lib/age.h"
#include "lib/clock.h"
#include "lib/controldoor.h"
#include "lib/exitcode.h"
#include "lib/jsonout.h"
#include "lib/msg.h"
#include "lib/o2cbdefaults.h"

#define WAIT_DEFAULT_S 30
#define LOOK_MS 300

/**
 * struct change - of time-outs, in milliseconds
 * @dead, @slow: as they are to be
 * @old_dead, @old_slow: as they are
 */
struct change {
	unsigned int dead;
	unsigned int slow;
	unsigned int old_dead;
	unsigned int old_slow;
};

/* What is not given stays as it is. */
static int read_change(const struct cluster_args *args,
		       const struct clusterstatus *s, struct change *c,
		       struct fault *f)
{
	struct rbd_hb_timing timing;
	const char *bad;
	int ret = 0;

	c->old_dead = (unsigned int)s->dead_after_ms;
	c->old_slow = (unsigned int)s->slow_after_ms;
	c->dead = c->old_dead;
	c->slow = c->old_slow;
	if (args->fast)
		c->dead = RBD_HB_DEAD_AFTER_FAST_MS;
	if (args->dead_after)
		ret = o2cb_duration(args->dead_after, &c->dead, f);
	if (!ret && args->slow_after)
		ret = o2cb_duration(args->slow_after, &c->slow, f);
	if (ret)
		return ret;
	bad = rbd_hb_timing_derive(&timing, c->dead, c->slow);
	return bad ? fault_set(f, -EINVAL, "%s", bad) : 0;
}

static int order(const struct change *c, struct fault *f)
{
	struct json_object *o = controldoor_request("set");

	jsonout_u64(o, "dead_after_ms", c->dead);
	jsonout_u64(o, "slow_after_ms", c->slow);
	return clusterask_do(o, NULL, f);
}

/* Return: 1 all nodes go by them; 0 not yet, with why; or a negative errno. */
static int look(const struct change *c, struct fault *why)
{
	struct clusterstatus s;
	char names[160];
	int ret = clusterask_status(&s, why);

	if (ret)
		return ret;
	ret = s.dead_after_ms == c->dead && s.slow_after_ms == c->slow &&
	      !s.next_dead_after_ms;
	clusterstatus_waits(&s, names, sizeof(names));
	snprintf(why->text, sizeof(why->text), "%s%s",
		 *names ? "waiting for " : "the view is not written yet",
		 names);
	clusterstatus_free(&s);
	return ret;
}

static int wait_for(const struct change *c, struct fault *f)
{
	unsigned int limit_s = globals.timeout_given ? globals.timeout_s :
						       WAIT_DEFAULT_S;
	long long start = clock_ms();
	struct fault why = { "" };
	int ret;

	while (!(ret = look(c, &why))) {
		if (clock_ms() - start >= limit_s * 1000LL)
			return fault_set(
				f, -ETIMEDOUT,
				"the change goes on, but is not in effect after %u s: %s; look with: rbdshare cluster status; take it back with: rbdshare cluster set --dead-after %ums --slow-after %ums",
				limit_s, why.text, c->old_dead, c->old_slow);
		clock_sleep_ms(LOOK_MS);
	}
	if (ret < 0)
		*f = why;
	return ret < 0 ? ret : 0;
}

static int report(const struct clusterstatus *s, const struct change *c)
{
	struct json_object *o = jsonout_new();
	char dead[AGE_TEXT], slow[AGE_TEXT], old_dead[AGE_TEXT];
	char old_slow[AGE_TEXT];

	age_format(c->dead, dead);
	age_format(c->slow, slow);
	age_format(c->old_dead, old_dead);
	age_format(c->old_slow, old_slow);
	jsonout_string(o, "cluster", s->cluster);
	jsonout_u64(o, "dead_after_ms", c->dead);
	jsonout_u64(o, "slow_after_ms", c->slow);
	jsonout_u64(o, "old_dead_after_ms", c->old_dead);
	jsonout_u64(o, "old_slow_after_ms", c->old_slow);
	return verb_report(
		o, "set", "set",
		"dead-after %s (was %s) and slow-after %s (was %s) for all nodes of cluster %s",
		dead, old_dead, slow, old_slow, s->cluster);
}

int cluster_set(const struct cluster_args *args)
{
	struct clusterstatus s = { 0 };
	struct change c;
	struct fault f = { "" };
	int ret;

	if (args->fast && args->dead_after) {
		msg_error("--fast is --dead-after 3s; give one of the two");
		return EXITCODE_USAGE;
	}
	if (!args->fast && !args->dead_after && !args->slow_after) {
		msg_error(
			"say what to set, for example: rbdshare cluster set --dead-after 35s --slow-after 60s");
		return EXITCODE_USAGE;
	}
	ret = clusterask_status(&s, &f);
	if (ret)
		return clusterask_end(ret, &f);
	ret = read_change(args, &s, &c, &f);
	if (!ret && !globals.dry_run)
		ret = order(&c, &f);
	if (!ret && !globals.dry_run)
		ret = wait_for(&c, &f);
	if (!ret)
		ret = report(&s, &c);
	clusterstatus_free(&s);
	return clusterask_end(ret, &f);
}
