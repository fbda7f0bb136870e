// SPDX-License-Identifier: GPL-2.0
#include "lib/dlmcomms.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/replacefile.h"
#include "lib/slurp.h"

/* Two numbers and two separators. */
#define LINE_BYTES 40
#define FILE_BYTES ((DLMTREE_NODES + 1) * LINE_BYTES)

static int parse(struct dlmcomms *c, char *text)
{
	char *line, *save = NULL;
	unsigned int id;
	uint64_t life;
	int end;

	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (sscanf(line, "%u %" SCNu64 "%n", &id, &life, &end) != 2 ||
		    line[end] || !id || id > DLMTREE_NODES)
			return -EBADMSG;
		c->life[id] = life;
	}
	return 0;
}

/* Lives of comms that are not there any more would only mislead. */
static void forget_absent(struct dlmcomms *c)
{
	struct dlmtree_members there;
	uint32_t id;

	if (dlmtree_comms(&c->tree, &there))
		there.n = 0;
	for (id = 1; id <= DLMTREE_NODES; id++)
		if (!dlmtree_has(&there, id))
			c->life[id] = 0;
}

int dlmcomms_init(struct dlmcomms *c, const struct dlmtree *tree,
		  const char *path)
{
	char *text;
	int ret;

	memset(c, 0, sizeof(*c));
	c->tree = *tree;
	pthread_mutex_init(&c->lock, NULL);
	if (!path)
		return 0;
	c->path = strdup(path);
	if (!c->path)
		return -ENOMEM;
	ret = slurp_file(path, FILE_BYTES, &text, NULL);
	if (!ret) {
		ret = parse(c, text);
		free(text);
	} else if (ret == -ENOENT) {
		ret = 0;
	}
	if (ret)
		dlmcomms_exit(c);
	else
		forget_absent(c);
	return ret;
}

void dlmcomms_exit(struct dlmcomms *c)
{
	free(c->path);
	c->path = NULL;
	pthread_mutex_destroy(&c->lock);
}

/* Before the comm is made, and after it was removed: never one too few. */
static int save_locked(struct dlmcomms *c)
{
	char text[FILE_BYTES];
	size_t n = 0;
	uint32_t id;

	if (!c->path)
		return 0;
	for (id = 1; id <= DLMTREE_NODES; id++)
		if (c->life[id])
			n += (size_t)snprintf(text + n, sizeof(text) - n,
					      "%u %" PRIu64 "\n", id,
					      c->life[id]);
	return replacefile_write(c->path, text, n, NULL);
}

static int put_locked(struct dlmcomms *c, const struct dlmtree_node *node,
		      uint64_t life)
{
	uint64_t *now = &c->life[node->nodeid];
	bool replaces = *now && *now != life;
	int ret = 0;

	if (replaces)
		ret = dlmtree_comm_remove(&c->tree, node->nodeid);
	if (!ret && *now != life) {
		*now = life;
		ret = save_locked(c);
	}
	if (!ret)
		ret = dlmtree_comm_add(&c->tree, node);
	return ret ?: replaces;
}

int dlmcomms_put(struct dlmcomms *c, const struct dlmtree_node *node,
		 uint64_t life)
{
	int ret;

	if (!node->nodeid || node->nodeid > DLMTREE_NODES || !life)
		return -EINVAL;
	pthread_mutex_lock(&c->lock);
	ret = put_locked(c, node, life);
	pthread_mutex_unlock(&c->lock);
	return ret;
}

static int drop_locked(struct dlmcomms *c, uint32_t nodeid)
{
	int ret = dlmtree_comm_remove(&c->tree, nodeid);

	if (ret || !c->life[nodeid])
		return ret;
	c->life[nodeid] = 0;
	return save_locked(c);
}

static int is_one(void *arg, const char *name)
{
	return dlmtree_name_ok(name);
}

static int forget_selves_locked(struct dlmcomms *c, uint32_t self)
{
	struct dlmtree_members there;
	unsigned int i;
	int ret;

	/* No folder: no comm was ever made. */
	ret = dlmtree_comms(&c->tree, &there);
	if (ret == -ENOENT)
		return 0;
	for (i = 0; !ret && i < there.n; i++) {
		if (there.ids[i] == self ||
		    !dlmtree_comm_is_local(&c->tree, there.ids[i]))
			continue;
		ret = dlmtree_lockspaces(&c->tree, is_one, NULL);
		if (ret > 0)
			return -EUSERS;
		ret = ret ?: drop_locked(c, there.ids[i]);
	}
	return ret;
}

int dlmcomms_forget_selves(struct dlmcomms *c, uint32_t self)
{
	int ret;

	pthread_mutex_lock(&c->lock);
	ret = forget_selves_locked(c, self);
	pthread_mutex_unlock(&c->lock);
	return ret;
}

int dlmcomms_drop(struct dlmcomms *c, uint32_t nodeid, uint64_t life)
{
	int ret = 0;

	if (!nodeid || nodeid > DLMTREE_NODES)
		return -EINVAL;
	pthread_mutex_lock(&c->lock);
	if (!c->life[nodeid] || c->life[nodeid] == life)
		ret = drop_locked(c, nodeid);
	pthread_mutex_unlock(&c->lock);
	return ret;
}

int dlmcomms_drop_other(struct dlmcomms *c, uint32_t nodeid, uint64_t but)
{
	int ret = 0;

	if (!nodeid || nodeid > DLMTREE_NODES)
		return -EINVAL;
	pthread_mutex_lock(&c->lock);
	if (!but || c->life[nodeid] != but)
		ret = drop_locked(c, nodeid);
	pthread_mutex_unlock(&c->lock);
	return ret;
}
