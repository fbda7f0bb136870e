# SPDX-License-Identifier: GPL-2.0
# topic: resize, snapshots, features and the end of the pool are noticed while mapped; zeroes are never made up
# nodes: 2
# seconds: 900
# drivers: ours
# shellcheck shell=bash disable=SC2016
#
# A driver broken on purpose that it was seen to find: the snapshot context of the map time kept
# for ever ("snapshot one through librbd").
# shellcheck source=SCRIPTDIR/../left.sh
. "$RC_DIR/left.sh"

pool rs
pool doomed
rbd create rs/img --size 64M
rbd create doomed/img --size 16M
rbd image-meta set rs/img rbdshare.mode shared
attr() { node "$1" cat "/sys/bus/rbd/devices/$2"; }
on_all rbd map rs/img
allow_dmesg 'I/O error, dev rbd'

say "a new size is there on both nodes when rbd resize returns"
for size in 96 40 41 64; do
	rbd resize rs/img --size ${size}M --allow-shrink --no-progress
	for n in 1 2; do
		expect "size in node $n" "$(node "$n" 'blockdev --getsize64 /dev/rbd0')" $((size << 20))
		expect "attribute size in node $n" "$(attr "$n" 0/size)" $((size << 20))
	done
	on_all "dd if=/dev/zero of=/dev/rbd0 bs=64k count=1 seek=$((size * 16 - 1)) oflag=direct conv=nocreat,notrunc status=none" ||
		fail "the last 64 kB cannot be written at ${size}M"
	node 1 "dd if=/dev/rbd0 of=/dev/null bs=4k count=1 skip=$((size * 256)) iflag=direct 2>&1 | grep -q '^0+0 records in'" ||
		fail "there is something behind the end at ${size}M"
done

say "writes behind rbd snap create leave the snapshot alone"
# Each node has its own half of each 4 MB object; both write all of theirs with another letter each time.
fill() {
	node "$1" "for object in \$(seq 0 15); do
		head -c 1048576 /dev/zero | tr '\\0' '$2' | dd of=/dev/rbd0 bs=256k seek=\$((object * 16 + ($1 - 1) * 8)) \
			oflag=direct conv=nocreat,notrunc status=none || exit 1
	done"
}
both_fill() {
	local first

	fill 1 "$1" &
	first=$!
	fill 2 "$2"
	wait $first
}
both_fill a b
before=$(rbd export rs/img - --no-progress | md5sum)
rbd snap create rs/img@one --no-progress
both_fill c d
between=$(rbd export rs/img - --no-progress | md5sum)
[[ $between != "$before" ]] || fail "the second writes are not there"
rbd snap create rs/img@two --no-progress
both_fill e f
expect "snapshot one through librbd" "$(rbd export rs/img@one - --no-progress | md5sum)" "$before"
expect "snapshot two through librbd" "$(rbd export rs/img@two - --no-progress | md5sum)" "$between"

say "a snapshot is made while verified writes run"
node 1 'setsid fio --name=run --filename=/dev/rbd0 --ioengine=libaio --direct=1 --rw=randwrite --bs=16k --iodepth=8 \
	--size=64M --time_based --runtime=25 --verify=crc32c --verify_fatal=1 --verify_backlog=128 --verify_state_save=0 \
	>/tmp/run.out 2>&1 </dev/null & echo $! >/tmp/run.pid; sleep 4'
for i in 1 2 3; do
	rbd snap create rs/img@busy$i --no-progress
	sleep 1	# writes that were under way at that moment are in it or not, but soon decided
	busy[i]=$(rbd export rs/img@busy$i - --no-progress | md5sum)
done
wait_until 120 node 1 '! test -d /proc/$(cat /tmp/run.pid)'
node 1 'grep -q "err= 0" /tmp/run.out && ! grep -qi "verify:.*bad\|error=" /tmp/run.out' ||
	fail "fio: $(node 1 'tail -n 20 /tmp/run.out')"
for i in 1 2 3; do
	expect "snapshot busy$i after more writes" "$(rbd export rs/img@busy$i - --no-progress | md5sum)" "${busy[i]}"
done

say "a snapshot that is mapped is deleted: its reads fail, they do not give zeroes"
expect "device" "$(map 2 rs/img@one)" /dev/rbd1
expect "the mapped snapshot" "$(node 2 'dd if=/dev/rbd1 bs=1M iflag=direct status=none | md5sum')" "$before"
rbd snap rm rs/img@one --no-progress
expect "state" "$(attr 2 1/state)" snapshot-gone
for skip in 0 5 63; do
	refuse 2 "dd if=/dev/rbd1 of=/dev/null bs=1M count=1 skip=$skip iflag=direct" | grep -qi 'input/output error' ||
		fail "read of the deleted snapshot at ${skip}M"
done
node 2 'rbd unmap /dev/rbd1'
node 2 'dd if=/dev/rbd0 of=/dev/null bs=1M count=4 iflag=direct status=none' || fail "the image itself was hit"

say "a feature for a single client is switched on: no more writes, reads go on"
host timeout 60 rbd feature enable rs/img exclusive-lock || fail "rbd feature enable"
for n in 1 2; do
	wait_until 20 eval "[[ \$(attr $n 0/state) == writes-refused ]]"
	refuse "$n" 'dd if=/dev/zero of=/dev/rbd0 bs=4k count=1 oflag=direct conv=nocreat,notrunc' >/dev/null
	refuse "$n" 'blkdiscard -o 0 -l 4M /dev/rbd0' >/dev/null
	node "$n" 'dd if=/dev/rbd0 of=/dev/null bs=1M count=4 iflag=direct status=none' || fail "reads of node $n fail too"
done
on_all 'rbd unmap /dev/rbd0'
host timeout 60 rbd feature disable rs/img exclusive-lock
expect "device" "$(map 1 rs/img)" /dev/rbd0
node 1 'dd if=/dev/zero of=/dev/rbd0 bs=4k count=1 oflag=direct conv=nocreat,notrunc status=none && rbd unmap /dev/rbd0'

say "the pool is deleted while mapped: reads fail, they do not give zeroes"
expect "device" "$(map 1 doomed/img)" /dev/rbd0
node 1 'dd if=/dev/urandom of=/dev/rbd0 bs=1M count=4 oflag=direct conv=nocreat,notrunc status=none'
ceph osd pool rm doomed doomed --yes-i-really-really-mean-it 2>/dev/null
read_fails() { ! node 1 'timeout 60 dd if=/dev/rbd0 of=/dev/null bs=1M count=4 iflag=direct'; }
# The node learns of it with its next map of the cluster; until then the data is still there or fails.
wait_until 60 read_fails
for skip in 0 3 8 15; do
	refuse 1 "timeout -k 5 60 dd if=/dev/rbd0 of=/dev/null bs=1M count=1 skip=$skip iflag=direct" | grep -qi 'input/output error' ||
		fail "read at ${skip}M of an image whose pool is gone"
done
refuse 1 'timeout -k 5 60 dd if=/dev/zero of=/dev/rbd0 bs=4k count=1 oflag=direct conv=nocreat,notrunc' |
	grep -qi 'input/output error' || fail "write to an image whose pool is gone"
NODE_TIMEOUT=100 node 1 'rbd unmap /dev/rbd0'
for n in 1 2; do
	nothing_left "$n"
done
