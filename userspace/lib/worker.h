/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A thread that does one blocking thing after the other for a program that
 * lives in an epoll loop. Jobs are done in the order in which they came; what
 * is ready is announced by a descriptor.
 */
#ifndef RBDSHARE_LIB_WORKER_H
#define RBDSHARE_LIB_WORKER_H

/**
 * struct worker_job - the head of a job; its owner puts data behind it
 * @run: does it; in the worker's thread, may block
 * @done: takes the result; in the thread of worker_collect(), may free the job
 * @next: of the worker
 */
struct worker_job {
	void (*run)(struct worker_job *job);
	void (*done)(struct worker_job *job);
	struct worker_job *next;
};

struct worker;

/**
 * worker_new() - start the thread
 * @name: of the thread, at most 15 characters
 *
 * All signals are blocked in it.
 *
 * Return: 0 or a negative errno.
 */
int worker_new(struct worker **w, const char *name);

/* Becomes readable when worker_collect() has something to do. */
int worker_fd(const struct worker *w);

/* Queues a job; it belongs to the worker until its done() is called. */
void worker_submit(struct worker *w, struct worker_job *job);

/* Makes the descriptor readable; from any thread. */
void worker_wake(struct worker *w);

/* Calls done() of all jobs that are finished. */
void worker_collect(struct worker *w);

/**
 * worker_busy_ms() - age of the job that runs now
 *
 * For a watchdog. Return: 0 when none runs.
 */
long long worker_busy_ms(struct worker *w);

/**
 * worker_free() - finish the queued jobs, call their done(), end the thread
 *
 * Blocks as long as the jobs do. NULL is fine.
 */
void worker_free(struct worker *w);

#endif
