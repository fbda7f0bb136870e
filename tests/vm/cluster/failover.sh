# SPDX-License-Identifier: GPL-2.0
# topic: a node loses power under load: the other cuts it off and goes on; it comes back; nothing is damaged, no lock was had by two
# nodes: 2
# seconds: 2400
# drivers: ours
# shellcheck shell=bash disable=SC2016
# shellcheck source=SCRIPTDIR/cluster.bash
. "$RC_DIR/cluster/cluster.bash"
# shellcheck source=SCRIPTDIR/counters.bash
. "$RC_DIR/cluster/counters.bash"

# RBDSHARE_ROUNDS=10 measures, RBDSHARE_PROFILE=fast with the time-outs of "cluster init --fast".
ROUNDS=${RBDSHARE_ROUNDS:-1}
INIT_OPTIONS=${RBDSHARE_PROFILE:+--$RBDSHARE_PROFILE}
gaps_o=() gaps_g=() accused=() decided=()
# In each round.
LOST=1

# The plug of node 2 is pulled; node 1 goes on.
one_round() {
	local clients client m

	clients=$(status 1 '[.nodes[] | select(.number == 1) | .clients[]] | join(" ")')
	forget_gaps 1
	notice_fence 1
	lab node poweroff 2
	wait_until 90 sees 1 2 fenced
	wait_until 60 settled 1
	goes_on 1 o
	goes_on 1 g
	counters_lost 1
	gaps_o+=("$(longest_gap 1 o)")
	gaps_g+=("$(longest_gap 1 g)")
	say "longest pause of the survivor: OCFS2 $(tenths "${gaps_o[-1]}"), GFS2 $(tenths "${gaps_g[-1]}")"
	for m in o g; do
		accused+=("$(behind 1 accused $m)")
		decided+=("$(behind 1 decided $m)")
		say "on $m it ended $(tenths "${accused[-1]}") behind the accusation, $(tenths "${decided[-1]}") behind the decision"
	done
	for m in "${gaps_o[-1]}" "${gaps_g[-1]}"; do
		# 10 s until death, 15 s in all on a machine of its own; this one may be slow and shared.
		((m < 600)) || fail "the survivor waited $m tenths of a second"
	done
	for client in $clients; do
		[[ $(ceph osd blocklist ls 2>/dev/null) == *"$client"* ]] ||
			fail "client $client of the dead node is not cut off"
	done
	counters_go_on 1
	counters_end 1
}
# It comes back as another one, and mounts again.
come_back() {
	need_node 2
	# shellcheck disable=SC2086  # numbers
	cluster_conf $VM_NODES | put 2 /etc/ocfs2/cluster.conf
	daemon_start 2
	mount_both 2
	writers 2
	goes_on 2 o
	goes_on 2 g
}

cluster_init
daemon_start 1 2
filesystems
boot=$(boot_id 1)
for ((round = 1; round <= ROUNDS; round++)); do
	say "round $round of $ROUNDS"
	for n in 1 2; do
		mount_both $n
	done
	writers 1 2
	counters_begin 1 2
	one_round
	come_back
	whole_again 1 2
done
figure "longest pause of the survivor: OCFS2: $(summary "${gaps_o[@]}"); GFS2: $(summary "${gaps_g[@]}")"
figure "they ended behind the accusation: $(summary "${accused[@]}"); behind the decision: $(summary "${decided[@]}")"
expect "boot of the survivor" "$(boot_id 1)" "$boot"
daemon_stop 1 2
