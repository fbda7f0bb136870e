// SPDX-License-Identifier: GPL-2.0
#include "lib/clusterask.h"

#include <errno.h>
#include <string.h>

#include "lib/controldoor.h"
#include "lib/exitcode.h"
#include "lib/msg.h"

/* Keeps the last line of data. */
static int keep(void *arg, struct json_object *data)
{
	struct json_object **o = arg;

	json_object_put(*o);
	*o = json_object_get(data);
	return 0;
}

int clusterask_status_within(struct clusterstatus *s, unsigned int silence_ms,
			     struct fault *f)
{
	struct json_object *o = NULL;
	int ret = controldoor_ask(controldoor_request("status"), silence_ms,
				  keep, &o, NULL, f);

	if (!ret)
		ret = clusterstatus_read(s, o);
	if (ret == -EBADMSG && !*f->text)
		fault_set(
			f, ret,
			"rbdshared's status is not what this rbdshare understands; are both of the same version?");
	json_object_put(o);
	return ret;
}

int clusterask_status(struct clusterstatus *s, struct fault *f)
{
	return clusterask_status_within(s, CONTROLDOOR_SILENCE_MS, f);
}

static int tell(void *arg, struct json_object *data)
{
	struct json_object *v;

	(void)arg;
	if (json_object_object_get_ex(data, "text", &v) && v)
		msg_info("%s", json_object_get_string(v));
	return 0;
}

int clusterask_do(struct json_object *request, struct fault *said,
		  struct fault *f)
{
	return controldoor_ask(request, CONTROLDOOR_SILENCE_MS, tell, NULL,
			       said, f);
}

int clusterask_end(int ret, const struct fault *f)
{
	if (ret < 0)
		msg_error("%s", *f->text ? f->text : strerror(-ret));
	return exitcode_of(ret);
}
