#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# fence_rbd: its options, and method=cluster against a daemon that only repeats what it is told.
bats_require_minimum_version 1.5.0
load ceph
load daemon

setup() {
	export FENCE=${RBDSHARE%/*}/fence_rbd
	export RBDSHARE_CLUSTER_CONF=$BATS_TEST_TMPDIR/cluster.conf RBDSHARE_DEFAULTS=$BATS_TEST_TMPDIR/none
	daemon_start
}

teardown() {
	daemon_stop
}

fence() { "$FENCE" -o "$@"; }
asked() { [[ -e $FAKE/asked ]] && jq -r .verb "$FAKE/asked" | sort -u | paste -sd' '; }
was_asked_to_fence() { [[ " $(asked) " == *" fence "* ]]; }
wait_for() {
	local i
	for ((i = 0; i < 100; i++)); do
		"$@" && return 0
		sleep 0.1
	done
	return 1
}

@test "metadata is XML with each option of --help" {
	local option xml=$BATS_TEST_TMPDIR/metadata.xml
	fence metadata >"$xml"
	if command -v xmllint >/dev/null; then
		xmllint --noout "$xml"
	else
		python3 -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' "$xml"
	fi
	for option in $("$FENCE" --help | sed -n 's/^  \(-., \)\{0,1\}--\([a-z-]*\).*/\2/p'); do
		grep -q "<parameter name=\"${option//-/_}\"" "$xml"
	done
	grep -q '<action name="on" on_target="1" automatic="1"/>' "$xml"
	# Nothing is asked for that.
	[[ ! -e $FAKE/asked ]]
	echo action=metadata | "$FENCE" | cmp - "$xml"
}

@test "options: help, version, mistakes" {
	"$FENCE" --help | grep -q -- --plug
	[[ $("$FENCE" -V) == "fence_rbd (rbdshare) "* ]]
	expect 1 "there is no option like '--nosuch'" "$FENCE" --nosuch
	expect 1 "there is no action 'statu'; did you mean 'status'?" fence statu
	expect 1 "off needs a node" fence off
	[[ $(fence manpage) == *"man 8 fence_rbd"* ]]
}

@test "off waits for the proof" {
	local rc=0 pid
	status_is
	: | answer fence
	fence off -n n2 >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
	pid=$!
	wait_for was_asked_to_fence
	status_is '.nodes[1].state = "fencing" | .fences = [{node: 1, state: "fencing", by: 0}]'
	sleep 4.5
	kill -0 "$pid"
	[[ ! -s $BATS_TEST_TMPDIR/out ]]
	status_is '.nodes[1].state = "fenced" | .fences = [{node: 1, state: "fenced", by: 0, epoch: 7}]'
	wait "$pid" || rc=$?
	[[ $rc -eq 0 && $(<"$BATS_TEST_TMPDIR/out") == "n2 is fenced: "* ]]
}

@test "off, and the node is back at once with a new life" {
	local rc=0 pid
	status_is
	: | answer fence
	fence off -n 1 >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
	pid=$!
	wait_for was_asked_to_fence
	status_is '.nodes[1].state = "joining" | .fences = [{node: 1, state: "fenced", by: 0, epoch: 7}]'
	wait "$pid" || rc=$?
	[[ $rc -eq 0 && $(<"$BATS_TEST_TMPDIR/out") == "1 is fenced: "* ]]
}

@test "off without a proof in time is no success" {
	status_is '.nodes[1].state = "fencing" | .fences = [{node: 1, state: "fencing"}]
		| .fencing = {stage: "sweeping", answered: 3, pgs: 8, error: 0}'
	bounded 5 expect 1 "n2 is not proved to be cut off after 2 s: its fence is under way (sweeping, 3 of 8" \
		fence off -n n2 --power-timeout 2
	status_is '.nodes[1].state = "fencing" | .fences = [{node: 1, state: "fencing"}]
		| .fencing = {stage: "sweeping", answered: 3, pgs: 8, error: 0, waiting_pool: 2, waiting_pg: 31, waiting_ms: 4000}'
	bounded 5 expect 1 "placement group 2.1f has not answered for 4 s" fence off -n n2 --power-timeout 2
	status_is '.nodes[1].state = "left" | .fences = [{node: 1, state: "fencing"}]'
	bounded 5 expect 1 "its fence is under way" fence off -n n2 --power-timeout 2
	status_is
	: | answer fence 22 "another node is just being fenced; try again"
	bounded 5 expect 1 "another node is just being fenced" fence off -n n2 --power-timeout 2
}

@test "off of a node that is off already, or takes no part" {
	status_is '.nodes[1].state = "fenced" | .fences = [{node: 1, state: "fenced", epoch: 7}]'
	run fence off -n n2
	[[ $status -eq 0 && $output == "n2 is fenced already"* ]]
	status_is '.nodes[1].state = "left" | .lockspaces[0].members = [0]'
	run fence off -n n2
	[[ $status -eq 0 && $output == "n2 does not take part"* ]]
	run ! was_asked_to_fence
	# In a view that may be old this says nothing.
	status_is '.nodes[1].state = "fenced" | .storage_busy_ms = 4000'
	expect 1 "may be old" fence off -n n2 --power-timeout 5
	status_is '.nodes[1].state = "fenced" | .state = "fenced"'
	expect 1 "not an active member" fence off -n n2 --power-timeout 5
}

@test "off of nobody, and of oneself" {
	status_is
	expect 1 "cluster ocfs2 has no node 'n9'; its nodes are: n1, n2" fence off -n n9
	expect 1 "is this host itself" fence off -n n1
	run ! was_asked_to_fence
}

@test "status, list, monitor" {
	local state
	for state in joining active suspect cut fencing; do
		status_is ".nodes[1].state = \"$state\""
		run fence status -n n2
		[[ $status -eq 0 && $output == "Status: on ($state)" ]]
	done
	for state in fenced left none; do
		status_is ".nodes[1].state = \"$state\" | .lockspaces[0].members = [0]"
		run fence status -n n2
		[[ $status -eq 2 && $output == "Status: off ($state)" ]]
	done
	[[ $(fence list) == $'n1,0\nn2,1' && $(fence list-status) == $'n1,0,on\nn2,1,off' ]]
	fence monitor
	fence validate-all
	status_is '.nodes[1].state = "dreaming"'
	expect 1 "install the same version" fence status -n n2
	status_is '.state = "joining"'
	expect 1 "not an active member" fence status -n n2 --timeout 1
	expect 1 "not an active member" fence monitor --timeout 1
}

@test "on: nothing is lifted, so it waits until the node is back" {
	status_is
	fence on -n n2
	fence on -n n1
	status_is '.nodes[1].state = "fenced" | .fences = [{node: 1, state: "fenced", epoch: 7}]'
	expect 1 "n2 is not back after 2 s: it is fenced; a fenced node comes back" fence on -n n2 --power-timeout 2
	status_is '.state = "joining" | .nodes[0].state = "joining"'
	expect 1 "it is joining" fence on -n n1 --power-timeout 2
}

@test "without a daemon, and with one that is stuck" {
	echo 30 >"$FAKE/status.stays"
	: >"$FAKE/status"
	bounded 6 expect 1 "rbdshared" fence off -m cluster -n n2 --power-timeout 2 --timeout 1
	daemon_stop
	expect 1 "rbdshared is not running" fence monitor -m cluster
	expect 1 "rbdshared is not running" fence off -m cluster -n n2
	# A node of cluster.conf is not cut off by its address behind the cluster's back.
	"$RBDSHARE" -q cluster add-node "$(hostname -s)" --ip 10.0.0.1
	"$RBDSHARE" -q cluster add-node n2 --ip 10.0.0.2
	expect 1 "method=address is for nodes without rbdshared" fence off -n n2
}
