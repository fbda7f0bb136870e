# SPDX-License-Identifier: GPL-2.0
# What must be gone when the last image of a node is unmapped.
# shellcheck shell=bash disable=SC2016

# nothing_left NODE: no device, disk, thread, connection or reference of the module.
nothing_left() {
	local n=$1

	expect "devices on the bus of node $n" "$(node "$n" 'ls /sys/bus/rbd/devices')" ''
	expect "disks of node $n" "$(node "$n" 'ls /sys/block | grep ^rbd || true')" ''
	expect "threads of node $n" "$(node "$n" 'grep -lE "^rbd[0-9]+-" /proc/[0-9]*/comm 2>/dev/null || true')" ''
	expect "references of the module in node $n" "$(node "$n" 'cat /sys/module/rbd/refcnt')" 0
	node "$n" 'mountpoint -q /sys/kernel/debug || mount -t debugfs none /sys/kernel/debug'
	expect "connections of node $n" "$(node "$n" 'ls /sys/kernel/debug/ceph 2>/dev/null || true')" ''
	expect "queues of node $n" "$(node "$n" 'ls /sys/kernel/debug/block | grep ^rbd || true')" ''
	# libceph complains in the log when a message or request of its caches was not given back.
	node "$n" 'rmmod rbd && rmmod libceph && modprobe rbd' ||
		fail "node $n: the module or libceph does not unload"
}
