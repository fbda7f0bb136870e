# SPDX-License-Identifier: GPL-2.0
# topic: a GFS2 that withdraws is told that nothing more reaches its device; nobody is fenced, the other node goes on
# nodes: 2
# seconds: 900
# drivers: ours
# shellcheck shell=bash disable=SC2016
# shellcheck source=SCRIPTDIR/cluster.bash
. "$RC_DIR/cluster/cluster.bash"
# GFS2 says with a stack what it does.
allow_dmesg 'fenced: the cluster blocklisted' 'offline: all I/O fails now' 'I/O error, dev rbd' 'Buffer I/O error' 'gfs2: fsid=' 'Call Trace:'

acked() { node "$1" '[ "$(cat /sys/fs/gfs2/demo:g/lock_module/withdraw)" = 1 ]'; }

cluster_init
daemon_start 1 2
filesystems
mount_both 1
mount_both 2
writers 1 2
boot=$(boot_id 2)

say "node 2 finds its GFS2 damaged, or so it is told"
node 2 'pkill -f [w]riter.py; sleep 1; cat /sys/bus/rbd/devices/1/offline; setsid sh -c "echo 1 >/sys/fs/gfs2/demo:g/withdraw" >/dev/null 2>&1 </dev/null &'
wait_until 60 acked 2
expect "its device is offline" "$(node 2 'cat /sys/bus/rbd/devices/1/{offline,state}' | paste -sd' ')" "1 offline"
goes_on 1 g
goes_on 1 o

expect "boot of node 2" "$(boot_id 2)" "$boot"
expect "fences" "$(fences 1)" 0

# The kernel's unmount behind a withdrawal does not end in 6.1, and oopses in 6.12.
say "it is cut off as Pacemaker would do it, and restarted"
node 2 'pkill -9 -f [w]riter.py || true'
node 1 'fence_rbd -o status -n node2'
node 1 'printf "action=off\nnodename=node2\nverbose=1\n" | fence_rbd'
sees 1 2 fenced || fail "fence_rbd says that node 2 is off, the cluster does not"
expect "exit code of fence_rbd status" "$(node 1 'fence_rbd -o status -n node2 >/dev/null; echo $?')" 2
lab node poweroff 2
wait_until 60 settled 1
goes_on 1 g
writers_stop 1
umount_both 1
LOST=1 fsck_both
daemon_stop 1
need_node 2
