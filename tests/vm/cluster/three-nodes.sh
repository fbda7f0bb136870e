# SPDX-License-Identifier: GPL-2.0
# topic: three nodes: one loses power, then one of the two that are left; each time the others go on, and they come back
# nodes: 3
# seconds: 3000
# drivers: ours
# shellcheck shell=bash disable=SC2016
# shellcheck source=SCRIPTDIR/cluster.bash
. "$RC_DIR/cluster/cluster.bash"
# shellcheck source=SCRIPTDIR/counters.bash
. "$RC_DIR/cluster/counters.bash"

# RBDSHARE_ROUNDS=10 measures, RBDSHARE_PROFILE=fast with the time-outs of "cluster init --fast".
ROUNDS=${RBDSHARE_ROUNDS:-1}
INIT_OPTIONS=${RBDSHARE_PROFILE:+--$RBDSHARE_PROFILE}
MEMORY=768
gaps_o=() gaps_g=()
# In each round.
LOST=2

# lose VICTIM SURVIVOR...: pulls its plug; the others go on
lose() {
	local victim=$1 n gap

	shift
	for n in "$@"; do
		forget_gaps "$n"
	done
	lab node poweroff "$victim"
	for n in "$@"; do
		wait_until 90 sees "$n" "$victim" fenced
		wait_until 60 settled "$n"
		goes_on "$n" o
		goes_on "$n" g
		gaps_o+=("$(longest_gap "$n" o)")
		gaps_g+=("$(longest_gap "$n" g)")
		say "longest pause of node $n: OCFS2 $(tenths "${gaps_o[-1]}"), GFS2 $(tenths "${gaps_g[-1]}")"
		for gap in "${gaps_o[-1]}" "${gaps_g[-1]}"; do
			((gap < 600)) || fail "node $n waited $gap tenths of a second"
		done
	done
	counters_lost "$1"
	for n in "$@"; do
		counters_go_on "$n"
	done
}
all_begin() {
	local n

	for n in 1 2 3; do
		mount_both "$n"
	done
	writers 1 2 3
	counters_begin 1 2 3
}
come_back() {
	local n

	for n in "$@"; do
		need_node "$n"
		# shellcheck disable=SC2086  # numbers
		cluster_conf $VM_NODES | put "$n" /etc/ocfs2/cluster.conf
	done
	daemon_start "$@"
	for n in "$@"; do
		mount_both "$n"
	done
	writers "$@"
	for n in "$@"; do
		goes_on "$n" o
		goes_on "$n" g
	done
}

cluster_init
for n in 1 2; do
	cluster_conf 1 2 | put "$n" /etc/ocfs2/cluster.conf
done
daemon_start 1 2
filesystems

say "the third is made known to those that run"
for n in 1 2; do
	cluster_conf 1 2 3 | put "$n" /etc/ocfs2/cluster.conf
done
node 3 'modprobe -a configfs dlm rbd rbd_hb; mountpoint -q /sys/kernel/config || mount -t configfs configfs /sys/kernel/config'
node 1 'rbdshare cluster reload'
refuse 3 'timeout 100 rbdshared' | grep -q 'not the same as on node2.*number 2 is node3 (10.79.0.13) here, nobody there' ||
	fail "node 3 was not told that node 2 does not know it"
node 2 'pkill -HUP -x rbdshared'
knows_third() { [[ $(status 2 '.nodes[] | select(.number == 2) | .name') == node3 ]]; }
wait_until 30 knows_third
daemon_start 3
boot=$(boot_id 1)
for ((round = 1; round <= ROUNDS; round++)); do
	say "round $round of $ROUNDS: node 3 is lost, then node 2"
	all_begin
	lose 3 1 2
	lose 2 1
	counters_end 1
	say "both come back"
	come_back 2 3
	goes_on 1 o
	goes_on 1 g
	whole_again 1 2 3
done
figure "longest pause of a survivor: OCFS2: $(summary "${gaps_o[@]}"); GFS2: $(summary "${gaps_g[@]}")"
all_begin
LOST=1
say "one is cut off from both others: it loses, the two go on"
lab cut 3 peers
wait_until 90 sees 1 3 fenced
wait_until 60 settled 1
wait_until 60 settled 2
for n in 1 2; do
	goes_on "$n" o
	goes_on "$n" g
done
counters_lost 1
for n in 1 2; do
	counters_go_on "$n"
done
counters_end 1 2
lab heal 3
expect "boot of the survivor" "$(boot_id 1)" "$boot"
# Its filesystems do not answer any more.
lab node reset 3
lab node wait 3

whole_again 1 2
daemon_stop 1 2
