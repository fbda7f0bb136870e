// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "agent/method.h"
#include "agent/say.h"
#include "lib/clusterask.h"
#include "lib/nodesettings.h"

/* What does not run is told at once, so a busy daemon has this time. */
#define ASK_MS 3000

static bool daemon_answers(void)
{
	struct clusterstatus s;
	struct fault f;
	int ret = clusterask_status_within(&s, ASK_MS, &f);

	if (!ret)
		clusterstatus_free(&s);
	return ret != -ECONNREFUSED;
}

static bool in_cluster(const char *plug)
{
	static struct nodesettings set;
	bool found = !plug;
	size_t i;

	if (nodesettings_load(&set, NULL))
		return false;
	for (i = 0; !found && i < NODESETTINGS_NODES; i++)
		found = !strcasecmp(set.nodes[i].name, plug);
	nodesettings_free(&set);
	return found;
}

const struct method *method_choose(const struct options *o)
{
	const struct method *m = &method_address;

	if (!strcmp(o->method, "cluster"))
		m = &method_cluster;
	else if (!strcmp(o->method, "auto") && !o->address && !o->plug_map &&
		 (daemon_answers() || in_cluster(o->plug)))
		m = &method_cluster;
	say_debug("method %s", m->name);
	return m;
}
