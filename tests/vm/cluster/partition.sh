# SPDX-License-Identifier: GPL-2.0
# topic: nodes that cannot talk with each other, or with the storage: one freezes, the other goes on, nobody reboots
# nodes: 2
# seconds: 1200
# drivers: ours
# shellcheck shell=bash disable=SC2016
# shellcheck source=SCRIPTDIR/cluster.bash
. "$RC_DIR/cluster/cluster.bash"
# shellcheck source=SCRIPTDIR/counters.bash
. "$RC_DIR/cluster/counters.bash"

# RBDSHARE_ROUNDS=10 measures; RBDSHARE_OUTAGE=180: for so many seconds the storage stops for all.
ROUNDS=${RBDSHARE_ROUNDS:-1}
OUTAGE_S=${RBDSHARE_OUTAGE:-75}
peers_o=() peers_g=() storage_o=() storage_g=()
# By each cut.
LOST=1
# The node that is cut off says so of its devices; its filesystems hang, as they must.
allow_dmesg 'fenced: the cluster blocklisted' 'blocked for more than' 'INFO: task'

# loses N: it stands still with a closed gate, it did not reboot, and the other one goes on
loses() {
	stands_still "$1" o 5
	stands_still "$1" g 5
	expect "gate of the loser" "$(status "$1" .gate)" fenced
	expect "boot of the loser" "$(boot_id "$1")" "${boots[$1]}"
}
come_back() {
	lab node reset 2
	lab node wait 2
	cluster_conf 1 2 | put 2 /etc/ocfs2/cluster.conf
	daemon_start 2
	mount_both 2
	writers 2
	goes_on 2 o
	boots[2]=$(boot_id 2)
	whole_again 1 2
}
both_begin() {
	local n

	for n in 1 2; do
		mount_both $n
	done
	writers 1 2
	counters_begin 1 2
}
# The one that goes on counts on, and what it counted is exact.
counts_on() {
	counters_lost 1
	counters_go_on 1
	counters_end 1
}

# For whoever ends a long run by hand.
tell() { say "longest pause of node 1: OCFS2 $(tenths "$1"), GFS2 $(tenths "$2")"; }

# peers_cut: they do not hear each other; the one with the higher number loses.
peers_cut() {
	forget_gaps 1
	lab cut 2 peers
	wait_until 90 sees 1 2 fenced
	wait_until 60 settled 1
	goes_on 1 o
	goes_on 1 g
	peers_o+=("$(longest_gap 1 o)")
	peers_g+=("$(longest_gap 1 g)")
	tell "${peers_o[-1]}" "${peers_g[-1]}"
	counts_on
	loses 2
	lab heal 2
	loses 2
	expect "boot of the winner" "$(boot_id 1)" "${boots[1]}"
}
# storage_cut: node 2 freezes, is cut off after the long time, and its writes never arrive.
storage_cut() {
	forget_gaps 1
	lab cut 2 storage
	wait_until 60 gate_is 2 lease
	stands_still 2 o 5
	goes_on 1 o
	wait_until 120 sees 1 2 fenced
	wait_until 60 settled 1
	goes_on 1 g
	storage_o+=("$(longest_gap 1 o)")
	storage_g+=("$(longest_gap 1 g)")
	tell "${storage_o[-1]}" "${storage_g[-1]}"
	counts_on
	lab heal 2
	wait_until 60 node 2 '[ "$(rbdshare cluster status --json | jq -r .gate)" = fenced ]'
	loses 2
	expect "boot of the winner" "$(boot_id 1)" "${boots[1]}"
}

cluster_init
daemon_start 1 2
filesystems
boots=(none "$(boot_id 1)" "$(boot_id 2)")
for ((round = 1; round <= ROUNDS; round++)); do
	say "round $round of $ROUNDS: the network between them is cut"
	both_begin
	peers_cut
	say "after a restart it takes part again, and the filesystems are whole"
	come_back
	say "node 2 loses the storage alone"
	both_begin
	storage_cut
	come_back
done
figure "cut from each other: longest pause of who goes on: OCFS2: $(summary "${peers_o[@]}"); GFS2: $(summary "${peers_g[@]}")"
figure "one loses the storage: longest pause of the other: OCFS2: $(summary "${storage_o[@]}"); GFS2: $(summary "${storage_g[@]}")"

say "the storage stops for all for $OUTAGE_S s: nobody is cut off, and all goes on"
both_begin
before=$(fences 1)
for i in 0 1; do
	lab ceph osd freeze $i
done
sleep "$OUTAGE_S"
# What it has asked the storage is not answered.
daemon_stop 2
for i in 0 1; do
	lab ceph osd thaw $i
done
daemon_start 2
goes_on 1 o 120
goes_on 2 o 120
goes_on 1 g 120
goes_on 2 g 120
for n in 1 2; do
	counters_go_on $n
done
counters_end 1 2
expect "fences" "$(fences 1)" "$before"
LOST=0
for n in 1 2; do
	expect "boot of node $n" "$(boot_id "$n")" "${boots[n]}"
done

whole_again 1 2
daemon_stop 1 2
