#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Fencing: the blocklist, the sweep, and that nothing is written behind it.

load ceph

fence() { tool fencetool fence "$@"; }

groups_with_one_object() {
	local pool=$1 want=$2
	stock ceph pg ls-by-pool "$pool" -f json |
		jq -e --argjson n "$want" '[.pg_stats[].stat_sum.num_objects] == [range($n) | 1]'
}

@test "without the sweep a late write gets through" {
	run tool latewrite meta "$(object_on_osd meta 0)" "$(osd_pid 0)" nosweep
	echo "$output"
	[[ $status -eq 3 ]]
}

@test "behind the sweep nothing is written any more" {
	local i
	for i in 1 2 3; do
		echo "round $i"
		tool latewrite meta "$(object_on_osd meta 0)" "$(osd_pid 0)" sweep
	done
}

@test "there is a name for every group" {
	stock ceph osd pool create big 1024 >&2
	stock ceph osd pool create odd 12 >&2
	stock ceph osd pool create spaced 24 >&2
	until_true 60 all_active
	tool fencetool mark big "" 1024
	tool fencetool mark odd "" 12
	tool fencetool mark spaced some-namespace 24
	until_true 60 groups_with_one_object big 1024
	until_true 60 groups_with_one_object odd 12
	until_true 60 groups_with_one_object spaced 24
}

@test "1024 groups are swept in about a second" {
	run fence big 10.99.0.1:0/1024
	echo "$output"
	[[ $status -eq 0 && $(field groups <<<"$output") -eq 1024 ]]
	# The bound is generous; the time is in the report.
	[[ $(field ms <<<"$output") -lt 15000 ]]
	echo "# $(tail -n 1 <<<"$output")" >&3
}

@test "what is missing in the map is added again" {
	local a=10.99.0.1:0/55
	[[ $(fence meta $a | field added) -eq 1 ]]
	[[ $(fence meta $a | field added) -eq 0 ]]
	stock ceph osd blocklist rm $a
	[[ $(fence meta $a | field added) -eq 1 ]]
	stock ceph osd blocklist ls 2>/dev/null | grep "^$a 203[67]-"
}

@test "an entry that expires soon is replaced, one that holds a while is told" {
	local a=10.99.0.1:0/60 b=10.99.0.1:0/61 holds
	stock ceph osd blocklist add $a 3600
	# The monitors do not make it longer, whatever they say.
	stock ceph osd blocklist add $a 315360000
	run fence meta $a
	[[ $status -eq 0 && $(field added <<<"$output") -eq 0 && $(field replaced <<<"$output") -eq 0 ]]
	holds=$(field holds <<<"$output")
	((holds > 3000 && holds <= 3600))
	stock ceph osd blocklist add $b 300
	run fence meta $b
	[[ $status -eq 0 && $(field replaced <<<"$output") -eq 1 && $(field holds <<<"$output") -gt 315000000 ]]
	stock ceph osd blocklist ls 2>/dev/null | grep "^$b 203[67]-"
}

@test "nobody may fence with too few rights, and it is said" {
	local key=$BATS_TEST_TMPDIR/keyring
	stock ceph auth get-or-create client.weak mon 'allow r' osd 'allow r' >"$key"
	TEST_KEYRING=$key TEST_CLIENT=client.weak run fence meta 10.99.0.1:0/62
	[[ $status -eq 3 && $(field result <<<"$output") -eq -13 ]]
}

@test "a group without a primary is waited for" {
	local pid out=$BATS_TEST_TMPDIR/out
	"$DAEMON_LAB" ceph osd stop 1
	fence big 10.99.0.1:0/56 >"$out" &
	pid=$!
	until_true 60 grep -q waiting$ "$out"
	sleep 2
	kill -0 "$pid"
	"$DAEMON_LAB" ceph osd start 1
	wait "$pid"
	[[ $(field groups <"$out") -eq 1024 && $(field result <"$out") -eq 0 ]]
	until_true 60 all_active
}

@test "groups that do not answer can be excused, once the victim is in the map" {
	local out=$BATS_TEST_TMPDIR/out
	"$DAEMON_LAB" ceph osd freeze 1
	tool fencetool excuse big 10.99.0.1:0/58 >"$out"
	"$DAEMON_LAB" ceph osd thaw 1
	cat "$out"
	[[ $(field result <"$out") -eq 0 && $(field epoch <"$out") -gt 0 && $(field excused <"$out") -gt 0 ]]
	[[ $(($(field groups <"$out") + $(field excused <"$out"))) -eq 1024 ]]
	stock ceph osd blocklist ls 2>/dev/null | grep "^10.99.0.1:0/58 "
}

@test "a wait can be given up" {
	"$DAEMON_LAB" ceph osd freeze 1
	run fence big 10.99.0.1:0/57 3000
	"$DAEMON_LAB" ceph osd thaw 1
	[[ $status -eq 3 && $(field result <<<"$output") -eq -125 && $(field epoch <<<"$output") -eq 0 ]]
}

pg_num_is() { [[ $(stock ceph osd dump -f json | jq --arg p "$1" '.pools[] | select(.pool_name == $p) | .pg_num') -eq $2 ]]; }

@test "groups that are split meanwhile are swept as well" {
	local pid out=$BATS_TEST_TMPDIR/out
	stock ceph osd pool create growing 8 >&2
	until_true 60 all_active
	"$DAEMON_LAB" ceph osd freeze 1
	fence growing 10.99.0.1:0/58 >"$out" &
	pid=$!
	until_true 60 grep -q waiting$ "$out"
	stock ceph osd pool set growing pg_num 16
	if ! until_true 15 pg_num_is growing 16; then
		"$DAEMON_LAB" ceph osd thaw 1
		wait "$pid"
		echo "the pool did not grow while an OSD was frozen" >&2
		return 1
	fi
	"$DAEMON_LAB" ceph osd thaw 1
	wait "$pid"
	cat "$out"
	[[ $(field groups <"$out") -eq 24 ]]
}

@test "monitors that do not answer are asked again" {
	local pid out=$BATS_TEST_TMPDIR/out
	# Connected before the monitor stops, by a first round that waits.
	"$DAEMON_LAB" ceph osd freeze 1
	fence big 10.99.0.1:0/59 >"$out" &
	pid=$!
	until_true 60 grep -q waiting$ "$out"
	"$DAEMON_LAB" ceph mon freeze
	"$DAEMON_LAB" ceph osd thaw 1
	sleep 8
	kill -0 "$pid"
	"$DAEMON_LAB" ceph mon thaw
	wait "$pid"
	[[ $(field result <"$out") -eq 0 ]]
}

@test "unregistered clients of the victim are found by their watches" {
	local id hold=$BATS_TEST_TMPDIR/hold watcher
	stock rbd create -p meta disk --size 16
	id=$(stock rbd info meta/disk --format json | jq -r .id)
	mkfifo "$hold"
	exec 8<>"$hold"
	# shellcheck disable=SC2016
	stock bash -c 'exec rbd watch meta/disk <"$1" >/dev/null 2>&1' - "$hold" 3>&- 8>&- &
	watcher=$!
	until_true 30 bash -c "'$DAEMON_LAB' host rbd status meta/disk | grep -q watcher="
	run tool fencetool watchers meta "$id" 10.77.0.9 10.77.0.1
	echo >&8
	wait "$watcher" || true
	exec 8>&-
	[[ $status -eq 0 && $output =~ ^10\.77\.0\.1:0/[0-9]+$ ]]
	run tool fencetool watchers meta "$id" 10.77.0.9
	[[ $status -eq 0 && -z $output ]]
}
