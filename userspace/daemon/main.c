// SPDX-License-Identifier: GPL-2.0
/* rbdshared: options, signals, background. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "daemon/background.h"
#include "daemon/daemon.h"
#include "daemon/keeper.h"
#include "daemon/reload.h"
#include "lib/exitcode.h"
#include "lib/msg.h"

static const char usage[] =
	"usage: rbdshared [--daemon] [--pid-file FILE]\n"
	"  --daemon      go to the background when this node takes part\n"
	"  --pid-file    write the process number there\n"
	"Membership, fencing and locks for shared RBD images; see rbdshared(8).\n";

/**
 * struct options - of the command line
 * @background: fork
 * @pid_file: NULL for none
 */
struct options {
	bool background;
	const char *pid_file;
};

static const struct option long_options[] = {
	{ "daemon", no_argument, NULL, 'd' },
	{ "pid-file", required_argument, NULL, 'p' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

/* Return: 0 to go on, or 1 + exit code. */
static int read_options(int argc, char **argv, struct options *o)
{
	int c;

	while ((c = getopt_long(argc, argv, "dp:hV", long_options, NULL)) !=
	       -1) {
		switch (c) {
		case 'd':
			o->background = true;
			break;
		case 'p':
			o->pid_file = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			return 1;
		case 'V':
			puts("rbdshared " RBDSHARE_VERSION);
			return 1;
		default:
			fputs(usage, stderr);
			return 1 + EXITCODE_USAGE;
		}
	}
	if (optind == argc)
		return 0;
	fputs(usage, stderr);
	return 1 + EXITCODE_USAGE;
}

static int signals;

static void on_hangup(struct daemon *d)
{
	struct fault f = { "" };
	int ret = reload(d, &f);

	/* A change is in the log already, by the diary. */
	if (ret < 0)
		msg_error("%s", f.text);
	else if (!ret)
		msg_info("%s", f.text);
}

static void on_signal(void *daemon)
{
	struct signalfd_siginfo info;

	if (read(signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGHUP)
		on_hangup(daemon);
	else
		daemon_stop(daemon);
}

/* Before any thread, so that all have them blocked. */
static int take_signals(void)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -errno;
	signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return signals < 0 ? -errno : 0;
}

static enum daemon_end live(struct daemon *d, int *err)
{
	struct fault f = { "" };
	enum daemon_end end = DAEMON_STOPPED;

	*err = nodesettings_load(&d->set, &f);
	if (!*err)
		*err = daemon_start(d, &f);
	if (!*err)
		*err = loop_add(d->loop, signals, on_signal, d);
	if (*err) {
		msg_error("%s", *f.text ? f.text : strerror(-*err));
		background_failed(exitcode_of(*err));
		return end;
	}
	end = daemon_run(d);
	daemon_finish(d);
	return end;
}

int main(int argc, char **argv)
{
	static struct daemon daemon;
	struct options o = { false, NULL };
	enum daemon_end end;
	int err;

	if (argc == 2 && !strcmp(argv[1], KEEPER_WORD))
		return keeper_run();
	err = read_options(argc, argv, &o);
	if (err)
		return err - 1;
	msg_set_program("rbdshared");
	if (geteuid()) {
		msg_error("must run as root");
		return exitcode_of(-EPERM);
	}
	err = background_begin(o.background, o.pid_file);
	err = err ?: take_signals();
	if (err) {
		msg_error("cannot start: %s", strerror(-err));
		return exitcode_of(err);
	}
	/* Pages on a device that we guard would wait for ourselves. */
	if (mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT))
		msg_warn("memory is not locked: %s", strerror(errno));
	end = live(&daemon, &err);
	if (end == DAEMON_REBORN) {
		/* What systemd passed on is closed; others get its number. */
		unsetenv("LISTEN_PID");
		execv("/proc/self/exe", argv);
		msg_error("cannot start anew: %s", strerror(errno));
	}
	background_end(o.pid_file);
	fflush(NULL);
	/* No exit handlers: librados' threads may still run (views_close()). */
	_exit(err ? exitcode_of(err) : 0);
}
