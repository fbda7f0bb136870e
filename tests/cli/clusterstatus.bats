#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The verbs that ask the daemon, against one that only repeats what it is told.
bats_require_minimum_version 1.5.0
load ceph
load daemon

setup() {
	command -v socat >/dev/null || {
		echo "socat is missing; run: scripts/setup lab" >&2
		return 1
	}
	export RBDSHARE_CLUSTER_CONF=$BATS_TEST_TMPDIR/cluster.conf RBDSHARE_DEFAULTS=$BATS_TEST_TMPDIR/none
	"$RBDSHARE" -q cluster add-node n1 --ip 10.0.0.1
	"$RBDSHARE" -q cluster add-node n2 --ip 10.0.0.2
	"$RBDSHARE" -q cluster add-node n3 --ip 10.0.0.3
	daemon_start
}

teardown() {
	daemon_stop
}

cluster() { "$RBDSHARE" cluster "$@"; }

# shows RC TEXT...: the status has this exit code and all these words.
shows() {
	local rc=$1 word
	shift
	run cluster status
	[[ $status -eq $rc ]] || {
		echo "exit code $status, not $rc: $output"
		return 1
	}
	for word; do
		[[ $output == *"$word"* ]] || {
			echo "no '$word' in: $output"
			return 1
		}
	done
}

asked() { jq -sc ".[-1]$1" "$FAKE/asked"; }

