# SPDX-License-Identifier: GPL-2.0
# topic: the monitor is restarted, and killed for a while, under I/O; maps, resizes and new maps go on
# nodes: 2
# seconds: 600
# shellcheck shell=bash disable=SC2016

pool faults
rbd create faults/img --size 32M
on_all rbd map faults/img

node 1 'fio --name=io --filename=/dev/rbd0 --ioengine=libaio --direct=1 --rw=randrw --bs=4k \
	--iodepth=4 --size=32M --time_based --runtime=30 --verify=crc32c --verify_fatal=1 \
	--verify_backlog=256 --verify_state_save=0 >/tmp/io.out 2>&1; rc=$?; tail -25 /tmp/io.out; exit $rc' &
io=$!
sleep 3
say "restart"
lab ceph mon restart
sleep 5
say "killed for 10 s"
lab ceph mon kill
sleep 10
lab ceph mon start
wait $io || fail "I/O did not survive the monitor's restarts"
wait_until 60 ceph osd stat

say "both nodes still hear of changes"
rbd resize faults/img --size 48M --no-progress
for n in 1 2; do
	wait_until 30 eval "[[ \$(node $n blockdev --getsize64 /dev/rbd0) == $((48 << 20)) ]]"
done
say "and can map anew"
rbd create faults/second --size 8M
expect "second device" "$(map 2 faults/second)" /dev/rbd1
node 2 'dd if=/dev/zero of=/dev/rbd1 bs=4k count=16 oflag=direct status=none && rbd unmap /dev/rbd1'
on_all rbd unmap /dev/rbd0
