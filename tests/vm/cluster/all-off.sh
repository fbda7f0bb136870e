# SPDX-License-Identifier: GPL-2.0
# topic: all nodes lose power at once: the cluster comes up by itself, one node alone too, also with other numbers; nothing is damaged
# nodes: 2
# seconds: 1200
# drivers: ours
# shellcheck shell=bash disable=SC2016
# shellcheck source=SCRIPTDIR/cluster.bash
. "$RC_DIR/cluster/cluster.bash"

# boots N: and its daemon takes part, beside those of before that nobody saw leave
boots() {
	need_node "$1"
	# shellcheck disable=SC2086  # numbers
	cluster_conf $VM_NODES | sed "$NUMBERS" | put "$1" /etc/ocfs2/cluster.conf
	daemon_start "$1"
}
NUMBERS=
# follows N: and works beside the other one
follows() {
	boots "$1"
	mount_both "$1"
	writers "$1"
	goes_on "$1" o
	goes_on $((3 - $1)) g
	wait_until 60 settled "$1"
}

cluster_init
daemon_start 1 2
filesystems
mount_both 1
mount_both 2
writers 1 2
lab node poweroff 1
lab node poweroff 2

say "node 2 comes back alone: it cuts off both lives of before, and goes on by itself"
boots 2
mount_both 2
writers 2
goes_on 2 o
goes_on 2 g
expect "lives of before that are cut off" \
	"$(node 2 'grep -o "node [01] .*: is cut off" /tmp/rbdshared.log | sort -u' | cut -d' ' -f 2 | paste -sd' ')" "0 1"
# Its own one is over with for good, now that the host has booted anew.
expect "fences that stay" "$(status 2 '[.fences[].node] | join(" ")')" 0
wait_until 60 settled 2

say "node 1 follows"
follows 1

lab node poweroff 1
lab node poweroff 2
say "power is lost again, and meanwhile the nodes get each other's numbers; nobody is there to fence the old ones"
NUMBERS='s/number = 0/number = x/; s/number = 1/number = 0/; s/number = x/number = 1/'
boots 2
expect "number of node 2" "$(status 2 .node)" 0
mount_both 2
writers 2
goes_on 2 o
goes_on 2 g
follows 1

say "all unmount; the filesystems are whole"
for n in 1 2; do
	writers_stop "$n"
	umount_both "$n"
done
LOST=4 fsck_both
daemon_stop 1 2
