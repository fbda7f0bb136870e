// SPDX-License-Identifier: GPL-2.0
/* rbdshare cluster wait: until this node is in a state, for scripts. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/clusterargs.h"
#include "cli/globals.h"
#include "lib/clock.h"
#include "lib/clusterask.h"
#include "lib/clusterhealth.h"
#include "lib/exitcode.h"
#include "lib/jsonout.h"
#include "lib/msg.h"
#include "lib/nearest.h"

#define WAIT_DEFAULT_S 60
#define LOOK_MS 500

static const char *const states[] = { "active",	 "left",     "fenced",
				      "joining", "suspect",  "cut",
				      "leaving", "starting", "stopped" };

#define STATES (sizeof(states) / sizeof(states[0]))

static int check_state(const char *state)
{
	const char *near;
	size_t i;

	for (i = 0; i < STATES; i++)
		if (!strcmp(states[i], state))
			return 0;
	near = nearest_word(state, states, STATES);
	msg_error(
		"a node is never '%.30s'; wait for active, left, fenced, stopped or another state of 'rbdshare cluster status'%s%s%s",
		state, near ? "; did you mean '" : "", near ? near : "",
		near ? "'?" : "");
	return EXITCODE_USAGE;
}

/* Why it is not there yet, in one phrase. */
static void explain(const struct clusterstatus *s, struct fault *why)
{
	struct clusterhealth h;

	clusterhealth_judge(s, &h);
	snprintf(why->text, sizeof(why->text), "it is %s%s%s", s->state,
		 h.n ? ": " : "", h.n ? h.v[0].text : "");
}

/* Return: 1 it is in that state; 0 not; or a negative errno. */
static int look(const char *state, struct fault *why)
{
	bool stopped = !strcmp(state, "stopped");
	struct clusterstatus s;
	int ret;

	*why->text = '\0';
	ret = clusterask_status(&s, why);
	/* It may be about to start, or be started anew. */
	if (ret == -ECONNREFUSED)
		return stopped;
	if (ret == -ECONNRESET || ret == -ETIMEDOUT)
		return 0;
	if (ret)
		return ret;
	ret = !strcmp(s.state, state);
	explain(&s, why);
	clusterstatus_free(&s);
	return ret;
}

static int report(const char *state, long long ms)
{
	struct json_object *o;

	if (!globals.json) {
		msg_info("this node is %s", state);
		return 0;
	}
	o = jsonout_new();
	jsonout_string(o, "state", state);
	jsonout_u64(o, "waited_ms", (uint64_t)ms);
	return exitcode_of(jsonout_print(o));
}

int cluster_wait(const struct cluster_args *args)
{
	unsigned int limit_s = globals.timeout_given ? globals.timeout_s :
						       WAIT_DEFAULT_S;
	const char *state = args->state ? args->state : "active";
	long long start = clock_ms(), waited;
	struct fault why = { "" };
	int ret = check_state(state);

	if (ret)
		return ret;
	for (;;) {
		ret = look(state, &why);
		waited = clock_ms() - start;
		if (ret < 0)
			return clusterask_end(ret, &why);
		if (ret)
			return report(state, waited);
		if (waited >= limit_s * 1000LL)
			break;
		clock_sleep_ms(LOOK_MS);
	}
	msg_error("this node is not %s after %u s: %s", state, limit_s,
		  why.text);
	return exitcode_of(-ETIMEDOUT);
}
