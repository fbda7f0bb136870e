# SPDX-License-Identifier: GPL-2.0
# What every part of the lab uses: messages, state folder, processes, waiting.
# shellcheck shell=bash

say() { echo "lab: $*"; }
die() {
	echo "lab: $*" >&2
	exit 1
}

# Names of folder and namespace of this lab; creates nothing.
lab_init() {
	[[ $NAME =~ ^[A-Za-z0-9][A-Za-z0-9_-]{0,23}$ ]] ||
		die "bad lab name '$NAME': up to 24 letters, digits, - and _"
	LAB_ROOT=${RBDSHARE_LAB:-/tmp/rbdshare-lab}
	LAB=$LAB_ROOT/$NAME
	# shellcheck disable=SC2034  # read by net.sh and others
	NS=rbdshare-$NAME
	# The path of a unix socket may have 107 characters.
	((${#LAB} <= 80)) || die "the path $LAB is too long for sockets; set RBDSHARE_LAB to a shorter one"
}

need_root() {
	[[ $EUID -eq 0 ]] || die "the lab makes network namespaces and needs root; run it with sudo"
}

need_tools() {
	local tool

	for tool in "$@"; do
		command -v "$tool" >/dev/null ||
			die "$tool is not installed; run: scripts/setup lab"
	done
}

# A process we started: its id is in a file, and its command line names our lab.
alive() {
	local pidfile=$1 pid

	[[ -s $pidfile ]] || return 1
	read -r pid <"$pidfile" || true
	[[ $pid =~ ^[0-9]+$ && -r /proc/$pid/cmdline ]] || return 1
	tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF "$LAB/"
}

# signal SIGNAL PIDFILE: only ever hits a process of this lab.
signal() {
	alive "$2" || return 1
	kill "-$1" "$(cat "$2")" 2>/dev/null
}

gone() { ! alive "$1"; }

# wait_for SECONDS COMMAND...: until it succeeds; false when the time is over.
wait_for() {
	local end=$((SECONDS + $1))
	shift

	until "$@"; do
		((SECONDS < end)) || return 1
		sleep 0.1
	done
}

# stop_process PIDFILE SIGNAL SECONDS: then SIGKILL.
stop_process() {
	local pidfile=$1

	signal "$2" "$pidfile" || {
		rm -f "$pidfile"
		return 0
	}
	wait_for "$3" gone "$pidfile" || {
		signal KILL "$pidfile" || true
		wait_for 10 gone "$pidfile" || return 1
	}
	rm -f "$pidfile"
}

lab_list() {
	local dir ns

	for dir in "$LAB_ROOT"/*/; do
		[[ -d $dir ]] || continue
		ns=rbdshare-$(basename "$dir")
		if [[ -e /run/netns/$ns ]]; then
			echo "$(basename "$dir") running"
		else
			echo "$(basename "$dir") stopped (logs in $dir)"
		fi
	done
}
