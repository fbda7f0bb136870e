// SPDX-License-Identifier: GPL-2.0
#include "map/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/clock.h"

/* How long a killed child may take to die before it is left behind. */
#define DIE_MS 1000
#define TICK_MS 1000

struct task {
	pid_t pid;
	int fd;
	bool over;
	long long kill_at;
	long long not_before;
};

static volatile sig_atomic_t stop_signal;

static void on_signal(int sig)
{
	stop_signal = sig;
}

static void child(pool_work work, void *ctx, size_t i, int fd, pid_t parent)
{
	struct pool_reply reply;

	memset(&reply, 0, sizeof(reply));
	/* A group of its own, so that helpers it starts die with it. */
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	if (getppid() != parent)
		_exit(1);
	reply.code = work(ctx, i, &reply);
	fflush(NULL);
	if (write(fd, &reply, sizeof(reply)) != (ssize_t)sizeof(reply))
		_exit(1);
	_exit(0);
}

static int spawn(struct task *t, pool_work work, void *ctx, size_t i,
		 int timeout_ms)
{
	pid_t parent = getpid();
	int fds[2], ret;

	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	fflush(NULL);
	t->pid = fork();
	if (t->pid < 0) {
		ret = -errno;
		close(fds[0]);
		close(fds[1]);
		return ret;
	}
	if (!t->pid) {
		close(fds[0]);
		child(work, ctx, i, fds[1], parent);
	}
	close(fds[1]);
	setpgid(t->pid, t->pid);
	t->fd = fds[0];
	t->kill_at = clock_ms() + timeout_ms;
	return 0;
}

/* Collects the exit status for a while, then lets init inherit the process. */
static void bury(pid_t pid)
{
	long long end = clock_ms() + DIE_MS;

	while (waitpid(pid, NULL, WNOHANG) == 0 && clock_ms() < end)
		clock_sleep_ms(5);
}

static void kill_task(struct task *t)
{
	kill(-t->pid, SIGKILL);
	kill(t->pid, SIGKILL);
	bury(t->pid);
	close(t->fd);
	t->pid = 0;
}

/* Reads the reply of a child whose pipe has something to say. */
static void collect(struct task *t, struct pool_reply *reply)
{
	ssize_t n = read(t->fd, reply, sizeof(*reply));

	if (n != (ssize_t)sizeof(*reply)) {
		memset(reply, 0, sizeof(*reply));
		reply->code = -ECHILD;
		snprintf(reply->text, sizeof(reply->text),
			 "the worker process died");
	}
	close(t->fd);
	bury(t->pid);
	t->pid = 0;
}

static void give_up(struct pool_reply *reply, int code, const char *text)
{
	memset(reply, 0, sizeof(*reply));
	reply->code = code;
	snprintf(reply->text, sizeof(reply->text), "%s", text);
}

static void finish(const struct pool *p, struct task *t, size_t i,
		   const struct pool_reply *reply, bool last)
{
	long again = p->done(p->ctx, i, reply, last);

	t->over = last || again < 0;
	t->not_before = clock_ms() + (again > 0 ? again : 0);
}

/* Starts what may start. Returns how many children run. */
static unsigned int start_ready(const struct pool *p, struct task *tasks)
{
	struct pool_reply reply;
	unsigned int running = 0;
	size_t i;
	int ret;

	for (i = 0; i < p->n; i++)
		running += tasks[i].pid > 0;
	for (i = 0; i < p->n && running < p->limit; i++) {
		if (tasks[i].over || tasks[i].pid ||
		    tasks[i].not_before > clock_ms() ||
		    (p->ready && !p->ready(p->ctx, i)))
			continue;
		ret = spawn(&tasks[i], p->work, p->ctx, i, p->timeout_ms);
		if (!ret) {
			running++;
			continue;
		}
		give_up(&reply, ret, "cannot start a process");
		finish(p, &tasks[i], i, &reply, true);
	}
	return running;
}

