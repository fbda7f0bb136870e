# SPDX-License-Identifier: GPL-2.0
# topic: map, I/O, unmap again and again leaves nothing: devices, threads, connections, libceph's objects, memory
# nodes: 1
# seconds: 900
# drivers: ours
# shellcheck shell=bash disable=SC2016
# shellcheck source=SCRIPTDIR/../left.sh
. "$RC_DIR/left.sh"

CYCLES=20
# Kernel memory that may come and go by itself, kB (40 were measured); 13 kB a mapping are noticed.
SLACK=1024
pool leak
for image in plain shared small; do
	rbd create leak/$image --size 8M --object-size "$([[ $image == small ]] && echo 64K || echo 4M)"
done
rbd snap create leak/plain@snap --no-progress

# Through sysfs, as the stock command does it: twenty of its starts take minutes in an emulated node.
printf '%s\n' '#!/bin/bash
set -euo pipefail
add() { echo "10.77.0.1:6789 name=admin,secret=$2,$3 leak $4 ${5:--}" > /sys/bus/rbd/add_single_major; }
for ((i = 0; i < $1; i++)); do
	add "$1" "$2" queue_depth=32 plain
	add "$1" "$2" shared shared
	add "$1" "$2" noshare,alloc_size=4096 small
	add "$1" "$2" ro plain snap
	for dev in 0 1 2; do
		dd if=/dev/zero of=/dev/rbd$dev bs=256k count=8 oflag=direct conv=nocreat,notrunc status=none
		blkdiscard -o 65536 -l 1M /dev/rbd$dev
		blkdiscard -z -o 512 -l 300K /dev/rbd$dev
	done
	for dev in 0 1 2 3; do
		dd if=/dev/rbd$dev of=/dev/null bs=1M count=4 iflag=direct status=none
	done
	! add "$1" "$2" rw nothere 2>/dev/null
	udevadm settle
	for dev in 3 2 "1 force" 0; do
		echo "$dev" > /sys/bus/rbd/remove_single_major
	done
done' | put 1 /tmp/cycle
secret=$(ceph auth print-key client.admin)
cycle() { NODE_TIMEOUT=600 node 1 "bash /tmp/cycle $1 $secret"; }
node 1 'modprobe rbd'
# Unreclaimable slabs, page tables of vmalloc and per-cpu memory; what is cached on purpose is dropped.
kernel_memory() {
	node 1 'sync; echo 3 > /proc/sys/vm/drop_caches; sleep 1
		awk "/^(SUnreclaim|VmallocUsed|Percpu|KernelStack):/ { sum += \$2 } END { print sum }" /proc/meminfo'
}
say "warm-up"
cycle 2
before=$(kernel_memory)
say "$CYCLES cycles; kernel memory before: $before kB"
cycle $CYCLES
after=$(kernel_memory)
say "kernel memory after: $after kB"
((after - before < SLACK)) || fail "kernel memory grew from $before to $after kB in $CYCLES cycles"
expect "created" "$(node 1 'dmesg | sed -n "/rbdshare-test: begin data\/no-leak/,\$p" | grep -c "rbd: created rbd"')" $(((CYCLES + 2) * 4))
expect "destroyed" "$(node 1 'dmesg | sed -n "/rbdshare-test: begin data\/no-leak/,\$p" | grep -c "rbd: destroyed rbd"')" $(((CYCLES + 2) * 4))
expect "watchers" "$(for image in plain shared small; do rbd status leak/$image --format json; done | jq -s 'map(.watchers | length) | add')" 0
expect "locks" "$(rbd lock ls leak/shared --format json | jq length)" 0
nothing_left 1
