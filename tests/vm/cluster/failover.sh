# SPDX-License-Identifier: GPL-2.0
# topic: a node loses power under load: the other cuts it off and goes on; it comes back; nothing is damaged
# nodes: 2
# seconds: 900
# drivers: ours
# shellcheck shell=bash disable=SC2016
# shellcheck source=SCRIPTDIR/cluster.bash
. "$RC_DIR/cluster/cluster.bash"

cluster_init
daemon_start 1 2
filesystems
mount_both 1
mount_both 2
writers 1 2
clients=$(status 1 '[.nodes[] | select(.number == 1) | .clients[]] | join(" ")')
boot=$(boot_id 1)

say "the plug of node 2 is pulled"
lab node poweroff 2
wait_until 90 sees 1 2 fenced
wait_until 60 settled 1
goes_on 1 o
goes_on 1 g
for m in o g; do
	gap=$(longest_gap 1 $m)
	say "longest pause of the survivor on $m: $((gap / 10)).$((gap % 10)) s"
	# 10 s until death, 15 s in all on a machine of its own; this one is slow and shared.
	((gap < 600)) || fail "the survivor waited $gap tenths of a second"
done
for client in $clients; do
	[[ $(ceph osd blocklist ls 2>/dev/null) == *"$client"* ]] || fail "client $client of the dead node is not cut off"
done

say "it comes back as another one, and mounts again"
need_node 2
cluster_conf 1 2 | put 2 /etc/ocfs2/cluster.conf
daemon_start 2
mount_both 2
writers 2
goes_on 2 o
goes_on 2 g
expect "boot of the survivor" "$(boot_id 1)" "$boot"

say "all unmount; the filesystems are whole"
for n in 1 2; do
	writers_stop "$n"
	umount_both "$n"
done
fsck_both
daemon_stop 1 2
