#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The view object: compare-and-swap against real OSDs.

load ceph

setup() { NAME=v$BATS_TEST_NUMBER; }

view() { tool viewtool meta "$NAME" "$@"; }

@test "the first view is created once" {
	run view read
	[[ $status -eq 3 && $output == "error=-2 " ]]
	view cas 0 one
	run view cas 0 other
	[[ $status -eq 3 && $output == "error=-125 seq=1 body=one" ]]
	[[ $(view read) == "seq=1 body=one" ]]
}

@test "a change goes through on top of the newest view alone" {
	view cas 0 one
	view cas 1 two
	run view cas 1 late
	[[ $status -eq 3 && $output == "error=-125 seq=2 body=two" ]]
	run view cas 7 future
	[[ $status -eq 3 && $output == "error=-125 seq=2 body=two" ]]
	[[ $(view read) == "seq=2 body=two" ]]
}

@test "two writers race: exactly one wins each view" {
	local first
	view cas 0 0
	view race 100 >"$BATS_TEST_TMPDIR/first" &
	first=$!
	view race 100
	wait "$first"
	# The body counts the changes, the number counts the views.
	[[ $(view read) == "seq=201 body=200" ]]
	grep -q won=100 "$BATS_TEST_TMPDIR/first"
}

@test "a change is told to those who watch" {
	local waiter
	view cas 0 one
	view wait 2 >"$BATS_TEST_TMPDIR/wait" &
	waiter=$!
	until_true 30 grep -q watching "$BATS_TEST_TMPDIR/wait"
	view cas 1 two
	wait "$waiter"
	[[ $(tail -n 1 "$BATS_TEST_TMPDIR/wait") == "seq=2 body=two" ]]
}

@test "the monitor restarts in the middle of a race" {
	local first second
	view cas 0 0
	view race 150 &
	first=$!
	view race 150 &
	second=$!
	sleep 0.5
	"$DAEMON_LAB" ceph mon restart
	wait "$first"
	wait "$second"
	[[ $(view read) == "seq=301 body=300" ]]
}

@test "an OSD that hangs: no answer within the time given, and nothing is lost" {
	local changer osd
	view cas 0 0
	osd=$(stock ceph osd map meta "view.$NAME" -f json | jq .acting_primary)
	view race 300 >/dev/null &
	changer=$!
	sleep 1
	"$DAEMON_LAB" ceph osd freeze "$osd"
	# Reported as unknown, as it may yet be applied.
	run view cas 1 x 1000
	"$DAEMON_LAB" ceph osd thaw "$osd"
	[[ $status -eq 3 && $output == "error=-110 "* ]]
	wait "$changer"
	[[ $(view read) == "seq=301 body=300" ]]
}

# Registering a watch has no time-out in librados, which does not survive to be shut down under it.
@test "an OSD that hangs: who waits for it to take a watch can end" {
	local osd i rc bad=0
	local -a readers
	view cas 0 one
	osd=$(stock ceph osd map meta "view.$NAME" -f json | jq .acting_primary)
	"$DAEMON_LAB" ceph osd freeze "$osd"
	for i in {1..8}; do
		view read >"$BATS_TEST_TMPDIR/reader$i" 2>&1 &
		readers+=($!)
	done
	for i in {1..8}; do
		rc=0
		wait "${readers[i - 1]}" || rc=$?
		echo "reader $i: exit code $rc, $(<"$BATS_TEST_TMPDIR/reader$i")" >&2
		[[ $rc -eq 3 && $(<"$BATS_TEST_TMPDIR/reader$i") == "error=-110 " ]] || bad=$((bad + 1))
	done
	"$DAEMON_LAB" ceph osd thaw "$osd"
	[[ $bad -eq 0 ]]
}

is_full() { stock ceph osd dump -f json | jq -e '.pools[] | select(.pool_name == "tiny") | .flags_names | test("full")'; }
not_full() { ! is_full; }

new_ones=0
a_new_one_is_refused() {
	local text rc=0

	new_ones=$((new_ones + 1))
	text=$(tool viewtool tiny "new$new_ones" cas 0 first) || rc=$?
	[[ $rc -eq 3 && $text == "error=-122"* ]]
}

@test "a full pool is an answer, not a hang" {
	local waiter
	stock ceph osd pool create tiny 1 >&2
	stock ceph osd pool set-quota tiny max_objects 1
	tool viewtool tiny q cas 0 one
	stock rados -p tiny put more /etc/hostname
	# The monitors know first, the client when it has their map.
	until_true 60 is_full
	until_true 60 a_new_one_is_refused
	tool viewtool tiny q wait 2 >"$BATS_TEST_TMPDIR/wait" &
	waiter=$!
	until_true 30 grep -q watching "$BATS_TEST_TMPDIR/wait"
	run tool viewtool tiny q cas 1 two
	echo "exit code $status, $output" >&2
	[[ $status -eq 0 || $output == "error=-122"* ]]
	[[ $status -ne 0 ]] || wait "$waiter"
	stock ceph osd pool set-quota tiny max_objects 0
	until_true 60 not_full
	until_true 60 tool viewtool tiny last cas 0 first
}