@test "status of a cluster that is well: short, without colour in a pipe" {
	status_is
	shows 0 "cluster ocfs2  ONLINE  2 of 2 nodes active" "took 2.1 ms (99% 3.1 ms, max 9 ms)" "beat 0.4 s ago, heard 0.1 s ago" "lockspace mail  running  nodes 0,1"
	[[ ${#lines[@]} -eq 5 && $output != *next:* && $output != *$'\e'* ]]
	run cluster status -s
	[[ $status -eq 0 && $output == "RBDSHARE OK: cluster ocfs2, 2 of 2 nodes active | active=2"* ]]
	[[ $(json '.health + " " + (.problems | length | tostring) + " " + .nodes[1].name' cluster status --json) == "ok 0 n2" ]]
}

@test "status on a terminal is coloured unless NO_COLOR is set" {
	status_is
	[[ $(script -qec "$RBDSHARE cluster status" /dev/null) == *$'\e[32mONLINE'* ]]
	[[ $(NO_COLOR=1 script -qec "$RBDSHARE cluster status" /dev/null) != *$'\e'* ]]
}

@test "status says what is wrong with a node, and what to do" {
	status_is '.nodes[1].state = "fenced" | .nodes[1].beat_age_ms = 700000
		| .fences = [{node: 1, state: "fenced", reason: "no heartbeat", evidence: "10 ticks", by: 0, epoch: 12}]'
	shows 1 DEGRADED "1 of 2 nodes" "was fenced by n1: no heartbeat; 10 ticks" "next: start n2 again, there: rbdshare cluster online" "beat 11 min ago"
	run cluster status -s
	[[ $status -eq 1 && $output == "RBDSHARE WARNING: "*"n2: was fenced by n1"* ]]
	status_is '.nodes[1] += {state: "suspect", accusation: "does not take part", accuser: 0}'
	shows 1 "is accused by n1: does not take part" "next: rbdshare cluster events"
	status_is '.nodes[1].daemon = "stale" | .nodes[1].config_differs = true'
	shows 1 "on n2: journalctl -u rbdshared" "has another cluster.conf" "next: on each: rbdshare cluster reload"
	status_is '.nodes[1].heard_ms = null | .nodes[1].beat_age_ms = 4200'
	shows 1 "is not heard on the network" "next: ping 10.0.0.2" "its last heartbeat is 4.2 s old"
	status_is '.lockspaces[0] += {settled: false, waiting: "n2 has not stopped it yet", here: "stopped"}'
	shows 1 "lockspace mail  stopped" "n2 has not stopped it yet"
}

@test "a node that left or never came is no trouble" {
	status_is '.nodes[1].state = "left"'
	shows 0 "1 of 1 nodes active" "left"
	status_is '.nodes[1] += {state: "none", beat_age_ms: null, heard_ms: null}'
	shows 0 "1 of 1 nodes active"
}

@test "status of a node without rights: exit code 2 and why" {
	status_is '.gate = "lease" | .heartbeat += {age_ms: 9000, good: false}'
	shows 2 "NO RIGHTS" "the last heartbeat that the storage took is 9 s old" "next: ceph -s"
	status_is '.gate = "frozen"'
	shows 2 "decided to go on without this one"
	status_is '.gate = "fenced" | .state = "fenced"'
	shows 2 "this node was fenced" "it joins anew by itself"
	run cluster status -s
	[[ $status -eq 2 && $output == "RBDSHARE CRITICAL: "* ]]
	# Before it took part there was nothing to lose.
	status_is '.gate = "frozen" | .state = "joining"'
	shows 1 "this node is joining" "next: rbdshare cluster wait"
}

@test "time-outs that are being changed stand behind those in effect, with whom they wait for" {
	status_is '.timeouts.next = {dead_after_ms: 3000, slow_after_ms: 45000, waits_for: [1, 7]}'
	shows 0 "dead after 10 s, slow after 45 s (to be 3 s, 45 s; waiting for n2, node 7)"
	status_is '.timeouts.next = {dead_after_ms: 3000, slow_after_ms: 45000, waits_for: []}'
	shows 0 "(to be 3 s, 45 s; all follow)"
	status_is '.timeouts.next = {dead_after_ms: "x", waits_for: 3}'
	shows 0 "dead after 10 s, slow after 45 s"
}

@test "set: asks the daemon, waits until all nodes follow, and says so" {
	answer set </dev/null
	status_is
	expect 1 "say what to set" cluster set
	expect 1 "give one of the two" cluster set --fast --dead-after 5s
	expect 22 "dead-after is below 2.5 s" cluster set --dead-after 2s
	expect 22 "dead-after is longer than slow-after" cluster set --dead-after 50s
	[[ $(asked .verb) == '"status"' ]]
	run cluster set --fast --dry-run
	[[ $status -eq 0 && $output == *"would set dead-after 3 s (was 10 s)"* ]]
	[[ $(asked .verb) == '"status"' ]]
	expect 0 "set dead-after 10 s (was 10 s) and slow-after 45 s" cluster set --dead-after 10s
	[[ $(jq -c 'select(.verb == "set")' "$FAKE/asked") == '{"verb":"set","dead_after_ms":10000,"slow_after_ms":45000}' ]]
	status_is '.timeouts.next = {dead_after_ms: 3000, slow_after_ms: 45000, waits_for: [1]}'
	expect 110 "the change goes on, but is not in effect after 1 s: waiting for n2" cluster set --fast --timeout 1
	answer set 22 "this node is not a member of the cluster" </dev/null
	expect 22 "this node is not a member" cluster set --fast
}

@test "what the daemon advises stands below, and goes before our own advice about itself" {
	status_is '.nodes[1].daemon = "stale" | .advice = ["look after the switch"]'
	shows 1 "its daemon does not answer" "next: on n2: journalctl" "next: look after the switch"
	status_is '.gate = "lease" | .advice = ["look after the switch"]'
	shows 2 "writes wait here" "next: look after the switch"
	[[ $output != *"ceph -s"* ]]
}

@test "without a daemon: exit code 3 and how to start it" {
	daemon_stop
	expect 3 "rbdshared is not running; start it with: systemctl start rbdshared" cluster status
	run cluster status -s
	[[ $status -eq 3 && $output == "RBDSHARE UNKNOWN: rbdshared is not running"* ]]
	run cluster status --json
	[[ $status -eq 3 && $(jq -r '.health + .state' <<<"$output") == stoppedstopped ]]
	expect 111 "rbdshared is not running" cluster events
	expect 111 "rbdshared is not running" cluster fence n2 --yes
	expect 0 "this node is stopped" cluster wait --state stopped --timeout 2
}

@test "a daemon that is stuck, ends, or talks nonsense" {
	echo 30 >"$FAKE/status.stays"
	: >"$FAKE/status"
	bounded 15 expect 110 "did not answer within 10 s" cluster status
	rm "$FAKE/status.stays"
	expect 104 "ended in the middle of its answer" cluster status
	echo "hello" >"$FAKE/status"
	expect 74 "are both of the same version" cluster status
	answer status </dev/null
	expect 74 "are both of the same version" cluster status
	echo '{"schema_version":1}' | answer status
	expect 74 "are both of the same version" cluster status
	rm "$FAKE/status"
	expect 22 "there is no verb status" cluster status
}

@test "a newer daemon may say more, an older one less" {
	echo '{"schema_version":1,"cluster":"c","state":"active","gate":"open","new":[1],"nodes":[{"number":0}],"lockspaces":null}' | answer status
	run cluster status
	[[ $status -le 1 && $output == "cluster c "* ]]
	status_is '.nodes = "what" | .heartbeat = 7 | .timeouts = [] | .fences = [1, null]'
	run cluster status
	[[ $status -le 1 && $output == "cluster ocfs2 "* ]]
}

@test "watch shows the same again and again" {
	status_is
	run timeout 3 "$RBDSHARE" cluster watch
	[[ $status -eq 124 && $(grep -c "cluster ocfs2  ONLINE" <<<"$output") -eq 2 ]]
	run timeout 1 "$RBDSHARE" cluster watch --json
	[[ $(jq -r .health <<<"${lines[0]}") == ok ]]
	daemon_stop
	run timeout 1 "$RBDSHARE" cluster watch
	[[ $output == "rbdshared is not running"* ]]
}

@test "wait ends when the state is there, or when the time is over" {
	status_is
	expect 0 "this node is active" cluster wait
	[[ $(json .state cluster wait --json) == active ]]
	status_is '.state = "joining"'
	bounded 4 expect 110 "this node is not active after 1 s: it is joining: " cluster wait --timeout 1
	(
		sleep 1
		status_is
	) 3>&- &
	expect 0 "this node is active" cluster wait --timeout 10
	expect 1 "did you mean 'active'?" cluster wait --state aktive
}

@test "events, with the names of the nodes, and as lines of JSON" {
	printf '%s\n' '{"time":"2026-11-23T03:09:17Z","node":0,"about":1,"text":"no heartbeat"}' \
		'{"time":"2026-11-23T03:09:18Z","node":7,"about":null,"text":"view 18"}' | answer events
	run cluster events
	[[ $status -eq 0 && ${lines[0]} == "2026-11-23T03:09:17Z  n1: n2: no heartbeat" && ${lines[1]} == "2026-11-23T03:09:18Z  node 7: view 18" ]]
	[[ $(asked .follow) == false ]]
	[[ $(cluster events --json | jq -r 'select(.schema_version == 1) | .text') == $'no heartbeat\nview 18' ]]
	run cluster events --follow
	[[ $status -eq 0 && $(asked .follow) == true ]]
	cluster events | head -n 1
}

@test "fence asks, and passes the number on" {
	status_is
	answer fence </dev/null
	expect 125 "add --yes" cluster fence n2 </dev/null
	[[ $(asked .verb) == '"status"' ]]
	run cluster fence n2 --yes
	[[ $status -eq 0 && $output == *"fencing n2 (number 1) of cluster ocfs2"*"rbdshare cluster watch"* ]]
	[[ $(asked '') == '{"verb":"fence","node":1}' ]]
	expect 0 "would fence n2 (number 1)" bash -c '"$RBDSHARE" cluster fence 1 --dry-run >&2'
	[[ $(asked .verb) == '"status"' ]]
	[[ $(json '.name + .action' cluster fence N2 --yes --json) == n2fence ]]
	expect 2 "has no node 'n99'" cluster fence n99 --yes
	expect 2 "does not take part in cluster ocfs2" cluster fence n3 --yes
	answer fence 16 "n2 joins just now" </dev/null
	expect 16 "n2 joins just now" cluster fence n2 --yes
	status_is '.nodes[1].state = "fenced"'
	expect 114 "n2 is fenced already" cluster fence n2 --yes
}

@test "confirm asks for certainty, and only about a node that is being fenced" {
	status_is
	answer confirm </dev/null
	expect 2 "n2 is not being cut off (it is: active)" cluster confirm n2 --yes
	status_is '.nodes[1].state = "fencing" | .fencing = {stage: "sweeping", answered: 7, pgs: 8, error: 0,
		waiting_pool: 3, waiting_pg: 26, waiting_ms: 40000}'
	run cluster status
	[[ $output == *"7 of 8 placement groups have answered, 3.1a has not for 40 s"*"ceph pg 3.1a query"*"rbdshare cluster confirm n2"* ]]
	expect 125 "add --yes" cluster confirm n2 </dev/null
	[[ $(asked .verb) == '"status"' ]]
	expect 0 "that n2 (number 1) of cluster ocfs2 is switched off" bash -c '"$RBDSHARE" cluster confirm n2 --yes >&2'
	[[ $(asked '') == '{"verb":"confirm","node":1}' ]]
	answer confirm 11 "it is not in the map yet" </dev/null
	expect 11 "it is not in the map yet" cluster confirm n2 --yes
}

@test "fence takes yes for an answer, and nothing else" {
	local answers

	status_is
	answer fence </dev/null
	for answers in yes y; do
		script -qec "$RBDSHARE cluster fence n2" /dev/null <<<"$answers" || true
	done
	[[ $(grep -c fence "$FAKE/asked") -eq 1 ]]
}

@test "join and leave" {
	status_is
	answer join </dev/null
	answer leave 0 "n1 has left the cluster" </dev/null
	run cluster join
	[[ $status -eq 0 && $output == *"joining cluster ocfs2 as n1"* && $(asked '') == '{"verb":"join"}' ]]
	expect 0 "n1 has left the cluster" cluster leave
	[[ $(cluster leave --dry-run) == "would leave cluster ocfs2 as n1" ]]
	answer leave 16 "lockspace mail is in use; unmount it" </dev/null
	expect 16 "lockspace mail is in use; unmount it" cluster leave
}

@test "reload: says what the daemon says" {
	status_is
	answer reload 0 "cluster.conf was read anew: added n3" </dev/null
	expect 0 "cluster.conf was read anew: added n3" cluster reload
	[[ $(asked '') == '{"verb":"reload"}' ]]
	[[ $(json '.action + ": " + .message' cluster reload --json) == "reload: cluster.conf was read anew: added n3" ]]
	: >"$FAKE/asked"
	[[ $(cluster reload --dry-run) == "would reload cluster.conf into cluster ocfs2 as n1" ]]
	[[ $(asked .verb) == '"status"' ]]
	answer reload 16 "n2 takes part and is gone from cluster.conf; it has to leave first" </dev/null
	expect 16 "n2 takes part and is gone from cluster.conf" cluster reload
	expect 1 "usage: rbdshare cluster reload" cluster reload n3
	expect 1 "'cluster reload' has no option '--file'" cluster reload --file x
	daemon_stop
	expect 111 "rbdshared is not running" cluster reload
}

@test "online and offline: systemctl where systemd runs, else the init script" {
	local bin=$BATS_TEST_TMPDIR/bin script=$BATS_TEST_TMPDIR/rbdshared

	mkdir "$bin"
	# shellcheck disable=SC2016
	printf '#!/bin/sh\necho "${0##*/} $*" >>"%s"\nexit "${SERVICE_RC:-0}"\n' "$BATS_TEST_TMPDIR/ran" |
		tee "$bin/systemctl" >"$script"
	chmod 755 "$bin/systemctl" "$script"
	export PATH=$bin:$PATH RBDSHARE_INIT_SCRIPT=$script RBDSHARE_SYSTEMD=$bin
	printf '#!/bin/sh\n[ "$7 $9" = "rbdshared rbdshared" ] && echo "rbdshared: the sentence"\n' >"$bin/journalctl"
	chmod 755 "$bin/journalctl"
	expect 0 "rbdshared runs" cluster online
	expect 0 "rbdshared is stopped" cluster offline
	SERVICE_RC=1 run --separate-stderr cluster online
	# shellcheck disable=SC2154
	[[ $status -eq 1 && $stderr == *"did not start; look at"*$'\nrbdshared: the sentence' ]]
	rm "$BATS_TEST_TMPDIR/ran"
	expect 0 "rbdshared runs" cluster online
	expect 0 "rbdshared is stopped" cluster offline
	export RBDSHARE_SYSTEMD=/nonexistent
	expect 0 "rbdshared runs" cluster online
	[[ $(<"$BATS_TEST_TMPDIR/ran") == $'systemctl start rbdshared\nsystemctl stop rbdshared\nrbdshared start' ]]
	[[ $(cluster offline --dry-run) == "would run: $script stop" ]]
	SERVICE_RC=5 expect 5 "rbdshared did not start; look at" cluster online
	SERVICE_RC=1 expect 1 "unmount the cluster's filesystems first" cluster offline
	export RBDSHARE_INIT_SCRIPT=/nonexistent/x
	expect 5 "rbdshared is not installed here" cluster online
}

@test "metrics, and a file of them that is always whole" {
	local file=$BATS_TEST_TMPDIR/m.prom

	jq -nc '{text: "rbdcl_nodes 2\n"}' | answer metrics
	[[ $(cluster metrics | grep -v '^#') == $'rbdcl_up 1\nrbdcl_nodes 2' ]]
	[[ $(json .text cluster metrics --json) == *rbdcl_up* ]]
	cluster metrics --textfile "$file"
	[[ $(tail -n 1 "$file") == "rbdcl_nodes 2" ]]
	daemon_stop
	expect 111 "rbdshared is not running" cluster metrics --textfile "$file"
	[[ $(tail -n 1 "$file") == "rbdcl_up 0" ]]
}

@test "sub-verbs take their own options only" {
	expect 1 "'cluster status' has no option '--follow'; usage: rbdshare cluster status [-s | --json]" cluster status --follow
	expect 1 "usage: rbdshare cluster fence NODE [--yes]" cluster fence
	expect 1 "there is no 'cluster statsu'; did you mean 'status'?" cluster statsu
	expect 1 "say what to do: cluster check, " cluster
}
