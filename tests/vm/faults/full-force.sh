# SPDX-License-Identifier: GPL-2.0
# topic: full-force ends writes in flight and unmaps within 10 s with the whole cluster dead; force alone waits
# nodes: 1
# seconds: 900
# drivers: ours
# shellcheck shell=bash disable=SC2016
# shellcheck source=SCRIPTDIR/../left.sh
. "$RC_DIR/left.sh"

LIMIT=10	# seconds, counted in the node
pool ff
rbd create ff/plain --size 64M
rbd create ff/shared --size 64M
rbd image-meta set ff/shared rbdshare.mode shared
allow_dmesg 'I/O error, dev rbd'

cluster_dies() {
	lab ceph mon kill
	lab ceph osd kill 0
	lab ceph osd kill 1
}
cluster_lives() {
	lab ceph mon start
	lab ceph osd start 0
	lab ceph osd start 1
	wait_until 120 eval 'ceph osd stat | grep -q "2 osds: 2 up"'
}
# Four writers past the page cache; they end when a write fails.
writers() {
	node 1 "for i in 1 2 3 4; do
		setsid sh -c 'while dd if=/dev/zero of=/dev/rbd0 bs=64k count=1024 oflag=direct conv=nocreat,notrunc; do :; done' \
			>/tmp/writer\$i.out 2>&1 </dev/null &
		echo \$! >/tmp/writer\$i.pid
	done"
	wait_until 30 node 1 'grep -q "[1-9]" /sys/block/rbd0/stat && grep -q write /sys/bus/rbd/devices/0/inflight'
}
all_in_flight() { [[ $(node 1 'grep -c "^write " /sys/bus/rbd/devices/0/inflight') -ge 4 ]]; }
# The writers were told, and are gone.
writers_ended() {
	wait_until 20 node 1 'for i in 1 2 3 4; do test ! -d /proc/$(cat /tmp/writer$i.pid) || exit 1; done'
	node 1 'for i in 1 2 3 4; do grep -qiE "input/output error|no such device|no space" /tmp/writer$i.out || { cat /tmp/writer$i.out; exit 1; }; done' ||
		fail "a writer ended without an error"
}
# unmap_timed HOW: prints the tenths of a second that it took in the node.
unmap_timed() {
	NODE_TIMEOUT=120 node 1 "begin=\$(cut -d' ' -f1 /proc/uptime)
		echo '0 $1' > /sys/bus/rbd/remove_single_major || exit 1
		cut -d' ' -f1 /proc/uptime | awk -v b=\$begin '{ printf \"%d\\n\", (\$1 - b) * 10 + 0.5 }'"
}
full_force() {
	local took

	took=$(unmap_timed full-force) || fail "$1: full-force was refused"
	figure "$1: full-force took $(tenths "$took")"
	((took <= LIMIT * 10)) || fail "$1: full-force took $took tenths of a second"
	writers_ended
	nothing_left 1
}

for image in plain shared; do
	say "$image image, cluster dead"
	expect "device" "$(map 1 ff/$image)" /dev/rbd0
	expect "mode" "$(node 1 cat /sys/bus/rbd/devices/0/mode)" "${image/plain/single}"
	writers
	cluster_dies
	wait_until 20 all_in_flight
	full_force "$image image, cluster dead"
	cluster_lives
done

say "force alone waits for the cluster; full-force ends that too"
expect "device" "$(map 1 ff/plain)" /dev/rbd0
writers
cluster_dies
wait_until 20 all_in_flight
node 1 'setsid sh -c "echo 0 force > /sys/bus/rbd/remove_single_major; echo \$? > /tmp/force.rc" </dev/null >/tmp/force.out 2>&1 &'
sleep 8
node 1 'test ! -e /tmp/force.rc' || fail "force did not wait for writes in flight: $(node 1 'cat /tmp/force.*')"
expect "state" "$(node 1 'cat /sys/bus/rbd/devices/0/state')" removing
full_force "behind a force"
cluster_lives

say "force alone finishes when the cluster is back"
expect "device" "$(map 1 ff/plain)" /dev/rbd0
writers
cluster_dies
wait_until 20 all_in_flight
node 1 'rm -f /tmp/force.rc; setsid sh -c "echo 0 force > /sys/bus/rbd/remove_single_major; echo \$? > /tmp/force.rc" </dev/null >/tmp/force.out 2>&1 &'
sleep 3
cluster_lives
wait_until 120 node 1 'test -e /tmp/force.rc'
expect "exit code of force" "$(node 1 cat /tmp/force.rc)" 0
writers_ended
nothing_left 1

say "with a living cluster, full-force of a shared image fences this mapping"
expect "device" "$(map 1 ff/shared)" /dev/rbd0
addr=$(node 1 cat /sys/bus/rbd/devices/0/client_addr)
writers
lab ceph osd freeze 0
lab ceph osd freeze 1
wait_until 20 all_in_flight
full_force "shared image, OSDs frozen"
ceph osd blocklist ls 2>/dev/null | grep -qF "$addr" || fail "$addr is not in the blocklist: $(ceph osd blocklist ls 2>&1)"
lab ceph osd thaw 0
lab ceph osd thaw 1
wait_until 120 eval 'ceph osd stat | grep -q "2 osds: 2 up"'
say "and the image can be mapped anew; the locks of the earlier lives are gone"
# An OSD that starts gives the watches that it finds another 30 s.
no_watcher() { [[ $(rbd status ff/shared --format json | jq '.watchers | length') == 0 ]]; }
wait_until 120 no_watcher
expect "device" "$(map 1 ff/shared)" /dev/rbd0
expect "locks" "$(rbd lock ls ff/shared --format json | jq length)" 1
node 1 'dd if=/dev/zero of=/dev/rbd0 bs=64k count=4 oflag=direct conv=nocreat,notrunc status=none && rbd unmap /dev/rbd0'
nothing_left 1
