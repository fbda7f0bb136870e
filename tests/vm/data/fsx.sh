# SPDX-License-Identifier: GPL-2.0
# topic: thousands of single operations (O_DIRECT, page cache, mmap, discards, resizes, librbd in between) against a model
# nodes: 1
# seconds: 900
# shellcheck shell=bash disable=SC2016
#
# Replay: RBDSHARE_SEED=N RBDSHARE_STEPS=N tests/vm/run data/fsx
# What data/model-writer leaves out: one operation after the other, so that a replay is exact;
# reads and writes of single bytes through the page cache and mmap(); resizes, new mappings
# and writes by librbd while the device is open. (Debian has no ceph_test_librbd_fsx: its
# package ceph-test is built without the tests.)
#
# Drivers broken on purpose that it was seen to find: short reads not zeroed (step 2); the
# last sector of each write dropped (in the first steps); truncate where a range of an object
# is to be zeroed (step 40).

seed=${RBDSHARE_SEED:-31337}
steps=${RBDSHARE_STEPS:-1500}
pool fsx
gcc -std=gnu11 -O2 -Wall -Wextra -Werror -o "$VM_TMP/exerciser" "$RC_DIR/data/exerciser.c" -lrbd -lrados ||
	fail "exerciser.c does not compile: scripts/setup build installs what it needs"
lab push 1 "$VM_TMP/exerciser" /tmp/exerciser

# play IMAGE SEED SIZE ALLOC_SIZE [MAP OPTIONS]
play() {
	local image=$1 size=$3 device out

	device=$(map 1 "fsx/$image" "${@:5}")
	say "$image: seed $2, $steps steps, $size bytes"
	out=$(NODE_TIMEOUT=600 node 1 "cd /tmp && chmod 755 exerciser &&
		./exerciser fsx $image $device $2 $steps $size $4 2>&1") || fail "$image, seed $2: $out"
	echo "$out"
	device=$(tail -n 1 <<<"$out" | cut -d' ' -f1)
	expect "librbd's export of $image" "$(rbd export "fsx/$image" - --no-progress | md5sum)" \
		"$(node 1 'md5sum </tmp/model')"
	node 1 "rbd unmap $device"
}

rbd create fsx/plain --size 12M
play plain "$seed" $((12 << 20)) 65536
rbd create fsx/small --size 3M --object-size 64K
play small $((seed + 1)) $((3 << 20)) 65536
if [[ $DRIVER == ours ]]; then
	rbd create fsx/shared --size 12M
	rbd image-meta set fsx/shared rbdshare.mode shared
	play shared $((seed + 2)) $((12 << 20)) 65536
fi
