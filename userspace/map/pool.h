/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Work that may hang, done in child processes: several at a time, each with a
 * deadline, all under one. A child that sits in the kernel and cannot be
 * killed is left behind instead of waited for; a thread could not be.
 */
#ifndef RBDSHARE_MAP_POOL_H
#define RBDSHARE_MAP_POOL_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct pool_reply - what a child reports
 * @code: 0 or a negative errno; -ETIMEDOUT when the child was given up
 * @id: for the task's use (device number)
 * @flag: for the task's use
 * @text: one sentence about the failure
 * @extra: further lines
 */
struct pool_reply {
	int code;
	unsigned int id;
	bool flag;
	char text[768];
	char extra[1024];
};

/* Runs in the child; its return value becomes reply->code. */
typedef int (*pool_work)(void *ctx, size_t i, struct pool_reply *reply);

/**
 * struct pool - a set of tasks, numbered from 0
 * @n: number of tasks
 * @limit: children at a time
 * @deadline: clock_ms() after which nothing runs any more
 * @timeout_ms: bound for one run of a task
 * @ready: may task i start now? NULL means always
 * @work: the task, in a child
 * @done: in the parent, after a run. Returns -1 when the task is over, else
 *	the milliseconds after which to run it again; with @last set there is
 *	no other run whatever it returns.
 * @tick: in the parent, about once a second; may be NULL
 */
struct pool {
	size_t n;
	unsigned int limit;
	long long deadline;
	int timeout_ms;
	bool (*ready)(void *ctx, size_t i);
	pool_work work;
	long (*done)(void *ctx, size_t i, const struct pool_reply *reply,
		     bool last);
	void (*tick)(void *ctx);
	void *ctx;
};

/**
 * pool_run() - run all tasks
 *
 * Return: 0, -ENOMEM, or -EINTR after SIGINT or SIGTERM (children were
 * killed, unfinished tasks got a final -EINTR).
 */
int pool_run(const struct pool *pool);

/**
 * pool_step() - run one thing in a child and wait for it, not for ever
 *
 * For use within a child as well.
 *
 * Return: reply->code; -ETIMEDOUT when @timeout_ms was over.
 */
int pool_step(pool_work work, void *ctx, int timeout_ms,
	      struct pool_reply *reply);

#endif
