#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2154
# fence_rbd with method=address: a host with an address of its own is cut off from a real Ceph.
bats_require_minimum_version 1.5.0
load ceph

VICTIM=10.77.0.50
ESHUTDOWN='Cannot send after transport endpoint shutdown'

setup_file() {
	export FENCE=${RBDSHARE%/*}/fence_rbd NS=rbdshare-$RBDSHARE_LAB_NAME
	export MAP="node1:10.77.0.1;node5:$VICTIM"
	ip netns add "$NS-victim"
	ip -n "$NS" link add victim type veth peer name eth0 netns "$NS-victim"
	ip -n "$NS" link set victim master storage up
	ip -n "$NS-victim" addr add "$VICTIM/24" dev eth0
	ip -n "$NS-victim" link set eth0 up
	ip -n "$NS-victim" link set lo up
	# Larger than what a writer fills in the time of a test.
	rs -q create dovecot/vol --size 256M
	key fence-fencer 'profile rbd, allow command "osd blocklist" with blocklistop=rm' 'profile rbd-read-only'
	key fence-adder 'profile rbd' 'profile rbd-read-only'
	key fence-weak 'allow r' 'allow r'
}

teardown_file() {
	stock ceph osd blocklist rm "$VICTIM:0/0" || true
	rs -q rm dovecot/vol || true
	stock ceph auth rm client.fence-fencer || true
	stock ceph auth rm client.fence-adder || true
	stock ceph auth rm client.fence-weak || true
	ip netns del "$NS-victim"
}

# key NAME MON OSD: a user, with its keyring; the other files have users too, so the name is our own
key() { stock ceph auth get-or-create "client.$1" mon "$2" osd "$3" >"$BATS_FILE_TMPDIR/$1"; }

# fence ACTION [OPTIONS]: from the host of Ceph; agent: the same with the map
fence() { "$CLI_LAB" host "$FENCE" -o "$@"; }
agent() { fence "$1" --plug-map "$MAP" "${@:2}"; }
# victim CMD...: on the host that is cut off
victim() { "$CLI_LAB" host ip netns exec "$NS-victim" "$@"; }

listed() { stock ceph osd blocklist ls 2>/dev/null | grep -c "^$1 203[5-9]-"; }
image() { stock rbd export dovecot/vol - --no-progress 2>/dev/null | md5sum; }
writes() {
	local before
	before=$(image)
	sleep 1
	[[ $(image) != "$before" ]]
}
# One that opens the image and writes; a blocklisted one must not.
can_write() { victim timeout 20 rbd bench dovecot/vol --io-type write --io-size 4096 --io-total 8192 >/dev/null 2>&1; }

# until_true SECONDS CMD...
until_true() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		((SECONDS < end)) || return 1
		sleep 0.3
	done
}

# A made-up /proc of a host that is up for so long.
proc_up() {
	export RBDSHARE_PROC=$BATS_TEST_TMPDIR/proc RBDSHARE_SYSFS=$BATS_TEST_TMPDIR/sys
	mkdir -p "$RBDSHARE_PROC" "$RBDSHARE_SYSFS"
	echo "$1.50 1.00" >"$RBDSHARE_PROC/uptime"
}

@test "validate-all looks at the options, not at the cluster" {
	agent validate-all
	agent validate-all -n node5 -k "$BATS_FILE_TMPDIR/fence-fencer"
	expect 1 "is not like node1:10.0.0.1" fence validate-all --plug-map node1
	expect 1 "is not an IP address" fence validate-all -m address -a 10.0.0.300
	expect 1 "plug_map has no node 'node7'; its nodes are: node1, node5" agent validate-all -n node7
	expect 1 "cannot read keyring" agent validate-all -k /nonexistent
	expect 1 "loopback" fence validate-all -m address -n localhost
}

@test "list and list-status tell the nodes of the map" {
	[[ $(agent list) == $'node1,10.77.0.1\nnode5,10.77.0.50' ]]
	[[ $(agent list-status) == $'node1,10.77.0.1,on\nnode5,10.77.0.50,on' ]]
	expect 1 "plug_map only" fence list -m address
}

@test "monitor: the monitors answer, and the key may change the blocklist" {
	local epoch
	epoch=$(stock ceph osd dump -f json | jq .epoch)
	agent monitor
	agent monitor -l fence-fencer -k "$BATS_FILE_TMPDIR/fence-fencer"
	expect 1 "ceph auth caps client.fence-weak mon 'profile rbd, allow command" agent monitor -l fence-weak -k "$BATS_FILE_TMPDIR/fence-weak"
	expect 1 "may not change the blocklist" agent monitor -l fence-adder -k "$BATS_FILE_TMPDIR/fence-adder"
	expect 1 "client.nobody" agent monitor -l nobody
	# It asks without changing anything.
	[[ $(stock ceph osd dump -f json | jq .epoch) -eq $epoch ]]
}

@test "nobody is cut off by mistake" {
	expect 1 "is this host itself" agent off -n node1
	expect 1 "plug_map has no node 'nodeX'" agent off -n nodeX
	expect 1 "there is no pool 'nopool'" agent off -n node5 --pools nopool
	expect 1 "may not change the blocklist" agent off -n node5 -l fence-weak -k "$BATS_FILE_TMPDIR/fence-weak"
	[[ $(listed "$VICTIM:0/0") -eq 0 && $(listed 10.77.0.1:0/0) -eq 0 ]]
	agent status -n node5
}

@test "off: a client that writes is refused from then on, status says so" {
	local before
	victim rbd bench dovecot/vol --io-type write --io-size 4096 --io-threads 2 --io-total 1T --io-pattern rand \
		>"$BATS_TEST_TMPDIR/bench" 2>&1 3>&- &
	until_true 30 writes
	# As Pacemaker does it.
	cat >"$BATS_TEST_TMPDIR/lines" <<-LINES
		action=off
		nodename=node5
		plug_map=$MAP
		user=fence-fencer
		keyring=$BATS_FILE_TMPDIR/fence-fencer
		verbose=1
		crm_feature_set=3.16.2
	LINES
	# shellcheck disable=SC2016
	run --separate-stderr stock bash -c '"$1" <"$2"' - "$FENCE" "$BATS_TEST_TMPDIR/lines"
	before=$(image)
	echo "$output"
	echo "$stderr"
	[[ $status -eq 0 && $output == "node5 is cut off: "*"refuse 10.77.0.50; clients seen there: 1; OSD map "* ]]
	[[ $stderr == *"passed over: crm_feature_set"*"client 10.77.0.50:0/"*" uses dovecot/vol"* ]]
	sleep 3
	[[ $(image) == "$before" ]]
	# The address for all, and the client for itself.
	[[ $(listed "$VICTIM:0/0") -eq 1 && $(listed "$VICTIM:0/[1-9][0-9]*") -eq 1 ]]
	run agent status -n node5
	[[ $status -eq 2 && $output == "Status: off (10.77.0.50)" ]]
	run ! can_write
	[[ $(image) == "$before" ]]
	[[ $(agent list-status) == *"node1,10.77.0.1,on"*"node5,10.77.0.50,off"* ]]
	until_true 20 grep -q "$ESHUTDOWN" "$BATS_TEST_TMPDIR/bench"
	# Others go on.
	stock rbd bench dovecot/vol --io-type write --io-size 4096 --io-total 8192 >/dev/null
}

@test "off again, and reboot, prove it anew" {
	run agent off -n node5
	[[ $status -eq 0 && $output == "node5 is cut off: "*"clients seen there: 0; "* ]]
	run agent reboot -n node5 -q
	[[ $status -eq 0 && -z $output ]]
	run agent status -n node5
	[[ $status -eq 2 ]]
}

@test "on is refused where nobody can know that the host has booted" {
	expect 1 "only the node itself can see" agent on -n node5
	expect 1 "has not booted since" victim "$FENCE" -o on -n node5 --plug-map "$MAP"
	# A clock that stood still, as that of a paused machine does.
	sleep 7
	proc_up 0
	mkdir -p "$RBDSHARE_PROC/77"
	echo '7f-80 r-xp 00 00:00 0 /usr/lib/librbd.so.1.17.0' >"$RBDSHARE_PROC/77/maps"
	echo qemu >"$RBDSHARE_PROC/77/comm"
	expect 1 "process 77 (qemu) uses librbd" victim "$FENCE" -o on -n node5 --plug-map "$MAP"
	expect 1 "may not change the blocklist" agent on -y -n node5 -l fence-adder -k "$BATS_FILE_TMPDIR/fence-adder"
	run agent status -n node5
	[[ $status -eq 2 ]]
}

@test "on, at the host itself after its boot: back with new clients, the old one stays out" {
	proc_up 0
	run --separate-stderr victim "$FENCE" -o on -n node5 --plug-map "$MAP" -l fence-fencer -k "$BATS_FILE_TMPDIR/fence-fencer"
	echo "$output $stderr"
	[[ $status -eq 0 && $output == "node5 is back: "* ]]
	run agent status -n node5
	[[ $status -eq 0 && $output == "Status: on (10.77.0.50)" ]]
	[[ $(listed "$VICTIM:0/0") -eq 0 && $(listed "$VICTIM:0/[1-9][0-9]*") -eq 1 ]]
	can_write
	run victim "$FENCE" -o on -n node5 --plug-map "$MAP"
	[[ $status -eq 0 && $output == *"is not on the blocklist" ]]
}

@test "on with the administrator's word" {
	agent off -n node5 --pools dovecot
	run agent on -n node5 -y
	[[ $status -eq 0 && $output == "node5 is back: "* ]]
	can_write
}

@test "an entry that somebody made for an hour is replaced" {
	stock ceph osd blocklist add 10.77.0.60 3600
	run --separate-stderr fence off -m address -a 10.77.0.60 -n n6 -l fence-adder -k "$BATS_FILE_TMPDIR/fence-adder"
	[[ $status -eq 1 && $stderr == *"may not change the blocklist"* ]]
	fence off -m address -a 10.77.0.60 -n n6 -l fence-fencer -k "$BATS_FILE_TMPDIR/fence-fencer"
	[[ $(listed 10.77.0.60:0/0) -eq 1 ]]
}

@test "a name that is looked up is used, and doubted" {
	run --separate-stderr fence off -m address -n 10.77.0.61
	[[ $status -eq 0 && $stderr == *"is NOT cut off: name that in plug_map"* ]]
}

back_again() {
	local i

	"$CLI_LAB" ceph mon thaw
	"$CLI_LAB" ceph osd thaw 0
	for ((i = 0; i < 60; i++)); do
		stock timeout 10 ceph health >/dev/null 2>&1 && rs -q ls dovecot >/dev/null 2>&1 && break
		sleep 0.5
	done
}

@test "no monitors: bounded, and no success" {
	"$CLI_LAB" ceph mon freeze
	run --separate-stderr bounded 15 agent off -n node5 --timeout 3
	run --separate-stderr bounded 15 agent monitor --timeout 3
	"$CLI_LAB" ceph mon thaw
	back_again
	echo "$output $stderr"
	[[ $status -eq 1 && $stderr == *"waited 3 s for the monitors in vain"* ]]
}

@test "an OSD that does not answer: bounded, and no success" {
	local start=$SECONDS
	"$CLI_LAB" ceph osd freeze 0
	run --separate-stderr agent off -n node5 --power-timeout 8 --timeout 3
	"$CLI_LAB" ceph osd thaw 0
	back_again
	echo "$output $stderr"
	((SECONDS - start < 60))
	[[ $status -eq 1 && $stderr == *"is not proved to be cut off after 8 s"* ]]
	agent off -n node5
	agent on -n node5 -y
}
