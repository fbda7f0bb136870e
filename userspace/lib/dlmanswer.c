// SPDX-License-Identifier: GPL-2.0
#include "lib/dlmanswer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAGIC 0xD13CD13CU
#define VERSION 0x00010001U

enum command {
	CMD_DUMP_DEBUG = 1,
	CMD_DUMP_PLOCKS = 2,
	CMD_LOCKSPACE_INFO = 3,
	CMD_NODE_INFO = 4,
	CMD_LOCKSPACES = 5,
	CMD_LOCKSPACE_NODES = 6,
	CMD_DUMP_LOG_PLOCK = 11,
	CMD_DUMP_STATUS = 13,
	CMD_DUMP_CONFIG = 14,
};

/* Which nodes a CMD_LOCKSPACE_NODES is about. */
enum nodes_option {
	NODES_ALL = 1,
	NODES_MEMBERS = 2,
	NODES_NEXT = 3,
};

/* The protocol's structures: of this host, so in its byte order. */
struct wire_header {
	uint32_t magic;
	uint32_t version;
	uint32_t command;
	uint32_t option;
	uint32_t len;
	int32_t data;
	uint32_t unused[2];
	char name[DLMTREE_NAME_MAX];
};

_Static_assert(sizeof(struct wire_header) == DLMANSWER_REQUEST, "header");

#define NODE_MEMBER 1U
#define NODE_STARTED 2U
#define NODE_NEED_FENCING 8U

struct wire_node {
	int32_t nodeid;
	uint32_t flags;
	uint32_t added_seq;
	uint32_t removed_seq;
	int32_t fail_reason;
	uint64_t fail_walltime;
	uint64_t fail_monotime;
};

#define WAIT_FENCING 3

struct wire_change {
	int32_t member_count;
	int32_t joined_count;
	int32_t remove_count;
	int32_t failed_count;
	int32_t wait_condition;
	int32_t wait_messages;
	uint32_t seq;
	uint32_t combined_seq;
};

#define LS_JOINING 1U
#define LS_LEAVING 2U
#define LS_STOPPED 4U

struct wire_lockspace {
	struct wire_change prev;
	struct wire_change next;
	uint32_t flags;
	uint32_t global_id;
	char name[DLMTREE_NAME_MAX + 1];
};

#define STATE_DAEMON 1
#define STATE_NODE 2

struct wire_state {
	uint32_t type;
	uint32_t flags;
	int32_t nodeid;
	uint32_t data32;
	uint32_t data64;
	uint32_t str_len;
	uint32_t bin_len;
};

static int add(struct dlmanswer *a, const void *bytes, size_t len)
{
	size_t size = a->size ?: 512;
	char *grown;

	while (size < a->len + len)
		size *= 2;
	if (size != a->size) {
		grown = realloc(a->buf, size);
		if (!grown)
			return -ENOMEM;
		a->buf = grown;
		a->size = size;
	}
	if (len)
		memcpy(a->buf + a->len, bytes, len);
	a->len += len;
	return 0;
}

/* The header comes first, but is known last. */
static int finish(struct dlmanswer *a, const struct wire_header *request,
		  int32_t data)
{
	struct wire_header *h = (struct wire_header *)a->buf;

	*h = *request;
	h->data = data;
	h->len = (uint32_t)a->len;
	return 0;
}

static void fill_lockspace(const struct dlmquery_lockspace *ls,
			   struct wire_lockspace *w)
{
	memset(w, 0, sizeof(*w));
	strcpy(w->name, ls->name);
	w->global_id = ls->id;
	w->flags = (ls->joining ? LS_JOINING : 0) |
		   (ls->leaving ? LS_LEAVING : 0) |
		   (ls->stopped ? LS_STOPPED : 0);
	w->prev.seq = ls->generation;
	w->prev.combined_seq = ls->generation;
	w->prev.member_count = (int32_t)ls->members.n;
	w->prev.failed_count = (int32_t)ls->failed.n;
	w->prev.remove_count = (int32_t)ls->failed.n;
	w->next.seq = ls->next_generation;
	w->next.combined_seq = ls->next_generation;
	w->next.member_count = (int32_t)ls->next_members.n;
	w->next.wait_messages = ls->waiting_for > 0;
	w->next.wait_condition = ls->fencing ? WAIT_FENCING :
					       (int32_t)ls->waiting_for;
}

static bool find(const struct dlmquery_source *s, const char *name,
		 struct dlmquery_lockspace *ls)
{
	unsigned int i;

	for (i = 0; s->lockspace(s->arg, i, ls); i++)
		if (!strcmp(ls->name, name))
			return true;
	return false;
}

static int answer_lockspaces(const struct dlmquery_source *s,
			     const struct wire_header *request,
			     struct dlmanswer *a)
{
	struct dlmquery_lockspace ls;
	struct wire_lockspace w;
	unsigned int n;
	int ret = 0;

	for (n = 0; !ret && s->lockspace(s->arg, n, &ls); n++) {
		fill_lockspace(&ls, &w);
		ret = add(a, &w, sizeof(w));
	}
	return ret ?: finish(a, request, (int32_t)n);
}

static int answer_lockspace(const struct dlmquery_source *s,
			    const struct wire_header *request, const char *name,
			    struct dlmanswer *a)
{
	struct dlmquery_lockspace ls;
	struct wire_lockspace w;
	int ret;

	if (!find(s, name, &ls))
		return finish(a, request, -ENOENT);
	fill_lockspace(&ls, &w);
	ret = add(a, &w, sizeof(w));
	return ret ?: finish(a, request, 0);
}

static int add_node(const struct dlmquery_lockspace *ls, uint32_t nodeid,
		    struct dlmanswer *a)
{
	struct wire_node w = { .nodeid = (int32_t)nodeid };

