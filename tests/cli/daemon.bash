# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# Helpers of the .bats files that talk with a daemon: one that only repeats what it is told.

# daemon_start: the socket answers from now on; answers are the files in $FAKE.
daemon_start() {
	local i

	export FAKE=$BATS_TEST_TMPDIR/fake
	# A path of a socket must be short.
	CONTROL_DIR=$(mktemp -d /tmp/rbdshare-fake.XXXXXX)
	export RBDSHARE_CONTROL=$CONTROL_DIR/control
	mkdir -p "$FAKE"
	socat "UNIX-LISTEN:$RBDSHARE_CONTROL,fork" "EXEC:$BATS_TEST_DIRNAME/fakedaemon" 3>&- &
	FAKE_PID=$!
	for ((i = 0; i < 100; i++)); do
		[[ ! -S $RBDSHARE_CONTROL ]] || return 0
		sleep 0.05
	done
	echo "socat does not listen" >&2
	return 1
}

daemon_stop() {
	[[ -n ${FAKE_PID:-} ]] || return 0
	kill "$FAKE_PID" 2>/dev/null || true
	wait "$FAKE_PID" 2>/dev/null || true
	FAKE_PID=
	rm -rf "$CONTROL_DIR"
}

# answer VERB [ERROR MESSAGE]: lines of data on standard input, then the end.
answer() {
	cat >"$FAKE/$1"
	jq -nc --argjson error "${2:-0}" --arg message "${3:-}" '{done: true, $error, $message}' >>"$FAKE/$1"
}

# The status of a cluster of two nodes that is well, changed by a filter of jq.
status_is() {
	jq -c "${1:-.}" "$BATS_TEST_DIRNAME/data/status.json" | answer status
}
