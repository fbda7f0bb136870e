// SPDX-License-Identifier: GPL-2.0
/* rbdshare cluster events: what happens, as this node's daemon tells it. */
#include <errno.h>
#include <stdio.h>

#include "cli/clusterargs.h"
#include "cli/clusternames.h"
#include "cli/clusterplace.h"
#include "cli/globals.h"
#include "lib/clusterask.h"
#include "lib/controldoor.h"
#include "lib/eventline.h"
#include "lib/jsonout.h"

/* Each event is a line of its own, so that a program can read along. */
static int show(void *arg, struct json_object *data)
{
	struct eventline e;

	if (globals.json) {
		json_object_object_add(
			data, "schema_version",
			json_object_new_int(JSONOUT_SCHEMA_VERSION));
		printf("%s\n", json_object_to_json_string_ext(
				       data, JSON_C_TO_STRING_NOSLASHESCAPE));
	} else {
		eventline_read(&e, data);
		eventline_print(stdout, &e, clusternames_of, arg);
		eventline_free(&e);
	}
	return fflush(stdout) ? -EPIPE : 0;
}

int cluster_events(const struct cluster_args *args)
{
	struct json_object *request = controldoor_request("events");
	struct clusternames names;
	struct clusterplace place;
	struct fault f = { "" };
	int ret;

	ret = clusterplace_find(args, &place, NULL);
	clusternames_load(args, ret ? NULL : place.cluster, &names);
	jsonout_bool(request, "follow", args->follow);
	ret = controldoor_ask(request,
			      args->follow ? 0 : CONTROLDOOR_SILENCE_MS, show,
			      &names, NULL, &f);
	/* Whoever read our output has had enough. */
	if (ret == -EPIPE)
		ret = 0;
	return clusterask_end(ret, &f);
}
