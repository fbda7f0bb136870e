// SPDX-License-Identifier: GPL-2.0
#include "daemon/background.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "lib/fault.h"
#include "lib/msg.h"
#include "lib/replacefile.h"

/* Outlives the exec of a daemon that begins anew. */
#define AGAIN "RBDSHARED_AGAIN"

/* To the first process; -1 when there is none, or it has ended. */
static int parent = -1;

static void wait_for_child(int fd)
{
	unsigned char code = 1;

	if (read(fd, &code, 1) != 1)
		code = 1;
	_exit(code);
}

/* Syslog by logger(1), so that every message goes the same way. */
static void log_to_syslog(void)
{
	int ends[2];

	if (pipe(ends))
		return;
	if (!fork()) {
		dup2(ends[0], 0);
		close(ends[0]);
		close(ends[1]);
		execlp("logger", "logger", "-t", "rbdshared", (char *)NULL);
		_exit(127);
	}
	close(ends[0]);
	dup2(ends[1], 1);
	dup2(ends[1], 2);
	close(ends[1]);
}

static int to_background(void)
{
	int ends[2], null;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	switch (fork()) {
	case -1:
		return -errno;
	case 0:
		break;
	default:
		close(ends[1]);
		wait_for_child(ends[0]);
	}
	close(ends[0]);
	parent = ends[1];
	setsid();
	if (chdir("/"))
		return -errno;
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null >= 0)
		dup2(null, 0);
	return 0;
}

int background_begin(bool wanted, const char *pid_file)
{
	char text[32];
	struct fault f;
	int err = 0;

	umask(077);
	if (wanted && !getenv(AGAIN)) {
		err = to_background();
		setenv(AGAIN, "1", 1);
	}
	if (err || !pid_file)
		return err;
	snprintf(text, sizeof(text), "%d\n", (int)getpid());
	err = replacefile_write(pid_file, text, strlen(text), &f);
	if (err)
		msg_error("%s", f.text);
	return err;
}

static void answer(int exitcode)
{
	unsigned char code = (unsigned char)exitcode;

	if (parent < 0)
		return;
	if (write(parent, &code, 1) != 1)
		msg_warn("whoever started the daemon is gone");
	close(parent);
	parent = -1;
}

void background_ready(void)
{
	if (parent < 0)
		return;
	answer(0);
	log_to_syslog();
}

void background_failed(int exitcode)
{
	answer(exitcode);
}

void background_end(const char *pid_file)
{
	if (pid_file)
		unlink(pid_file);
}