/* Waits for a child, a deadline or the next tick, and takes what ended. */
static void wait_some(const struct pool *p, struct task *tasks,
		      struct pollfd *pfd)
{
	struct pool_reply reply;
	long long now = clock_ms(), wake = now + TICK_MS;
	size_t i;

	for (i = 0; i < p->n; i++) {
		pfd[i].fd = tasks[i].pid ? tasks[i].fd : -1;
		pfd[i].events = POLLIN;
		pfd[i].revents = 0;
		if (tasks[i].pid && tasks[i].kill_at < wake)
			wake = tasks[i].kill_at;
		if (!tasks[i].pid && !tasks[i].over &&
		    tasks[i].not_before > now && tasks[i].not_before < wake)
			wake = tasks[i].not_before;
	}
	poll(pfd, p->n, wake > now ? (int)(wake - now) : 0);
	for (i = 0; i < p->n; i++) {
		if (!tasks[i].pid)
			continue;
		if (pfd[i].revents) {
			collect(&tasks[i], &reply);
			finish(p, &tasks[i], i, &reply, false);
		} else if (clock_ms() >= tasks[i].kill_at) {
			kill_task(&tasks[i]);
			give_up(&reply, -ETIMEDOUT, "no answer in time");
			finish(p, &tasks[i], i, &reply, false);
		}
	}
}

static bool all_over(const struct pool *p, const struct task *tasks)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (!tasks[i].over)
			return false;
	return true;
}

static void end_rest(const struct pool *p, struct task *tasks)
{
	struct pool_reply reply;
	size_t i;

	give_up(&reply, stop_signal ? -EINTR : -ETIMEDOUT,
		stop_signal ? "interrupted" : "the time was over");
	for (i = 0; i < p->n; i++) {
		if (tasks[i].over)
			continue;
		if (tasks[i].pid)
			kill_task(&tasks[i]);
		finish(p, &tasks[i], i, &reply, true);
	}
}

int pool_run(const struct pool *p)
{
	struct task *tasks = calloc(p->n + 1, sizeof(*tasks));
	struct pollfd *pfd = calloc(p->n + 1, sizeof(*pfd));
	struct sigaction sa = { .sa_handler = on_signal }, old_int, old_term;
	long long next_tick = 0;

	if (!tasks || !pfd) {
		free(tasks);
		free(pfd);
		return -ENOMEM;
	}
	stop_signal = 0;
	sigaction(SIGINT, &sa, &old_int);
	sigaction(SIGTERM, &sa, &old_term);
	while (!all_over(p, tasks) && !stop_signal &&
	       clock_ms() < p->deadline) {
		start_ready(p, tasks);
		if (p->tick && clock_ms() >= next_tick) {
			p->tick(p->ctx);
			next_tick = clock_ms() + TICK_MS;
		}
		wait_some(p, tasks, pfd);
	}
	end_rest(p, tasks);
	sigaction(SIGINT, &old_int, NULL);
	sigaction(SIGTERM, &old_term, NULL);
	free(tasks);
	free(pfd);
	return stop_signal ? -EINTR : 0;
}

int pool_step(pool_work work, void *ctx, int timeout_ms,
	      struct pool_reply *reply)
{
	struct task t = { 0 };
	struct pollfd pfd = { .events = POLLIN };
	long long left;
	int ret = spawn(&t, work, ctx, 0, timeout_ms), n;

	if (ret) {
		give_up(reply, ret, "cannot start a process");
		return ret;
	}
	pfd.fd = t.fd;
	do {
		left = t.kill_at - clock_ms();
		n = poll(&pfd, 1, left > 0 ? (int)left : 0);
	} while (n < 0 && errno == EINTR && !stop_signal);
	if (n > 0) {
		collect(&t, reply);
	} else {
		kill_task(&t);
		give_up(reply, -ETIMEDOUT, "no answer in time");
	}
	return reply->code;
}