	if (dlmtree_has(&ls->members, nodeid))
		w.flags |= NODE_MEMBER | NODE_STARTED;
	else if (dlmtree_has(&ls->next_members, nodeid))
		w.flags |= NODE_MEMBER;
	else if (ls->fencing)
		w.flags |= NODE_NEED_FENCING;
	return add(a, &w, sizeof(w));
}

static int answer_nodes(const struct dlmquery_source *s,
			const struct wire_header *request, const char *name,
			struct dlmanswer *a)
{
	struct dlmquery_lockspace ls;
	const struct dlmtree_members *m;
	unsigned int i,
		max = request->data > 0 ? (unsigned int)request->data : 0;
	int ret = 0, n = 0;

	if (!find(s, name, &ls))
		return finish(a, request, -ENOENT);
	m = &ls.members;
	if (request->option == NODES_NEXT ||
	    (request->option == NODES_ALL && ls.next_generation))
		m = &ls.next_members;
	for (i = 0; !ret && i < m->n && i < max; i++, n++)
		ret = add_node(&ls, m->ids[i], a);
	for (i = 0; !ret && request->option == NODES_ALL && i < ls.failed.n;
	     i++)
		if (!dlmtree_has(m, ls.failed.ids[i]) &&
		    (unsigned int)n < max) {
			ret = add_node(&ls, ls.failed.ids[i], a);
			n++;
		}
	return ret ?: finish(a, request, m->n > max ? -E2BIG : n);
}

static int answer_node(const struct dlmquery_source *s,
		       const struct wire_header *request, const char *name,
		       struct dlmanswer *a)
{
	struct dlmquery_lockspace ls;
	int ret;

	if (!find(s, name, &ls))
		return finish(a, request, -ENOENT);
	ret = add_node(&ls, (uint32_t)request->data, a);
	return ret ?: finish(a, request, 0);
}

static int add_state(struct dlmanswer *a, uint32_t type, uint32_t nodeid,
		     const char *text)
{
	struct wire_state w = { .type = type,
				.nodeid = (int32_t)nodeid,
				.str_len = (uint32_t)strlen(text) + 1 };
	int ret = add(a, &w, sizeof(w));

	return ret ?: add(a, text, w.str_len);
}

/* No header here: states until the end of the connection. */
static int answer_status(const struct dlmquery_source *s, struct dlmanswer *a)
{
	static struct dlmquery_status st;
	const struct dlmquery_node *n;
	struct timespec now;
	char text[512];
	unsigned int i;
	int ret;

	memset(&st, 0, sizeof(st));
	s->status(s->arg, &st);
	clock_gettime(CLOCK_MONOTONIC, &now);
	a->len = 0;
	snprintf(
		text, sizeof(text),
		"quorate=%d cluster_ringid=%u daemon_ringid=%u monotime=%lld fence_in_progress_unknown=0 fence_pid=0 ",
		st.quorate, st.view, st.view, (long long)now.tv_sec);
	ret = add_state(a, STATE_DAEMON, st.nodeid, text);
	for (i = 0; !ret && i < st.n_nodes; i++) {
		n = &st.nodes[i];
		snprintf(
			text, sizeof(text),
			"member=%d add_time=%u rem_time=%u fail_monotime=%u fence_monotime=%u need_fencing=%d actor_done=0 fence_walltime=0 ",
			n->member, n->since_s, n->failed_s, n->failed_s,
			n->fenced_s, n->need_fence);
		ret = add_state(a, STATE_NODE, n->nodeid, text);
	}
	return ret;
}

static int answer_dump(const struct dlmquery_source *s,
		       const struct wire_header *request,
		       enum dlmquery_dump what, const char *name,
		       struct dlmanswer *a)
{
	char *text = malloc(DLMQUERY_DUMP_BYTES);
	size_t len;
	int ret;

	if (!text)
		return -ENOMEM;
	len = s->dump(s->arg, what, name, text, DLMQUERY_DUMP_BYTES);
	ret = add(a, text, len);
	free(text);
	return ret ?: finish(a, request, (int32_t)len);
}

int dlmanswer_make(const struct dlmquery_source *source, const char *request,
		   struct dlmanswer *out)
{
	struct wire_header h;
	char name[DLMTREE_NAME_MAX + 1] = "";

	memset(out, 0, sizeof(*out));
	memcpy(&h, request, sizeof(h));
	/* The lower half of the version may differ. */
	if (h.magic != MAGIC || h.version >> 16 != VERSION >> 16)
		return -EBADMSG;
	memcpy(name, h.name, sizeof(h.name));
	if (add(out, &h, sizeof(h)))
		return -ENOMEM;
	switch (h.command) {
	case CMD_LOCKSPACES:
		return answer_lockspaces(source, &h, out);
	case CMD_LOCKSPACE_INFO:
		return answer_lockspace(source, &h, name, out);
	case CMD_LOCKSPACE_NODES:
		return answer_nodes(source, &h, name, out);
	case CMD_NODE_INFO:
		return answer_node(source, &h, name, out);
	case CMD_DUMP_STATUS:
		return answer_status(source, out);
	case CMD_DUMP_DEBUG:
		return answer_dump(source, &h, DLMQUERY_DEBUG, name, out);
	case CMD_DUMP_PLOCKS:
		return answer_dump(source, &h, DLMQUERY_PLOCKS, name, out);
	case CMD_DUMP_LOG_PLOCK:
		return answer_dump(source, &h, DLMQUERY_PLOCK_LOG, name, out);
	case CMD_DUMP_CONFIG:
		return answer_dump(source, &h, DLMQUERY_CONFIG, name, out);
	default:
		return finish(out, &h, -EOPNOTSUPP);
	}
}
