/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Answers to "dlm_tool ls", "status" and "dump": the local protocol of
 * libdlmcontrol on the abstract socket "dlmc_query_sock". Only root (and our own
 * user) is
 * answered.
 */
#ifndef RBDSHARE_LIB_DLMQUERY_H
#define RBDSHARE_LIB_DLMQUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/dlmtree.h"

#define DLMQUERY_SOCKET "dlmc_query_sock"
#define DLMQUERY_DUMP_BYTES (1U << 20)

/**
 * struct dlmquery_lockspace - one of them
 * @generation: that runs, 0 for none
 * @next_generation: that is being prepared, 0 for none
 * @waiting_for: nodes whose word is missing for that
 * @fencing: it waits for a fence
 * @joining, @leaving, @stopped: what we do in it
 * @members: of @generation; @next_members: of the other
 * @failed: nodes that failed with the last change
 */
struct dlmquery_lockspace {
	char name[DLMTREE_NAME_MAX + 1];
	uint32_t id;
	uint32_t generation;
	uint32_t next_generation;
	unsigned int waiting_for;
	bool fencing;
	bool joining;
	bool leaving;
	bool stopped;
	struct dlmtree_members members;
	struct dlmtree_members next_members;
	struct dlmtree_members failed;
};

/**
 * struct dlmquery_node - a node of the cluster, for "status"
 * @member: takes part
 * @need_fence: has to be fenced
 * @since_s, @failed_s, @fenced_s: monotonic seconds; 0 never
 */
struct dlmquery_node {
	uint32_t nodeid;
	bool member;
	bool need_fence;
	uint32_t since_s;
	uint32_t failed_s;
	uint32_t fenced_s;
};

/**
 * struct dlmquery_status - all of us, for "status"
 * @nodeid: our own
 * @quorate: we are a member and the storage answers
 * @view: number of the view, cut to 32 bits
 * @nodes: @n_nodes of them
 */
struct dlmquery_status {
	uint32_t nodeid;
	bool quorate;
	uint32_t view;
	struct dlmquery_node nodes[DLMTREE_NODES];
	unsigned int n_nodes;
};

enum dlmquery_dump {
	DLMQUERY_DEBUG,
	DLMQUERY_PLOCKS,
	DLMQUERY_PLOCK_LOG,
	DLMQUERY_CONFIG,
};

/**
 * struct dlmquery_source - where answers come from; the caller's functions
 * @lockspace: the nth, counted from 0; false behind the last
 * @status: fills it
 * @dump: text into @buf of @size, at most; returns its length. @lockspace is
 *	"" but for plocks.
 */
struct dlmquery_source {
	bool (*lockspace)(void *arg, unsigned int n,
			  struct dlmquery_lockspace *out);
	void (*status)(void *arg, struct dlmquery_status *out);
	size_t (*dump)(void *arg, enum dlmquery_dump what,
		       const char *lockspace, char *buf, size_t size);
	void *arg;
};

struct dlmquery;

/**
 * dlmquery_open() - listen
 * @socket: name of the abstract socket, DLMQUERY_SOCKET but in tests
 *
 * Return: 0; -EADDRINUSE dlm_controld runs; or a negative errno.
 */
int dlmquery_open(struct dlmquery **q, const struct dlmquery_source *source,
		  const char *socket);

/* Readable when dlmquery_serve() has something to do. */
int dlmquery_fd(const struct dlmquery *q);

/* Takes and answers what is there; never blocks. */
void dlmquery_serve(struct dlmquery *q);

void dlmquery_close(struct dlmquery *q);

#endif
