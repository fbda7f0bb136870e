#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The verbs of the cluster that need no daemon, against a real Ceph.
bats_require_minimum_version 1.5.0
load ceph

setup_file() {
	local top=$BATS_TEST_DIRNAME/../..

	export VIEWFILE=$BATS_FILE_TMPDIR/viewfile
	gcc -std=gnu11 -I"$top/kernel/logic" -I"$top/tests/unit" -o "$VIEWFILE" \
		"$BATS_TEST_DIRNAME/viewfile.c" "$top"/kernel/logic/*.c
}

setup() {
	export RBDSHARE_CLUSTER_CONF=$BATS_TEST_TMPDIR/cluster.conf RBDSHARE_O2CB_DEFAULTS=$BATS_TEST_TMPDIR/o2cb
	export RBDSHARE_DEFAULTS=$BATS_TEST_TMPDIR/rbdshare
}

teardown() {
	local pool

	for pool in $(stock rados lspools); do
		[[ $pool != rbdshare && $pool != ci* ]] || stock ceph osd pool rm "$pool" "$pool" --yes-i-really-really-mean-it
	done
}

cluster() { rs cluster "$@"; }

# put NAME: an object of the cluster's pool, from standard input.
put() {
	cat >"$BATS_TEST_TMPDIR/object"
	stock rados -p rbdshare put "$1" "$BATS_TEST_TMPDIR/object"
}

pool_detail() { stock ceph osd pool ls detail -f json | jq -r --arg pool "$1" ".[] | select(.pool_name == \$pool) | $2"; }

# A view as a node would have left it.
put_view() {
	"$VIEWFILE" "$1" | put view.alpha
	stock rados -p rbdshare setxattr view.alpha seq 7
	stock rados -p rbdshare setxattr view.alpha writer 0123456789abcdef0123456789abcdef
}

blocklist() { stock ceph osd blocklist ls 2>/dev/null | awk '{ print $1 }' | sort; }

@test "init makes the pool and the first view, once" {
	local before

	run cluster init --cluster-name mail
	[[ $status -eq 0 && $output == *"created cluster mail in pool rbdshare (new): a silent node is fenced after 10 s"*"rbdshare cluster online"* ]]
	[[ $(pool_detail rbdshare '[.pg_num, .type, .pg_autoscale_mode, (.application_metadata | keys[])] | join(" ")') == "8 1 off rbdshare" ]]
	[[ $(stock rados -p rbdshare getxattr view.mail seq) == 1 ]]
	[[ $(stock rados -p rbdshare get view.mail - | head -c 4) == RBdv ]]
	before=$(stock rados -p rbdshare get view.mail - | sha256sum)
	expect 17 "cluster mail is in pool 'rbdshare' already (id " cluster init --cluster-name mail
	[[ $(stock rados -p rbdshare get view.mail - | sha256sum) == "$before" ]]
	# Another cluster may share the pool.
	[[ $(json '"\(.pool_existed) \(.dead_after_ms) \(.tick_ms)"' cluster init --cluster-name b --fast --json) == "true 3000 300" ]]
	[[ $(stock rados -p rbdshare ls | sort | xargs) == "view.b view.mail" ]]
}

@test "init --dry-run makes nothing" {
	run cluster init --cluster-name mail --dry-run
	[[ $status -eq 0 && $output == "would create cluster mail in pool rbdshare (new)"* ]]
	[[ -z $(pool_detail rbdshare .pool) ]]
}

@test "init: the pool's copies, and pools of others" {
	expect 0 "keeps one copy only" cluster -q init --cluster-name mail -p ci1 --size 1
	[[ $(pool_detail ci1 .size) == 1 ]]
	expect 0 "exists with 1 copies and stays so" bash -c '"$CLI_LAB" host "$RBDSHARE" -q cluster init --cluster-name b -p ci1 --size 2 2>&1 | grep -v "one copy" >&2'
	[[ $(pool_detail ci1 .size) == 1 ]]
	expect 17 "pool 'dovecot' has other uses" cluster init --cluster-name mail -p dovecot
	stock ceph osd erasure-code-profile set ciec k=2 m=1 crush-failure-domain=osd
	stock ceph osd pool create ci2 4 4 erasure ciec
	expect 95 "erasure-coded" cluster init --cluster-name mail -p ci2
	# One that nobody has marked yet is taken.
	stock ceph osd pool create ci3 4
	cluster -q init --cluster-name mail -p ci3
	[[ $(pool_detail ci3 '.application_metadata | keys[0]') == rbdshare ]]
}

@test "init warns of heartbeats in one placement group, and avoids it" {
	local name

	stock ceph osd pool create ci4 1 1 --autoscale-mode off
	stock ceph osd pool set ci4 size 2
	expect 0 "all three heartbeat objects of mail are in one placement group, so heartbeats stop when it does; spread them with: ceph osd pool set ci4 pg_num 8" \
		cluster -q init --cluster-name mail -p ci4
	# What it says of the groups is what Ceph itself says.
	for name in a b c d e; do
		cluster -q init --cluster-name "$name" -p "ci$name"
		[[ $(for i in 0 1 2; do stock ceph osd map "ci$name" "hb.$name.$i" -f json | jq -r .pgid; done | sort -u | wc -l) -eq 3 ]]
	done
}

@test "init refuses times that would fence healthy nodes" {
	expect 22 "dead-after is below 2.5 s" cluster init --cluster-name mail --dead-after 2s
	expect 22 "slow-after is below 40 s" cluster init --cluster-name mail --slow-after 20s
	expect 22 "dead-after is longer than slow-after" cluster init --cluster-name mail --dead-after 60s
	expect 22 "'soon'" cluster init --cluster-name mail --dead-after soon
	expect 22 "not a number of copies" cluster init --cluster-name mail --size 0
	expect 1 "give one of the two" cluster init --cluster-name mail --fast --dead-after 5s
	[[ -z $(pool_detail rbdshare .pool) ]]
}

@test "which cluster, pool and user: command line, environment, file, o2cb" {
	expect 2 "which cluster? Neither" cluster init
	expect 22 "only letters and digits" cluster init --cluster-name a-b
	"$RBDSHARE" -q cluster add-node n1 --ip 10.0.0.1 --cluster-name conf
	[[ $(json '.cluster + " " + .pool' cluster init --dry-run --json) == "conf rbdshare" ]]
	printf 'RBDSHARE_CLUSTER=file\nRBDSHARE_POOL="cifile"\nRBDSHARE_ID=nobody\n' >"$RBDSHARE_DEFAULTS"
	[[ $(json '.cluster + " " + .pool' cluster init --id admin --dry-run --json) == "file cifile" ]]
	expect 2 "client.nobody" cluster init --dry-run
	RBDSHARE_CLUSTER=env RBDSHARE_ID=admin run -0 cluster init --dry-run --json
	[[ $(jq -r '.cluster + " " + .pool' <<<"$output") == "env cifile" ]]
	[[ $(json '.cluster + " " + .pool' cluster init --id admin --cluster-name opt -p ciopt --dry-run --json) == "opt ciopt" ]]
}

@test "history: the lines of all nodes, in the order of time, without any daemon" {
	expect 2 "there is no pool 'rbdshare' and so no cluster mail" cluster history --cluster-name mail
	cluster -q init --cluster-name mail
	expect 0 "no node of cluster mail has written anything" cluster history --cluster-name mail
	expect 2 "there is no cluster none in pool 'rbdshare'" cluster history --cluster-name none
	"$RBDSHARE" -q cluster add-node n1 --ip 10.0.0.1 --cluster-name mail
	"$RBDSHARE" -q cluster add-node n2 --ip 10.0.0.2 --cluster-name mail
	printf '%s\n' '{"time":"2026-11-23T03:09:17Z","node":0,"about":1,"text":"accused"}' \
		'{"time":"2026-11-23T03:09:19Z","node":0,"about":1,"text":"fenced"}' | put events.mail.0.0
	printf '%s\nnonsense\n' '{"time":"2026-11-23T03:09:18Z","node":1,"about":null,"text":"gate closed"}' |
		put events.mail.1.0
	run cluster history
	[[ $status -eq 0 && $output == "-                     n2: nonsense
2026-11-23T03:09:17Z  n1: n2: accused
2026-11-23T03:09:18Z  n2: gate closed
2026-11-23T03:09:19Z  n1: n2: fenced" ]]
	[[ $(json '.events | map(.text) | join(",")' cluster history n1 --json) == accused,fenced ]]
	[[ $(cluster history 1 | wc -l) -eq 2 ]]
	expect 2 "did you mean 'n" cluster history n9
}

@test "history knows the nodes of the view when cluster.conf is gone" {
	cluster -q init --cluster-name mail
	put_view fenced
	echo '{"time":"2026-11-23T03:09:17Z","node":1,"about":null,"text":"hello"}' | put events.alpha.1.1
	[[ $(cluster history --cluster-name alpha) == "2026-11-23T03:09:17Z  node 1: hello" ]]
}

event() { printf '{"time":"2026-11-23T03:%s","node":%s,"about":1,"state":"%s","incarnation":"%s","text":"%s"}\n' "$@"; }

@test "postmortem: the record of the fence and the lines around it, of the last life or a given one" {
	local m=(--cluster-name alpha)

	cluster -q init --cluster-name mail
	put_view fenced
	"$RBDSHARE" -q cluster add-node n0 "${m[@]}" --ip 10.0.0.1
	"$RBDSHARE" -q cluster add-node n1 "${m[@]}" --ip 10.0.0.2
	expect 2 "no record that n0 was ever cut off" cluster postmortem n0 "${m[@]}"
	expect 1 "usage: rbdshare cluster postmortem NODE" cluster postmortem
	# Only the view knows.
	run cluster postmortem n1 "${m[@]}"
	[[ $status -eq 0 && $output == *"for the test"*"nobody's lines tell of it any more"* ]]
	{
		event 01:00Z 0 fencing 33 "is to be cut off: cannot talk with nodes that go on"
		event 09:00Z 0 active 65 "long before"
		event 19:50Z 0 "" "" "no heartbeat"
		event 20:00Z 0 suspect 65 "accused"
		event 20:02Z 0 fencing 65 "condemned"
		event 20:04Z 0 fenced 65 "cut off"
		event 21:00Z 0 active 66 "takes part"
	} | put events.alpha.0.0
	event 19:45Z 1 "" "" "its own words" | put events.alpha.1.0
	run cluster postmortem n1 "${m[@]}"
	[[ $status -eq 0 && $output == "n1 (number 1) of cluster alpha was cut off at 2026-11-23T03:20:02Z, life 65"* ]]
	[[ $output == *"fenced by the administrator (for the test)"*"decided by  n0"*"2 clients on the blocklist in OSD map 12"* ]]
	[[ $output == *"accused     2026-11-23T03:20:00Z"*"back        2026-11-23T03:21:00Z"* ]]
	[[ $output == *"n1: its own words"*"n0: n1: no heartbeat"*"cut off"* && $output != *"long before"* ]]
	[[ $output == *"cluster postmortem n1 --life 33"* ]]
	[[ $(json '[.incarnation, .condemned, .fence.state, (.events | length), .others[0].incarnation] | join(" ")' \
		cluster postmortem 1 "${m[@]}" --json) == "65 2026-11-23T03:20:02Z fenced 5 33" ]]
	run cluster postmortem n1 --life 33 "${m[@]}"
	[[ $status -eq 0 && $output == *"why         cannot talk with nodes that go on"*"record is gone"*"look at     it could reach the storage"* ]]
	[[ $(json .why cluster postmortem n1 --life 33 "${m[@]}" --json) == "cannot talk with nodes that go on" ]]
	expect 2 "no record of a life 34" cluster postmortem n1 --life 34 "${m[@]}"
}

@test "a view that is damaged is not touched" {
	cluster -q init --cluster-name mail
	put view.mail <<<"rubbish"
	expect 74 "view.mail in pool 'rbdshare' is damaged" cluster init --cluster-name mail
	expect 74 "view.mail in pool 'rbdshare' is damaged" cluster unfence 1 --cluster-name mail
	stock rados -p rbdshare rmxattr view.mail seq
	expect 74 "is no view; something else has written it" cluster init --cluster-name mail
	[[ $(stock rados -p rbdshare get view.mail -) == rubbish ]]
}

@test "unfence lifts what is retired, and nothing else" {
	cluster -q init --cluster-name mail
	put_view fencing
	stock ceph osd blocklist add 10.0.0.1:0/101 90000
	stock ceph osd blocklist add 10.0.0.1:0/102 90000
	stock ceph osd blocklist add 10.0.0.9:0/7 90000
	expect 16 "still under way" cluster unfence 1 --yes --cluster-name alpha
	put_view fenced
	expect 16 "has to stay" cluster unfence 1 --yes --cluster-name alpha
	expect 2 "cluster alpha has no fence of node 0" cluster unfence 0 --yes --cluster-name alpha
	put_view retired
	[[ $(json '.clients | join(" ")' cluster unfence 1 --dry-run --json --cluster-name alpha) == "10.0.0.1:0/101 10.0.0.1:0/102" ]]
	expect 125 "add --yes" cluster unfence 1 --cluster-name alpha </dev/null
	[[ $(blocklist | grep -c '^10\.') -eq 3 ]]
	expect 0 "unfenced node 1: 2 clients of 1 fences off the blocklist" cluster unfence 1 --yes --cluster-name alpha
	[[ $(blocklist | grep '^10\.') == 10.0.0.9:0/7 ]]
	expect 0 "0 clients" cluster unfence 1 --yes --cluster-name alpha
	put_view twice
	stock ceph osd blocklist add 10.0.0.1:0/301 90000
	run cluster unfence 1 --yes --cluster-name alpha
	[[ $status -eq 0 && $output == *"1 more fences of node 1 stay"* ]]
	[[ $(blocklist | grep -c '^10\.') -eq 2 ]]
	stock ceph osd blocklist rm 10.0.0.1:0/301
	stock ceph osd blocklist rm 10.0.0.9:0/7
}
