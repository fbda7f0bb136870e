# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
# Helpers of the .bats files.

# The program, inside the cluster's network namespace.
rs() { "$CLI_LAB" host "$RBDSHARE" "$@"; }

stock() { "$CLI_LAB" host "$@"; }

# expect RC PATTERN CMD...: exit code, and one line on stderr that matches.
expect() {
	local want=$1 pattern=$2
	shift 2
	run --separate-stderr "$@"
	[[ $status -eq $want ]] || {
		echo "exit code $status, not $want: $*"
		echo "$stderr"
		return 1
	}
	[[ $stderr == *"$pattern"* ]] || {
		echo "no '$pattern' in: $stderr"
		return 1
	}
	[[ $(wc -l <<<"$stderr") -eq 1 ]] || {
		echo "more than one line: $stderr"
		return 1
	}
}

# json FILTER CMD...: valid JSON of our schema; prints what the filter gives.
json() {
	local filter=$1 text
	shift
	text=$("$@") || return
	jq -e '.schema_version == 1' >/dev/null <<<"$text" || {
		echo "no schema_version: $text" >&2
		return 1
	}
	jq -r "$filter" <<<"$text"
}

# watcher_start SPEC: keep an image open, as a node that has mapped it does.
watcher_start() {
	local i

	# "rbd watch" ends with its standard input: a FIFO that we hold open.
	mkfifo "$BATS_TEST_TMPDIR/hold"
	exec 8<>"$BATS_TEST_TMPDIR/hold"
	# shellcheck disable=SC2016
	stock bash -c 'exec rbd watch "$1" <"$2" >/dev/null 2>&1' - "$1" "$BATS_TEST_TMPDIR/hold" 3>&- 8>&- &
	WATCHER=$!
	for ((i = 0; i < 100; i++)); do
		stock rbd status "$1" | grep -q watcher= && return 0
		sleep 0.1
	done
	echo "rbd watch does not watch" >&2
	return 1
}

# watcher_stop: an orderly end; the watch is gone at once.
watcher_stop() {
	[[ -n ${WATCHER:-} ]] || return 0
	echo >&8
	wait "$WATCHER" || true
	exec 8>&-
	WATCHER=
}

# bounded SECONDS CMD...: the command ends by itself within this time.
bounded() {
	local limit=$1 start=$SECONDS
	shift
	"$@" || return
	((SECONDS - start <= limit))
}
