# SPDX-License-Identifier: GPL-2.0
# topic: OSDs are killed and restarted while verified I/O runs; nothing is lost, nothing fails
# nodes: 1
# seconds: 600
# shellcheck shell=bash disable=SC2016

pool faults
rbd create faults/img --size 64M
expect device "$(map 1 faults/img)" /dev/rbd0

node 1 'fio --name=io --filename=/dev/rbd0 --ioengine=libaio --direct=1 --rw=randwrite --bs=16k \
	--iodepth=16 --size=64M --loops=50 --time_based --runtime=60 --verify=crc32c --verify_fatal=1 \
	--verify_backlog=256 --verify_state_save=0 >/tmp/io.out 2>&1; rc=$?; tail -25 /tmp/io.out; exit $rc' &
io=$!
sleep 5
say "osd.0 killed, back after 8 s"
lab ceph osd kill 0
sleep 8
lab ceph osd start 0
sleep 10
say "osd.1 killed and started at once"
lab ceph osd kill 1
lab ceph osd start 1
sleep 10
say "osd.0 restarted in an orderly way"
lab ceph osd restart 0
wait $io || fail "I/O did not survive the OSD restarts"
expect "rbd export against the device" "$(rbd export faults/img - 2>/dev/null | md5sum)" \
	"$(node 1 'dd if=/dev/rbd0 bs=1M iflag=direct status=none | md5sum')"
node 1 rbd unmap /dev/rbd0
