# SPDX-License-Identifier: GPL-2.0
# topic: OCFS2 and GFS2 on two nodes without corosync: mount, share, leave, come again
# nodes: 2
# seconds: 900
# drivers: ours
# shellcheck shell=bash disable=SC2016
# shellcheck source=SCRIPTDIR/cluster.bash
. "$RC_DIR/cluster/cluster.bash"

say "one command makes the cluster; a second one touches nothing"
cluster_init
id=$(node 1 'rados -p rbdshare stat view.demo; rados -p rbdshare get view.demo - | md5sum')
refuse 1 'rbdshare cluster init' | grep -q 'demo' || fail "no word on the cluster that is there"
expect "the view" "$(node 1 'rados -p rbdshare stat view.demo; rados -p rbdshare get view.demo - | md5sum')" "$id"

say "each node becomes a member"
daemon_start 1 2
wait_until 30 sees 1 2 active
wait_until 30 sees 2 1 active
expect "exit code of status" "$(node 1 'rbdshare cluster status >/dev/null; echo $?')" 0

say "both filesystems on both nodes"
filesystems
mount_both 1
mount_both 2
# mount_takes N FS TYPE: tenths of a second, in the node
mount_takes() {
	node "$1" "begin=\$(date +%s%N); mount -t $3 /dev/rbd/data/$2 /mnt/$2 || exit 1; echo \$(((\$(date +%s%N) - begin) / 100000000))"
}
mounts_o=() mounts_g=()
for ((i = 0; i < ${RBDSHARE_ROUNDS:-3}; i++)); do
	node 2 'umount /mnt/o && umount /mnt/g'
	mounts_o+=("$(mount_takes 2 o ocfs2)")
	mounts_g+=("$(mount_takes 2 g gfs2)")
done
figure "mount on the second node: OCFS2: $(summary "${mounts_o[@]}"); GFS2: $(summary "${mounts_g[@]}")"
node 1 'for m in o g; do head -c 2000000 /dev/urandom >/mnt/$m/one; done'
node 2 'for m in o g; do head -c 2000000 /dev/urandom >/mnt/$m/two; done'
for m in o g; do
	expect "file of node 1 on $m" "$(node 2 "md5sum </mnt/$m/one")" "$(node 1 "md5sum </mnt/$m/one")"
	expect "file of node 2 on $m" "$(node 1 "md5sum </mnt/$m/two")" "$(node 2 "md5sum </mnt/$m/two")"
done
wait_until 60 settled 1

say "appending under a lock from both"
writer='for m in o g; do for i in $(seq 30); do flock /mnt/$m/lock sh -c "echo $(hostname) $i >>/mnt/$m/box"; done; done'
node 1 "$writer" &
other=$!
node 2 "$writer"
wait $other
for m in o g; do
	expect "lines in the box on $m" "$(node 1 "wc -l </mnt/$m/box")" 60
done

say "the daemon of node 2 is killed: nothing stops, and the next one takes over without a new generation"
shared_image spare 16M
node 2 'rbd map data/spare'
clients=$(clients_of 1 2)
writers 1 2
before=$(status 1 '[.lockspaces[].generation]')
daemon_kill 2 KILL
node 2 'rbd unmap data/spare'
# RBDSHARE_AWAY=90 for a minute and more without it.
sleep "${RBDSHARE_AWAY:-0}"
expect "state of node 2" "$(status 1 '.nodes[] | select(.number == 1) | .state')" active
goes_on 1 o
goes_on 2 g
goes_on 2 o
daemon_start 2
sleep 5
expect "generations" "$(status 1 '[.lockspaces[].generation]')" "$before"
goes_on 2 o
expect "fences" "$(fences 1)" 0
say "an image that was unmapped meanwhile is registered no longer, nor is the dead daemon"
wait_until 60 has_clients 1 2 $((clients - 1))
node 2 'rbd map data/spare'
expect "clients of node 2" "$(clients_of 1 2)" "$clients"
node 2 'rbd unmap data/spare'
wait_until 30 has_clients 1 2 $((clients - 1))

say "other time-outs for both, by one command, under load; and back"
node 2 'rbdshare cluster set --dead-after 8s'
for n in 1 2; do
	expect "length of a tick of node $n" "$(status "$n" .heartbeat.tick_ms)" 800
	expect "dead-after in node $n" "$(status "$n" .timeouts.dead_after_ms)" 8000
done
goes_on 1 o
goes_on 2 g
daemon_kill 2 STOP
refuse 1 'rbdshare cluster set --slow-after 41s --timeout 3' | grep -q 'waiting for node2' || fail "no word on whom it waits for"
expect "slow-after" "$(status 1 .timeouts.slow_after_ms)" 45000
daemon_kill 2 CONT
wait_until 30 slow_after_is 2 41000

say "with short time-outs a daemon that stands still for longer than they last is no reason to fence its node"
node 1 'rbdshare cluster set --dead-after 3s'
wait_until 30 ticks_last 2 300
daemon_kill 2 STOP
# Four times what a silent node has: it would be condemned and fenced by then.
sleep 12
expect "state of node 2" "$(status 1 '.nodes[] | select(.number == 1) | .state')" active
daemon_kill 2 CONT
goes_on 1 o
goes_on 2 g
node 1 'rbdshare cluster set --dead-after 10s --slow-after 45s'
wait_until 30 slow_after_is 2 45000
wait_until 30 ticks_last 2 1000
goes_on 1 o
goes_on 2 g
expect "fences" "$(fences 1)" 0

say "node 2 unmounts and leaves; node 1 goes on; it comes again"
writers_stop 2
umount_both 2
daemon_stop 2
wait_until 30 sees 1 2 left
expect "heartbeats of node 2" "$(node 2 'ls /sys/kernel/config/rbdshare')" ""
expect "to a fence agent it is off" "$(node 1 'fence_rbd -o off -n node2; fence_rbd -o status -n node2; echo $?')" \
	"$(printf '%s\n' 'node2 does not take part in cluster demo: it has no registered client that could write' 'Status: off (left)' 2)"
goes_on 1 o
goes_on 1 g
daemon_start 2
mount_both 2
writers 2
goes_on 2 o
expect "fences" "$(fences 1)" 0

say "all unmount; the filesystems are whole"
for n in 1 2; do
	writers_stop "$n"
	umount_both "$n"
done
fsck_both
daemon_stop 1 2
