# SPDX-License-Identifier: GPL-2.0
# topic: a node is cut off the storage for longer than the watch lasts; I/O goes on, the watch is made anew
# nodes: 1
# seconds: 600
# shellcheck shell=bash disable=SC2016
#
# 45 s: the OSDs drop a watch after 30 s of silence (osd_client_watch_timeout).

pool out
rbd create out/img --size 32M
rbd create out/second --size 32M
[[ $DRIVER != ours ]] || rbd image-meta set out/second rbdshare.mode shared
expect "device" "$(map 1 out/img)" /dev/rbd0
expect "device" "$(map 1 out/second)" /dev/rbd1
watchers() { rbd status "out/$1" --format json | jq '.watchers | length'; }
for image in img second; do
	expect "watchers of $image" "$(watchers $image)" 1
done

# By amount, not by time: it must get through whatever the machine's speed is.
for dev in rbd0 rbd1; do
	node 1 "rm -f /tmp/$dev.rc; setsid sh -c 'fio --name=$dev --filename=/dev/$dev --ioengine=libaio --direct=1 --rw=randwrite \
		--bs=16k --iodepth=4 --size=32M --time_based --runtime=60 --verify=crc32c --verify_fatal=1 \
		--verify_backlog=64 --verify_state_save=0; echo \$? >/tmp/$dev.rc' >/tmp/$dev.out 2>&1 </dev/null &"
done
sleep 5
say "cut"
lab cut 1 storage
sleep 45
for dev in rbd0 rbd1; do
	node 1 "! test -e /tmp/$dev.rc" || fail "I/O to $dev ended while the node was cut off: $(node 1 tail -n 20 /tmp/$dev.out)"
done
for image in img second; do
	wait_until 30 eval "[[ \$(watchers $image) == 0 ]]"
done
say "healed"
lab heal 1
for image in img second; do
	wait_until 120 eval "[[ \$(watchers $image) == 1 ]]"
done
for dev in rbd0 rbd1; do
	wait_until 180 node 1 "test -e /tmp/$dev.rc"
	node 1 "test \$(cat /tmp/$dev.rc) = 0" || fail "fio on $dev: $(node 1 tail -n 20 /tmp/$dev.out)"
done
say "changes are noticed again"
for image in img second; do
	rbd resize out/$image --size 48M --no-progress
done
for dev in 0 1; do
	wait_until 30 eval "[[ \$(node 1 blockdev --getsize64 /dev/rbd$dev) == $((48 << 20)) ]]"
	[[ $DRIVER != ours ]] || expect "state" "$(node 1 cat /sys/bus/rbd/devices/$dev/state)" ok
done
expect "librbd reads the same" "$(rbd export out/img - --no-progress | md5sum)" \
	"$(node 1 'dd if=/dev/rbd0 bs=1M iflag=direct status=none | md5sum')"
node 1 'rbd unmap /dev/rbd0 && rbd unmap /dev/rbd1'
